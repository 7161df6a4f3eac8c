import Optimizers
import PhysicsInformed
import ProblemFiles

/// The options of `[method]` with `kind = "pinn"`.
enum PhysicsInformedOptions {
    static func table(for problem: Problem?) -> OptionTable {
        OptionTable(
            "physics-informed neural network: residuals at points, minimised over the network's parameters",
            [
                .oneOf("network", networks, default: "mlp", help: "the architecture"),
                .table("sampling", sampling(for: problem), help: "how many points, and how they are drawn"),
                weights(for: problem),
                .oneOf(
                    "point_weights", pointWeights(for: problem), default: UniformPointWeights.description.name,
                    help: "the weights of single points"),
                .optionalTable(
                    "causal", causal, shorthand: "tolerance",
                    help: "weights that make early times hold before late ones"),
                .optionalTable(
                    "windows", windows, shorthand: "count", help: "parts of the time, solved one after another"),
                gradients,
                .list(
                    "stages", of: .oneOf(optimizers, by: "optimizer", default: Adam.description.name),
                    default: defaultStages, help: "stretches of training, one after another"),
            ])
    }

    private static func sampling(for problem: Problem?) -> OptionTable {
        let penalties = (problem?.conditions ?? []).filter { $0.enforcement == .penalty }
        let named = penalties.filter { !$0.isGlobal }.map { condition in
            OptionTable.Option.integer(
                condition.name, .between(1, 100_000_000), default: 100,
                help: "points on each face of '\(condition.name)'")
        }
        let integrals: [OptionTable.Option] = [
            .integer(
                "integral", .between(1, 100_000_000), default: 1_024,
                help: "points of an integral in a condition: inside or on each face, at each time"),
            .integer(
                "times", .between(1, 1_000_000), default: 8,
                help: "times at which a condition with an integral holds"),
        ]
        let hasIntegrals = problem == nil || penalties.contains { $0.isGlobal || $0.residual.usesIntegral }
        return OptionTable(
            "points of the loss terms",
            [
                .integer("interior", .between(1, 100_000_000), default: 2_000, help: "points for the equations"),
                .choice(
                    "scheme", PointScheme.allCases.map(\.rawValue), default: PointScheme.sobol.rawValue,
                    help: "how points are spread"),
                .integer(
                    "resample_every", .nonNegative, default: 0,
                    help: "steps after which first-order stages draw new points; 0: never"),
                .oneOf("adaptive", adaptive, default: "none", help: "points of the equations that follow the residual"),
                .optionalTable(
                    "curriculum", curriculum, help: "a time that grows, in which the equations are looked at"),
            ] + (hasIntegrals ? integrals : []) + named)
    }

    /// Optimizers by name, each with the options of a stage before its own.
    static let optimizers: [OptionTable.Choice] = optimizerMethods.map { method in
        let description = method.description
        var options: [OptionTable.Option] = [
            .integer("steps", .between(1, 1_000_000_000), default: 10_000, help: "steps of the stage")
        ]
        if let rate = description.defaultRate {
            options.append(
                .table("rate", rateTable(defaultStart: rate), shorthand: "start", help: "learning rate and schedule"))
        }
        options.append(
            .integer(
                "resample_every", .nonNegative, default: nil,
                help: "steps after which points are drawn anew, in place of the rule under sampling"))
        if description.kind == .firstOrder { options.append(StageOptions.clip) }
        return OptionTable.Choice(
            description.name,
            OptionTable(description.summary, StageOptions.addingStop(to: options + nested(description.options))))
    }

    /// Shapes that do not apply to the rate have no value, so only the start and the warm-up have defaults.
    private static func rateTable(defaultStart: Double) -> OptionTable {
        OptionTable(
            "learning rate",
            RateSchedule.options.map { option in
                var translated = option.option
                if option.name == "start" {
                    translated.defaultValue = OptionTree(.number(defaultStart))
                } else if option.name != "warm_up" {
                    translated.defaultValue = nil
                }
                return translated
            })
    }

    /// Options with a dot in their name become tables.
    static func nested(_ descriptions: [OptionDescription]) -> [OptionTable.Option] {
        var options: [OptionTable.Option] = []
        var tables: [(name: String, options: [OptionTable.Option])] = []
        for description in descriptions {
            let parts = description.name.split(separator: ".", maxSplits: 1).map(String.init)
            var option = description.option
            guard parts.count == 2 else {
                options.append(option)
                continue
            }
            option.name = parts[1]
            if let index = tables.firstIndex(where: { $0.name == parts[0] }) {
                tables[index].options.append(option)
            } else {
                tables.append((parts[0], [option]))
            }
        }
        return options
            + tables.map { .table($0.name, OptionTable("rules of '\($0.name)'", $0.options), help: "\($0.name) rules") }
    }

    private static let defaultStages: OptionTree = [
        ["optimizer": "adam", "steps": 2_000, "rate": ["start": 2e-3, "to": 2e-4]],
        ["optimizer": "lbfgs", "steps": 3_000],
    ]
}

extension OptionDescription {
    /// The same declaration for problem files.
    var option: OptionTable.Option {
        let limits =
            range.map {
                Limits(
                    lower: $0.lower ?? -.infinity, upper: $0.upper ?? .infinity, includesLower: $0.includesLower,
                    includesUpper: $0.includesUpper)
            } ?? .any
        let (kind, value): (OptionTable.Kind, OptionTree.Content) =
            switch (self.kind, defaultValue) {
            case (.number, .number(let number)): (.number(limits), .number(number))
            case (.number, .integer(let integer)): (.number(limits), .number(Double(integer)))
            case (.integer, .integer(let integer)): (.integer(limits), .integer(integer))
            case (.truth, .truth(let truth)): (.boolean, .boolean(truth))
            case (.choice(let words), .word(let word)): (.choice(words), .text(word))
            default: preconditionFailure("the default of '\(name)' has another type than the option")
            }
        return OptionTable.Option(name, kind, default: OptionTree(value), help: help)
    }
}

extension OptionValues {
    /// Values from options that a problem file gives, a table's keys after a dot.
    init(_ options: ResolvedOptions, for descriptions: [OptionDescription]) throws(OptionErrors) {
        var values: [String: OptionValue] = [:]
        for description in descriptions {
            let parts = description.name.split(separator: ".", maxSplits: 1).map(String.init)
            let table = parts.count == 2 ? options.table(parts[0]) : options
            let tree = table.optionTree(parts[parts.count - 1])
            switch tree?.content {
            case .integer(let integer): values[description.name] = .integer(integer)
            case .number(let number): values[description.name] = .number(number)
            case .boolean(let truth): values[description.name] = .truth(truth)
            case .text(let word): values[description.name] = .word(word)
            default: break
            }
        }
        try self.init(values, checkedAgainst: descriptions)
    }
}
