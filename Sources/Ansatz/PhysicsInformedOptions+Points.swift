import PhysicsInformed
import ProblemFiles

/// The options that choose and weigh points.
extension PhysicsInformedOptions {
    /// `[method.causal]`.
    static let causal = OptionTable(
        "causal weights: a chunk of time counts once the residual before it is small",
        [
            OptionTable.Option(
                "tolerance", .anything, default: 1,
                help: "how strictly early times come first; a list is taken one after another"),
            .integer(
                "chunks", .between(2, 1_000_000), default: 32, help: "chunks of time, with equally many points each"),
            .number(
                "threshold", .from(0, below: 1), default: 0.99,
                help: "weight of the last chunk above which the next tolerance is taken"),
            .number("scale", .positive, default: 1, help: "the size of a residual that counts as 1"),
        ])

    /// `[method.windows]`.
    static let windows = OptionTable(
        "windows of time: each has a network of its own and goes on where the one before ends",
        [.integer("count", .between(1, 10_000), default: 1, help: "how many equal windows")])

    /// `sampling.curriculum`.
    static let curriculum = OptionTable(
        "points of the equations from the beginning of the time first",
        [
            .number(
                "from", .above(0, upTo: 1), default: 0.1,
                help: "the part of the time at the start"),
            .integer(
                "over", .between(1, 1_000_000_000), default: 5_000, help: "steps after which it is the whole time"),
        ])

    /// `sampling.adaptive`.
    static let adaptive: [OptionTable.Choice] =
        [OptionTable.Choice("none", OptionTable("points by the scheme"))]
        + adaptiveSamplings.map { rule in
            let description = rule.description
            return OptionTable.Choice(
                description.name, OptionTable(description.summary, nested(description.options)))
        }

    /// `[method.point_weights]`; names of loss terms are words there.
    static func pointWeights(for problem: Problem?) -> [OptionTable.Choice] {
        let names = problem?.lossTermNames ?? []
        let terms = OptionTable.Option.list(
            "terms", of: problem == nil ? .text : .choice(names), default: nil,
            help: "the loss terms whose points have weights; all of them if it is not given")
        return pointWeightings.map { rule in
            let description = rule.description
            let options = nested(description.options)
            return OptionTable.Choice(
                description.name,
                OptionTable(description.summary, description.options.isEmpty ? options : options + [terms]))
        }
    }
}

extension Problem {
    /// The names of the loss terms, in their order.
    var lossTermNames: [String] {
        equations.map(\.name) + conditions.filter { $0.enforcement == .penalty }.map(\.name)
            + data.filter { $0.observations != nil }.map(\.name)
    }
}
