import LinearAlgebra

extension PlanRows {
    /// The so many largest entries of the plan; fewer where several equal the smallest of them.
    ///
    /// Holds the whole plan for the time of the call.
    func largestEntries(_ count: Int, _ potentials: Potentials, epsilon: Double, into plan: SparsePlan) {
        let whole = wholePlan(potentials, epsilon: epsilon)
        let copy = AlignedBuffer<Double>(count: rows * columns)
        copy.baseAddress.update(from: whole.baseAddress, count: whole.count)
        // Everything above the next smaller entry.
        let bound = count < whole.count ? Self.element(count, ofDescending: copy.elements) : 0
        plan.bounds.baseAddress.update(repeating: .infinity, count: columns)
        for (block, range) in zip(plan.blocks, laneRanges) {
            block.clear()
            for row in range {
                block.append(
                    whole.baseAddress + row * columns, count: columns, above: bound, and: plan.bounds.baseAddress)
            }
        }
    }

    /// The element that would be at a place if the elements, which are moved, stood in falling order: Hoare's selection.
    static func element(_ place: Int, ofDescending elements: UnsafeMutableBufferPointer<Double>) -> Double {
        var (low, high) = (0, elements.count - 1)
        while low < high {
            let pivot = elements[low + (high - low) / 2]
            var (left, right) = (low, high)
            while left <= right {
                while elements[left] > pivot { left += 1 }
                while elements[right] < pivot { right -= 1 }
                if left <= right {
                    elements.swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if place <= right {
                high = right
            } else if place >= left {
                low = left
            } else {
                return elements[place]
            }
        }
        return elements[place]
    }
}
