import Networks
import Optimizers

/// The form of a flow and how it is trained at each redraw.
struct FlowSettings: Sendable {
    var couplings: Int
    var bins: Int
    var width: Int
    var rounds: Int
    var steps: Int
    var rate: Double
    var batch: Int
    var uniformShare: Double

    static let options: [OptionDescription] = [
        .integer(
            "couplings", default: 6, in: range(SplineFlow.couplingRange), help: "flow: coupling layers"),
        .integer("bins", default: 8, in: range(SplineFlow.binRange), help: "flow: pieces of each spline"),
        .integer(
            "width", default: 24, in: range(SplineFlow.widthRange), help: "flow: neurons of the conditioners' layers"),
        .integer(
            "rounds", default: 1, in: .from(1, to: 100),
            help: "flow: the most rounds of candidates at a redraw, while the residual's density stands on too few"),
        .integer("steps", default: 100, in: .from(1, to: 100_000), help: "flow: steps of training in each round"),
        .number("rate", default: 0.005, in: .above(0, to: 1), help: "flow: learning rate"),
        .integer("batch", default: 512, in: .from(1, to: 100_000), help: "flow: candidates of a step"),
    ]

    static let uniform = OptionDescription.number(
        "uniform", default: 0.5, in: .above(0, to: 1), help: "share of points that stay uniform")

    init(_ options: OptionValues) {
        couplings = options.integer("couplings")
        bins = options.integer("bins")
        width = options.integer("width")
        rounds = options.integer("rounds")
        steps = options.integer("steps")
        rate = options.number("rate")
        batch = options.integer("batch")
        uniformShare = options.number("uniform")
    }

    private static func range(_ range: ClosedRange<Int>) -> OptionRange {
        .from(Double(range.lowerBound), to: Double(range.upperBound))
    }
}
