import CHDF5

extension FieldFile {
    /// Reads a file that `write(to:)` wrote, or another netCDF-4 file on one grid.
    ///
    /// Fields that are not numbers on named axes are left out; a text that was stored as characters becomes an attribute
    /// again. Throws when the file is missing or not an HDF5 file.
    public init(contentsOf path: String) throws(ResultsError) {
        self = try HDF5.use { session throws(ResultsError) in try FieldFile(HDF5Reader(path: path, session: session)) }
    }

    /// The facts of a file, without its axes and fields; long texts are left out too.
    public static func attributes(of path: String) throws(ResultsError) -> [Attribute] {
        try HDF5.use { session throws(ResultsError) in
            try HDF5Reader(path: path, session: session).attributes().filter(\.isOurs)
        }
    }

    private init(_ reader: HDF5Reader) throws(ResultsError) {
        self.init(axes: [], variables: [], attributes: try reader.attributes().filter(\.isOurs))
        var scales: [(axis: String, handle: hid_t)] = []
        var fields: [(name: String, handle: hid_t)] = []
        for name in try reader.datasetNames() {
            let dataset = try reader.open(name)
            if reader.isScale(dataset) {
                // A dimension without coordinates belongs to a text.
                let words = try reader.attributes(of: dataset).text("NAME") ?? ""
                guard !words.hasPrefix("This is a netCDF dimension but not a netCDF variable") else { continue }
                scales.append((name, dataset))
                axes.append(try reader.axis(name, dataset))
            } else if let text = try reader.characters(of: dataset) {
                attributes.append(.init(String(name.split(separator: "/").last ?? ""), text))
            } else {
                fields.append((name, dataset))
            }
        }
        for (name, dataset) in fields {
            let shape = try reader.shape(of: dataset)
            let names = shape.indices.compactMap { axis in
                scales.first { reader.isAttached($0.handle, to: dataset, axis: axis) }?.axis
            }
            guard !shape.isEmpty, names.count == shape.count else { continue }
            variables.append(try reader.variable(name, dataset, axes: names == axes.map(\.name) ? nil : names))
        }
    }
}

extension HDF5Reader {
    fileprivate func axis(_ name: String, _ dataset: hid_t) throws(ResultsError) -> FieldFile.Axis {
        let facts = try attributes(of: dataset)
        return FieldFile.Axis(
            name, try numbers(of: dataset, name: name).values, longName: facts.text("long_name"),
            units: facts.text("units") ?? "1", isTime: facts.text("axis") == "T")
    }

    fileprivate func variable(_ name: String, _ dataset: hid_t, axes: [String]?) throws(ResultsError)
        -> FieldFile.Variable
    {
        let facts = try attributes(of: dataset)
        return FieldFile.Variable(
            name, try numbers(of: dataset, name: name).values, axes: axes, longName: facts.text("long_name"),
            units: facts.text("units") ?? "1", storage: isSingle(dataset) ? .single : .double,
            attributes: facts.filter { $0.isOurs && !["long_name", "units"].contains($0.name) })
    }
}

extension [FieldFile.Attribute] {
    fileprivate func text(_ name: String) -> String? {
        guard case .text(let text) = first(where: { $0.name == name })?.value else { return nil }
        return text
    }
}

extension FieldFile.Attribute {
    /// Whether the attribute states a fact, rather than serving HDF5 or netCDF.
    fileprivate var isOurs: Bool {
        let others = ["CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "scale_factor", "add_offset"]
        return !name.hasPrefix("_") && !others.contains(name)
    }
}
