import Expressions
import Glibc

extension ProblemChecker {
    /// Reads `[reference]`: exact solutions, or names in a file; where they are compared; and true values of unknown
    /// parameters.
    mutating func readReference() -> Reference? {
        var entries = readParameterReferences(section("reference"))
        guard !entries.isEmpty, let domain else { return nil }
        entries = readReferenceBox(entries, domain)
        guard !entries.isEmpty else { return nil }
        readComparedQuantities(entries)
        let names = unknowns.map(\.name) + comparedQuantities.map(\.name)
        return root["reference"]?["file"] == nil
            ? exactReference(entries, names) : fileReference(entries, names, domain)
    }

    /// Notes the definitions that the section names beside unknowns; each is a scalar that depends on unknowns.
    private mutating func readComparedQuantities(_ entries: [OptionTree.Entry]) {
        for entry in entries where definitions.contains(where: { $0.definition.name == entry.key }) {
            guard !failedNames.contains(entry.key) else { continue }
            usedNames.insert(entry.key)
            func complain(_ message: String) {
                failedNames.insert(entry.key)
                self.complain(
                    entry.keyOrigin, message,
                    hint: "compare an unknown, or a definition such as speed = 'sqrt(u^2 + v^2)'")
            }
            guard let syntax = try? Syntax.parse(entry.key), let expression = try? scope.resolve(syntax, in: .output)
            else {
                complain("'\(entry.key)' has no value at a point that could be compared")
                continue
            }
            guard expression.shape == .scalar else {
                complain("the definition '\(entry.key)' must be a scalar to be compared, not \(expression.shape)")
                continue
            }
            guard !expression.fieldDerivatives.isEmpty, !expression.usesIntegral else {
                complain(
                    "the definition '\(entry.key)' cannot be compared: "
                        + (expression.usesIntegral ? "it reads an integral" : "it depends on no unknown"))
                continue
            }
            comparedQuantities.append(Quantity(entry.key, expression, text: entry.key, origin: entry.keyOrigin))
        }
    }

    private mutating func exactReference(_ entries: [OptionTree.Entry], _ names: [String]) -> Reference? {
        var expressions: [String: Expression] = [:]
        var texts: [String: String] = [:]
        for entry in entries {
            guard names.contains(entry.key) else {
                if entry.key == "samples" || entry.key == "at" {
                    complain(entry.keyOrigin, "'reference.\(entry.key)' is not available yet")
                } else if !failedNames.contains(entry.key) {
                    let known = names + unknownParameters.map(\.name) + ["file", "box"]
                    diagnostics.append(.unknownKey(entry, in: "reference", names: known))
                }
                continue
            }
            guard let text = text(entry.tree, "reference.\(entry.key)"),
                let syntax = syntax(entry.tree, "reference.\(entry.key)"),
                let expression = resolve(syntax, in: .reference, entry.tree.origin)
            else { continue }
            guard expression.shape == .scalar else {
                complain(entry.tree.origin, "the reference of '\(entry.key)' must be a scalar, not \(expression.shape)")
                continue
            }
            expressions[entry.key] = expression
            texts[entry.key] = text
        }
        return .exact(expressions, texts: texts)
    }

    private mutating func fileReference(
        _ entries: [OptionTree.Entry], _ names: [String], _ domain: Domain
    ) -> Reference? {
        let coordinates = domain.coordinates.map(\.name)
        let time = domain.timeIndex.map { coordinates[$0] }
        let axes = [time].compactMap { $0 } + coordinates.filter { $0 != time }
        let table = OptionTable(
            "a file with values on a grid",
            [
                OptionTable.Option("file", .text, isRequired: true, help: "HDF5 or netCDF, relative to this file"),
                OptionTable.Option(
                    "coordinates", .dictionary(.text), default: .empty, help: "our name = name in the file"),
                .list(
                    "axes", of: .choice(coordinates), default: OptionTree(.list(axes.map { OptionTree(.text($0)) })),
                    help: "the order of the axes, slowest first"),
            ] + names.map { .text($0, default: nil, help: "the data set with values of \($0)") })
        let count = diagnostics.count
        var tree = root["reference"]
        tree?.entries = entries.filter { !failedNames.contains($0.key) }
        let options = table.resolve(tree, path: "reference", into: &diagnostics)
        let renamed = options.textsByName("coordinates")
        for (name, _) in renamed where !coordinates.contains(name) {
            let entry = root["reference"]?["coordinates"]?.entries.first { $0.key == name }
            if let entry { diagnostics.append(.unknownKey(entry, in: "reference.coordinates", names: coordinates)) }
        }
        let variables = names.compactMap { name in options.optionalText(name).map { (unknown: name, dataset: $0) } }
        if variables.isEmpty {
            complain(
                options.origin, "'reference' names no data set",
                hint: "for example \(names.first ?? "u") = \"\(names.first ?? "u")\"")
        }
        let given = options.texts("axes")
        if given.count != coordinates.count || Set(given).count != given.count {
            complain(
                options.origin(of: "axes"), "'reference.axes' must name every coordinate once",
                hint: "coordinates: \(coordinates.joined(separator: ", "))")
        }
        let file = options.text("file")
        let path = resolvedPath(file)
        if diagnostics.count == count, access(path, R_OK) != 0 {
            complain(
                options.origin(of: "file"), "the reference file cannot be read: \(String(cString: strerror(errno)))",
                hint: "looked for \(path)")
        }
        let datasets = given.map { name in
            (name: name, dataset: renamed.first { $0.name == name }?.value ?? name)
        }
        var reference = ReferenceFile(
            file: file, path: path, coordinates: datasets, variables: variables, axes: given)
        reference.origin = options.origin(of: "file")
        return .file(reference)
    }

    /// A path in the file, relative to the folder of the file.
    func resolvedPath(_ path: String) -> String {
        guard !path.hasPrefix("/"), let slash = source.name.lastIndex(of: "/") else { return path }
        return source.name[...slash] + path
    }
}
