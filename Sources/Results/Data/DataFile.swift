import Foundation

/// A file that holds numbers by name: columns of a CSV table, arrays of NumPy, datasets of HDF5.
///
/// The kind is read off the file's first bytes, not its name. HDF5 includes netCDF-4 and MATLAB of version 7.3.
public struct DataFile: Sendable {
    /// What kind of file it is.
    public enum Format: Sendable {
        /// Comma-separated values with a row of names.
        case csv
        /// One array of NumPy, under the name of the file without extension.
        case npy
        /// A zip archive with arrays of NumPy.
        case npz
        /// HDF5, netCDF-4, MATLAB 7.3; groups are separated by slashes.
        case hdf5
    }

    /// The file.
    public let path: String
    /// What kind of file it is.
    public let format: Format

    /// Recognises a file.
    ///
    /// Throws when it is missing or of none of the kinds; older MATLAB files, classic netCDF and packed files get a
    /// sentence of their own.
    public init(_ path: String) throws(ResultsError) {
        self.path = path
        format = try Self.format(of: path)
    }

    /// The names in the file, in its order; at most a thousand of HDF5.
    public func names() throws(ResultsError) -> [String] {
        switch format {
        case .csv: try CSVReader(path).header()
        case .npy: [arrayName]
        case .npz: try ZipReader(path).arrays.map(\.name)
        case .hdf5:
            try HDF5.use { session throws(ResultsError) in try HDF5Reader(path: path, session: session).datasetNames() }
        }
    }

    /// The arrays of some names, in the order given; a file of columns is read once for all of them.
    ///
    /// Values may be infinite or not a number. Throws when a name is missing (the message lists those that there are),
    /// when something is not a number (the message says where), and when the file is damaged.
    public func arrays(_ names: [String]) throws(ResultsError) -> [DataArray] {
        switch format {
        case .csv: return try CSVReader(path).columns(names).map { DataArray(shape: [$0.count], values: $0) }
        case .npy:
            for name in names where name != arrayName { throw missing(name, "array", among: [arrayName]) }
            guard !names.isEmpty else { return [] }
            let bytes = try Self.contents(of: path)
            let array = try NumPyDecoder.decode(bytes, path: path, name: nil)
            return names.map { _ in array }
        case .npz:
            let archive = try ZipReader(path)
            let arrays = try archive.arrays
            return try names.map { name throws(ResultsError) in
                guard let entry = arrays.first(where: { $0.name == name })?.entry else {
                    throw missing(name, "array", among: arrays.map(\.name))
                }
                return try NumPyDecoder.decode(archive.contents(of: entry), path: path, name: name)
            }
        case .hdf5:
            return try HDF5.use { session throws(ResultsError) in
                let reader = try HDF5Reader(path: path, session: session)
                return try names.map { name throws(ResultsError) in
                    try reader.numbers(of: try reader.open(name), name: name)
                }
            }
        }
    }

    /// What an array is called in a file of this kind.
    public var nounForArrays: String {
        switch format {
        case .csv: "column"
        case .npy, .npz: "array"
        case .hdf5: "dataset"
        }
    }

    private var arrayName: String { URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent }

    private func missing(_ name: String, _ noun: String, among names: [String]) -> ResultsError {
        .missing(name, noun, among: names, path: path)
    }

    /// All bytes of a file.
    static func contents(of path: String) throws(ResultsError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else { throw ResultsError.cannotRead(path) }
        return [UInt8](data)
    }
}

/// Numbers in rows and columns, or along any number of axes.
public struct DataArray: Sendable, Equatable {
    /// Lengths of the axes, slowest first; empty for a single number.
    public var shape: [Int]
    /// The numbers, the last axis running fastest.
    public var values: [Double]

    /// Joins the two.
    public init(shape: [Int], values: [Double]) {
        precondition(shape.reduce(1, *) == values.count, "the shape has another number of values")
        self.shape = shape
        self.values = values
    }

    /// The lengths in words: `3 x 4`.
    public var shapeText: String { DataArray.text(of: shape) }

    static func text(of shape: [Int]) -> String {
        shape.isEmpty ? "a single number" : shape.map(String.init).joined(separator: " x ")
    }

    /// The place of a value in words: `[1, 2]`, counted from 0.
    static func text(ofIndex index: Int, shape: [Int]) -> String {
        var rest = index
        var places: [Int] = []
        for length in shape.reversed() {
            places.append(rest % length)
            rest /= length
        }
        return "[" + places.reversed().map(String.init).joined(separator: ", ") + "]"
    }
}

extension ResultsError {
    /// A name that a file lacks, with those that it has.
    static func missing(_ name: String, _ noun: String, among names: [String], path: String) -> ResultsError {
        let shown = names.prefix(30).joined(separator: ", ") + (names.count > 30 ? ", …" : "")
        let list = names.isEmpty ? "it holds none" : "it holds " + shown
        return ResultsError(.missingDataset, path: path, "has no \(noun) '\(name)'; \(list)")
    }
}
