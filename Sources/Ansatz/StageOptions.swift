import Optimizers
import PhysicsInformed
import ProblemFiles

/// Options of every stage whose rules the training loop keeps, whatever the optimizer.
enum StageOptions {
    /// Clipping, for methods that are handed a gradient.
    static let clip = OptionTable.Option.number(
        "clip", .positive, default: nil, help: "longer gradients are scaled to this norm; not given: none are")

    /// The rules of `stop` that hold for every optimizer.
    private static let stop: [OptionTable.Option] = [
        .number("loss", .positive, default: nil, help: "the stage ends when the loss is at or below this"),
        .integer(
            "patience", .atLeast(1), default: nil,
            help: "the stage ends after so many steps in a row that have not lowered the loss"),
        .number(
            "relative", .from(0, below: 1), default: nil,
            help: "with 'patience': part by which a loss has to be lower to count; 0.001 if not given"),
    ]

    /// The options with a table `stop` that holds these rules and the optimizer's own.
    static func addingStop(to options: [OptionTable.Option]) -> [OptionTable.Option] {
        guard let index = options.firstIndex(where: { $0.name == "stop" }),
            case .table(var table, _) = options[index].kind
        else {
            return options + [
                .optionalTable(
                    "stop", OptionTable("when the stage ends early", stop), help: "when the stage ends early")
            ]
        }
        table.options += stop
        var options = options
        options[index] = .table("stop", table, help: "when the stage ends early")
        return options
    }
}

extension EarlyStop {
    /// The rules of a stage.
    init(_ stage: ResolvedOptions) throws(OptionErrors) {
        self.init()
        guard stage.isGiven("stop"), let table = stage.optionalTable("stop") else { return }
        loss = table.optionalNumber("loss")
        patience = table.optionalInteger("patience")
        if let part = table.optionalNumber("relative") { relative = part }
        func refuse(_ message: String) -> OptionErrors {
            OptionErrors(errors: [.inconsistent(name: "stop", message: message)])
        }
        if table.isGiven("relative"), patience == nil {
            throw refuse(
                "'stop.relative' says by which part the loss has to fall, but 'stop.patience' in how many steps is missing"
            )
        }
        if isEmpty, !table.declares("gradient") {
            throw refuse("'stop' has no rule; give loss = 1e-8, or patience = 2000, or both")
        }
    }
}
