import CHDF5

/// The gradients of a run's loss terms at some of its steps: `gradients.h5`.
public struct GradientHistory: Sendable, Equatable {
    /// The file's name in the run folder.
    public static let defaultName = "gradients.h5"

    /// What a file of another layout is told apart by.
    static let schemaVersion = 1
    static let versionName = "ansatz_gradients"

    /// The loss terms.
    public var terms: [String]
    /// The layers of the network.
    public var layers: [String]
    /// The power of ten at which the first bin of the histograms begins, and bins of a decade.
    public var lowestExponent: Double, binsPerDecade: Int
    /// One row for each step.
    public var rows: [Row]

    /// The gradients at one step, of unweighted terms.
    public struct Row: Sendable, Equatable {
        /// Steps of all stages so far.
        public var step: Int
        /// Weights, norms and largest Hessian eigenvalues by term; NaN for eigenvalues that were not computed.
        public var weights: [Double], norms: [Double], stiffness: [Double]
        /// Cosines of the angles between gradients, `[term][term]`.
        public var cosines: [[Double]]
        /// How well all gradients agree, between −1 and 1.
        public var alignment: Double
        /// Numbers of entries by magnitude, `[term][layer][bin]`.
        public var histograms: [[[Int]]]

        /// Joins the parts.
        public init(
            step: Int, weights: [Double], norms: [Double], stiffness: [Double], cosines: [[Double]],
            alignment: Double, histograms: [[[Int]]]
        ) {
            self.step = step
            self.weights = weights
            self.norms = norms
            self.stiffness = stiffness
            self.cosines = cosines
            self.alignment = alignment
            self.histograms = histograms
        }
    }

    /// A history, without rows unless they are given.
    public init(
        terms: [String], layers: [String], lowestExponent: Double, binsPerDecade: Int, rows: [Row] = []
    ) {
        self.terms = terms
        self.layers = layers
        self.lowestExponent = lowestExponent
        self.binsPerDecade = binsPerDecade
        self.rows = rows
    }

    private var binCount: Int { rows.first?.histograms.first?.first?.count ?? 0 }

    // MARK: Writing

    /// Writes the file; it either is complete or keeps what it held before.
    public func write(to path: String) throws(ResultsError) {
        let bytes = try HDF5Builder.image(path: path) { (builder) throws(ResultsError) in
            let attributes: [FieldFile.Attribute] = [
                .init(Self.versionName, Self.schemaVersion), .init("terms", terms.joined(separator: "\n")),
                .init("layers", layers.joined(separator: "\n")), .init("lowest_exponent", lowestExponent),
                .init("bins_per_decade", binsPerDecade),
            ]
            for attribute in attributes { try builder.write(attribute, to: builder.file) }
            let (count, terms) = (rows.count, terms.count)
            try builder.write("step", rows.map(\.step), in: builder.file)
            try builder.write("weight", rows.flatMap(\.weights), shape: [count, terms], in: builder.file)
            try builder.write("norm", rows.flatMap(\.norms), shape: [count, terms], in: builder.file)
            try builder.write("stiffness", rows.flatMap(\.stiffness), shape: [count, terms], in: builder.file)
            try builder.write(
                "cosine", rows.flatMap { $0.cosines.flatMap { $0 } }, shape: [count, terms, terms], in: builder.file)
            try builder.write("alignment", rows.map(\.alignment), shape: [count], in: builder.file)
            try builder.write(
                "histogram", rows.flatMap { $0.histograms.flatMap { $0.flatMap { $0 } } },
                shape: [count, terms, layers.count, binCount], in: builder.file)
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
                ResultsError(.unreadable, path: path, "is no file of gradients: \(message)")
            }
            let attributes = try reader.attributes()
            func attribute(_ name: String) -> FieldFile.Attribute.Value? { attributes.first { $0.name == name }?.value }
            guard case .integer(Self.schemaVersion)? = attribute(Self.versionName) else {
                throw damage("it lacks the attribute '\(Self.versionName)' of version \(Self.schemaVersion)")
            }
            guard case .text(let terms)? = attribute("terms"), case .text(let layers)? = attribute("layers"),
                case .number(let lowest)? = attribute("lowest_exponent"), lowest.isFinite,
                case .integer(let bins)? = attribute("bins_per_decade"), bins > 0
            else { throw damage("the attributes that say what it holds are not there") }
            func names(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }
            var history = GradientHistory(
                terms: names(terms), layers: names(layers), lowestExponent: lowest, binsPerDecade: bins)
            let (n, m) = (history.terms.count, history.layers.count)
            let steps = try reader.numbers("step", shape: [nil], orThrow: damage)
            let count = steps.values.count
            let weights = try reader.numbers("weight", shape: [count, n], orThrow: damage).values
            let norms = try reader.numbers("norm", shape: [count, n], orThrow: damage).values
            let stiffness = try reader.numbers("stiffness", shape: [count, n], orThrow: damage).values
            let cosines = try reader.numbers("cosine", shape: [count, n, n], orThrow: damage).values
            let alignment = try reader.numbers("alignment", shape: [count], orThrow: damage).values
            let histograms = try reader.numbers("histogram", shape: [count, n, m, nil], orThrow: damage)
            let width = histograms.shape[3]
            guard
                (steps.values + histograms.values).allSatisfy({ $0 >= 0 && $0 < 0x1p53 && $0 == $0.rounded() })
            else { throw damage("steps and numbers of entries are counts") }
            func row(_ values: [Double], _ index: Int, _ length: Int) -> [Double] {
                Array(values[(index * length)..<((index + 1) * length)])
            }
            history.rows = (0..<count).map { index in
                Row(
                    step: Int(steps.values[index]), weights: row(weights, index, n), norms: row(norms, index, n),
                    stiffness: row(stiffness, index, n),
                    cosines: (0..<n).map { row(cosines, index * n + $0, n) }, alignment: alignment[index],
                    histograms: (0..<n).map { term in
                        (0..<m).map { layer in
                            row(histograms.values, (index * n + term) * m + layer, width).map { Int($0) }
                        }
                    })
            }
            return history
        }
    }
}
