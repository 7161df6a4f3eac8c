import LinearSystems
import ProblemFiles
import Results

extension LinearSystemCatalog {
    /// Preconditioners for grids beside multigrid.
    static let forGrids: [PreconditionerEntry] = [
        PreconditionerEntry(
            name: BoxPreconditioner.name, summary: BoxPreconditioner.summary, options: [],
            make: .grid { matrix, _, pool in BoxPreconditioner(matrix, pool: pool) }),
        PreconditionerEntry(
            name: ConjugateDirectionPreconditioner.name, summary: ConjugateDirectionPreconditioner.summary,
            options: [
                OptionTable.Option(
                    "model", .text, isRequired: true,
                    help: "the model file, relative to where the program runs; 'ansatz train' makes one")
            ],
            make: .grid { matrix, options, pool in
                // The file was read when the options were checked.
                guard let network = try? ConjugateDirectionModel.read(options.text("model")) else { return nil }
                return try? ConjugateDirectionPreconditioner(network, matrix.domain, pool: pool)
            }),
    ]

    /// Throws for a network that cannot be read, or whose iteration wants a linear preconditioner.
    static func checkNetwork(_ options: ResolvedOptions, iteration: String) throws(ProblemErrors) {
        guard iteration == FlexibleConjugateGradients.name else {
            throw ProblemErrors([
                options.origin.diagnostic(
                    .error, "'\(ConjugateDirectionPreconditioner.name)' is not linear, which '\(iteration)' needs",
                    hint: "kind = \"\(FlexibleConjugateGradients.name)\" takes any preconditioner")
            ])
        }
        let path = options.text("model")
        do throws(ResultsError) {
            _ = try ConjugateDirectionModel.read(path)
        } catch {
            throw ProblemErrors([options.origin(of: "model").diagnostic(.error, "'\(path)' \(error.message)")])
        }
    }
}
