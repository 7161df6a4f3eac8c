import LinearSystems
import Results

/// The numbers of a multigrid cycle in a ``ModelFile``: attribute `dimensions`, and an array for each of the names of
/// `MultigridCoefficients.named`.
public enum LearnedMultigridModel {
    /// The kind that the file names.
    public static let kind = "learned-multigrid"

    /// The numbers in a file, for grids of so many axes.
    ///
    /// - Throws: `ResultsError` where the file is not one of a cycle, where it is for another number of axes, or where its numbers could make the
    ///   cycle indefinite.
    public static func read(_ path: String, dimensions: Int) throws(ResultsError) -> MultigridCoefficients {
        let file = try ModelFile(contentsOf: path)
        guard file.kind == kind else {
            throw ResultsError(
                .wrongShape, path: path, "holds a model of kind '\(file.kind)', where one of '\(kind)' is needed")
        }
        guard let trained = file.integer("dimensions") else {
            throw ResultsError(.unreadable, path: path, "is a damaged model: it does not state its dimensions")
        }
        guard trained == dimensions else {
            throw ResultsError(
                .wrongShape, path: path, "is a model for grids of \(trained) dimensions, and this one has \(dimensions)"
            )
        }
        var values: [String: [Double]] = [:]
        for (name, _) in MultigridCoefficients.standard(dimensions: dimensions).named {
            values[name] = try file.array("numbers/" + name, path: path).values
        }
        guard let numbers = MultigridCoefficients(named: values) else {
            throw ResultsError(.unreadable, path: path, "is a damaged model: its numbers do not make a cycle")
        }
        guard numbers.smootherBound < 2 else {
            throw ResultsError(
                .unreadable, path: path, "is a damaged model: with its smoothers the cycle could be indefinite")
        }
        return numbers
    }
}
