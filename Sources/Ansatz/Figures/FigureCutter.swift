import ProblemFiles
import Results

/// Cuts figures out of fields.
struct FigureCutter {
    /// The name of the problem, for titles.
    let name: String
    let fields: FieldFile
    /// The file of the fields, for errors.
    let path: String

    private typealias Point = [(axis: String, value: Double)]

    /// The figures of a request: one for every choice of cut values, or one with a line for each.
    func figures(_ request: FigureRequest) throws(ResultsError) -> [Figure] {
        var request = request
        for index in request.cuts.indices { request.cuts[index].axis = axisName(request.cuts[index].axis) }
        request.along = request.along.map(axisName)
        let field = request.field ?? fields.variables.first?.name ?? ""
        switch request.kind {
        case .losses, .weights, .gradients, .sampling: return []
        case .lines: return [try lines(of: field, request)]
        case .compare, .field:
            return try map(points(request, shown: 2)) { (point) throws(ResultsError) in
                try picture(request.kind, of: field, at: point)
            }
        case .slices: return try slices(of: field, request)
        case .residual:
            let names = try residuals(request.field)
            return try map(points(request, shown: 2)) { (point) throws(ResultsError) in
                try magnitudes(names, at: point)
            }
        }
    }

    // MARK: Cuts

    /// Components of families have brackets in the problem and none in the file.
    private func axisName(_ name: String) -> String {
        fields.axis(name) != nil ? name : fields.axes.first { $0.longName == name }?.name ?? name
    }

    /// The axes in the order of the problem: the time last.
    private var axes: [FieldFile.Axis] { fields.axes.reversed() }

    /// The cuts of a request, and of as many more axes as must not vary: times at their end, others in the middle.
    private func cuts(_ request: FigureRequest, shown: Int) -> [FigureRequest.Cut] {
        let uncut = axes.filter { axis in !request.cuts.contains { $0.axis == axis.name } }
        return request.cuts + uncut.dropFirst(shown).map { FigureRequest.Cut($0.name, [$0.usual]) }
    }

    /// All ways to choose one value of each cut, the last cut varying fastest.
    private func points(_ request: FigureRequest, shown: Int) -> [Point] {
        combinations(cuts(request, shown: shown))
    }

    private func combinations(_ cuts: [FigureRequest.Cut]) -> [Point] {
        cuts.reduce([[]]) { points, cut in
            points.flatMap { point in cut.values.map { point + [(cut.axis, $0)] } }
        }
    }

    private func text(_ point: Point) -> [String] {
        point.map { "\($0.axis) = \(NumberText.place($0.value))" }
    }

    /// `map` for closures with typed errors.
    private func map(
        _ points: [Point], _ body: (Point) throws(ResultsError) -> Figure
    ) throws(ResultsError) -> [Figure] {
        var figures: [Figure] = []
        for point in points { figures.append(try body(point)) }
        return figures
    }

    private func fail(_ kind: ResultsError.Kind, _ message: String) -> ResultsError {
        ResultsError(kind, path: path, message)
    }

    private func isSigned(_ field: String) -> Bool { field.hasSuffix("_error") || field == "error" }

    // MARK: Kinds

    private func picture(_ kind: Plot.Kind, of field: String, at point: Point) throws(ResultsError) -> Figure {
        let slice = try fields.slice(field, at: point, path: path)
        let title = ([name] + text(point)).joined(separator: ", ")
        guard kind == .compare else { return Figure(.field(slice, isSigned: isSigned(field)), title: title) }
        let hasReference = fields.variable(field + "_reference") != nil
        let reference = hasReference ? try fields.slice(field + "_reference", at: point, path: path).values : nil
        return Figure(.comparison(slice, reference: reference), title: title)
    }

    /// Lines along an axis. Without any cut they run at the start, in the middle and at the end of the last other axis.
    private func lines(of field: String, _ request: FigureRequest) throws(ResultsError) -> Figure {
        let along = request.along ?? axes.first?.name
        if let along, fields.axis(along) == nil {
            let names = fields.axes.map(\.name).joined(separator: ", ")
            throw fail(.wrongShape, "lines cannot run along '\(along)'; '\(field)' has the axes \(names)")
        }
        var cuts = request.cuts.filter { $0.axis != along }
        let uncut = axes.filter { axis in axis.name != along && !cuts.contains { $0.axis == axis.name } }
        for axis in uncut {
            let last = axis.values.count - 1
            let isSpread = request.cuts.isEmpty && axis == uncut.last && last >= 2
            let values = isSpread ? [0, axis.values.count / 2, last].map { axis.values[$0] } : [axis.usual]
            cuts.append(.init(axis.name, values))
        }
        var axis: PlotAxis?
        var snapshots: [Figure.Snapshot] = []
        let hasReference = fields.variable(field + "_reference") != nil
        for point in combinations(cuts) {
            let slice = try fields.slice(field, at: point, path: path)
            let name = text(point).joined(separator: ", ")
            snapshots.append(
                .init(
                    name.isEmpty ? field : name, slice.values,
                    reference: hasReference ? try fields.slice(field + "_reference", at: point, path: path).values : nil
                ))
            axis = slice.axes[0]
        }
        guard let axis else { throw fail(.wrongShape, "there is nothing to draw") }
        return Figure(.snapshots(snapshots, along: axis, vertical: field), title: nil)
    }

    /// Planes through a volume: where the request cuts it, else through its middle; one figure per moment.
    private func slices(of field: String, _ request: FigureRequest) throws(ResultsError) -> [Figure] {
        let spatial = axes.filter { !$0.isTime && $0.values.count > 1 }
        guard spatial.count >= 3 else {
            let names = spatial.map(\.name).joined(separator: ", ")
            throw fail(
                .wrongShape,
                "slices show planes of three coordinates besides the time, and the fields vary along \(names) only")
        }
        let isAsked = request.cuts.contains { cut in spatial.prefix(3).contains { $0.name == cut.axis } }
        let planes = spatial.prefix(3).reversed().flatMap { axis -> [(axis: String, value: Double)] in
            if isAsked {
                return request.cuts.filter { $0.axis == axis.name }.flatMap { cut in cut.values.map { (axis.name, $0) }
                }
            }
            return [(axis.name, axis.usual)]
        }
        let others = axes.filter { axis in !spatial.prefix(3).contains(axis) }.map { axis in
            request.cuts.first { $0.axis == axis.name } ?? FigureRequest.Cut(axis.name, [axis.usual])
        }
        return try map(combinations(others)) { (point) throws(ResultsError) in
            var slices: [PlottedField] = []
            for plane in planes {
                var slice = try fields.slice(field, at: point + [plane], path: path)
                slice.name = text([plane])[0]
                slices.append(slice)
            }
            let title = ([name, field] + text(point)).joined(separator: ", ")
            return Figure(.slices(slices, isSigned: isSigned(field)), title: title)
        }
    }

    /// The residuals that the fields hold.
    private func residuals(_ field: String?) throws(ResultsError) -> [String] {
        if let field { return [field] }
        let names = fields.variables.map(\.name).filter(Plot.isResidual)
        guard !names.isEmpty else {
            throw fail(
                .missingDataset,
                "the fields hold no residual; ask for it in the problem file, "
                    + "output.fields.quantities = { residual_NAME = 'residual(NAME)' }, and solve again")
        }
        return names
    }

    private func magnitudes(_ names: [String], at point: Point) throws(ResultsError) -> Figure {
        var slices: [PlottedField] = []
        for name in names { slices.append(try fields.slice(name, at: point, path: path)) }
        let title = ([name] + text(point)).joined(separator: ", ")
        return Figure(.magnitudes(slices), title: title)
    }
}

extension FieldFile.Axis {
    /// Where an axis is cut when nothing is said: the end of the time, the middle of others.
    fileprivate var usual: Double { isTime ? values[values.count - 1] : values[values.count / 2] }
}
