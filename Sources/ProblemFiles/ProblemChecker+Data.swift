import Expressions
import Glibc
import Results

/// What both kinds of `[data.NAME]` have in common.
extension ProblemChecker {
    /// An entry of `[data]`, its file opened and its options resolved.
    struct DataSection {
        var entry: OptionTree.Entry
        var path: String
        var file: DataFile
        var options: ResolvedOptions

        /// Where a key was written; the section where it was filled in.
        func origin(of key: String) -> Origin { options.origin(of: key) }

        /// A sentence about the file.
        func message(_ error: ResultsError) -> String { "\(options.text("file")): \(error.message)" }
    }

    /// Reads those sections of `[data]` that define coefficients, whose names expressions may use.
    mutating func readCoefficients() {
        for entry in section("data") {
            guard entry.tree.isTable else {
                complain(
                    entry.tree.origin, "'data.\(entry.key)' must be a table, not \(entry.tree.kindName)",
                    hint: "[data.\(entry.key)] names a file, and what its numbers are")
                continue
            }
            let (define, observe) = (entry.tree["define"], entry.tree["observe"])
            if define != nil, observe != nil {
                complain(
                    entry.keyOrigin, "'data.\(entry.key)' both observes and defines",
                    hint: "measurements and a coefficient are two sections")
            } else if define == nil, observe == nil {
                complain(
                    entry.keyOrigin, "'data.\(entry.key)' does not say what its numbers are",
                    hint: "observe = { u = \"u\" } for measurements of u, define = \"kappa\" for a coefficient")
            }
            guard (define == nil) != (observe == nil) else {
                if let text = define?.text { failedNames.insert(text) }
                continue
            }
            if define != nil { readCoefficient(entry) }
        }
    }

    /// Reads the sections of `[data]` that hold measurements.
    mutating func readObservations() {
        for entry in section("data") where entry.tree["observe"] != nil && entry.tree["define"] == nil {
            readObservations(entry)
        }
    }

    /// Options that both kinds have.
    func dataOptions(_ summary: String, _ own: [OptionTable.Option]) -> OptionTable {
        let coordinates = domain?.coordinates.map(\.name) ?? []
        return OptionTable(
            summary,
            [
                OptionTable.Option(
                    "file", .text, isRequired: true,
                    help: "CSV, NPZ, NPY, HDF5, netCDF or MATLAB 7.3, relative to this file"),
                OptionTable.Option(
                    "coordinates", .dictionary(.text), default: .empty, help: "our name = name in the file"),
                .list(
                    "axes", of: .choice(coordinates), default: nil,
                    help: "for values on a grid: the order of their axes, slowest first"),
            ] + own)
    }

    /// Resolves the options of a section and opens its file; nil after an error.
    mutating func dataSection(_ entry: OptionTree.Entry, _ table: OptionTable) -> DataSection? {
        guard let domain else { return nil }
        let count = diagnostics.count
        let path = "data.\(entry.key)"
        let options = table.resolve(entry.tree, path: path, into: &diagnostics)
        let names = domain.coordinates.map(\.name)
        for renamed in entry.tree["coordinates"]?.entries ?? [] where !names.contains(renamed.key) {
            diagnostics.append(.unknownKey(renamed, in: path + ".coordinates", names: names))
        }
        if options.has("axes") {
            let axes = options.texts("axes")
            if axes.isEmpty || Set(axes).count != axes.count {
                complain(options.origin(of: "axes"), "'\(path).axes' must name each of its coordinates once")
            }
        }
        guard diagnostics.count == count else { return nil }
        let location = resolvedPath(options.text("file"))
        do throws(ResultsError) {
            return DataSection(entry: entry, path: path, file: try DataFile(location), options: options)
        } catch {
            let reason = error.kind == .missingFile ? "the data file cannot be read: there is no such file" : nil
            complain(
                options.origin(of: "file"), reason ?? "\(options.text("file")): \(error.message)",
                hint: reason.map { _ in "looked for \(location)" })
            return nil
        }
    }

    /// Complains of names that the file lacks, with the nearest that it has; false if there were any.
    mutating func has(_ names: [(name: String, origin: Origin)], in section: DataSection) -> Bool {
        do throws(ResultsError) {
            let known = try section.file.names()
            var isComplete = true
            for (name, origin) in names where !known.contains(name) {
                // HDF5 finds datasets by paths that begin at the root, too.
                if section.file.format == .hdf5, known.contains(String(name.drop { $0 == "/" })) { continue }
                isComplete = false
                complain(
                    origin, "\(section.options.text("file")) has no \(section.file.nounForArrays) '\(name)'",
                    hint: NearestName.hint(for: name, among: known, label: "it holds"))
            }
            return isComplete
        } catch {
            complain(section.origin(of: "file"), section.message(error))
            return false
        }
    }

    /// A coordinate's name in the file, and where that was written.
    func column(of coordinate: String, in section: DataSection) -> (name: String, origin: Origin) {
        let renamed = section.options.textsByName("coordinates").first { $0.name == coordinate }?.value
        let written = section.entry.tree["coordinates"]?[coordinate]?.origin
        return (renamed ?? coordinate, written ?? section.origin(of: "file"))
    }
}
