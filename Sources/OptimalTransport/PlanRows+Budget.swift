import LinearAlgebra

extension PlanRows {
    /// The entries that are left when the smallest of every column are dropped up to a sum, and the largest of those that were
    /// dropped from a row put back until no row misses more than twice that sum.
    ///
    /// Holds the whole plan for the time of the call, and sorts its columns.
    func budgetedEntries(_ budget: Double, _ potentials: Potentials, epsilon: Double, into plan: SparsePlan) {
        let whole = wholePlan(potentials, epsilon: epsilon)
        let entries = whole.baseAddress, bounds = plan.bounds.baseAddress
        for column in 0..<columns {
            let sorted = (0..<rows).map { entries[$0 * columns + column] }.sorted()
            var sum = 0.0
            bounds[column] = -1
            for value in sorted {
                sum += value
                if sum > budget { break }
                bounds[column] = value
            }
        }
        for (block, range) in zip(plan.blocks, laneRanges) {
            block.clear()
            for row in range {
                let own = entries + row * columns
                var dropped = (0..<columns).filter { own[$0] <= bounds[$0] }.map { own[$0] }
                var missing = dropped.reduce(0, +)
                var floor = Double.infinity
                if missing > 2 * budget {
                    dropped.sort(by: >)
                    for value in dropped {
                        missing -= value
                        floor = value.nextDown
                        if missing <= 2 * budget { break }
                    }
                }
                block.append(own, count: columns, above: floor, and: bounds)
            }
        }
    }
}
