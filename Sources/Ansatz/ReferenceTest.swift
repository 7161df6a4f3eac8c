import Expressions
import Geometry
import ProblemFiles
import Randomness

/// Compares fields with a reference on points that training never saw.
///
/// With a reference on a grid these are the grid's points in the domain. Otherwise they are those points of a regular
/// grid that lie in the domain, boundary included, of 2,001, 201² or 35³ points in one, two or three dimensions, and 10,000
/// random points in more.
struct ReferenceTest {
    let unknowns: [ReferenceSolution.Unknown]
    /// A part of the points, few enough to look at while training.
    let progressPoints: [[Double]]
    private let points: [[Double]]
    private let values: [[Double]]
    private let progressValues: [[Double]]

    private static let progressCount = 1_000

    /// Nil for a problem without a reference.
    init?(_ problem: Problem) throws {
        guard problem.reference != nil else { return nil }
        let reference = try ReferenceSolution(problem)
        unknowns = reference.unknowns
        let all = try reference.grid?.points(in: problem.domain.box) ?? Self.points(problem)
        let inside = problem.domain.spaceTime.regionContains(columns: all)
        points = all.map { column in zip(column, inside).compactMap { $1 ? $0 : nil } }
        values = try reference.values(at: points)
        let count = points[0].count
        // An odd stride meets all rows and columns of a grid.
        let stride = max(1, count / Self.progressCount) | 1
        let chosen = Array(Swift.stride(from: 0, to: count, by: stride))
        progressPoints = points.map { row in chosen.map { row[$0] } }
        progressValues = values.map { row in chosen.map { row[$0] } }
    }

    private static func points(_ problem: Problem) throws -> [[Double]] {
        let box = problem.domain.box
        let dimensions = box.dimensions
        guard dimensions <= 3 else {
            var stream = RandomStream(seed: problem.run.seed, name: "test points")
            let drawn = try problem.domain.spaceTime.interior.points(10_000, from: &stream)
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

    /// Errors on all points.
    func errors(
        of fields: some FieldEvaluator
    ) throws -> (relativeL2: [NamedValue], maximum: [NamedValue]) {
        let found = try fields.evaluate(unknowns.map { Expression.field($0.index, .value) }, at: points)
        let maximum = zip(unknowns, zip(found, values)).map { unknown, pair in
            // `max` alone would lose what is not a number.
            let largest = zip(pair.0, pair.1).reduce(0.0) { largest, pair in
                let error = abs(pair.0 - pair.1)
                return error.isNaN || largest.isNaN ? .nan : max(largest, error)
            }
            return NamedValue(unknown.name, largest)
        }
        return (Self.relative(unknowns, found, values), maximum)
    }

    /// Relative L2 errors of values at `progressPoints`.
    func progressErrors(of found: [[Double]]) -> [NamedValue] {
        Self.relative(unknowns, found, progressValues)
    }

    /// ‖found − wanted‖₂ / ‖wanted‖₂; the absolute root mean square where the reference vanishes.
    private static func relative(
        _ unknowns: [ReferenceSolution.Unknown], _ found: [[Double]], _ wanted: [[Double]]
    ) -> [NamedValue] {
        zip(unknowns, zip(found, wanted)).map { unknown, pair in
            let difference = zip(pair.0, pair.1).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            let norm = pair.1.reduce(0) { $0 + $1 * $1 }
            let scale = norm > 0 ? norm : Double(max(1, pair.1.count))
            return NamedValue(unknown.name, (difference / scale).squareRoot())
        }
    }
}
