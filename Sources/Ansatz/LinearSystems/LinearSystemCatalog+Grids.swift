import LinearSystems
import ProblemFiles
import Results

extension LinearSystemCatalog {
    private static let model = OptionTable.Option(
        "model", .text, isRequired: true, help: "model file that 'ansatz train' made, relative to this file")

    /// Preconditioners for grids beside multigrid.
    static let forGrids: [PreconditionerEntry] = [
        PreconditionerEntry(
            name: LearnedMultigridModel.kind, summary: "multigrid with trained numbers", options: [model],
            make: .trained { (path, dimensions) throws(ResultsError) in
                let numbers = try LearnedMultigridModel.read(path, dimensions: dimensions)
                return { matrix, pool in GridMultigrid(matrix, numbers, pool: pool) }
            }),
        PreconditionerEntry(
            name: BoxPreconditioner.name, summary: BoxPreconditioner.summary, options: [],
            make: .grid { matrix, _, pool in BoxPreconditioner(matrix, pool: pool) }),
        PreconditionerEntry(
            name: ConjugateDirectionPreconditioner.name, summary: ConjugateDirectionPreconditioner.summary,
            options: [model],
            make: .trained { (path, dimensions) throws(ResultsError) in
                guard dimensions == 3 else {
                    throw ResultsError(
                        .wrongShape, path: path,
                        "is a network for grids of 3 dimensions, and this one has \(dimensions)")
                }
                let network = try ConjugateDirectionModel.read(path)
                return { matrix, pool in
                    try? ConjugateDirectionPreconditioner(network, matrix.domain, pool: pool)
                }
            }),
    ]

    /// The model that a preconditioner's options name; nil for one that has none.
    ///
    /// - Throws: for a file that cannot be read, and for a network with an iteration that wants a linear preconditioner.
    static func trained(
        _ entry: PreconditionerEntry, _ options: ResolvedOptions, iteration: String, dimensions: Int, folder: String
    ) throws(ProblemErrors) -> PreconditionerEntry.Trained? {
        guard case .trained(let read) = entry.make else { return nil }
        if entry.name == ConjugateDirectionPreconditioner.name, iteration != FlexibleConjugateGradients.name {
            throw ProblemErrors([
                options.origin.diagnostic(
                    .error, "'\(entry.name)' is not linear, which '\(iteration)' needs",
                    hint: "kind = \"\(FlexibleConjugateGradients.name)\" takes any preconditioner")
            ])
        }
        let path = options.text("model")
        do throws(ResultsError) {
            return try read(FileSystem.join(folder, path), dimensions)
        } catch {
            throw ProblemErrors([options.origin(of: "model").diagnostic(.error, "'\(path)' \(error.message)")])
        }
    }
}
