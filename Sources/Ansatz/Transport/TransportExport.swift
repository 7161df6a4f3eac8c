import Foundation
import Results

/// The arrays of a transport run in other formats: sources, targets and entries have lengths of their own, so that tables are several.
public struct TransportExport {
    private let run: StoredRun
    private let file: FieldFile

    /// Reads a run folder; nil when its run is of another kind.
    ///
    /// - Throws: `ResultsError` when there is no run, or when its files cannot be read.
    public init?(folder: String) throws(ResultsError) {
        let run = try StoredRun(folder)
        guard let name = run.fieldsName,
            try FieldFile.attributes(of: run.path(name)).contains(.init("kind", "transport"))
        else { return nil }
        self.run = run
        file = try run.fields()
    }

    /// The names of the arrays.
    public var names: [String] { file.variables.map(\.name) }

    /// Writes `npz`, one archive of all arrays; or `csv` and `dat`, a table for each axis: `fields-source.csv`, `fields-entry.csv`, …
    ///
    /// - Returns: the files.
    /// - Throws: `ResultsError` of kind `.wrongShape` for formats of grids, `.alreadyThere` for a file that exists (unless
    ///   `overwrite`).
    public func write(as format: ExportFormat, to output: String?, overwrite: Bool) throws(ResultsError) -> [String] {
        let name = ((run.fieldsName ?? FieldFile.defaultName) as NSString).deletingPathExtension
        let base = output.map { ($0 as NSString).deletingPathExtension } ?? run.path(name)
        switch format {
        case .npz:
            let path = output ?? base + ".npz"
            return try file.export(to: path, as: .npz, overwrite: overwrite)
        case .csv, .dat:
            var files: [String] = []
            for table in tables {
                files += try table.file.export(
                    to: "\(base)-\(table.name).\(format.rawValue)", as: format, overwrite: overwrite)
            }
            return files
        case .vtkhdf, .vtu:
            throw ResultsError(
                .wrongShape, path: run.folder,
                "holds a transport run, whose points are no grid for '\(format.rawValue)'; use npz or csv")
        }
    }

    /// Variables that share their axes, under the name of the axis or the variable.
    private var tables: [(name: String, file: FieldFile)] {
        var groups: [(axes: [String], variables: [FieldFile.Variable])] = []
        for variable in file.variables {
            let axes = file.axes(of: variable).map(\.name)
            if let index = groups.firstIndex(where: { $0.axes == axes }) {
                groups[index].variables.append(variable)
            } else {
                groups.append((axes, [variable]))
            }
        }
        return groups.map { axes, variables in
            let name = axes.count == 1 ? axes[0] : variables[0].name.hasPrefix("moved_") ? "moved" : variables[0].name
            return (
                name,
                FieldFile(axes: axes.compactMap { file.axis($0) }, variables: variables, attributes: file.attributes)
            )
        }
    }
}
