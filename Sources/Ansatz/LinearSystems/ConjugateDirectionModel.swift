import LinearSystems
import Results

/// A ``ConjugateDirectionNetwork`` in a ``ModelFile``: attributes `convolutions_before`, `convolutions_coarse`, `convolutions_after`, `trained_edge`,
/// and the array `parameters`.
public enum ConjugateDirectionModel {
    /// The kind that the file names.
    public static let kind = ConjugateDirectionPreconditioner.name

    package static func attributes(
        _ architecture: ConjugateDirectionArchitecture, trainedEdge: Int
    ) -> [FieldFile.Attribute] {
        [
            .init("convolutions_before", architecture.before), .init("convolutions_coarse", architecture.coarse),
            .init("convolutions_after", architecture.after), .init("trained_edge", trainedEdge),
        ]
    }

    /// The network in a file.
    ///
    /// - Throws: `ResultsError` where the file is not one of such a network.
    public static func read(_ path: String) throws(ResultsError) -> ConjugateDirectionNetwork {
        let file = try ModelFile(contentsOf: path)
        guard file.kind == kind else {
            throw ResultsError(
                .wrongShape, path: path, "holds a model of kind '\(file.kind)', where one of '\(kind)' is needed")
        }
        let numbers = ["convolutions_before", "convolutions_coarse", "convolutions_after"].compactMap(file.integer)
        guard numbers.count == 3, numbers.allSatisfy({ (2...1_000).contains($0) && $0.isMultiple(of: 2) }) else {
            throw ResultsError(.unreadable, path: path, "is a damaged model: it does not state its convolutions")
        }
        let architecture = ConjugateDirectionArchitecture(before: numbers[0], coarse: numbers[1], after: numbers[2])
        let parameters = try file.array("parameters", path: path).values
        guard parameters.count == architecture.parameterCount else {
            throw ResultsError(
                .wrongShape, path: path,
                "is a damaged model: \(parameters.count) parameters where its convolutions have "
                    + "\(architecture.parameterCount)")
        }
        return ConjugateDirectionNetwork(architecture, parameters: parameters.map { Float($0) })
    }
}
