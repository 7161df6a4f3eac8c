import Expressions

extension ProblemChecker {
    /// Reads one of `[[output.plots]]`; `names` are the fields that can be shown.
    mutating func plot(
        _ options: ResolvedOptions, _ path: String, _ names: [String], _ fields: FieldOutput?, _ domain: Domain
    ) -> Plot? {
        let file = options.text("file")
        let ending = file.split(separator: ".").last.map(String.init) ?? ""
        if options.isGiven("file"), !Self.isFileName(file) || !Plot.pictureKinds.contains(ending) {
            complain(
                options.origin(of: "file"),
                "'\(path).file' must be a file name that ends in .\(Plot.pictureKinds.joined(separator: ", ."))")
        }
        guard let kind = Plot.Kind(rawValue: options.text("kind")) else { return nil }
        var plot = Plot(file: file, kind: kind)
        if let field = options.optionalText("field") {
            if !kind.showsFields {
                complain(options.origin(of: "field"), "a figure of \(kind.rawValue) shows no field")
            } else if !names.contains(field) {
                complain(
                    options.origin(of: "field"), "there is no unknown or quantity '\(field)'",
                    hint: NearestName.hint(for: field, among: names, label: "fields"))
            }
        }
        let isOpen = !kind.showsFields || kind == .residual
        plot.field = isOpen ? nil : options.optionalText("field") ?? unknowns.first?.name
        if kind == .residual {
            plot.field = options.optionalText("field")
            if plot.field == nil, !names.contains(where: Plot.isResidual) {
                complain(
                    options.origin(of: "kind"), "the saved fields hold no residual",
                    hint: "add one: output.fields.quantities = { residual_NAME = 'residual(NAME)' }")
            }
        }
        plot.along = along(options, kind, domain)
        if !kind.showsFields, options.isGiven("at") {
            complain(options.origin(of: "at"), "a figure of \(kind.rawValue) has no coordinates to cut")
        }
        plot.cuts = cuts(options.optionTree("at"), "\(path).at").map {
            Plot.Cut(coordinate: $0.coordinate, values: $0.values)
        }
        if kind == .slices, let fields {
            let count = fields.axes.count { !domain.coordinates[$0.coordinate].isTime && $0.values.count > 1 }
            if count < 3 {
                complain(
                    options.origin(of: "kind"),
                    "slices need three coordinates besides the time, and the saved fields vary along \(count)",
                    hint: "use kind = \"field\" or kind = \"lines\"")
            }
        }
        return plot
    }

    /// The coordinate along which lines run: the first, unless another is named.
    private mutating func along(_ options: ResolvedOptions, _ kind: Plot.Kind, _ domain: Domain) -> Int? {
        guard let along = options.optionalText("along") else { return kind == .lines ? 0 : nil }
        let index = domain.index(of: along)
        if kind != .lines {
            complain(options.origin(of: "along"), "'along' belongs to figures of kind 'lines'")
        } else if index == nil {
            complain(
                options.origin(of: "along"), "'\(along)' is not a coordinate",
                hint: NearestName.hint(
                    for: along, among: domain.coordinates.prefix(40).map(\.name), label: "coordinates"))
        }
        return index
    }
}
