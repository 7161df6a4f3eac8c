import CHDF5

/// A trained model as a file: the parameters, what they belong to, and how they came about.
///
/// Schema, version 1: an HDF5 file with
///
/// | object | holds |
/// | --- | --- |
/// | attributes of the root | `ansatz_model` (the version of the schema), `kind`, `program_version`, then what the kind declares |
/// | `training_text` | the resolved training file, as characters |
/// | arrays | by their names, 32-bit floats where that keeps every value, 64-bit floats otherwise |
public struct ModelFile: Sendable, Equatable {
    /// Version of the schema.
    public static let schemaVersion = 1

    /// What kind of model it is.
    public var kind: String
    /// The version of the program that wrote it.
    public var programVersion: String
    /// Facts on the model, in order.
    public var attributes: [FieldFile.Attribute]
    /// The resolved training file.
    public var trainingText: String
    /// The numbers, in order.
    public var arrays: [Array]

    /// A named array of numbers.
    public struct Array: Sendable, Equatable {
        /// Name of the dataset.
        public var name: String
        /// Lengths of the axes.
        public var shape: [Int]
        /// The entries, the last axis running fastest.
        public var values: [Double]

        /// Joins the parts; one axis unless a shape is given.
        public init(_ name: String, _ values: [Double], shape: [Int]? = nil) {
            self.name = name
            self.shape = shape ?? [values.count]
            self.values = values
        }
    }

    /// Joins the parts.
    public init(
        kind: String, programVersion: String, attributes: [FieldFile.Attribute] = [], trainingText: String,
        arrays: [Array]
    ) {
        self.kind = kind
        self.programVersion = programVersion
        self.attributes = attributes
        self.trainingText = trainingText
        self.arrays = arrays
    }

    private static let versionName = "ansatz_model"
    private static let textName = "training_text"

    /// Writes the file; it either is complete or keeps what it held before.
    ///
    /// Throws `ResultsError.Kind.cannotWrite`.
    public func write(to path: String) throws(ResultsError) {
        for array in arrays where array.shape.reduce(1, *) != array.values.count {
            throw ResultsError(.inconsistent, path: path, "the array '\(array.name)' does not have the shape it states")
        }
        let bytes = try HDF5Builder.image(path: path) { (builder) throws(ResultsError) in
            try builder.write(.init(Self.versionName, Self.schemaVersion), to: builder.file)
            try builder.write(.init("kind", kind), to: builder.file)
            try builder.write(.init("program_version", programVersion), to: builder.file)
            for attribute in attributes { try builder.write(attribute, to: builder.file) }
            let text = Swift.Array(trainingText.utf8)
            let type = try builder.stringType(bytes: 1, isASCII: false)
            let dataset = try builder.create(
                Self.textName, type: type, shape: [text.count], creation: HDF5.standard, in: builder.file)
            if !text.isEmpty { try builder.check(H5Dwrite(dataset, type, 0, 0, HDF5.standard, text)) }
            for array in arrays {
                let isSingle = array.values.allSatisfy { Double(Float($0)).bitPattern == $0.bitPattern }
                let dataset = try builder.create(
                    array.name, type: isSingle ? chdf5_file_float32() : chdf5_file_float64(), shape: array.shape,
                    creation: HDF5.standard, in: builder.file)
                guard !array.values.isEmpty else { continue }
                try builder.check(H5Dwrite(dataset, chdf5_native_double(), 0, 0, HDF5.standard, array.values))
            }
        }
        try atomicWrite(bytes, to: path)
    }

    /// Reads a file.
    ///
    /// Throws `ResultsError` when there is no such file, when it is damaged, no model or one of another version.
    public init(contentsOf path: String) throws(ResultsError) {
        self = try HDF5.use { session throws(ResultsError) in
            let reader = try HDF5Reader(path: path, session: session)
            let attributes = try reader.attributes()
            func value(_ name: String) -> FieldFile.Attribute.Value? { attributes.first { $0.name == name }?.value }
            guard case .integer(let version)? = value(Self.versionName) else {
                throw ResultsError(
                    .unreadable, path: path,
                    "is an HDF5 file, but no model: it lacks the attribute '\(Self.versionName)'; "
                        + "'ansatz train' writes models")
            }
            guard version == Self.schemaVersion else {
                throw ResultsError(
                    .unreadable, path: path,
                    "is a model of version \(version); this program reads version \(Self.schemaVersion)")
            }
            guard case .text(let kind)? = value("kind"), case .text(let program)? = value("program_version"),
                let text = try reader.characters(of: reader.open(Self.textName))
            else { throw ResultsError(.unreadable, path: path, "is a damaged model: it does not say what it is") }
            var arrays: [Array] = []
            for name in try reader.datasetNames(limit: .max) where name != Self.textName {
                let array = try reader.numbers(of: reader.open(name), name: name)
                arrays.append(Array(name, array.values, shape: array.shape))
            }
            let known = [Self.versionName, "kind", "program_version"]
            return ModelFile(
                kind: kind, programVersion: program, attributes: attributes.filter { !known.contains($0.name) },
                trainingText: text, arrays: arrays)
        }
    }

    /// The array of a name; throws when there is none, or when a number in it is not finite.
    public func array(_ name: String, path: String) throws(ResultsError) -> Array {
        guard let array = arrays.first(where: { $0.name == name }) else {
            throw ResultsError(.missingDataset, path: path, "is a damaged model: there is no '\(name)'")
        }
        if let index = array.values.firstIndex(where: { !$0.isFinite }) {
            throw ResultsError(
                .notFinite, path: path, "is a damaged model: number \(index) of '\(name)' is \(array.values[index])")
        }
        return array
    }

    /// The attribute of a name as a whole number; nil when there is none.
    public func integer(_ name: String) -> Int? {
        if case .integer(let value)? = attributes.first(where: { $0.name == name })?.value { value } else { nil }
    }
}
