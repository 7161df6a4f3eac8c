import Expressions
import Networks
import PhysicsInformed
import ProblemFiles

extension PhysicsInformedMethod {
    func solve(observer: any ProgressObserver, from state: MethodState?) throws -> Solution {
        let reference = try ReferenceTest(problem)
        let training = try makeTraining(
            collocation, network: network, settings: settings, precision: problem.run.precision, windows: windows)
        if let state {
            try restore(state, training)
        } else if let start = try startingParameters() {
            training.begin(from: start)
        } else if let initialFit {
            training.begin(from: try fittedParameters(initialFit))
        }
        let adapter = try TrainingAdapter(self, observer: observer, reference: reference)
        let outcome = try training.run(adapter)
        let fields = fields(outcome.parameters)
        let errors = try reference?.errors(of: fields)
        let fresh = try freshResiduals(
            collocation, network: network, parameters: outcome.parameters, seed: settings.seed,
            threads: settings.threads, windows: windows)
        let names = collocation.terms.map(\.name)
        return Solution(
            fields: fields, relativeL2: errors?.relativeL2 ?? [], maximumError: errors?.maximum ?? [],
            parameters: problem.named(outcome.unknownParameters),
            parameterErrors: Solution.parameterErrors(problem.unknownParameters, found: outcome.unknownParameters),
            residuals: zip(names, fresh).map { NamedValue($0, $1) },
            finalLosses: zip(names, outcome.losses).map { NamedValue($0, $1) }, steps: outcome.steps,
            seconds: outcome.seconds, stop: stopReason(outcome), sampling: outcome.sampling)
    }

    /// The fields of a vector of parameters.
    func fields(_ parameters: [Double]) -> PhysicsInformedFields {
        PhysicsInformedFields(
            trained: TrainedFields(
                network: network, exactConditions: collocation.exactConditions,
                unknownParameters: collocation.unknownParameters, windows: windows, parameters: parameters))
    }

    /// The vector of parameters: of all windows behind one another, if there are any.
    var layout: ParameterLayout {
        let single = collocation.layout(with: network)
        return windows?.layout(single) ?? single
    }

    private func restore(_ state: MethodState, _ training: any Training) throws {
        do {
            try training.restore(state.training)
        } catch let error as TrainingStateError {
            throw ProblemErrors([
                Diagnostic(.error, "the checkpoint does not fit: \(error)", file: problem.source?.name)
            ])
        }
    }

    private func stopReason(_ outcome: TrainingOutcome) -> StopReason {
        switch outcome.stop {
        case .stepsDone: return .stepsDone
        case .converged(let rule): return .converged(rule)
        case .stalled(let detail): return .stalled(detail)
        case .budgetSpent: return .budgetSpent(seconds: settings.budget ?? outcome.seconds)
        case .interrupted: return .interrupted
        case .notFinite(let worst, let step):
            let point = zip(problem.domain.coordinates, worst.point).map { "\($0.name) = \(Float($1))" }
            return .notFinite(term: worst.term, step: step, point: point.joined(separator: ", "))
        }
    }
}

/// The fields of a trained network.
struct PhysicsInformedFields: FieldEvaluator {
    var trained: TrainedFields

    func evaluate(_ expressions: [Expression], at points: [[Double]], normals: [[Double]]?) throws -> [[Double]] {
        try trained.evaluate(expressions, at: points, normals: normals)
    }
}

/// Turns reports of the training loop into rows of the history, with errors against the reference.
private final class TrainingAdapter: TrainingObserver {
    private let method: PhysicsInformedMethod
    private let observer: any ProgressObserver
    private let reference: ReferenceTest?
    private let program: FieldProgram?
    private var hasWarnedOfCollapse = false

    init(_ method: PhysicsInformedMethod, observer: any ProgressObserver, reference: ReferenceTest?) throws {
        self.method = method
        self.observer = observer
        self.reference = reference
        program = try reference.map { reference in
            try FieldProgram(
                reference.fields.map(\.expression), network: method.network,
                exactConditions: method.collocation.exactConditions,
                unknownParameters: method.collocation.unknownParameters, windows: method.windows,
                at: reference.progressPoints)
        }
    }

    var stopRequested: Bool { observer.stopRequested }

    func wantsState(at moment: TrainingMoment) -> Bool { observer.wantsState(at: moment) }

    func observed(_ gradients: GradientSnapshot) throws {
        try observer.observed(gradients, layers: method.network.layout.layers.map(\.name))
    }

    func observed(_ sampling: SamplingSnapshot) throws {
        try observer.observed(sampling, coordinates: method.problem.domain.coordinates.map(\.name))
    }

    func keep(_ state: TrainingState) throws { try observer.keep(MethodState(state)) }

    /// Says once that a density stands on too few candidates.
    private func warnOfCollapse(_ report: TrainingReport) {
        guard !hasWarnedOfCollapse, let collapse = report.collapse else { return }
        hasWarnedOfCollapse = true
        observer.warned(collapse)
    }

    func report(_ report: TrainingReport) throws {
        warnOfCollapse(report)
        let settings = method.settings
        // Stages are counted on through windows of time.
        let stage = settings.stages[report.stage % settings.stages.count]
        var errors: [NamedValue] = []
        if let reference, let program {
            errors = reference.progressErrors(of: program.evaluate(report.parameters))
        }
        try observer.logged(
            ProgressRow(
                stage: report.stage + 1, stageCount: settings.stages.count * (method.windows?.count ?? 1),
                optimizer: stage.method.description.name, stageStep: report.stageStep, stageSteps: stage.steps,
                step: report.step, seconds: report.seconds, secondsLeft: report.secondsLeft, loss: report.loss,
                rate: report.rate,
                terms: zip(method.collocation.terms, zip(report.losses, report.weights)).map {
                    ProgressRow.Term(name: $0.name, value: $1.0, weight: $1.1)
                }, errors: errors, parameters: method.problem.named(report.unknownParameters),
                quantities: (report.causality?.quantities ?? []) + report.samplingQuantities))
    }
}

extension CausalReport {
    /// The names of the columns of the history.
    static let quantityNames = ["causal_tolerance", "causal_weight"]

    /// The numbers with their names.
    fileprivate var quantities: [NamedValue] {
        zip(Self.quantityNames, [tolerance, lastWeight]).map { NamedValue($0, $1) }
    }
}

extension Problem {
    /// Values of unknown parameters with their names.
    fileprivate func named(_ values: [Double]) -> [NamedValue] {
        zip(unknownParameters, values).map { NamedValue($0.name, $1) }
    }
}
