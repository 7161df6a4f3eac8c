import Results

/// What a comparison came to: the history and the end of every member.
public struct Comparison: Sendable, Equatable {
    /// One run.
    public struct Member: Sendable, Equatable {
        /// The variant, the optimizer, or both.
        public var label: String
        /// The seed.
        public var seed: UInt64
        /// Steps of the logged rows.
        public var steps: [Double]
        /// Seconds of the logged rows.
        public var seconds: [Double]
        /// The weighted loss at each row.
        public var losses: [Double]
        /// Relative L2 errors at each row, by unknown; NaN where it was not computed.
        public var errors: [[Double]]
        /// Relative L2 errors at the end, by unknown.
        public var finalErrors: [Double]
        /// Values found for unknown parameters at the end.
        public var parameters: [Double]
        /// Steps taken.
        public var stepCount: Double
        /// Seconds of training.
        public var time: Double
        /// Whether the loss stopped being a number.
        public var isFailed: Bool
        /// Whether it missed what the file expects.
        public var isMissed: Bool

        package init(
            label: String, seed: UInt64, steps: [Double], seconds: [Double], losses: [Double], errors: [[Double]],
            finalErrors: [Double], parameters: [Double], stepCount: Double, time: Double, isFailed: Bool, isMissed: Bool
        ) {
            self.label = label
            self.seed = seed
            self.steps = steps
            self.seconds = seconds
            self.losses = losses
            self.errors = errors
            self.finalErrors = finalErrors
            self.parameters = parameters
            self.stepCount = stepCount
            self.time = time
            self.isFailed = isFailed
            self.isMissed = isMissed
        }

        /// The loss of the last row; NaN if there is none.
        public var finalLoss: Double { losses.last ?? .nan }
    }

    /// The name of the problem.
    public var name: String
    /// The labels, in order.
    public var labels: [String]
    /// The seeds, rising.
    public var seeds: [UInt64]
    /// The unknowns with a reference.
    public var unknowns: [String]
    /// The unknown parameters.
    public var parameters: [String]
    /// The members that are finished.
    public var members: [Member]

    package init(
        name: String, labels: [String], seeds: [UInt64], unknowns: [String], parameters: [String], members: [Member]
    ) {
        self.name = name
        self.labels = labels
        self.seeds = seeds
        self.unknowns = unknowns
        self.parameters = parameters
        self.members = members
    }

    /// The members of a label, by rising seed.
    public func members(_ label: String) -> [Member] {
        members.filter { $0.label == label }.sorted { $0.seed < $1.seed }
    }

    /// Whether every member is there.
    public var isComplete: Bool { members.count == labels.count * seeds.count }
}

extension Comparison.Member {
    /// Reads a finished run folder.
    init(
        label: String, seed: UInt64, run: StoredRun, isMissed: Bool, unknowns: [String], parameters: [String]
    ) throws(ResultsError) {
        let facts = try FieldFile.attributes(of: run.path(run.fieldsName ?? FieldFile.defaultName))
        func number(_ name: String) -> Double {
            switch facts.first(where: { $0.name == name })?.value {
            case .number(let number): number
            case .integer(let integer): Double(integer)
            default: .nan
            }
        }
        let history = try run.history()
        self.label = label
        self.seed = seed
        steps = history.rows.map { Double($0.step) }
        seconds = history.rows.map(\.seconds)
        losses = history.rows.map(\.loss)
        errors = unknowns.map { name in
            history.unknowns.firstIndex(of: name).map { index in history.rows.map { $0.errors[index] } }
                ?? history.rows.map { _ in .nan }
        }
        finalErrors = unknowns.map { number("relative_l2_" + $0) }
        self.parameters = parameters.map { number("parameter_" + $0) }
        stepCount = number("steps")
        time = number("wall_seconds")
        isFailed = facts.contains { $0.name == "stopped_because" && $0.value == .text(Self.failureName) }
        self.isMissed = isMissed
    }

    private static let failureName = StopReason.notFinite(term: "", step: 0, point: "").name
}
