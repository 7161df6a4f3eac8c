import PhysicsInformed
import Results

/// Writes what happens during a solve: history and log to the run's folder, progress to a display.
///
/// The folder is made at the first row, after the method has accepted its options, so that bad input writes nothing.
public final class RunRecorder: ProgressObserver {
    private let folder: RunFolder
    private let display: ProgressDisplay
    private let isStopRequested: () -> Bool
    private let start: [JSONValue.Member]
    private let problemText: String
    private let terms: [String]
    private let unknowns: [String]
    private let parameters: [String]
    private let quantities: [String]
    private let heading: Checkpoint.Heading
    private let resumption: Resumption?
    private var rhythm: CheckpointRhythm
    private var isCheckpointFailing = false
    private var history: HistoryWriter?
    private var log: LogWriter?
    /// The gradients of the loss terms, if any were looked at.
    private(set) var gradients: GradientHistory?
    /// Points of the equations and residuals, if any were looked at.
    private(set) var sampling: SamplingHistory?
    private var early: [String] = []
    /// The warnings of this run so far.
    public private(set) var warnings: [String] = []

    /// A recorder for a run.
    ///
    /// - Parameters:
    ///   - problemText: the resolved problem file.
    ///   - terms: the names of the loss terms, which head the history even if no row follows.
    ///   - unknowns: the names of the unknowns that have a reference.
    ///   - parameters: the names of the unknown parameters.
    ///   - quantities: the names of the method's other numbers.
    ///   - start: what goes into the first line of the log.
    ///   - heading: what checkpoints belong to.
    ///   - resumption: where the run goes on; nil for one that starts from the beginning.
    ///   - checkpointEvery: `run.checkpoint_every`.
    init(
        folder: RunFolder, display: ProgressDisplay, problemText: String, terms: [String], unknowns: [String],
        parameters: [String], quantities: [String],
        start: [JSONValue.Member], heading: Checkpoint.Heading, resumption: Resumption?, checkpointEvery: Int?,
        isStopRequested: @escaping () -> Bool
    ) {
        self.folder = folder
        self.display = display
        self.problemText = problemText
        self.terms = terms
        self.unknowns = unknowns
        self.parameters = parameters
        self.quantities = quantities
        self.start = start
        self.heading = heading
        self.resumption = resumption
        let origin = ContinuousClock.now
        rhythm = CheckpointRhythm(every: checkpointEvery) { (ContinuousClock.now - origin) / .seconds(1) }
        self.isStopRequested = isStopRequested
    }

    /// Whether the user asked to stop.
    public var stopRequested: Bool { isStopRequested() }

    /// Writes a row everywhere.
    public func logged(_ row: ProgressRow) throws {
        try open()
        let line = History.Row(
            step: row.step, stage: row.stage, seconds: row.seconds, loss: row.loss, rate: row.rate,
            losses: row.terms.map(\.value), weights: row.terms.map(\.weight),
            errors: unknowns.map { name in row.errors.first { $0.name == name }?.value ?? .nan },
            parameters: parameters.map { name in row.parameters.first { $0.name == name }?.value ?? .nan },
            quantities: quantities.map { name in row.quantities.first { $0.name == name }?.value ?? .nan })
        try history?.append(line)
        try log?.write(line, terms: terms, unknowns: unknowns, parameters: parameters, quantities: quantities)
        display.show(row)
    }

    /// Adds a row to the file of gradients, which is written anew as a whole.
    public func observed(_ snapshot: GradientSnapshot, layers: [String]) throws {
        try open()
        let path = folder.working(GradientHistory.defaultName)
        var history =
            try gradients
            ?? GradientHistory(
                terms: terms, layers: layers, lowestExponent: GradientSnapshot.lowestExponent,
                binsPerDecade: GradientSnapshot.binsPerDecade,
                rows: GradientHistory.rows(before: resumption?.checkpoint.heading.steps, in: path))
        history.rows.append(GradientHistory.Row(snapshot))
        try history.write(to: path)
        gradients = history
    }

    /// Adds a look at points to their file, which is written anew as a whole.
    public func observed(_ snapshot: SamplingSnapshot, coordinates: [String]) throws {
        try open()
        let path = folder.working(SamplingHistory.defaultName)
        var history =
            try sampling
            ?? SamplingHistory(
                coordinates: coordinates, probes: snapshot.probes,
                rows: SamplingHistory.rows(before: resumption?.checkpoint.heading.steps, in: path))
        history.rows.append(
            SamplingHistory.Row(
                step: snapshot.step, points: snapshot.points, residuals: snapshot.residuals,
                densities: snapshot.densities))
        try history.write(to: path)
        sampling = history
    }

    /// Whether the state is to be saved, by the rhythm of `run.checkpoint_every`.
    public func wantsState(at moment: TrainingMoment) -> Bool { rhythm.isDue(at: moment) }

    /// Writes the checkpoint, after what it counts has reached the disk.
    ///
    /// One that cannot be written is a warning, the run is worth more; the one before is kept.
    public func keep(_ state: MethodState) throws {
        try open()
        guard let history, let log else { return }
        let began = ContinuousClock.now
        var heading = heading
        heading.place(state)
        let (rows, bytes) = history.position
        heading.files = .init(historyRows: rows, historyBytes: bytes, logBytes: log.size)
        do throws(ResultsError) {
            try history.synchronize()
            try log.synchronize()
            try Checkpoint(heading: heading, weights: state.weights, state: state.parts)
                .write(to: folder.working(Checkpoint.defaultName))
            isCheckpointFailing = false
        } catch {
            guard error.kind == .cannotWrite else { throw error }
            if !isCheckpointFailing { warned("no checkpoint at step \(state.steps): \(error)") }
            isCheckpointFailing = true
        }
        rhythm.saved(taking: (ContinuousClock.now - began) / .seconds(1))
    }

    /// Writes a warning to the log and shows it.
    public func warned(_ message: String) {
        warnings.append(message)
        display.warn(message)
        guard let log else {
            early.append(message)
            return
        }
        // A log that cannot be written ends the run at the next row, with the reason.
        try? log.write(.warning, [.init("message", .text(message))])
    }

    /// Writes the last line of the log.
    func end(_ members: [JSONValue.Member]) throws {
        try open()
        try log?.write(.end, members)
    }

    /// Makes the folder with log and problem file, if no row has done so.
    func open() throws {
        guard log == nil else { return }
        try folder.begin()
        try atomicWrite(problemText, to: folder.working(RunFolder.problemName))
        let log: LogWriter
        if let heading = resumption?.checkpoint.heading {
            log = try LogWriter(path: folder.working(LogWriter.defaultName), continuingAt: heading.files.logBytes)
            try log.write(.resume, start + [.init("step", .integer(heading.steps))])
            history = try HistoryWriter(
                path: folder.working(History.defaultName),
                header: History(terms: terms, unknowns: unknowns, parameters: parameters, quantities: quantities),
                continuingAt: heading.files.historyBytes, rows: heading.files.historyRows)
        } else {
            log = try LogWriter(path: folder.working(LogWriter.defaultName))
            try log.write(.start, start)
            history = try HistoryWriter(
                path: folder.working(History.defaultName), terms: terms, unknowns: unknowns, parameters: parameters,
                quantities: quantities)
        }
        for message in early { try log.write(.warning, [.init("message", .text(message))]) }
        early = []
        self.log = log
    }
}

extension GradientHistory {
    /// What a run that goes on at a step keeps of the file; nothing without one.
    fileprivate static func rows(before step: Int?, in path: String) throws -> [Row] {
        guard let step, FileSystem.kind(path) != nil else { return [] }
        return try GradientHistory(contentsOf: path).rows.filter { $0.step < step }
    }
}

extension SamplingHistory {
    /// What a run that goes on at a step keeps of the file; nothing without one.
    fileprivate static func rows(before step: Int?, in path: String) throws -> [Row] {
        guard let step, FileSystem.kind(path) != nil else { return [] }
        return try SamplingHistory(contentsOf: path).rows.filter { $0.step < step }
    }
}

extension GradientHistory.Row {
    /// What was seen at a step.
    fileprivate init(_ snapshot: GradientSnapshot) {
        self.init(
            step: snapshot.step, weights: snapshot.weights, norms: snapshot.norms, stiffness: snapshot.stiffness,
            cosines: snapshot.cosines, alignment: snapshot.alignment, histograms: snapshot.histograms)
    }
}

extension Checkpoint.Heading {
    /// Takes over where a method stands.
    fileprivate mutating func place(_ state: MethodState) {
        stage = state.stage + 1
        stageStep = state.stageStep
        steps = state.steps
        seconds = state.seconds
        (samplingSeconds, samplingRuleSeconds) = (state.sampling.seconds, state.sampling.ruleSeconds)
        end = state.end
        endSentence = state.endSentence
    }
}
