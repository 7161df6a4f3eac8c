import OptimalTransport
import ProblemFiles

/// Equal cells of a box, and the interval of time.
struct FlowGrid: Sendable {
    /// The coordinates of space, with the centres of cells.
    let axes: [GridAxis]
    let lower: [Double]
    let upper: [Double]
    let firstTime: Double
    let duration: Double

    init(_ problem: Problem, nodes: ResolvedOptions) throws(ProblemErrors) {
        func refuse(_ message: String, _ hint: String) -> ProblemErrors {
            ProblemErrors([Diagnostic(.error, message, hint: hint, file: problem.source?.name)])
        }
        let domain = problem.domain.spaceTime
        guard let time = domain.time else {
            throw refuse(
                "a gradient flow goes on in time, and domain.time is missing",
                "give domain.time, or choose another method.kind")
        }
        guard let box = domain.region.box, (1...3).contains(box.dimensions) else {
            throw refuse(
                "gradient flows are computed in boxes of one to three dimensions",
                "give domain.region as a box, or choose another method.kind")
        }
        guard problem.unknowns.count == 1, problem.equations.count == 1,
            problem.equations[0].residual.components.count == 1
        else {
            throw refuse(
                "a gradient flow has one unknown, the density, and one equation",
                "choose another method.kind for systems")
        }
        guard problem.unknownParameters.isEmpty, problem.data.isEmpty else {
            throw refuse(
                "gradient flows take no data and find no parameters",
                "leave out [data] and unknown parameters, or choose another method.kind")
        }
        axes = box.sides.indices.map { axis in
            GridAxis(
                cells: nodes.integer(problem.domain.coordinates[axis].name), from: box.lower[axis],
                to: box.upper[axis], isPeriodic: domain.periodicAxes.contains(axis))
        }
        (lower, upper) = (box.lower, box.upper)
        firstTime = time.lowerBound
        duration = time.upperBound - time.lowerBound
    }

    /// The lengths of a cell.
    var widths: [Double] { axes.indices.map { (upper[$0] - lower[$0]) / Double(axes[$0].sources.count) } }

    /// The length, area or volume of a cell.
    var cellVolume: Double { widths.reduce(1, *) }

    /// The number of cells.
    var count: Int { axes.reduce(1) { $0 * $1.sources.count } }

    /// The centre of a cell, at a time.
    func point(_ cell: Int, time: Double) -> [Double] {
        var rest = cell
        var point = [Double](repeating: 0, count: axes.count) + [time]
        for axis in axes.indices.reversed() {
            point[axis] = axes[axis].sources[rest % axes[axis].sources.count]
            rest /= axes[axis].sources.count
        }
        return point
    }
}
