import Expressions
import Geometry
import ProblemFiles
import Randomness

/// Compares fields with a reference on points that training never saw.
///
/// With a reference on a grid these are the grid's points in the domain. Otherwise they are those points of a regular
/// grid that lie in the domain, boundary included, of 2,001, 201² or 35³ points in one, two or three dimensions, and 10,000
/// random points in more. A box of the reference takes the place of the domain's: only points in both count, and the regular
/// grid, or the random points, fill the box.
package struct ReferenceTest {
    package let fields: [ReferenceSolution.Field]
    /// A part of the points, few enough to look at while training.
    package let progressPoints: [[Double]]
    private let progressValues: [[Double]]
    private let source: Source

    private enum Source {
        case grid(ReferenceGrid)
        case points([[Double]], values: [[Double]])
    }

    private static let progressCount = 1_000
    private static let randomCount = 10_000
    /// Points that are evaluated at a time.
    private static let blockSize = 65_536

    /// Nil for a problem without a reference. A grid is read once from start to end, to see whether it is complete.
    package init?(_ problem: Problem) throws {
        guard problem.reference != nil else { return nil }
        let reference = try ReferenceSolution(problem)
        fields = reference.fields
        var chosen: (points: [[Double]], values: [[Double]]) = ([], [])
        var seen = 0
        func choose(_ points: [[Double]], _ values: [[Double]], of count: Int) {
            if chosen.points.isEmpty { chosen = (points.map { _ in [] }, values.map { _ in [] }) }
            // An odd stride meets all rows and columns of a grid.
            let stride = max(1, count / Self.progressCount) | 1
            let added = points[0].count
            for place in Swift.stride(from: (stride - seen % stride) % stride, to: added, by: stride) {
                for axis in points.indices { chosen.points[axis].append(points[axis][place]) }
                for field in values.indices { chosen.values[field].append(values[field][place]) }
            }
            seen += added
        }
        if let grid = reference.grid {
            let count = grid.pointCount
            try reference.forEachBlock { choose($0.points, $0.values, of: count) }
            source = .grid(grid)
        } else {
            let all = try Self.points(problem)
            let inside = problem.domain.spaceTime.regionContains(columns: all)
            let points = all.map { column in zip(column, inside).compactMap { $1 ? $0 : nil } }
            guard points[0].count > 0 else { throw Self.noPoints(problem) }
            let values = try reference.values(at: points)
            choose(points, values, of: points[0].count)
            source = .points(points, values: values)
        }
        (progressPoints, progressValues) = chosen
    }

    private static func points(_ problem: Problem) throws -> [[Double]] {
        let box = problem.referenceBox?.box ?? problem.domain.box
        let dimensions = box.dimensions
        guard dimensions <= 3 else {
            var stream = RandomStream(seed: problem.run.seed, name: "test points")
            if problem.referenceBox != nil { return try randomPoints(in: box, of: problem, from: &stream) }
            let drawn = try problem.domain.spaceTime.interior.points(randomCount, from: &stream)
            return (0..<dimensions).map { axis in
                stride(from: axis, to: drawn.count, by: dimensions).map { drawn[$0] }
            }
        }
        let perAxis = [2_001, 201, 35][dimensions - 1]
        let axes: [[Double]] = zip(box.lower, box.upper).map { lower, upper in
            let step = (upper - lower) / Double(perAxis - 1)
            return (0..<perAxis).map { lower + step * Double($0) }
        }
        var points = [[Double]](repeating: [], count: dimensions)
        let count = axes.reduce(1) { $0 * $1.count }
        for index in 0..<count {
            var rest = index
            for axis in stride(from: dimensions - 1, through: 0, by: -1) {
                points[axis].append(axes[axis][rest % perAxis])
                rest /= perAxis
            }
        }
        return points
    }

    /// Uniform points of a box that lie in the region.
    private static func randomPoints(
        in box: Box, of problem: Problem, from stream: inout RandomStream
    ) throws -> [[Double]] {
        var kept = box.lower.map { _ in [Double]() }
        // A box of which less than a thousandth lies in the region was refused before.
        for _ in 0..<10_000 {
            var drawn = box.lower.map { _ in [Double]() }
            for axis in drawn.indices { drawn[axis].reserveCapacity(randomCount) }
            for _ in 0..<randomCount {
                for axis in drawn.indices {
                    drawn[axis].append(box.lower[axis] + (box.upper[axis] - box.lower[axis]) * stream.uniform())
                }
            }
            let inside = problem.domain.spaceTime.regionContains(columns: drawn)
            for axis in kept.indices { kept[axis] += zip(drawn[axis], inside).compactMap { $1 ? $0 : nil } }
            if kept[0].count >= randomCount { return kept.map { Array($0.prefix(randomCount)) } }
        }
        throw noPoints(problem)
    }

    /// The complaint that there is nowhere to compare anything.
    private static func noPoints(_ problem: Problem) -> ProblemErrors {
        let origin = problem.referenceBox?.origin ?? .none
        return ProblemErrors([
            origin.diagnostic(
                .error, "no point at which errors could be measured lies in the region",
                hint: "choose a larger box of the reference")
        ])
    }

    /// Errors on all points.
    package func errors(
        of evaluator: some FieldEvaluator
    ) throws -> (relativeL2: [NamedValue], maximum: [NamedValue]) {
        let expressions = fields.map(\.expression)
        var sums = fields.map { _ in ErrorSums() }
        func add(_ points: [[Double]], _ values: [[Double]]) throws {
            for start in stride(from: 0, to: points[0].count, by: Self.blockSize) {
                let range = start..<min(start + Self.blockSize, points[0].count)
                let found = try evaluator.evaluate(expressions, at: points.map { Array($0[range]) })
                for index in sums.indices { sums[index].add(found[index], values[index][range]) }
            }
        }
        switch source {
        case .grid(let grid): try grid.forEachBlock { try add($0.points, $0.values) }
        case .points(let points, let values): try add(points, values)
        }
        return (
            zip(fields, sums).map { NamedValue($0.name, $1.relativeL2) },
            zip(fields, sums).map { NamedValue($0.name, $1.maximum) }
        )
    }

    /// Relative L2 errors of values at `progressPoints`.
    package func progressErrors(of found: [[Double]]) -> [NamedValue] {
        zip(fields, zip(found, progressValues)).map { field, pair in
            var sums = ErrorSums()
            sums.add(pair.0, pair.1[...])
            return NamedValue(field.name, sums.relativeL2)
        }
    }
}

/// Errors summed up point by point.
private struct ErrorSums {
    private var difference = 0.0
    private var norm = 0.0
    private var count = 0
    /// The largest absolute error.
    private(set) var maximum = 0.0

    mutating func add(_ found: [Double], _ wanted: ArraySlice<Double>) {
        for (found, wanted) in zip(found, wanted) {
            let error = abs(found - wanted)
            difference += error * error
            norm += wanted * wanted
            // `max` alone would lose what is not a number.
            maximum = error.isNaN || maximum.isNaN ? .nan : max(maximum, error)
        }
        count += found.count
    }

    /// ‖found − wanted‖₂ / ‖wanted‖₂; the absolute root mean square where the reference vanishes.
    var relativeL2: Double { (difference / (norm > 0 ? norm : Double(max(1, count)))).squareRoot() }
}
