import Optimizers
import PhysicsInformed
import ProblemFiles

/// The options that say how the loss terms are weighed and how their gradients are joined.
extension PhysicsInformedOptions {
    /// `method.weights`: the rules, each with the weights to start from under the names of the loss terms.
    static func weights(for problem: Problem?) -> OptionTable.Option {
        let names = problem.map(lossTerms) ?? []
        let choices = weightingRules.map { rule in
            let description = rule.description
            let own = description.options.map(\.option)
            let starts = names.filter { name in !own.contains { $0.name == name } }.map { name in
                OptionTable.Option.number(
                    name, .nonNegative, default: 1, help: "weight of '\(name)' in the loss, at first")
            }
            return OptionTable.Choice(description.name, OptionTable(description.summary, own + starts))
        }
        return .oneOf("weights", choices, default: defaultWeighting(problem), help: "the weights of the loss terms")
    }

    /// `method.gradients`.
    static let gradients = OptionTable.Option.oneOf(
        "gradients",
        surgeryMethods.map { method in
            let description = method.description
            return OptionTable.Choice(
                description.name, OptionTable(description.summary, description.options.map(\.option)))
        }, default: PlainSum.description.name, help: "how the gradients of the loss terms are joined")

    /// The names of the loss terms, in their order.
    private static func lossTerms(_ problem: Problem) -> [String] {
        problem.equations.map(\.name) + weighedTerms(problem)
    }

    /// The loss terms that are no equations.
    private static func weighedTerms(_ problem: Problem) -> [String] {
        problem.conditions.filter { $0.enforcement == .penalty }.map(\.name)
            + problem.data.filter { $0.observations != nil }.map(\.name)
    }

    /// Gradient annealing where there is something to weigh against the equations, a stage that would do it, and a file
    /// that gives no constants; otherwise constants.
    private static func defaultWeighting(_ problem: Problem?) -> String {
        let annealing = GradientAnnealing.description
        guard let problem else { return annealing.name }
        let given = problem.method["weights"]?.entries.map(\.key) ?? []
        let isFree = given.allSatisfy { key in annealing.options.contains { $0.name == key } }
        let hasTerms = !problem.equations.isEmpty && !weighedTerms(problem).isEmpty
        return isFree && hasTerms && hasFirstOrderStage(problem)
            ? annealing.name : FixedWeights.description.name
    }

    /// Whether a stage, of the file or by default, is of first order.
    private static func hasFirstOrderStage(_ problem: Problem) -> Bool {
        guard let stages = problem.method["stages"]?.elements else { return true }
        return stages.contains { stage in
            guard let name = stage.text ?? stage["optimizer"]?.text else { return true }
            return optimizerMethod(named: name)?.description.kind == .firstOrder
        }
    }
}
