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
            let (width, looks) = (coordinates.count, rows.count)
            try builder.write("step", rows.map(\.step), in: builder.file)
            try builder.write("count", rows.map(\.points.count), in: builder.file)
            try builder.write("probe", probes.flatMap { $0 }, shape: [probes.count, width], in: builder.file)
            let points = rows.flatMap { $0.points.flatMap { $0 } }
            try builder.write("point", points, shape: [points.count / max(1, width), width], in: builder.file)
            try builder.write("residual", rows.flatMap(\.residuals), shape: [looks, probes.count], in: builder.file)
            let none = [Double](repeating: .nan, count: probes.count)
            try builder.write(
                "density", rows.flatMap { $0.densities.isEmpty ? none : $0.densities }, shape: [looks, probes.count],
                in: builder.file)
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
            let steps = try reader.numbers("step", shape: [nil], orThrow: damage).values, looks = steps.count
            let counts = try reader.numbers("count", shape: [looks], orThrow: damage).values
            guard (steps + counts).allSatisfy({ $0 >= 0 && $0 < 0x1p53 && $0 == $0.rounded() }) else {
                throw damage("steps and numbers of points are counts")
            }
            let width = coordinates.count
            let probes = try reader.numbers("probe", shape: [nil, width], orThrow: damage)
            let points = try reader.numbers("point", shape: [nil, width], orThrow: damage)
            guard counts.reduce(0, +) == Double(points.shape[0]) else {
                throw damage("'count' and 'point' tell of different numbers of points")
            }
            let residuals = try reader.numbers("residual", shape: [looks, probes.shape[0]], orThrow: damage).values
            let densities = try reader.numbers("density", shape: [looks, probes.shape[0]], orThrow: damage).values
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
