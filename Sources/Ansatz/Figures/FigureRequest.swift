import ProblemFiles
import Results

/// A figure that is asked for, in the names of the file of fields.
package struct FigureRequest: Sendable, Equatable {
    /// Values at which an axis is cut.
    package struct Cut: Sendable, Equatable {
        package var axis: String
        package var values: [Double]

        package init(_ axis: String, _ values: [Double]) {
            self.axis = axis
            self.values = values
        }
    }

    /// The picture's file name; several pictures are numbered.
    package var file: String
    package var kind: Plot.Kind
    /// The field; nil for the first, or for figures that show none.
    package var field: String?
    /// The axis along which lines run; nil for the first.
    package var along: String?
    package var cuts: [Cut]

    package init(_ kind: Plot.Kind, file: String, field: String? = nil, along: String? = nil, cuts: [Cut] = []) {
        self.kind = kind
        self.file = file
        self.field = field
        self.along = along
        self.cuts = cuts
    }

    /// A figure of a checked problem.
    init(_ plot: Plot, of problem: Problem) {
        func name(_ index: Int) -> String { problem.domain.coordinates[index].name }
        self.init(
            plot.kind, file: plot.file, field: plot.field, along: plot.along.map(name),
            cuts: plot.cuts.map { Cut(name($0.coordinate), $0.values) })
    }

    /// The figures that a resolved problem file asks for. Nothing but `[output]` is looked at, so that the data which the
    /// file names need not be there any more.
    ///
    /// - Throws: what is wrong with the text as TOML.
    package static func list(in text: String, path: String) throws(ProblemErrors) -> [FigureRequest] {
        let root = try OptionTree.parse(SourceText(text, name: path))
        return (root["output"]?["plots"]?.elements ?? []).compactMap { plot in
            guard let kind = (plot["kind"]?.text).flatMap(Plot.Kind.init), let file = plot["file"]?.text else {
                return nil
            }
            let cuts = (plot["at"]?.entries ?? []).map { entry in
                Cut(entry.key, (entry.tree.elements ?? [entry.tree]).compactMap(\.number))
            }
            return FigureRequest(
                kind, file: file, field: plot["field"]?.text, along: plot["along"]?.text, cuts: cuts)
        }
    }
}
