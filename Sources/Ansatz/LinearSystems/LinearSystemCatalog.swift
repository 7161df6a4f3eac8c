import LinearSystems
import Parallelism
import ProblemFiles
import Results

/// The methods for linear systems, with the options that files give them.
public enum LinearSystemCatalog {
    /// An outer iteration: its options beside those that all have, and how it is made from them.
    struct IterationEntry: Sendable {
        var type: any OuterIteration.Type
        var options: [OptionTable.Option]
        /// Directions that the system must be able to retain.
        var directions: @Sendable (ResolvedOptions) -> Int
        /// Nil for one that goes with matrices only, and the system is none.
        var make: @Sendable (ResolvedOptions, SparseMatrix?) -> (any OuterIteration)?

        var name: String { type.name }
    }

    /// A preconditioner: its options, and how it is made for a matrix or for a grid.
    struct PreconditionerEntry: Sendable {
        var name: String
        var summary: String
        var options: [OptionTable.Option]
        var make: Maker

        /// What it is made for; a grid can also be written as a matrix.
        enum Maker: Sendable {
            /// Nil where it cannot be made for the matrix.
            case matrix(
                @Sendable (SparseMatrix, NullSpaces, ResolvedOptions, WorkerPool) -> (any MatrixPreconditioner)?)
            /// Nil where the grid is none that it is for.
            case grid(@Sendable (GridOperator, ResolvedOptions, WorkerPool) -> (any Preconditioner)?)
            /// Reads the file of its option `model`.
            case trained(@Sendable (String, _ dimensions: Int) throws(ResultsError) -> Trained)
        }

        /// A model that was read.
        typealias Trained = @Sendable (GridOperator, WorkerPool) -> (any Preconditioner)?
    }

    /// In the order in which they are listed.
    static let iterations: [IterationEntry] = [
        IterationEntry(type: ConjugateGradients.self, options: [], directions: { _ in 0 }) { _, _ in
            ConjugateGradients()
        },
        IterationEntry(
            type: FlexibleConjugateGradients.self,
            options: [.integer("directions", .between(0, 1_000), default: 2, help: "directions that are retained")],
            directions: { $0.integer("directions") }
        ) { options, _ in FlexibleConjugateGradients(directions: options.integer("directions")) },
        IterationEntry(
            type: DeflatedConjugateGradients.self,
            options: [
                .integer(
                    "parts", .between(1, 2_000), default: 32,
                    help: "parts of the graph of the matrix on which constants are solved for exactly")
            ], directions: { _ in 0 }
        ) { options, matrix in
            matrix.map { DeflatedConjugateGradients(Subspace(constantsOn: options.integer("parts"), partsOf: $0)) }
        },
    ]

    /// In the order in which they are listed.
    static let preconditioners: [PreconditionerEntry] = always + forGrids + optional

    /// Those of programs that were built with a package trait.
    private static let optional: [PreconditionerEntry] = {
        #if BoomerAMG
            [
                PreconditionerEntry(
                    name: AlgebraicMultigrid.name, summary: AlgebraicMultigrid.summary,
                    options: [
                        .number(
                            "threshold", .between(0, 1), default: 0.25,
                            help: "entries above this share of the largest of their row are strong")
                    ],
                    make: .matrix { matrix, nullSpaces, options, _ in
                        AlgebraicMultigrid(
                            matrix, threshold: options.number("threshold"), singularParts: nullSpaces.singular.count)
                    })
            ]
        #else
            []
        #endif
    }()

    private static let always: [PreconditionerEntry] = [
        PreconditionerEntry(
            name: GridMultigrid.name, summary: GridMultigrid.summary,
            options: [.integer("degree", .between(2, 4), default: 3, help: "products in a step of the smoother")],
            make: .grid { matrix, options, pool in
                GridMultigrid(matrix, .standard(degree: options.integer("degree")), pool: pool)
            }),
        PreconditionerEntry(
            name: ModifiedIncompleteCholesky.name, summary: ModifiedIncompleteCholesky.summary,
            options: [
                .number(
                    "relaxation", .between(0, 1), default: ModifiedIncompleteCholesky.defaultRelaxation,
                    help: "share of dropped entries that is moved to the diagonal")
            ],
            make: .matrix { matrix, nullSpaces, options, _ in
                ModifiedIncompleteCholesky(
                    matrix, relaxation: options.number("relaxation"), singularParts: nullSpaces.singular.count)
            }),
        PreconditionerEntry(
            name: IncompleteCholesky.name, summary: IncompleteCholesky.summary, options: [],
            make: .matrix { matrix, nullSpaces, _, _ in
                IncompleteCholesky(matrix, singularParts: nullSpaces.singular.count)
            }),
        PreconditionerEntry(
            name: ChebyshevPolynomial.name, summary: ChebyshevPolynomial.summary,
            options: [
                .integer(
                    "steps", .between(1, 100), default: 5, help: "products and one; odd is always positive definite"),
                .number("ratio", .above(1, upTo: 1e6), default: 30, help: "largest over smallest eigenvalue aimed at"),
            ],
            make: .matrix { matrix, _, options, pool in
                ChebyshevPolynomial(
                    matrix, steps: options.integer("steps"), ratio: options.number("ratio"), pool: pool)
            }),
        PreconditionerEntry(
            name: JacobiPreconditioner.name, summary: JacobiPreconditioner.summary, options: [],
            make: .matrix { matrix, _, _, _ in JacobiPreconditioner(matrix) }),
        PreconditionerEntry(
            name: NoPreconditioner.name, summary: NoPreconditioner.summary, options: [],
            make: .matrix { matrix, _, _, _ in NoPreconditioner(matrix) }),
    ]

    /// The name of what programs with the package trait BoomerAMG have.
    static let algebraicMultigrid = "algebraic-multigrid"

    /// The name that leaves the choice to the program.
    static let automatic = "auto"

    private static let preconditionerTables =
        [
            OptionTable.Choice(
                automatic, OptionTable("the best known: multigrid on grids, an incomplete factor for matrices"))
        ] + preconditioners.map { OptionTable.Choice($0.name, OptionTable($0.summary, $0.options)) }

    private static func common(fallback: Bool) -> [OptionTable.Option] {
        [
            .oneOf(
                "preconditioner", preconditionerTables, default: automatic, help: "the approximation of the inverse"),
            .number("tolerance", .above(0, upTo: 1), default: 1e-6, help: "largest norm of b - A x over that of b"),
            .integer("iterations", .atLeast(1), default: 10_000, help: "most iterations"),
            .integer(
                "iterations_per_digit", .atLeast(1), default: 1_000,
                help: "so many must gain a digit, or it has stalled"),
            .boolean(
                "fallback", default: fallback,
                help: "whether a method that fails is followed by plainer ones, from where it came to"),
        ]
    }

    /// A table for each method.
    package static let tables =
        [
            OptionTable.Choice(
                automatic,
                OptionTable(
                    "conjugate gradients with the best known preconditioner, and plainer ones where that fails",
                    common(fallback: true)))
        ]
        + iterations.map {
            OptionTable.Choice($0.name, OptionTable($0.type.summary, common(fallback: false) + $0.options))
        }

    /// `[method]`: a table that is chosen by name.
    package static let options = OptionTable.Kind.oneOf(tables, by: "kind", default: automatic)

    /// An iteration with a preconditioner.
    struct Stage: Sendable {
        var iteration: IterationEntry
        var iterationOptions: ResolvedOptions
        var preconditioner: PreconditionerEntry
        var preconditionerOptions: ResolvedOptions
        /// What came of the model file, where there is one.
        var trained: PreconditionerEntry.Trained?

        /// Both names.
        var name: String { "\(iteration.name) with \(preconditioner.name)" }
    }

    /// What the section says.
    struct Choice: Sendable {
        /// What is tried, one after the other.
        var stages: [Stage]
        var limits: SolveLimits
        /// Whether the preconditioner is left to the program.
        var isAutomatic: Bool
        var tree: OptionTree
    }

    /// Resolves `[method]` for a kind of system.
    ///
    /// - Parameter dimensions: axes of the grid; nil for a matrix from a file.
    /// - Parameter folder: what the paths of models are relative to.
    /// - Parameter ladder: names of preconditioners to try where the choice is left to the program, the best first.
    /// - Throws: all slips in the options.
    static func choose(
        _ method: OptionTree, dimensions: Int?, folder: String, ladder: [String]
    ) throws(ProblemErrors) -> Choice {
        // Not every program has all of them.
        let ladder = ladder.filter { name in preconditioners.contains { $0.name == name } }
        var diagnostics: [Diagnostic] = []
        guard let selection = options.resolveSelection(method, path: "method", into: &diagnostics),
            !diagnostics.hasErrors
        else { throw ProblemErrors(diagnostics) }
        let given = selection.options
        let chosen = given.selection("preconditioner")
        let limits = SolveLimits(
            tolerance: given.number("tolerance"), iterations: given.integer("iterations"),
            iterationsPerDigit: given.integer("iterations_per_digit"))
        let iteration = iterations.first { $0.name == selection.name } ?? iterations[0]
        var stages: [Stage] = []
        func add(_ name: String, _ options: ResolvedOptions?, _ iteration: IterationEntry) {
            guard let entry = preconditioners.first(where: { $0.name == name }),
                !stages.contains(where: { $0.preconditioner.name == name })
            else { return }
            var ignored: [Diagnostic] = []
            let resolved = options ?? OptionTable("", entry.options).resolve(nil, path: "", into: &ignored)
            stages.append(
                Stage(
                    iteration: iteration, iterationOptions: given, preconditioner: entry,
                    preconditionerOptions: resolved))
        }
        add(
            chosen.name == automatic ? ladder[0] : chosen.name, chosen.name == automatic ? nil : chosen.options,
            iteration)
        if given.boolean("fallback") { for name in ladder { add(name, nil, iterations[0]) } }
        if let first = stages.first, !first.preconditioner.isForMatrices {
            guard let dimensions else {
                throw ProblemErrors([
                    given.origin(of: "preconditioner").diagnostic(
                        .error, "'\(first.preconditioner.name)' is for grids, and this is a matrix from a file",
                        hint: "for matrices: "
                            + preconditioners.filter(\.isForMatrices).map(\.name).joined(separator: ", "))
                ])
            }
            if first.iteration.name == DeflatedConjugateGradients.name {
                throw ProblemErrors([
                    given.origin(of: "preconditioner").diagnostic(
                        .error,
                        "'\(first.iteration.name)' needs the matrix, and '\(first.preconditioner.name)' works without",
                        hint: "with: " + preconditioners.filter(\.isForMatrices).map(\.name).joined(separator: ", "))
                ])
            }
            stages[0].trained = try trained(
                first.preconditioner, first.preconditionerOptions, iteration: first.iteration.name,
                dimensions: dimensions, folder: folder)
        }
        return Choice(
            stages: stages, limits: limits, isAutomatic: chosen.name == automatic, tree: given.tree)
    }
}

extension LinearSystemCatalog.PreconditionerEntry {
    /// Whether it is made from a matrix.
    var isForMatrices: Bool { if case .matrix = make { true } else { false } }
}
