import CHDF5

extension FieldFile {
    /// Root attributes longer than this many bytes become variables of characters: HDF5 keeps ordinary attributes below
    /// 64 kB, headers included.
    static let longestAttribute = 60_000

    /// The group of those variables. In the root they would be the first thing that VTK's reader shows.
    static let longTexts = "long_texts"

    /// Name of the dimension of a text that is stored as characters.
    static func lengthDimension(of name: String) -> String { name + "_length" }

    /// Writes the file; the folder must exist. The file either is complete or keeps what it held before.
    ///
    /// Throws `ResultsError.Kind.inconsistent` when names clash or lengths do not fit, and `.cannotWrite` when the
    /// folder is missing, may not be written, or the disk is full.
    public func write(to path: String) throws(ResultsError) {
        try atomicWrite(try image(path: path), to: path)
    }

    /// The bytes of the file.
    func image(path: String) throws(ResultsError) -> [UInt8] {
        try checkConsistency(path: path)
        return try HDF5Builder.image(path: path) { (builder) throws(ResultsError) in
            try FieldFileBuilder(hdf5: builder).build(self)
        }
    }

    /// Throws when names clash, lengths do not fit or values are in no order.
    func checkConsistency(path: String) throws(ResultsError) {
        func fail(_ message: String) -> ResultsError { ResultsError(.inconsistent, path: path, message) }
        var seen: Set<String> = []
        if attributes.contains(where: \.isLong) { seen.insert(FieldFile.longTexts) }
        for name in axes.map(\.name) + variables.map(\.name) {
            guard !name.isEmpty, !name.contains("/"), name != "." else {
                throw fail("'\(name)' cannot name an axis or a field: it is empty or holds a slash")
            }
            guard seen.insert(name).inserted else { throw fail("'\(name)' names two things") }
        }
        for (index, axis) in axes.enumerated() {
            guard !axis.values.isEmpty else { throw fail("the axis '\(axis.name)' has no values") }
            guard axis.values.allSatisfy(\.isFinite), axis.values.isStrictlyMonotonic else {
                throw fail("the values of the axis '\(axis.name)' do not strictly increase or decrease")
            }
            guard index == 0 || !axis.isTime else { throw fail("time, '\(axis.name)', must be the first axis") }
        }
        for variable in variables {
            let own = axes(of: variable)
            guard !own.isEmpty, own.count == variable.axes?.count ?? axes.count,
                own.map(\.name) == axes.map(\.name).filter({ (variable.axes ?? [$0]).contains($0) })
            else {
                throw fail("the axes of '\(variable.name)' are not some of the file's axes in their order")
            }
            let count = own.reduce(1) { $0 * $1.values.count }
            guard variable.values.count == count else {
                let shape = own.map { "\($0.values.count)" }.joined(separator: " x ")
                throw fail("'\(variable.name)' has \(variable.values.count) values for a grid of \(shape)")
            }
            for attribute in variable.attributes where attribute.isLong {
                throw fail("the attribute '\(attribute.name)' of '\(variable.name)' is longer than 60,000 bytes")
            }
        }
        for facts in [attributes] + variables.map(\.attributes) {
            var names: Set<String> = ["long_name", "units", "CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST"]
            for attribute in facts where !names.insert(attribute.name).inserted || attribute.name.hasPrefix("_") {
                throw fail("the attribute '\(attribute.name)' is given twice, or its name is taken by the format")
            }
        }
        for attribute in attributes.filter(\.isNumbers) where attribute.isLong {
            throw fail("the attribute '\(attribute.name)' is longer than 60,000 bytes")
        }
    }
}

extension FieldFile.Attribute {
    var isNumbers: Bool { if case .numbers = value { true } else { false } }

    /// Whether the value does not fit in an ordinary attribute.
    var isLong: Bool {
        switch value {
        case .text(let text): text.utf8.count > FieldFile.longestAttribute
        case .numbers(let numbers): numbers.count * 8 > FieldFile.longestAttribute
        case .number, .integer: false
        }
    }
}

extension [Double] {
    /// Whether each value is above the one before, or each is below.
    var isStrictlyMonotonic: Bool {
        let pairs = zip(self, dropFirst())
        return pairs.allSatisfy { $0 < $1 } || pairs.allSatisfy { $0 > $1 }
    }
}
