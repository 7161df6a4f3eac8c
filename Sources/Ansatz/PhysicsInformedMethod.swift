import Expressions
import Foundation
import Geometry
import LinearAlgebra
import Networks
import Optimizers
import Parallelism
import PhysicsInformed
import ProblemFiles
import Randomness

/// Physics-informed neural networks: a problem becomes residuals at points, and a network is trained to lower them.
struct PhysicsInformedMethod: Method {
    static let name = "pinn"
    static let trainsAtPoints = true

    static func options(for problem: Problem?) -> OptionTable { PhysicsInformedOptions.table(for: problem) }

    let problem: Problem
    let collocation: CollocationProblem
    let network: Network
    let settings: TrainingSettings
    /// What the network starts from, unless it starts at random or from another run.
    let initialFit: InitialFit?
    /// Windows of time that are solved one after another; nil for the whole time at once.
    let windows: TimeWindows?
    private let networkText: String
    private let memory: Int

    init(_ problem: Problem, options: ResolvedOptions) throws(ProblemErrors) {
        self.problem = problem
        var diagnostics: [Diagnostic] = []
        collocation = Self.collocation(problem, options: options, into: &diagnostics)

        let selection = options.selection("network")
        let architecture = Self.architecture(problem, selection, into: &diagnostics)
        network = Self.network(problem, architecture)
        networkText = Self.text(selection.name, architecture, problem)
        initialFit = Self.initialFit(problem, selection.options, into: &diagnostics)

        windows = diagnostics.hasErrors ? nil : Self.windows(problem, collocation, options: options, into: &diagnostics)

        let sampling = options.table("sampling")
        let scheme = PointScheme(rawValue: sampling.text("scheme")) ?? .sobol
        if scheme == .sobol, problem.domain.box.dimensions > SobolSequence.maximumDimensions {
            diagnostics.append(
                sampling.origin(of: "scheme").diagnostic(
                    .error, "Sobol' points are available up to \(SobolSequence.maximumDimensions) dimensions",
                    hint: "use scheme = \"uniform\""))
        }
        var stages: [TrainingStage] = []
        for stage in options.selections("stages") {
            do {
                stages.append(try Self.stage(stage, sampling: sampling))
            } catch {
                for slip in error.errors {
                    let name = slip.name.split(separator: ".").first.map(String.init) ?? slip.name
                    let table = stage.options
                    let origin = table.declares(name) ? table.origin(of: name) : table.origin(of: "rate")
                    diagnostics.append(origin.diagnostic(.error, slip.description))
                }
            }
        }
        var pointDiagnostics: [Diagnostic] = []
        let points = Self.points(problem, options: options, stages: stages, into: &pointDiagnostics)
        let candidates = Self.candidateMemory(problem, points, count: sampling.integer("interior"))
        memory = Self.memory(
            problem, collocation, network, stages: stages, candidates: candidates,
            separatesTerms: options.selection("weights").name != FixedWeights.description.name
                || options.selection("gradients").name != PlainSum.description.name)
        let available = ProcessInfo.processInfo.physicalMemory
        if memory > available {
            let areCandidates = candidates > memory / 2
            let origin = areCandidates ? sampling.origin(of: "adaptive") : selection.options.origin(of: "layers")
            diagnostics.append(
                origin.diagnostic(
                    .error,
                    "training takes about \(NumberText.bytes(memory)), this machine has \(NumberText.bytes(Int(available)))",
                    hint: areCandidates
                        ? "most of it for candidates: give a smaller pool or limit, or fewer points"
                        : "choose narrower layers, fewer points, a shorter history of 'lbfgs', "
                            + "or 'lbfgs' in place of an optimizer with the whole inverse Hessian"))
        }
        // Compiling takes memory too.
        if !diagnostics.hasErrors { Self.checkEvaluable(problem, collocation, network, into: &diagnostics) }
        let weighting = Self.weighting(problem, options, terms: collocation.terms, into: &diagnostics)
        let surgery = Self.surgery(problem, options, terms: collocation.terms, into: &diagnostics)
        diagnostics += pointDiagnostics
        settings = TrainingSettings(
            stages: stages, scheme: scheme, points: points,
            weighting: weighting, surgery: surgery, seed: problem.run.seed,
            threads: problem.run.threads > 0 ? problem.run.threads : WorkerPool.availableCores,
            logEvery: problem.run.logEvery, budget: problem.run.budget,
            gradients: problem.output.gradients.map {
                GradientSettings(every: $0.every, findsStiffness: $0.findsStiffness)
            }, sampling: problem.output.sampling.map { SamplingSettings(every: $0.every, points: $0.points) })
        if let gradients = problem.output.gradients, gradients.findsStiffness,
            let obstacle = CurvatureError(collocation, network)
        {
            diagnostics.append(
                gradients.origin.diagnostic(
                    .error, "\(obstacle)", hint: "leave 'stiffness' out of output.gradients, or set it to false"))
        }
        if diagnostics.hasErrors { throw ProblemErrors(diagnostics) }
    }

    /// A rough figure in bytes: parameters, gradients by lane and optimizers' state, points, tiles in flight.
    private static func memory(
        _ problem: Problem, _ collocation: CollocationProblem, _ network: Network,
        stages: [TrainingStage], candidates: Int, separatesTerms: Bool
    ) -> Int {
        let size = problem.run.precision == .single ? 4.0 : 8.0
        let parameters = collocation.layout(with: network).count
        let state = stages.reduce(0) { $0 + $1.method.stateCount(parameters: parameters, options: $1.options) }
        let coordinates = problem.domain.box.dimensions
        let points = collocation.terms.reduce(0) { $0 + collocation.pointCount(of: $1) }
        // Values, first and second derivatives of every feature, forwards and backwards.
        let tiles = 8 * 64 * (1 + 2 * coordinates) * network.featureCount * 2
        // A whole inverse Hessian of a wide network is beyond what an integer counts.
        // Where terms are told apart there is a gradient of each, once for each lane and once more, and perhaps its mean.
        let vectors = 12 + (separatesTerms ? 10 * collocation.terms.count : 0)
        let bytes = size * (Double(vectors * parameters) + state + Double(2 * points * coordinates + tiles))
        return Int(min(bytes + Double(candidates), 1e18))
    }

    /// Complains of what cannot be evaluated before any time is spent.
    private static func checkEvaluable(
        _ problem: Problem, _ collocation: CollocationProblem, _ network: Network,
        into diagnostics: inout [Diagnostic]
    ) {
        func check(_ origin: Origin, _ compile: () throws -> Void) {
            do {
                try compile()
            } catch let errors as ExpressionErrors {
                diagnostics += errors.issues.map { origin.diagnostic(.error, $0.message, hint: $0.hint) }
            } catch {
                diagnostics.append(origin.diagnostic(.error, "\(error)"))
            }
        }
        for term in collocation.terms {
            check(problem.origin(ofTerm: term.name)) { try collocation.checkEvaluable(term, on: network) }
        }
        for quantity in problem.output.fields?.quantities ?? [] {
            check(quantity.origin) { try collocation.checkEvaluable(quantity.expression.components, on: network) }
        }
    }

    private static func stage(
        _ selection: ResolvedOptions.Selection, sampling: ResolvedOptions
    ) throws(OptionErrors) -> TrainingStage {
        guard let method = optimizerMethod(named: selection.name) else {
            preconditionFailure("the table of stages names an optimizer that is not there")
        }
        let options = selection.options
        let description = method.description
        let steps = options.integer("steps")
        var rate = RateSchedule(start: 1)
        var resampleEvery = 0
        if let defaultRate = description.defaultRate {
            rate = try RateSchedule(
                OptionValues(options.table("rate"), for: RateSchedule.options), steps: steps, defaultStart: defaultRate)
            resampleEvery = sampling.integer("resample_every")
        }
        return TrainingStage(
            method: method, options: try OptionValues(options, for: description.options), steps: steps, rate: rate,
            resampleEvery: options.optionalInteger("resample_every") ?? resampleEvery,
            clip: options.declares("clip") ? options.optionalNumber("clip") : nil, stop: try EarlyStop(options))
    }

    /// Loss terms and exact conditions of a problem.
    private static func collocation(
        _ problem: Problem, options: ResolvedOptions, into diagnostics: inout [Diagnostic]
    ) -> CollocationProblem {
        let sampling = options.table("sampling")
        let weights = options.selection("weights")
        let domain = problem.domain.spaceTime
        var terms = problem.equations.map { equation in
            ResidualTerm(
                name: equation.name, components: equation.residual.components, location: .interior,
                pointsPerFace: sampling.integer("interior"), weight: startWeight(equation.name, weights),
                isEquation: true)
        }
        var data: [FaceData] = []
        for condition in problem.conditions {
            switch condition.enforcement {
            case .penalty:
                do throws(ExpressionErrors) {
                    let (components, integrals) = try problem.separatingIntegrals(of: condition.residual)
                    terms.append(
                        ResidualTerm(
                            name: condition.name, components: components, location: condition.location.points,
                            pointsPerFace: condition.isGlobal ? 1 : sampling.integer(condition.name),
                            weight: startWeight(condition.name, weights), isEquation: false, integrals: integrals,
                            integralPoints: integrals.isEmpty ? 0 : sampling.integer("integral"),
                            times: integrals.isEmpty && !condition.isGlobal ? 1 : sampling.integer("times")))
                } catch {
                    diagnostics += error.issues.map {
                        condition.origin.diagnostic(.error, $0.message, hint: $0.hint)
                    }
                }
            case .exact:
                do throws(ExactConditionError) {
                    data += try faceData(condition)
                } catch {
                    diagnostics.append(problem.diagnostic(error))
                }
            }
        }
        terms += dataTerms(problem, weights: weights)
        var exact = ExactConditions(unknownCount: problem.unknowns.count)
        if !diagnostics.hasErrors {
            do throws(ExactConditionError) {
                exact = try ExactConditions(data, domain: domain, unknownCount: problem.unknowns.count)
            } catch {
                diagnostics.append(problem.diagnostic(error))
            }
        }
        return CollocationProblem(
            domain: domain, unknownCount: problem.unknowns.count, terms: terms, exactConditions: exact,
            unknownParameters: problem.unknownParameters.map(SearchedParameter.init))
    }

    private static func faceData(_ condition: Condition) throws(ExactConditionError) -> [FaceData] {
        guard condition.location.isWholeFaces else {
            throw ExactConditionError(
                condition: condition.name, reason: "only conditions on whole faces can be built into the ansatz")
        }
        var data: [FaceData] = []
        for face in condition.location.faces {
            for component in condition.residual.components {
                data.append(try FaceData(condition: condition.name, residual: component, face: face))
            }
        }
        return data
    }

    var plan: MethodPlan {
        MethodPlan(
            exactConditions: problem.conditions.filter { $0.enforcement == .exact }.map(\.name),
            terms: collocation.terms.map {
                MethodPlan.Term(name: $0.name, points: collocation.pointCount(of: $0))
            },
            quantities: quantityNames,
            network: networkText + (windows.map { ", in \($0.count) windows of time" } ?? ""),
            parameterCount: layout.count,
            stages: settings.stages.map { "\($0.method.description.name), \($0.steps) steps" }, memory: memory,
            warnings: warnings)
    }

    private var warnings: [Diagnostic] { warningsAboutTerms + warningsAboutPrecision }

    private var warningsAboutPrecision: [Diagnostic] {
        let descriptions = settings.stages.map { $0.method.description }
        guard problem.run.precision == .single,
            let name = descriptions.first(where: { $0.kind == .quasiNewton })?.name
        else { return [] }
        return [
            Diagnostic(
                .warning, "'\(name)' in float32 often stops after a few steps",
                hint: "set run.precision = \"float64\", or drop the '\(name)' stage", file: problem.source?.name)
        ]
    }
}

extension Problem {
    /// An exact condition that cannot be built in, at its place in the file.
    fileprivate func diagnostic(_ error: ExactConditionError) -> Diagnostic {
        let condition = conditions.first { $0.name == error.condition }
        return (condition?.origin ?? .none).diagnostic(
            .error, "condition '\(error.condition)' cannot be met exactly: \(error.reason)",
            hint:
                "use enforce = \"penalty\"; exact conditions are values on sides of boxes, planes of half-spaces, rims of disks and balls, "
                + "and derivatives across sides of a box")
    }
}
