import Foundation

extension FieldFile {
    /// Writes the fields in another format.
    ///
    /// Every format holds every field on all axes of the file, a field without some axis being repeated along it. Points
    /// without a value (outside of a region) are NaN: the text `nan` in text formats, NaN in binary ones.
    ///
    /// - Parameters:
    ///   - path: the file to write; for `vtu` with times, the `.pvd` file that lists one `.vtu` file for each moment.
    ///   - overwrite: whether files that exist may be replaced.
    /// - Returns: the files written, `path` first.
    /// - Throws: `ResultsError.Kind.alreadyThere` for a file that exists (unless `overwrite`), `.wrongShape` for
    ///   axes that the format cannot hold, `.inconsistent` and `.cannotWrite` as `write(to:)` does.
    @discardableResult
    public func export(to path: String, as format: ExportFormat, overwrite: Bool = false) throws(ResultsError)
        -> [String]
    {
        try checkConsistency(path: path)
        guard !variables.isEmpty else { throw ResultsError(.inconsistent, path: path, "there are no fields to export") }
        let files = exportedFiles(path, as: format)
        if !overwrite, let present = files.first(where: { FileManager.default.fileExists(atPath: $0) }) {
            throw ResultsError(
                .alreadyThere, path: present, "exists already; replace it with --overwrite, or choose another with -o")
        }
        switch format {
        case .csv: try writeTable(to: path, separator: UInt8(ascii: ","))
        case .dat: try writeTable(to: path, separator: UInt8(ascii: " "))
        case .npz: try writeArrays(to: path)
        case .vtkhdf: try writeVTKHDF(to: path)
        case .vtu: try writeVTU(to: path, files: files)
        }
        return files
    }

    /// The files that an export writes.
    private func exportedFiles(_ path: String, as format: ExportFormat) -> [String] {
        guard format == .vtu, let time = axes.first, time.isTime else { return [path] }
        let base = (path as NSString).deletingPathExtension
        let width = max(4, String(time.values.count - 1).count)
        return [base + ".pvd"]
            + time.values.indices.map { index in
                let number = String(index)
                return base + "-" + String(repeating: "0", count: width - number.count) + number + ".vtu"
            }
    }
}

extension FieldFile {
    /// The number of grid points.
    var pointCount: Int { axes.reduce(1) { $0 * $1.values.count } }

    /// The distance in a field's values between neighbours along each axis of the file; 0 along axes that it lacks.
    func strides(of variable: Variable) -> [Int] {
        let own = axes(of: variable).map(\.name)
        var stride = 1
        var strides = [Int](repeating: 0, count: axes.count)
        for index in axes.indices.reversed() where own.contains(axes[index].name) {
            strides[index] = stride
            stride *= axes[index].values.count
        }
        return strides
    }

    /// A field's values on the whole grid, repeated along axes that it lacks.
    func gridValues(of variable: Variable) -> [Double] {
        guard axes(of: variable).count < axes.count else { return variable.values }
        var offsets = [0]
        for (axis, stride) in zip(axes, strides(of: variable)) {
            offsets = offsets.flatMap { start in axis.values.indices.map { start + $0 * stride } }
        }
        return offsets.map { variable.values[$0] }
    }
}
