import Glibc
import LinearAlgebra
import Networks
import Optimizers
import Parallelism
import Randomness

/// The training loop: stages, schedules, resampling, budgets, reports and reasons for stopping, written once.
final class Trainer<S: Scalar>: Training {
    private let settings: TrainingSettings
    private let collocation: CollocationProblem
    private let loss: LossFunction<S>
    private let optimizers: [Optimizer<S>]
    private let parameters: AlignedBuffer<S>
    private let lastGood: AlignedBuffer<S>
    private let gradient: AlignedBuffer<S>
    private let count: Int
    private let clock = ContinuousClock()
    private var stepsTaken = 0

    init(_ problem: CollocationProblem, network: Network, settings: TrainingSettings) throws {
        self.settings = settings
        loss = try LossFunction(
            problem, network: network, scheme: settings.scheme, seed: settings.seed,
            pool: WorkerPool(threads: settings.threads))
        collocation = problem
        let layout = problem.layout(with: network)
        let blocks = layout.blocks.map {
            BlockShape(name: $0.name, rows: $0.rows, columns: $0.columns, offset: $0.offset)
        }
        optimizers = try settings.stages.map { try $0.method.make(blocks: blocks, options: $0.options) }
        count = layout.count
        parameters = AlignedBuffer(count: count)
        lastGood = AlignedBuffer(count: count)
        gradient = AlignedBuffer(count: count)
        var stream = RandomStream(seed: settings.seed, name: "initial parameters")
        // Search variables of unknown parameters are 0 at the start, as the buffer is.
        network.initialParameters(&stream).withUnsafeBufferPointer {
            S.convert($0.count, from: $0.baseAddress!, to: parameters.baseAddress)
        }
        keepParameters()
    }

    func step() -> Double {
        switch optimizers[0] {
        case .firstOrder(let method):
            let value = loss.evaluate(parameters.baseAddress, gradient: gradient.baseAddress)
            _ = method.step(
                parameters: parameters.baseAddress, gradient: gradient.baseAddress,
                rate: settings.stages[0].rate.rate(at: stepsTaken))
            stepsTaken += 1
            return value
        case .quasiNewton(let method):
            _ = method.step(parameters: parameters.baseAddress) { loss.evaluate($0, gradient: $1) }
            stepsTaken += 1
            return method.lastStep?.loss ?? .nan
        }
    }

    func run(_ observer: any TrainingObserver) throws -> TrainingOutcome {
        let start = clock.now
        stepsTaken = 0
        var stop = TrainingStop.stepsDone
        for (index, stage) in settings.stages.enumerated() {
            if index > 0, stage.resampleEvery > 0 { try loss.draw() }
            let stopOfStage: TrainingStop
            switch optimizers[index] {
            case .firstOrder(let method):
                stopOfStage = try run(method, stage, index, since: start, observer)
            case .quasiNewton(let method):
                stopOfStage = try run(method, stage, index, since: start, observer)
            }
            stop = stopOfStage
            switch stopOfStage {
            case .stepsDone, .converged, .stalled: continue
            case .budgetSpent, .notFinite, .interrupted: break
            }
            break
        }
        let seconds = self.seconds(since: start)
        _ = loss.evaluate(lastGood.baseAddress, gradient: nil)
        let final = exported(lastGood)
        return TrainingOutcome(
            parameters: final, unknownParameters: collocation.unknownParameterValues(in: final), losses: loss.losses,
            steps: stepsTaken, seconds: seconds, stop: stop)
    }

    private func run(
        _ method: any FirstOrderOptimizer<S>, _ stage: TrainingStage, _ index: Int,
        since start: ContinuousClock.Instant, _ observer: any TrainingObserver
    ) throws -> TrainingStop {
        let stageStart = clock.now
        var stop = TrainingStop.stepsDone
        var stageStep = 0
        while stageStep < stage.steps, stop == .stepsDone {
            if stage.resampleEvery > 0, stageStep > 0, stageStep % stage.resampleEvery == 0 { try loss.draw() }
            let value = loss.evaluate(parameters.baseAddress, gradient: gradient.baseAddress)
            guard value.isFinite else { return notFinite() }
            keepParameters()
            let rate = stage.rate.rate(at: stageStep)
            if stageStep % settings.logEvery == 0 {
                try report(observer, index, stageStep, value, rate: rate, since: start, stageStart)
            }
            if method.step(parameters: parameters.baseAddress, gradient: gradient.baseAddress, rate: rate) == .notFinite
            {
                return notFinite()
            }
            stepsTaken += 1
            stageStep += 1
            stop = stopAsked(observer, since: start) ?? .stepsDone
        }
        let rate = stage.rate.rate(at: max(0, stageStep - 1))
        return try concluded(stop, observer, index, stageStep, rate: rate, since: start, stageStart)
    }

    /// Reports where a stage ended; the last step may have led where the loss is not finite.
    private func concluded(
        _ stop: TrainingStop, _ observer: any TrainingObserver, _ stage: Int, _ stageStep: Int, rate: Double,
        since start: ContinuousClock.Instant, _ stageStart: ContinuousClock.Instant
    ) throws -> TrainingStop {
        let value = loss.evaluate(parameters.baseAddress, gradient: nil)
        guard value.isFinite else { return notFinite() }
        keepParameters()
        try report(observer, stage, stageStep, value, rate: rate, since: start, stageStart)
        return stop
    }

    private func run(
        _ method: any QuasiNewtonOptimizer<S>, _ stage: TrainingStage, _ index: Int,
        since start: ContinuousClock.Instant, _ observer: any TrainingObserver
    ) throws -> TrainingStop {
        let stageStart = clock.now
        let value = loss.evaluate(parameters.baseAddress, gradient: nil)
        guard value.isFinite else { return notFinite() }
        try report(observer, index, 0, value, rate: 0, since: start, stageStart)
        var stop = TrainingStop.stepsDone
        var stageStep = 0
        while stageStep < stage.steps, stop == .stepsDone {
            if stage.resampleEvery > 0, stageStep > 0, stageStep % stage.resampleEvery == 0 {
                try loss.draw()
                method.lossChanged(keepingMemory: true)
            }
            let outcome = method.step(parameters: parameters.baseAddress) { loss.evaluate($0, gradient: $1) }
            if outcome == .notFinite { return notFinite() }
            let moved = memcmp(parameters.baseAddress, lastGood.baseAddress, count * MemoryLayout<S>.stride) != 0
            if moved {
                stepsTaken += 1
                stageStep += 1
                keepParameters()
            }
            switch outcome {
            case .converged: stop = .converged(outcome.sentence ?? "")
            case .stalled: stop = .stalled(outcome.sentence ?? "")
            case .progressed, .notFinite: stop = stopAsked(observer, since: start) ?? .stepsDone
            }
            if stop == .stepsDone, stageStep < stage.steps, stageStep % settings.logEvery == 0 {
                // The search may have evaluated elsewhere last: the terms are those of the accepted point.
                let value = loss.evaluate(parameters.baseAddress, gradient: nil)
                let length = method.lastStep?.stepLength ?? 0
                try report(observer, index, stageStep, value, rate: length, since: start, stageStart)
            }
        }
        let length = method.lastStep?.stepLength ?? 0
        return try concluded(stop, observer, index, stageStep, rate: length, since: start, stageStart)
    }

    private func notFinite() -> TrainingStop {
        .notFinite(loss.worstPoint(parameters.baseAddress), step: stepsTaken)
    }

    private func stopAsked(_ observer: any TrainingObserver, since start: ContinuousClock.Instant) -> TrainingStop? {
        if observer.stopRequested { return .interrupted }
        if let budget = settings.budget, seconds(since: start) >= budget { return .budgetSpent }
        return nil
    }

    private func report(
        _ observer: any TrainingObserver, _ stage: Int, _ stageStep: Int, _ value: Double, rate: Double,
        since start: ContinuousClock.Instant, _ stageStart: ContinuousClock.Instant
    ) throws {
        let elapsed = seconds(since: start)
        var left: Double?
        if stageStep > 0 {
            let perStep = seconds(since: stageStart) / Double(stageStep)
            let remaining =
                settings.stages[stage].steps - stageStep
                + settings.stages[(stage + 1)...].reduce(0) { $0 + $1.steps }
            left = perStep * Double(remaining)
            if let budget = settings.budget { left = min(left ?? budget, max(0, budget - elapsed)) }
        }
        let present = exported(parameters)
        try observer.report(
            TrainingReport(
                stage: stage, stageStep: stageStep, step: stepsTaken, seconds: elapsed, secondsLeft: left, loss: value,
                losses: loss.losses, weights: loss.weights, rate: rate, parameters: present,
                unknownParameters: collocation.unknownParameterValues(in: present)))
    }

    private func seconds(since start: ContinuousClock.Instant) -> Double {
        let elapsed = (clock.now - start).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }

    private func keepParameters() {
        lastGood.baseAddress.update(from: parameters.baseAddress, count: count)
    }

    private func exported(_ buffer: AlignedBuffer<S>) -> [Double] {
        [Double](unsafeUninitializedCapacity: count) { values, initialized in
            S.convert(count, from: buffer.baseAddress, to: values.baseAddress!)
            initialized = count
        }
    }
}
