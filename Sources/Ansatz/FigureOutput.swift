import ProblemFiles
import Results

/// The figures of a run, cut out of its fields and its history.
struct FigurePlan {
    private struct Entry {
        var file: String
        var figure: Result<Figure, ResultsError>
    }

    private let entries: [Entry]

    var isEmpty: Bool { entries.isEmpty }

    /// Cuts the figures out of the fields; one that cannot be had is kept with its reason.
    init(_ preparation: RunPreparation, fields: FieldFile, history: History) {
        entries = preparation.problem.output.plots.flatMap { plot in
            Self.figures(for: plot, preparation, fields: fields, history: history)
        }
    }

    /// Draws what can be drawn and returns the names of the pictures; every failure is a warning.
    func draw(into folder: String, warn: (String) -> Void) -> [String] {
        entries.compactMap { entry in
            do throws(ResultsError) {
                try entry.figure.get().write(to: folder + "/" + entry.file)
                return entry.file
            } catch {
                warn("no figure \(entry.file): \(error.message)")
                return nil
            }
        }
    }

    /// The cuts of a plot, and of as many more axes as must not vary: times at their end, others in the middle.
    ///
    /// Lines without any cut run at the start, in the middle and at the end of the last axis.
    private static func cuts(of plot: Plot, _ preparation: RunPreparation) -> [Plot.Cut] {
        var cuts = plot.cuts
        let shown = plot.kind == .lines ? 1 : 2
        let uncut = preparation.fields.axes.filter { axis in
            axis.coordinate != plot.along && !cuts.contains { $0.coordinate == axis.coordinate }
        }
        for axis in uncut.dropFirst(plot.kind == .lines && plot.along != nil ? 0 : shown) {
            let (values, middle, last) = (axis.values, axis.values.count / 2, axis.values.count - 1)
            let isTime = preparation.problem.domain.coordinates[axis.coordinate].isTime
            let several = plot.kind == .lines && plot.cuts.isEmpty && axis == uncut.last && last >= 2
            let indices = several ? [0, middle, last] : [isTime ? last : middle]
            cuts.append(Plot.Cut(coordinate: axis.coordinate, values: indices.map { values[$0] }))
        }
        return cuts
    }

    private static func figures(
        for plot: Plot, _ preparation: RunPreparation, fields: FieldFile, history: History
    ) -> [Entry] {
        let problem = preparation.problem
        let field = plot.field ?? problem.unknowns.first?.name ?? ""
        let axisNames = preparation.fields.axisNames(of: problem)
        let cuts = cuts(of: plot, preparation).map { cut in
            (axis: axisNames[cut.coordinate] ?? problem.domain.coordinates[cut.coordinate].name, values: cut.values)
        }
        switch plot.kind {
        case .losses: return [Entry(file: plot.file, figure: .success(.losses(history, title: problem.name)))]
        case .lines:
            let along = plot.along.flatMap { axisNames[$0] }
            return [Entry(file: plot.file, figure: lines(of: field, along: along, cuts, fields))]
        case .compare, .field:
            // Several values of a cut coordinate give several pictures, numbered.
            let points = combinations(cuts)
            return points.enumerated().map { index, point in
                let file = points.count == 1 ? plot.file : plot.file.numbered(index + 1)
                return Entry(file: file, figure: picture(plot.kind, of: field, at: point, fields, problem.name))
            }
        }
    }

    private typealias Point = [(axis: String, value: Double)]

    private static func picture(
        _ kind: Plot.Kind, of field: String, at point: Point, _ fields: FieldFile, _ name: String
    ) -> Result<Figure, ResultsError> {
        Result { () throws(ResultsError) in
            let slice = try fields.slice(field, at: point)
            let place = point.map { "\($0.axis) = \(NumberText.place($0.value))" }
            let title = ([name] + place).joined(separator: ", ")
            guard kind == .compare else {
                let isSigned = field.hasSuffix("_error") || field == "error"
                return Figure(.field(slice, isSigned: isSigned), title: title)
            }
            let hasReference = fields.variable(field + "_reference") != nil
            let reference = hasReference ? try fields.slice(field + "_reference", at: point).values : nil
            return Figure(.comparison(slice, reference: reference), title: title)
        }
    }

    private static func lines(
        of field: String, along: String?, _ cuts: [(axis: String, values: [Double])], _ fields: FieldFile
    ) -> Result<Figure, ResultsError> {
        Result { () throws(ResultsError) in
            var axis: PlotAxis?
            var snapshots: [Figure.Snapshot] = []
            for point in combinations(cuts) {
                let slice = try fields.slice(field, at: point)
                guard slice.axes.count == 1, along == nil || !point.contains(where: { $0.axis == along }) else {
                    let names = slice.axes.map(\.label).joined(separator: " and ")
                    throw ResultsError(
                        .inconsistent, path: FieldFile.defaultName,
                        "lines run along one axis; with these cuts '\(field)' still varies along \(names)")
                }
                let hasReference = fields.variable(field + "_reference") != nil
                let name = point.map { "\($0.axis) = \(NumberText.place($0.value))" }.joined(separator: ", ")
                snapshots.append(
                    .init(
                        name.isEmpty ? field : name, slice.values,
                        reference: hasReference ? try fields.slice(field + "_reference", at: point).values : nil))
                axis = slice.axes[0]
            }
            guard let axis else {
                throw ResultsError(.inconsistent, path: FieldFile.defaultName, "there is nothing to draw")
            }
            return Figure(.snapshots(snapshots, along: axis, vertical: field), title: nil)
        }
    }

    /// All ways to choose one value of each cut, the last cut varying fastest.
    private static func combinations(_ cuts: [(axis: String, values: [Double])]) -> [Point] {
        cuts.reduce([[]]) { points, cut in
            points.flatMap { point in cut.values.map { point + [(cut.axis, $0)] } }
        }
    }
}

extension String {
    /// `solution.svg` as `solution-2.svg`.
    fileprivate func numbered(_ number: Int) -> String {
        guard let dot = lastIndex(of: ".") else { return "\(self)-\(number)" }
        return "\(self[..<dot])-\(number)\(self[dot...])"
    }
}
