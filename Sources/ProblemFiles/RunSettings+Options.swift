import LinearAlgebra

extension RunSettings {
    /// The options of `[run]`.
    public static let options = OptionTable(
        "bookkeeping of a run",
        [
            .integer("seed", .nonNegative, default: 1, help: "the one seed of all random numbers"),
            .choice(
                "precision", Precision.allCases.map(\.rawValue), default: Precision.double.rawValue,
                help: "type of numbers in networks and points"),
            .integer("threads", .between(0, 1_024), default: 0, help: "threads; 0 means all cores"),
            .integer("log_every", .atLeast(1), default: 100, help: "steps between rows of the history"),
            .integer(
                "checkpoint_every", .nonNegative, default: nil,
                help:
                    "steps between checkpoints; 0: only where a stage ends; by default every 15 s, or less often when costly"
            ),
            .text("start_from", default: nil, help: "run folder whose weights are the initial ones"),
            .duration("budget", default: nil, help: "time after which the run ends, \"10 min\""),
        ])

    /// Settings from options that were checked against the table.
    init(_ options: ResolvedOptions) {
        self.init(
            seed: UInt64(options.integer("seed")),
            precision: Precision(rawValue: options.text("precision")) ?? .double,
            threads: options.integer("threads"), logEvery: options.integer("log_every"),
            budget: options.seconds("budget"), checkpointEvery: options.optionalInteger("checkpoint_every"),
            startFrom: options.optionalText("start_from").map {
                StartingPoint($0, origin: options.origin(of: "start_from"))
            })
    }

    /// The section as a file has it.
    var tree: OptionTree {
        var tree: OptionTree = [
            "seed": OptionTree(.integer(Int(clamping: seed))), "precision": OptionTree(.text(precision.rawValue)),
            "threads": OptionTree(.integer(threads)), "log_every": OptionTree(.integer(logEvery)),
        ]
        tree["checkpoint_every"] = checkpointEvery.map { OptionTree(.integer($0)) }
        tree["start_from"] = startFrom.map { OptionTree(.text($0.path)) }
        tree["budget"] = budget.map { OptionTree(.text(TimeSpan.text($0))) }
        return tree
    }
}

extension Expectations {
    /// The options of `[expect]`; errors are by name of unknown and of unknown parameter.
    static func options(unknowns: [String], parameters: [String]) -> OptionTable {
        let errors = OptionTable(
            "errors by unknown",
            unknowns.map { .number($0, .positive, default: nil, help: "largest relative L2 error of \($0)") })
        let deviations = OptionTable(
            "errors by unknown parameter",
            parameters.map { .number($0, .positive, default: nil, help: "largest relative error of \($0)") })
        return OptionTable(
            "what a run should reach; reported at its end",
            [
                .optionalTable("relative_l2", errors, help: "largest relative L2 errors against the reference"),
                .optionalTable(
                    "parameter", deviations, help: "largest relative errors of unknown parameters against the reference"
                ),
                .duration("within", default: nil, help: "time within which the run should end"),
            ])
    }

    /// Expectations from options that were checked against the table.
    init(_ options: ResolvedOptions, unknowns: [String], parameters: [String]) {
        func bounds(_ key: String, _ names: [String]) -> [String: Double] {
            let given = options.optionalTable(key)
            let pairs = names.compactMap { name in given?.optionalNumber(name).map { (name, $0) } }
            return Dictionary(uniqueKeysWithValues: pairs)
        }
        self.init(
            relativeL2: bounds("relative_l2", unknowns), parameters: bounds("parameter", parameters),
            within: options.seconds("within"))
    }

    /// The section as a file has it; nil when nothing is expected.
    var tree: OptionTree? {
        guard !isEmpty else { return nil }
        var tree = OptionTree.empty
        func table(_ bounds: [String: Double]) -> OptionTree? {
            guard !bounds.isEmpty else { return nil }
            return OptionTree(
                .table(bounds.sorted { $0.key < $1.key }.map { .init($0.key, OptionTree(.number($0.value))) }))
        }
        tree["relative_l2"] = table(relativeL2)
        tree["parameter"] = table(parameters)
        tree["within"] = within.map { OptionTree(.text(TimeSpan.text($0))) }
        return tree
    }
}
