import CHDF5

/// The points of a run's equations at some of its steps, and the residual at uniform points: `sampling.h5`.
public struct SamplingHistory: Sendable, Equatable {
    /// The file's name in the run folder.
    public static let defaultName = "sampling.h5"

    /// What a file of another layout is told apart by.
    static let schemaVersion = 1
    static let versionName = "ansatz_sampling"

    /// The names of the coordinates.
    public var coordinates: [String]
    /// Uniform points that training never sees, [point][coordinate].
    public var probes: [[Double]]
    /// One row for each look.
    public var rows: [Row]

    /// What is seen at one step.
    public struct Row: Sendable, Equatable {
        /// Steps of all stages so far.
        public var step: Int
        /// The points of the equations, [point][coordinate].
        public var points: [[Double]]
        /// The magnitude of the residual at the probes.
        public var residuals: [Double]
        /// The density of points at the probes, relative to the uniform one; empty without a density.
        public var densities: [Double]

        /// Joins the parts.
        public init(step: Int, points: [[Double]], residuals: [Double], densities: [Double]) {
            self.step = step
            self.points = points
            self.residuals = residuals
            self.densities = densities
        }
    }

    /// A history, without rows unless they are given.
    public init(coordinates: [String], probes: [[Double]], rows: [Row] = []) {
        self.coordinates = coordinates
        self.probes = probes
        self.rows = rows
    }

    // MARK: Writing

    /// Writes the file; it either is complete or keeps what it held before.
    ///
    /// Points of all looks stand behind one another in `point`; `count` says how many belong to each. Where there is no density,
    /// `density` holds NaN.
    public func write(to path: String) throws(ResultsError) {
        let bytes = try HDF5Builder.image(path: path) { (builder) throws(ResultsError) in
            for attribute in [
                FieldFile.Attribute(Self.versionName, Self.schemaVersion),
                .init("coordinates", coordinates.joined(separator: "\n")),
            ] { try builder.write(attribute, to: builder.file) }
            func write(_ name: String, _ values: [Double], _ shape: [Int]) throws(ResultsError) {
                let dataset = try builder.create(
                    name, type: chdf5_file_float64(), shape: shape, creation: HDF5.standard, in: builder.file)
                guard !values.isEmpty else { return }
                try builder.check(H5Dwrite(dataset, chdf5_native_double(), 0, 0, HDF5.standard, values))
            }
            let (width, looks) = (coordinates.count, rows.count)
            try builder.write("step", rows.map(\.step), in: builder.file)
            try builder.write("count", rows.map(\.points.count), in: builder.file)
            try write("probe", probes.flatMap { $0 }, [probes.count, width])
            let points = rows.flatMap { $0.points.flatMap { $0 } }
            try write("point", points, [points.count / max(1, width), width])
            try write("residual", rows.flatMap(\.residuals), [looks, probes.count])
            let none = [Double](repeating: .nan, count: probes.count)
            try write("density", rows.flatMap { $0.densities.isEmpty ? none : $0.densities }, [looks, probes.count])
        }
        try atomicWrite(bytes, to: path)
    }

    // MARK: Reading

    /// Reads a file.
    ///
    /// Throws `ResultsError` when there is no such file, or when it holds no such history.
    public init(contentsOf path: String) throws(ResultsError) {
        self = try HDF5.use { session throws(ResultsError) in
            let reader = try HDF5Reader(path: path, session: session)
            func damage(_ message: String) -> ResultsError {
                ResultsError(.unreadable, path: path, "is no file of points: \(message)")
            }
            let attributes = try reader.attributes()
            func attribute(_ name: String) -> FieldFile.Attribute.Value? { attributes.first { $0.name == name }?.value }
            guard case .integer(Self.schemaVersion)? = attribute(Self.versionName),
                case .text(let names)? = attribute("coordinates")
            else { throw damage("it lacks the attribute '\(Self.versionName)' of version \(Self.schemaVersion)") }
            let coordinates = names.split(separator: "\n").map(String.init)
            func read(_ name: String, _ shape: [Int?]) throws(ResultsError) -> DataArray {
                let array = try reader.numbers(of: reader.open(name), name: name)
                guard array.shape.count == shape.count,
                    zip(array.shape, shape).allSatisfy({ $1 == nil || $0 == $1 })
                else { throw damage("'\(name)' has the shape \(array.shape)") }
                return array
            }
            let steps = try read("step", [nil]).values, looks = steps.count
            let counts = try read("count", [looks]).values
            guard (steps + counts).allSatisfy({ $0 >= 0 && $0 < 0x1p53 && $0 == $0.rounded() }) else {
                throw damage("steps and numbers of points are counts")
            }
            let width = coordinates.count
            let probes = try read("probe", [nil, width])
            let points = try read("point", [nil, width])
            guard counts.reduce(0, +) == Double(points.shape[0]) else {
                throw damage("'count' and 'point' tell of different numbers of points")
            }
            let residuals = try read("residual", [looks, probes.shape[0]]).values
            let densities = try read("density", [looks, probes.shape[0]]).values
            func table(_ values: [Double], from start: Int, _ count: Int) -> [[Double]] {
                (start..<start + count).map { Array(values[$0 * width..<($0 + 1) * width]) }
            }
            var history = SamplingHistory(
                coordinates: coordinates, probes: table(probes.values, from: 0, probes.shape[0]))
            var start = 0
            for look in 0..<looks {
                let range = look * probes.shape[0]..<(look + 1) * probes.shape[0], count = Int(counts[look])
                let density = Array(densities[range])
                history.rows.append(
                    Row(
                        step: Int(steps[look]), points: table(points.values, from: start, count),
                        residuals: Array(residuals[range]),
                        densities: density.contains { !$0.isNaN } ? density : []))
                start += count
            }
            return history
        }
    }
}
