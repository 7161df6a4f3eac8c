extension Region {
    /// The point of the boundary that lies next to the given one, and the index of its face.
    ///
    /// Exact where the point lies inside of a shape's face. Where it lies on an edge at which a set operation cut a face
    /// off, it is found by a search along the face and is as exact as that: a distance too large by a few times 10⁻⁶ of it.
    public func closestPoint(to point: [Double]) -> (point: [Double], face: Int) {
        precondition(point.count == dimensions, "the point has another dimension")
        var best = point, face = 0, least = Double.infinity
        func consider(_ candidate: [Double], _ index: Int) {
            let length = distance(candidate, point)
            if length < least { (best, face, least) = (candidate, index, length) }
        }
        for index in 0..<model.survivingCount {
            let candidate = model.records[index].face.closestPoint(to: point)
            var isOnBoundary = true
            if !model.isSingle { model.accept(candidate, count: 1, on: index, to: &isOnBoundary) }
            if isOnBoundary { consider(candidate, index) }
        }
        // The combined distances are a lower bound: nothing lies nearer than a point at that distance.
        guard !model.isSingle, least > abs(signedDistance(point)) + model.tolerance else { return (best, face) }
        for index in 0..<model.survivingCount where model.records[index].isTrimmed {
            let candidate = EdgeSearch(model, index).closestPoint(to: point)
            consider(candidate, index)
        }
        return (best, face)
    }
}

/// Looks on a trimmed face for the point next to a given one: from the nearest of some known points of the boundary, by
/// steps that are kept when they lead nearer and do not leave the boundary, and halved when none does.
private struct EdgeSearch {
    private let model: RegionModel
    private let index: Int

    init(_ model: RegionModel, _ index: Int) {
        self.model = model
        self.index = index
    }

    func closestPoint(to point: [Double]) -> [Double] {
        let dimensions = model.dimensions
        let record = model.records[index]
        var best = Array(record.samples.prefix(dimensions)), least = Double.infinity
        for start in stride(from: 0, to: record.samples.count, by: dimensions) {
            let candidate = Array(record.samples[start..<start + dimensions])
            let length = distance(candidate, point)
            if length < least { (best, least) = (candidate, length) }
        }
        guard record.face.sampleDimensions > 0 else { return best }
        var step = 0.1 * model.bounds.sides.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let smallest = 1e-3 * model.tolerance
        while step > smallest {
            var improved = false
            for direction in directions(from: best, towards: point) {
                let moved = zip(best, direction).map { $0 + step * $1 }
                let candidate = record.face.closestPoint(to: moved)
                let length = distance(candidate, point)
                guard length < least else { continue }
                var isOnBoundary = false
                model.accept(candidate, count: 1, on: index, to: &isOnBoundary)
                guard isOnBoundary else { continue }
                (best, least, improved) = (candidate, length, true)
            }
            if !improved { step *= 0.5 }
        }
        return best
    }

    /// Unit vectors to try: towards the point, and both ways along the axes and the diagonals of each two of them.
    private func directions(from place: [Double], towards point: [Double]) -> [[Double]] {
        let dimensions = place.count
        var directions = [zip(point, place).map(-)]
        for first in 0..<dimensions {
            for sign in [-1.0, 1] {
                var direction = [Double](repeating: 0, count: dimensions)
                direction[first] = sign
                directions.append(direction)
                for second in first + 1..<max(first + 1, dimensions) {
                    for other in [-1.0, 1] {
                        var diagonal = direction
                        diagonal[second] = other
                        directions.append(diagonal)
                    }
                }
            }
        }
        return directions.filter { $0.contains { $0 != 0 } }.map(Frame.unit)
    }
}
