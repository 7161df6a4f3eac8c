import Expressions
import Results

/// `[data.NAME]` with `define`: a coefficient that is interpolated on its grid.
extension ProblemChecker {
    mutating func readCoefficient(_ entry: OptionTree.Entry) {
        // Whatever is wrong with the file, that the name is unknown elsewhere is not said again.
        if let name = entry.tree["define"]?.text { failedNames.insert(name) }
        let table = dataOptions(
            "a coefficient known on a grid",
            [
                OptionTable.Option("define", .text, isRequired: true, help: "its name in equations"),
                .text("variable", default: nil, help: "its name in the file; by default the same"),
                .choice(
                    "interpolation", TabulatedFunction.Interpolation.allCases.map(\.rawValue),
                    default: TabulatedFunction.Interpolation.cubic.rawValue,
                    help: "cubic: smooth; linear: straight lines, whose slopes jump"),
            ])
        guard let domain, let section = dataSection(entry, table) else { return }
        let name = section.options.text("define")
        guard Self.isName(name) else {
            complain(
                section.origin(of: "define"), "'\(name)' is not a name",
                hint: "a name is a letter followed by letters, digits or underscores")
            return
        }
        let space = domain.coordinates.filter { !$0.isTime }.map(\.name)
        let axes = section.options.has("axes") ? section.options.texts("axes") : space
        let variable = section.options.optionalText("variable") ?? name
        let columns = axes.map { column(of: $0, in: section) }
        let key = section.options.isGiven("variable") ? "variable" : "define"
        guard has(columns + [(variable, section.origin(of: key))], in: section),
            let grid = coefficientGrid(section, axes, columns.map(\.name), variable, name),
            covers(grid, domain, section, name)
        else { return }
        let function = TabulatedFunction(
            name: name, axes: grid.axes.map(\.values), values: grid.values,
            interpolation: TabulatedFunction.Interpolation(rawValue: section.options.text("interpolation")) ?? .cubic)
        let coordinates = axes.compactMap { domain.index(of: $0) }
        let place = entry.keyOrigin.source?.kind == .file ? "declared on line \(entry.keyOrigin.line)" : nil
        do {
            try scope.declare(table: function, coordinates: coordinates, origin: place)
        } catch {
            for issue in error.issues { complain(section.origin(of: "define"), issue.message, hint: issue.hint) }
            return
        }
        failedNames.remove(name)
        var data = DataSet(
            entry.key, .coefficient(CoefficientField(function, coordinates: coordinates)),
            file: section.options.text("file"), origin: entry.keyOrigin)
        data.tree = section.options.tree
        data.tree["axes"] = OptionTree(.list(axes.map { OptionTree(.text($0)) }))
        data.tree["variable"] = OptionTree(.text(variable))
        self.data.append(data)
    }

    private mutating func coefficientGrid(
        _ section: DataSection, _ axes: [String], _ columns: [String], _ variable: String, _ name: String
    ) -> (axes: [DataGrid.Line], values: [Double])? {
        do throws(ResultsError) {
            let grid = try DataGrid(
                section.file.path, axes: zip(axes, columns).map { .init($0, dataset: $1) },
                fields: [.init(name, dataset: variable)])
            return (grid.axes, try grid.completeValues()[0])
        } catch {
            complain(section.origin(of: "file"), section.message(error))
            return nil
        }
    }

    /// Whether the grid reaches from end to end of the domain; a spline means nothing beyond its data.
    private mutating func covers(
        _ grid: (axes: [DataGrid.Line], values: [Double]), _ domain: Domain, _ section: DataSection, _ name: String
    ) -> Bool {
        guard boundsAreKnown else { return true }
        let box = domain.box
        var isCovered = true
        for axis in grid.axes {
            guard let coordinate = domain.index(of: axis.name), let first = axis.values.first,
                let last = axis.values.last
            else { continue }
            let (lower, upper) = (box.lower[coordinate], box.upper[coordinate])
            let slack = 1e-9 * (upper - lower)
            guard first > lower + slack || last < upper - slack else { continue }
            isCovered = false
            complain(
                section.origin(of: "file"),
                "\(section.options.text("file")): '\(name)' is known for \(axis.name) from \(first.shortText) to "
                    + "\(last.shortText), but \(axis.name) runs from \(lower.shortText) to \(upper.shortText)",
                hint: "the grid must reach over the whole domain")
        }
        return isCovered
    }
}
