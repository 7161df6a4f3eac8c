/// The points of an image: evenly spaced, increasing, not too many.
package struct ImageGrid {
    /// An axis of the image and where its points lie between those of the field.
    package struct Axis {
        package var label: String
        package var isTime: Bool
        package var values: [Double]
        /// Index of the field's point below, and the share of the one above it.
        var places: [(index: Int, fraction: Double)]
        var lower: Double { values[0] }
        var upper: Double { values[values.count - 1] }
        var spacing: Double { (upper - lower) / Double(values.count - 1) }

        init(_ axis: PlotAxis) {
            label = axis.label
            isTime = axis.isTime
            let isReversed = axis.values[0] > axis.values[1]
            let old: [Double] = isReversed ? axis.values.reversed() : axis.values
            let lower = old[0]
            let length = old[old.count - 1] - lower
            let count = min(old.count, ImageGrid.mostPoints)
            let spacing = length / Double(count - 1)
            let isEven =
                count == old.count
                && old.indices.allSatisfy { abs(old[$0] - lower - Double($0) * spacing) < 0.01 * spacing }
            let new = isEven ? old : (0..<count).map { lower + length * Double($0) / Double(count - 1) }
            var below = 0
            values = new
            places = new.indices.map { index in
                if isEven { return (index, 0) }
                while below + 2 < old.count, old[below + 1] <= new[index] { below += 1 }
                return (below, min(1, (new[index] - old[below]) / (old[below + 1] - old[below])))
            }
            if isReversed {
                let last = old.count - 1
                places = places.map { $0.fraction == 0 ? (last - $0.index, 0) : (last - $0.index - 1, 1 - $0.fraction) }
            }
        }
    }

    /// More points than a panel has pixels show nothing more.
    package static let mostPoints = 513

    package var horizontal: Axis
    package var vertical: Axis
    private let horizontalStride: Int
    private let verticalStride: Int

    package init(_ field: PlottedField) {
        let fast = field.axes[1]
        let slow = field.axes[0]
        // Time runs from left to right.
        let slowIsHorizontal = slow.isTime
        horizontal = Axis(slowIsHorizontal ? slow : fast)
        vertical = Axis(slowIsHorizontal ? fast : slow)
        horizontalStride = slowIsHorizontal ? fast.values.count : 1
        verticalStride = slowIsHorizontal ? 1 : fast.values.count
    }

    /// Values at the image's points, rows from bottom to top, linear between the field's points.
    package func resample(_ values: [Double]) -> [Double] {
        func along(_ start: Int, _ place: (index: Int, fraction: Double)) -> Double {
            let first = values[start + place.index * horizontalStride]
            if place.fraction == 0 { return first }
            return first + place.fraction * (values[start + (place.index + 1) * horizontalStride] - first)
        }
        var result: [Double] = []
        result.reserveCapacity(vertical.values.count * horizontal.values.count)
        for row in vertical.places {
            for column in horizontal.places {
                let first = along(row.index * verticalStride, column)
                guard row.fraction != 0 else {
                    result.append(first)
                    continue
                }
                result.append(first + row.fraction * (along((row.index + 1) * verticalStride, column) - first))
            }
        }
        return result
    }

    /// Height over width of a panel: one scale for both axes in space, as far as that stays readable; 4 : 3 for space and
    /// time.
    package var panelRatio: Double {
        if horizontal.isTime || vertical.isTime { return 0.75 }
        let ratio = (vertical.upper - vertical.lower) / (horizontal.upper - horizontal.lower)
        return min(6, max(0.1, ratio))
    }

    /// The size of a panel inside bounds.
    func panelSize(widest: Double, highest: Double) -> (width: Double, height: Double) {
        let ratio = panelRatio
        let width = min(widest, highest / ratio)
        return (width, width * ratio)
    }
}
