import LinearAlgebra

/// Seed, precision and other bookkeeping of a run.
public struct RunSettings: Sendable, Equatable {
    /// The one seed of all random numbers.
    public var seed: UInt64
    /// The type of numbers in networks and points.
    public var precision: Precision
    /// How many threads; 0 means all cores.
    public var threads: Int
    /// Steps between rows of the history.
    public var logEvery: Int
    /// Seconds after which the run ends, nil for no limit.
    public var budget: Double?
    /// Steps between checkpoints; 0 for none but at the end of each stage, nil for a rhythm by time.
    public var checkpointEvery: Int?
    /// The run whose weights this one starts from; nil for random ones.
    public var startFrom: StartingPoint?

    /// A run folder, or a checkpoint, whose weights are where another run starts.
    public struct StartingPoint: Sendable, Equatable {
        /// The path, relative to where the program runs.
        public var path: String
        /// Where it was written.
        public var origin: Origin

        /// A path.
        public init(_ path: String, origin: Origin = .none) {
            self.path = path
            self.origin = origin
        }

        /// Compares paths.
        public static func == (left: StartingPoint, right: StartingPoint) -> Bool { left.path == right.path }
    }

    /// Settings; the defaults are those of a file that says nothing.
    public init(
        seed: UInt64 = 1, precision: Precision = .double, threads: Int = 0, logEvery: Int = 100,
        budget: Double? = nil, checkpointEvery: Int? = nil, startFrom: StartingPoint? = nil
    ) {
        self.seed = seed
        self.precision = precision
        self.threads = threads
        self.logEvery = logEvery
        self.budget = budget
        self.checkpointEvery = checkpointEvery
        self.startFrom = startFrom
    }
}

/// What a run should reach; reported at its end.
public struct Expectations: Sendable, Equatable {
    /// The largest acceptable relative L2 error, by unknown.
    public var relativeL2: [String: Double]
    /// The largest acceptable relative error, by unknown parameter.
    public var parameters: [String: Double]
    /// Seconds within which the run should end, nil for no limit.
    public var within: Double?

    /// Expectations; none by default.
    public init(relativeL2: [String: Double] = [:], parameters: [String: Double] = [:], within: Double? = nil) {
        self.relativeL2 = relativeL2
        self.parameters = parameters
        self.within = within
    }

    /// Whether nothing is expected.
    public var isEmpty: Bool { relativeL2.isEmpty && parameters.isEmpty && within == nil }
}
