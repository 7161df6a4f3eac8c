import ProblemFiles
import Results

/// Draws figures of a run that lies on the disk.
public struct RunFigures {
    private let run: StoredRun
    private let fields: FieldFile?
    private let history: History

    /// Reads a run folder; a run that is going on has no fields yet.
    public init(folder: String) throws(ResultsError) {
        run = try StoredRun(folder)
        fields = run.fieldsName == nil ? nil : try run.fields()
        history = run.hasHistory ? try run.history() : History(terms: [], unknowns: [])
    }

    /// The figures that the run's own problem file asks for.
    package func requests() throws -> [FigureRequest] {
        guard let text = run.problemText(fields) else {
            throw ResultsError(
                .missingFile, path: run.folder,
                "holds no \(RunFolder.problemName), which says what to draw; say it with --kind")
        }
        return try FigureRequest.list(in: text, path: run.path(RunFolder.problemName))
    }

    /// The name of a picture that is not named.
    package func fileName(for kind: Plot.Kind, field: String?) -> String {
        guard kind.showsFields, let field = field ?? (kind == .residual ? nil : fields?.variables.first?.name) else {
            return kind.rawValue + ".svg"
        }
        return "\(field)-\(kind.rawValue).svg"
    }

    /// Draws figures into a folder; by default that of the run's figures.
    ///
    /// - Parameter isRequired: whether a figure that cannot be had is an error, rather than a warning.
    /// - Returns: the paths of the pictures.
    package func draw(
        _ requests: [FigureRequest], into folder: String? = nil, isRequired: Bool, warn: (Diagnostic) -> Void
    ) throws -> [String] {
        guard !requests.isEmpty else { return [] }
        if let folder { for request in requests { try Self.requireOwnData(FileSystem.join(folder, request.file)) } }
        let folder = folder ?? run.path(RunFolder.figuresName)
        try FileSystem.makeFolder(folder)
        let plan = FigurePlan(
            requests, name: name, fields: fields, path: run.path(run.fieldsName ?? FieldFile.defaultName),
            history: history,
            gradients: Result { () throws(ResultsError) in try run.gradients() },
            sampling: Result { () throws(ResultsError) in try run.sampling() })
        var failures: [(file: String, error: ResultsError)] = []
        let drawn = plan.draw(into: folder) { failures.append(($0, $1)) }
        for failure in failures {
            if isRequired { throw failure.error }
            warn(Diagnostic(.warning, "no figure \(failure.file): \(failure.error.message)"))
        }
        return drawn.map { FileSystem.join(folder, $0) }
    }

    /// Beside a picture lie its script and its data, which must not replace a table of the user's.
    private static func requireOwnData(_ picture: String) throws(ResultsError) {
        let base = String(picture.prefix(upTo: picture.lastIndex(of: ".") ?? picture.endIndex))
        guard FileSystem.kind(base + ".dat") != nil, FileSystem.kind(base + ".gp") == nil else { return }
        throw ResultsError(
            .alreadyThere, path: base + ".dat",
            "exists and belongs to no figure, but the data of this one would take its place; choose another name with -o"
        )
    }

    private var name: String { run.problemName(fields) ?? FileSystem.name(of: run.folder) }
}
