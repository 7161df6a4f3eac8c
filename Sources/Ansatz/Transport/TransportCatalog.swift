import OptimalTransport
import ProblemFiles

/// The methods for transport problems, with the options that files give them.
public enum TransportCatalog {
    /// A method by name: its options, and what is made of them.
    struct Entry: Sendable {
        var name: String
        var summary: String
        var options: [OptionTable.Option]
        var make: @Sendable (ResolvedOptions) -> Way

        init(
            _ name: String, _ summary: String, _ options: [OptionTable.Option],
            make: @escaping @Sendable (ResolvedOptions) -> Way
        ) {
            (self.name, self.summary, self.options, self.make) = (name, summary, options, make)
        }

        /// An entropic solver for any costs, whose options come beside those that all have.
        init(
            _ type: any TransportSolver.Type, _ options: [OptionTable.Option],
            make: @escaping @Sendable (ResolvedOptions) -> any TransportSolver
        ) {
            self.init(type.name, type.summary, common + options) { .solver(make($0)) }
        }
    }

    /// How a problem is gone about.
    enum Way: Sendable {
        /// By an entropic solver for any costs.
        case solver(any TransportSolver)
        /// Without regularisation.
        case exact
        /// On grids, without a matrix.
        case grid
    }

    /// The name of the method without regularisation.
    static let exactName = "exact"

    private static let warmUp = OptionTable.Option.integer(
        "warm_up", .between(0, 100_000), default: 20, help: "Sinkhorn sweeps before anything else, at least")

    /// In the order in which they are listed; the first is the default.
    static let entries: [Entry] = [
        Entry(SafeSinkhornNewton.self, [warmUp]) { SafeSinkhornNewton(warmUp: $0.integer("warm_up")) },
        Entry(
            SinkhornNewtonSparse.self,
            [
                warmUp,
                .number(
                    "entries_per_row", .positive, default: 2,
                    help: "entries of the plan that are kept, for each row on average"),
            ]
        ) {
            SinkhornNewtonSparse(warmUp: $0.integer("warm_up"), entriesPerRow: $0.number("entries_per_row"))
        },
        Entry(RegularisedSparseNewton.self, []) { _ in RegularisedSparseNewton() },
        Entry(Sinkhorn.self, [warmUp]) { Sinkhorn(warmUp: $0.integer("warm_up")) },
        Entry(OverRelaxedSinkhorn.self, [warmUp]) { OverRelaxedSinkhorn(warmUp: $0.integer("warm_up")) },
        Entry(
            GridSinkhornNewton.name, GridSinkhornNewton.summary,
            common.filter { $0.name != "sweeps" }
        ) { _ in .grid },
        Entry(exactName, "least cost without regularisation, by the network simplex method", []) { _ in .exact },
    ]

    /// A table for each method.
    package static let tables = entries.map { OptionTable.Choice($0.name, OptionTable($0.summary, $0.options)) }

    /// `[method]`: a table that is chosen by name.
    package static let options = OptionTable.Kind.oneOf(tables, by: "kind", default: entries[0].name)

    private static let path = OptionTable(
        "several regularisations, from the largest to the smallest",
        [
            OptionTable.Option("from", .number(.positive), isRequired: true, help: "the first"),
            OptionTable.Option("to", .number(.positive), isRequired: true, help: "the last"),
            .integer("steps", .between(2, 10_000), default: 10, help: "how many, evenly spaced by ratio"),
        ])

    private static let common: [OptionTable.Option] = [
        OptionTable.Option(
            "epsilon", .anything,
            help: "the regularisation: a number, or { from, to, steps }; by default a hundredth of the mean cost"),
        .number("eta", .positive, default: nil, help: "1/epsilon, as papers write it"),
        OptionTable.Option(
            "relative", .anything,
            help: "true or \"mean\": epsilon in units of the mean cost, \"largest\": of the largest; 1/eta likewise"),
        .number("tolerance", .above(0, upTo: 1), default: 1e-12, help: "largest ‖a − P1‖₁ + ‖b − Pᵀ1‖₁ over the mass"),
        .integer("sweeps", .atLeast(1), default: 100_000, help: "most Sinkhorn sweeps"),
        .integer("newton_steps", .atLeast(1), default: 200, help: "most Newton steps"),
    ]

    /// The entry of the method for grids.
    static var grid: Entry? { entries.first { $0.name == GridSinkhornNewton.name } }

    /// What the section says, once the costs are known.
    struct Choice {
        var way: Way
        var limits: TransportLimits
        /// Falling; one value unless a path was asked for.
        var epsilons: [Double]
        var tree: OptionTree
    }

    /// What the section says before costs are looked at: the method, with options that are complete.
    struct Selection {
        var entry: Entry
        var options: ResolvedOptions
        var way: Way { entry.make(options) }
    }

    /// Resolves `[method]`.
    ///
    /// - Throws: all slips in the options.
    static func select(_ method: OptionTree) throws(ProblemErrors) -> Selection {
        var diagnostics: [Diagnostic] = []
        guard let selection = options.resolveSelection(method, path: "method", into: &diagnostics),
            let entry = entries.first(where: { $0.name == selection.name }), !diagnostics.hasErrors
        else { throw ProblemErrors(diagnostics) }
        return Selection(entry: entry, options: selection.options)
    }

    /// Fixes units, now that costs are known.
    static func choose(
        _ selection: Selection, meanCost: Double, largestCost: Double
    ) throws(ProblemErrors) -> Choice {
        let given = selection.options
        var limits = TransportLimits()
        guard given.declares("epsilon") else {
            return Choice(way: selection.way, limits: limits, epsilons: [0], tree: given.tree)
        }
        limits.tolerance = given.number("tolerance")
        if given.declares("sweeps") { limits.sweeps = given.integer("sweeps") }
        limits.newtonSteps = given.integer("newton_steps")
        var epsilons = try regularisations(given)
        let unit = try unit(given, meanCost: meanCost, largestCost: largestCost)
        epsilons = epsilons.map { $0 * unit }
        if epsilons.count > 1, selection.entry.name != SafeSinkhornNewton.name {
            throw complaint(
                given.origin(of: "epsilon"), "a path of regularisations is solved by '\(SafeSinkhornNewton.name)' only")
        }
        return Choice(way: selection.way, limits: limits, epsilons: epsilons, tree: given.tree)
    }

    private static func regularisations(_ options: ResolvedOptions) throws(ProblemErrors) -> [Double] {
        if options.has("epsilon"), options.has("eta") {
            throw complaint(options.origin(of: "eta"), "'method.eta' is 1/epsilon, and 'method.epsilon' is given, too")
        }
        if options.has("eta") { return [1 / options.number("eta")] }
        guard let tree = options.optionTree("epsilon") else { return [0.01] }
        if let number = tree.number {
            guard number > 0, number.isFinite else {
                throw complaint(tree.origin, "'method.epsilon' must be above 0")
            }
            return [number]
        }
        guard tree.isTable else {
            throw complaint(
                tree.origin, "'method.epsilon' must be a number or a table, not \(tree.kindName)",
                hint: "epsilon = 1e-3, or epsilon = { from = 1e-1, to = 1e-4, steps = 10 }")
        }
        var diagnostics: [Diagnostic] = []
        let values = path.resolve(tree, path: "method.epsilon", into: &diagnostics)
        guard !diagnostics.hasErrors else { throw ProblemErrors(diagnostics) }
        return RegularisationPath.values(
            from: values.number("from"), to: values.number("to"), steps: values.integer("steps"))
    }

    /// What an ε of 1 stands for.
    private static func unit(
        _ options: ResolvedOptions, meanCost: Double, largestCost: Double
    ) throws(ProblemErrors) -> Double {
        guard let tree = options.optionTree("relative") else {
            return options.has("epsilon") || options.has("eta") ? 1 : positive(meanCost, else: largestCost)
        }
        switch (tree.boolean, tree.text) {
        case (false, _): return 1
        case (true, _), (_, "mean"):
            guard meanCost > 0 else {
                throw complaint(
                    tree.origin, "the mean cost is \(NumberText.short(meanCost)), which is no unit",
                    hint: "relative = \"largest\", or an absolute epsilon")
            }
            return meanCost
        case (_, "largest"): return positive(largestCost, else: 1)
        default:
            throw complaint(tree.origin, "'method.relative' must be true, false, \"mean\" or \"largest\"")
        }
    }

    private static func positive(_ value: Double, else other: Double) -> Double {
        value > 0 ? value : other > 0 ? other : 1
    }

    private static func complaint(_ origin: Origin, _ message: String, hint: String? = nil) -> ProblemErrors {
        ProblemErrors([origin.diagnostic(.error, message, hint: hint)])
    }
}
