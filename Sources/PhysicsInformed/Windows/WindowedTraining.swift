import LinearAlgebra
import Networks
import Optimizers

/// Training window by window: each goes through all stages, from the parameters of the one before.
///
/// Parameters of all windows stand behind one another; those of windows that have not begun are those with which they would
/// begin. Stages are counted on from window to window, and so are steps and seconds.
final class WindowedTraining: Training {
    private let problem: CollocationProblem
    private let network: Network
    private let settings: TrainingSettings
    private let precision: Precision
    private let windows: TimeWindows
    private let single: ParameterLayout
    private var window = 0
    private var training: any Training
    private var vectors: [[Double]]
    private var stepsBefore = 0
    private var secondsBefore = 0.0
    private var samplingBefore = SamplingTime()

    private static let windowKey = "windows/window"
    private static let stepsKey = "windows/steps before"

    init(
        _ problem: CollocationProblem, network: Network, settings: TrainingSettings, precision: Precision,
        windows: TimeWindows
    ) throws {
        try problem.checkWindows()
        self.problem = problem
        self.network = network
        self.settings = settings
        self.precision = precision
        self.windows = windows
        single = problem.layout(with: network)
        training = try makeTraining(
            try problem.window(0, of: windows, after: nil, scheme: settings.scheme, seed: settings.seed),
            network: windows.network(network, in: 0), settings: settings, precision: precision)
        vectors = [[Double]](repeating: training.state.parameters, count: windows.count)
    }

    func begin(from parameters: [Double]) {
        training.begin(from: parameters)
        setVectors(parameters)
    }

    func step() -> Double { training.step() }

    func run(_ observer: any TrainingObserver) throws -> TrainingOutcome {
        while true {
            var outcome = try training.run(Relay(self, to: observer))
            setVectors(outcome.parameters)
            outcome.parameters = vectors.flatMap { $0 }
            outcome.steps += stepsBefore
            outcome.seconds += secondsBefore
            outcome.sampling = outcome.sampling.map { $0 + samplingBefore }
            switch outcome.stop {
            case .notFinite(let worst, let step): outcome.stop = .notFinite(worst, step: step + stepsBefore)
            case .stepsDone, .converged, .stalled, .budgetSpent, .interrupted: break
            }
            let isOver = window + 1 == windows.count || outcome.stop.endsTraining
            if !isOver, let budget = settings.budget, outcome.seconds >= budget { outcome.stop = .budgetSpent }
            if isOver || outcome.stop.endsTraining { return outcome }
            window += 1
            stepsBefore = outcome.steps
            secondsBefore = outcome.seconds
            samplingBefore = outcome.sampling ?? SamplingTime()
            training = try makeWindow()
            training.begin(from: vectors[window])
        }
    }

    var state: TrainingState { whole(training.state) }

    func restore(_ state: TrainingState) throws {
        guard let number = state.parts.counters[Self.windowKey], let steps = state.parts.counters[Self.stepsKey] else {
            throw TrainingStateError.parts(.missing(path: Self.windowKey))
        }
        guard state.parameters.count == single.count * windows.count else {
            throw TrainingStateError.parameterCount(
                expected: single.count * windows.count, found: state.parameters.count)
        }
        guard (0..<windows.count).contains(number) else { throw TrainingStateError.position(state.position) }
        vectors = (0..<windows.count).map {
            Array(state.parameters[$0 * single.count..<($0 + 1) * single.count])
        }
        // The seconds of all windows so far count as those of the present one.
        (window, stepsBefore, secondsBefore, samplingBefore) = (number, steps, 0, SamplingTime())
        training = try makeWindow()
        var inner = state
        inner.layout = single
        inner.parameters = vectors[window]
        inner.position.stage -= window * settings.stages.count
        inner.position.step -= stepsBefore
        try training.restore(inner)
    }

    /// Training of the present window, after those before it.
    private func makeWindow() throws -> any Training {
        let before =
            window == 0
            ? nil
            : TrainedFields(
                network: windows.network(network, in: window - 1), exactConditions: problem.exactConditions,
                parameters: vectors[window - 1])
        var settings = settings
        settings.budget = settings.budget.map { $0 - secondsBefore }
        return try makeTraining(
            try problem.window(window, of: windows, after: before, scheme: settings.scheme, seed: settings.seed),
            network: windows.network(network, in: window), settings: settings, precision: precision)
    }

    /// Takes the parameters of the present window over, with which later ones would begin.
    private func setVectors(_ parameters: [Double]) {
        for index in window..<windows.count { vectors[index] = parameters }
    }

    /// A state of the present window as one of the whole training.
    private func whole(_ state: TrainingState) -> TrainingState {
        var whole = state
        whole.layout = windows.layout(single)
        whole.parameters = together(state.parameters)
        whole.position.stage += window * settings.stages.count
        whole.position.step += stepsBefore
        whole.position.seconds += secondsBefore
        whole.position.sampling = state.position.sampling + samplingBefore
        whole.parts.counters[Self.windowKey] = window
        whole.parts.counters[Self.stepsKey] = stepsBefore
        return whole
    }

    /// The parameters of all windows when the present one has these.
    private func together(_ parameters: [Double]) -> [Double] {
        vectors[..<window].flatMap { $0 } + (window..<windows.count).flatMap { _ in parameters }
    }

    /// Hands on what happens in a window as a part of the whole.
    private final class Relay: TrainingObserver {
        private let training: WindowedTraining
        private let observer: any TrainingObserver

        init(_ training: WindowedTraining, to observer: any TrainingObserver) {
            self.training = training
            self.observer = observer
        }

        func report(_ report: TrainingReport) throws {
            var whole = report
            whole.stage += training.window * training.settings.stages.count
            whole.step += training.stepsBefore
            whole.seconds += training.secondsBefore
            // Windows still to come take as long as this one.
            let later = Double(training.windows.count - 1 - training.window)
            whole.secondsLeft = report.secondsLeft.map { $0 + later * (report.seconds + $0) }
            if let budget = training.settings.budget {
                whole.secondsLeft = whole.secondsLeft.map { min($0, max(0, budget - whole.seconds)) }
            }
            whole.parameters = training.together(report.parameters)
            try observer.report(whole)
        }

        func observed(_ gradients: GradientSnapshot) throws {
            var whole = gradients
            whole.step += training.stepsBefore
            try observer.observed(whole)
        }

        func observed(_ sampling: SamplingSnapshot) throws {
            var whole = sampling
            whole.step += training.stepsBefore
            try observer.observed(whole)
        }

        var stopRequested: Bool { observer.stopRequested }

        func wantsState(at moment: TrainingMoment) -> Bool {
            switch moment {
            case .step(let step): observer.wantsState(at: .step(step + training.stepsBefore))
            case .stageEnd: observer.wantsState(at: .stageEnd)
            }
        }

        func keep(_ state: TrainingState) throws { try observer.keep(training.whole(state)) }
    }
}

extension TrainingStop {
    /// Whether nothing follows: neither a stage nor a window.
    fileprivate var endsTraining: Bool {
        switch self {
        case .stepsDone, .converged, .stalled: false
        case .budgetSpent, .notFinite, .interrupted: true
        }
    }
}
