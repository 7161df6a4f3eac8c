import Glibc
import LinearAlgebra
import Networks
import Optimizers
import Parallelism
import Randomness

/// The training loop: stages, schedules, resampling, budgets, reports and reasons for stopping, written once.
///
/// Between two steps all that the next one depends on is in `position` and in what `visitState` shows, so that training
/// continues from there bit for bit.
final class Trainer<S: Scalar>: Training {
    let settings: TrainingSettings
    let loss: LossFunction<S>
    let optimizers: [Optimizer<S>]
    let layout: ParameterLayout
    let parameters: AlignedBuffer<S>
    let lastGood: AlignedBuffer<S>
    private let collocation: CollocationProblem
    private let gradient: AlignedBuffer<S>
    let stepGradient: StepGradient<S>
    let monitor = StageMonitor<S>()
    let observation: GradientObservation<S>?
    let samplingMonitor: SamplingMonitor<S>?
    private let count: Int
    private let clock = ContinuousClock()
    /// The name of the random numbers that parameters start from.
    static var startName: String { "initial parameters" }
    /// Where training stands; its seconds are those before `start`.
    var position = TrainingPosition()
    /// Whether the stage of `position` is under way, its points drawn: after a restored state.
    var isStageUnderWay = false
    /// The rate, or the length, of the last step.
    var rate = 0.0
    private var start = ContinuousClock.now
    private var stageStart = (time: ContinuousClock.now, step: 0)

    init(_ problem: CollocationProblem, network: Network, settings: TrainingSettings) throws {
        self.settings = settings
        loss = try LossFunction(
            problem, network: network, scheme: settings.scheme, seed: settings.seed,
            pool: WorkerPool(threads: settings.threads), points: settings.points)
        collocation = problem
        let loss = loss
        observation = settings.gradients.map {
            GradientObservation($0, problem: problem, network: network, loss: loss, seed: settings.seed)
        }
        samplingMonitor = try settings.sampling.map {
            try SamplingMonitor($0, problem: problem, loss: loss, seed: settings.seed)
        }
        layout = problem.layout(with: network)
        stepGradient = StepGradient(loss, problem, layout: layout, settings: settings)
        let blocks = layout.blocks.map {
            BlockShape(name: $0.name, rows: $0.rows, columns: $0.columns, offset: $0.offset)
        }
        optimizers = try settings.stages.map { try $0.method.make(blocks: blocks, options: $0.options) }
        count = layout.count
        parameters = AlignedBuffer(count: count)
        lastGood = AlignedBuffer(count: count)
        gradient = AlignedBuffer(count: count)
        var stream = RandomStream(seed: settings.seed, name: Self.startName)
        // Search variables of unknown parameters are 0 at the start, as the buffer is.
        network.initialParameters(&stream).withUnsafeBufferPointer {
            S.convert($0.count, from: $0.baseAddress!, to: parameters.baseAddress)
        }
        keepParameters()
    }

    func begin(from parameters: [Double]) {
        precondition(parameters.count == count, "one value for each parameter")
        parameters.withUnsafeBufferPointer {
            if let start = $0.baseAddress { S.convert(count, from: start, to: self.parameters.baseAddress) }
        }
        keepParameters()
    }

    func step() -> Double {
        switch optimizers[0] {
        case .firstOrder(let method):
            loss.updateCausality(parameters.baseAddress)
            let value = stepGradient.evaluate(
                parameters.baseAddress, gradient: gradient.baseAddress, stageStep: position.step)
            _ = method.step(
                parameters: parameters.baseAddress, gradient: gradient.baseAddress,
                rate: settings.stages[0].rate.rate(at: position.step))
            loss.updatePointWeights()
            position.step += 1
            return value
        case .quasiNewton(let method):
            _ = method.step(parameters: parameters.baseAddress) { loss.evaluate($0, gradient: $1) }
            position.step += 1
            return method.lastStep?.loss ?? .nan
        }
    }

    func run(_ observer: any TrainingObserver) throws -> TrainingOutcome {
        start = clock.now
        var stop = TrainingStop.stepsDone
        for index in position.stage..<settings.stages.count {
            let stage = settings.stages[index]
            if !isStageUnderWay {
                if index > 0 {
                    position.stage = index
                    position.stageStep = 0
                    position.end = nil
                    rate = 0
                    monitor.reset()
                    if stage.resampleEvery > 0 { try loss.resample(parameters.baseAddress, step: position.step) }
                } else {
                    loss.beginPointWeights(parameters.baseAddress)
                }
                // Quasi-Newton stages keep these weights as long as the points stay.
                loss.updateCausality(parameters.baseAddress)
            }
            stageStart = (clock.now, position.stageStep)
            stop = try begun(observer)
            isStageUnderWay = false
            if stop == .stepsDone {
                switch optimizers[index] {
                case .firstOrder(let method): stop = try run(method, stage, observer)
                case .quasiNewton(let method): stop = try run(method, stage, observer)
                }
            }
            stop = try concluded(stop, observer)
            switch stop {
            case .stepsDone, .converged, .stalled: continue
            case .budgetSpent, .notFinite, .interrupted: break
            }
            break
        }
        try observeGradients(observer, at: lastGood, isLast: true)
        try observeSampling(observer, at: lastGood, isLast: true)
        _ = loss.evaluate(lastGood.baseAddress, gradient: nil)
        let final = exported(lastGood)
        return TrainingOutcome(
            parameters: final, unknownParameters: collocation.unknownParameterValues(in: final), losses: loss.losses,
            steps: position.step, seconds: seconds, sampling: settings.points.adaptive.map { _ in samplingTime },
            stop: stop)
    }

    /// Why a stage that goes on from a saved state is over already; `stepsDone` if it is not.
    private func begun(_ observer: any TrainingObserver) throws -> TrainingStop {
        guard isStageUnderWay else { return .stepsDone }
        switch position.end {
        case .converged(let rule): return .converged(rule)
        case .stalled(let detail): return .stalled(detail)
        case .notFinite: return notFinite()
        case nil: return position.step > 0 ? stopAsked(observer) ?? .stepsDone : .stepsDone
        }
    }

    private func run(
        _ method: any FirstOrderOptimizer<S>, _ stage: TrainingStage, _ observer: any TrainingObserver
    ) throws -> TrainingStop {
        var stop = TrainingStop.stepsDone
        while position.stageStep < stage.steps, stop == .stepsDone {
            let stageStep = position.stageStep
            if stage.resampleEvery > 0, stageStep > 0, stageStep % stage.resampleEvery == 0 {
                try loss.resample(parameters.baseAddress, step: position.step)
            }
            loss.updateCausality(parameters.baseAddress)
            let value = stepGradient.evaluate(
                parameters.baseAddress, gradient: gradient.baseAddress, stageStep: stageStep)
            guard value.isFinite else { return notFinite() }
            keepParameters()
            let end = monitor.end(stage, loss: value, at: stageStep)
            rate = monitor.rate(stage.rate, at: stageStep)
            if stageStep % settings.logEvery == 0 { try report(observer, value) }
            try observeGradients(observer, at: parameters)
            try observeSampling(observer, at: parameters)
            if let end { return end }
            if let clip = stage.clip { self.clip(to: clip) }
            if method.step(parameters: parameters.baseAddress, gradient: gradient.baseAddress, rate: rate) == .notFinite
            {
                return notFinite()
            }
            loss.updatePointWeights()
            position.step += 1
            position.stageStep += 1
            stop = stopAsked(observer) ?? .stepsDone
            if stop == .stepsDone, position.stageStep < stage.steps { try save(observer) }
        }
        return stop
    }

    private func run(
        _ method: any QuasiNewtonOptimizer<S>, _ stage: TrainingStage, _ observer: any TrainingObserver
    ) throws -> TrainingStop {
        var stop = TrainingStop.stepsDone
        while position.stageStep < stage.steps, stop == .stepsDone {
            let stageStep = position.stageStep
            if stageStep % settings.logEvery == 0 {
                // The search may have evaluated elsewhere last: the terms are those of the accepted point.
                let value = loss.evaluate(parameters.baseAddress, gradient: nil)
                guard value.isFinite else { return notFinite() }
                try report(observer, value)
            }
            if stage.resampleEvery > 0, stageStep > 0, stageStep % stage.resampleEvery == 0 {
                try loss.resample(parameters.baseAddress, step: position.step)
                loss.updateCausality(parameters.baseAddress)
                method.lossChanged(keepingMemory: true)
            }
            try observeGradients(observer, at: parameters)
            try observeSampling(observer, at: parameters)
            let outcome = method.step(parameters: parameters.baseAddress) { loss.evaluate($0, gradient: $1) }
            if outcome == .notFinite { return notFinite() }
            if memcmp(parameters.baseAddress, lastGood.baseAddress, count * MemoryLayout<S>.stride) != 0 {
                position.step += 1
                position.stageStep += 1
                keepParameters()
            }
            if let length = method.lastStep?.stepLength { rate = length }
            switch outcome {
            case .converged: stop = .converged(outcome.sentence ?? "")
            case .stalled: stop = .stalled(outcome.sentence ?? "")
            case .progressed, .notFinite:
                let loss = method.lastStep?.loss ?? .infinity
                stop = monitor.end(stage, loss: loss, at: stageStep) ?? stopAsked(observer) ?? .stepsDone
            }
            if stop == .stepsDone, position.stageStep < stage.steps { try save(observer) }
        }
        return stop
    }

    /// Saves and reports where a stage ended; the last step may have led where the loss is not finite.
    ///
    /// The state is saved before the report: who goes on from there, perhaps with more steps, reports by his own rule.
    private func concluded(_ stop: TrainingStop, _ observer: any TrainingObserver) throws -> TrainingStop {
        var stop = stop
        var value = Double.nan
        switch stop {
        case .notFinite: position.end = .notFinite
        default:
            value = loss.evaluate(parameters.baseAddress, gradient: nil)
            if value.isFinite {
                keepParameters()
            } else {
                stop = notFinite()
            }
        }
        switch stop {
        case .converged(let rule): position.end = .converged(rule)
        case .stalled(let detail): position.end = .stalled(detail)
        case .notFinite: position.end = .notFinite
        case .stepsDone, .budgetSpent, .interrupted: break
        }
        if observer.wantsState(at: .stageEnd) { try observer.keep(state) }
        if value.isFinite { try report(observer, value) }
        return stop
    }

    /// Scales a gradient that is longer than `limit` to that length; what is not finite stays so.
    private func clip(to limit: Double) {
        let norm = S.sumOfSquares(count, gradient.baseAddress).squareRoot()
        if norm > limit, norm.isFinite { S.scale(count, S(limit / norm), gradient.baseAddress) }
    }

    private func save(_ observer: any TrainingObserver) throws {
        if observer.wantsState(at: .step(position.step)) { try observer.keep(state) }
    }

    private func notFinite() -> TrainingStop {
        .notFinite(loss.worstPoint(parameters.baseAddress), step: position.step)
    }

    private func stopAsked(_ observer: any TrainingObserver) -> TrainingStop? {
        if observer.stopRequested { return .interrupted }
        if let budget = settings.budget, seconds >= budget { return .budgetSpent }
        return nil
    }

    private func report(_ observer: any TrainingObserver, _ value: Double) throws {
        let elapsed = seconds
        var left: Double?
        let timed = position.stageStep - stageStart.step
        if timed > 0 {
            let perStep = seconds(since: stageStart.time) / Double(timed)
            let remaining =
                settings.stages[position.stage].steps - position.stageStep
                + settings.stages[(position.stage + 1)...].reduce(0) { $0 + $1.steps }
            left = perStep * Double(remaining)
            if let budget = settings.budget { left = min(left ?? budget, max(0, budget - elapsed)) }
        }
        let present = exported(parameters)
        try observer.report(
            TrainingReport(
                stage: position.stage, stageStep: position.stageStep, step: position.step, seconds: elapsed,
                secondsLeft: left, loss: value, losses: loss.losses, weights: loss.weights, rate: rate,
                parameters: present,
                unknownParameters: collocation.unknownParameterValues(in: present), causality: loss.causalReport,
                sampling: samplingMonitor?.report(parameters.baseAddress), balance: loss.sampleBalance))
    }

    /// Seconds of training so far, those before a saved state included.
    var seconds: Double { position.seconds + seconds(since: start) }

    /// What redraws took of them.
    var samplingTime: SamplingTime { position.sampling + loss.samplingTime }

    private func seconds(since start: ContinuousClock.Instant) -> Double {
        let elapsed = (clock.now - start).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }

    func keepParameters() {
        lastGood.baseAddress.update(from: parameters.baseAddress, count: count)
    }

    func exported(_ buffer: AlignedBuffer<S>) -> [Double] {
        [Double](unsafeUninitializedCapacity: count) { values, initialized in
            S.convert(count, from: buffer.baseAddress, to: values.baseAddress!)
            initialized = count
        }
    }
}
