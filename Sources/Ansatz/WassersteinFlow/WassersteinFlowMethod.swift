import Expressions
import OptimalTransport
import Parallelism
import ProblemFiles
import Results

/// Implicit steps of a Wasserstein gradient flow: for equations ∂u/∂t = ∇·(u ∇(U′(u) + V + W∗u)) of a density u ≥ 0 in a box without
/// flux through its walls, or periodic.
///
/// The file names the energy's parts; that the equation is their flow is proved before anything is computed.
struct WassersteinFlowMethod: Method {
    static let name = "wasserstein-flow"

    static func options(for problem: Problem?) -> OptionTable {
        let coordinates = problem?.domain.coordinates.filter { !$0.isTime }.map(\.name) ?? []
        let nodes = [400, 128, 40][min(max(coordinates.count, 1), 3) - 1]
        return OptionTable(
            "gradient flow of an energy by implicit steps, each a problem of optimal transport",
            [
                .table(
                    "energy",
                    OptionTable(
                        "the parts of the energy E(u) = integral of U(u) + V u + (W*u) u/2",
                        [
                            .expression(
                                "internal", default: nil,
                                help: "U as an expression in the unknown: D*u*(log(u) - 1), or k*u^m/(m - 1)"),
                            .expression("potential", default: nil, help: "V as an expression in the coordinates"),
                            .expression(
                                "interaction", default: nil,
                                help: "W as an even polynomial in the coordinates, which stand for differences: x^2/2"),
                        ]), help: "what the flow lowers"),
                .table(
                    "nodes",
                    OptionTable(
                        "cells of the grid",
                        coordinates.map {
                            .integer($0, .between(4, 1_000_000), default: nodes, help: "cells along \($0)")
                        }), help: "cells along each coordinate"),
                .integer("steps", .between(3, 1_000_000), default: 100, help: "time steps, all of one length h"),
                .number(
                    "regularisation", .positive, default: nil,
                    help:
                        "of each step's transport, a squared length; by default that of two cells, or what diffusion allows"
                ),
                .boolean("debias", default: true, help: "whether the diffusion of the regularisation is taken back"),
                .number("tolerance", .positive, default: 1e-8, help: "largest marginal error of a step"),
                .integer("iterations", .between(1, 1_000_000), default: 2_000, help: "most iterations of a step"),
            ])
    }

    let problem: Problem
    let grid: FlowGrid
    let equation: FlowEquation
    let steps: Int
    private let start: [Double]
    private let regularisation: Double
    private let isDebiased: Bool
    private let tolerance: Double
    private let iterations: Int

    init(_ problem: Problem, options: ResolvedOptions) throws(ProblemErrors) {
        self.problem = problem
        let grid = try FlowGrid(problem, nodes: options.table("nodes"))
        self.grid = grid
        equation = try FlowEquation(problem, energy: options.table("energy"), place: options.origin(of: "energy"))
        try FlowConditions.check(problem, equation)
        start = try FlowConditions.startingDensity(problem, on: grid)
        steps = options.integer("steps")
        isDebiased = options.boolean("debias")
        tolerance = options.number("tolerance")
        iterations = options.integer("iterations")
        let step = grid.duration / Double(steps)
        regularisation =
            options.optionalNumber("regularisation")
            ?? Self.regularisation(grid, equation, step: step, isDebiased: options.boolean("debias"))
        var slip: FlowError?
        do throws(FlowError) {
            _ = try makeFlow(WorkerPool(threads: 1))
        } catch {
            slip = error
        }
        if let slip {
            let key = options.isGiven("regularisation") ? "regularisation" : "steps"
            throw ProblemErrors([
                options.origin(of: key).diagnostic(
                    .error, slip.description,
                    hint: "h is the duration over method.steps; cells are set by method.nodes")
            ])
        }
    }

    /// Two cells, but no more than the equation diffuses.
    private static func regularisation(
        _ grid: FlowGrid, _ equation: FlowEquation, step: Double, isDebiased: Bool
    ) -> Double {
        let wide = 4 * (grid.widths.map { $0 * $0 }.max() ?? 0)
        guard isDebiased, case .entropy(let diffusion) = equation.internalEnergy else { return wide }
        return min(wide, 4 * step * diffusion)
    }

    private func makeFlow(_ pool: WorkerPool) throws(FlowError) -> WassersteinFlow {
        let flow = try WassersteinFlow(
            axes: grid.axes, masses: start.map { $0 * grid.cellVolume },
            volumes: [Double](repeating: grid.cellVolume, count: start.count),
            energy: FlowEnergy(
                equation.internalEnergy, potential: equation.potentialValues(on: grid), interaction: equation.kernel),
            step: grid.duration / Double(steps), regularisation: regularisation, isDebiased: isDebiased, pool: pool)
        flow.tolerance = tolerance
        flow.iterationLimit = iterations
        return flow
    }

    var plan: MethodPlan {
        let cells = grid.axes.map { String($0.sources.count) }.joined(separator: " x ")
        let step = NumberText.short(grid.duration / Double(steps))
        return MethodPlan(
            exactConditions: [], terms: [], quantities: ["energy", "iterations"],
            network: "gradient flow on \(cells) cells, regularisation \(NumberText.short(regularisation))",
            parameterCount: (steps + 1) * start.count,
            stages: ["\(steps) implicit steps of \(step)", equation.proof],
            memory: 8 * start.count * (steps + 60),
            warnings: problem.run.precision == .single
                ? [
                    Diagnostic(
                        .warning, "gradient flows are computed in float64", hint: "leave out run.precision",
                        file: problem.source?.name)
                ] : [])
    }

    func checkStart() throws(ProblemErrors) {
        guard let start = problem.run.startFrom else { return }
        throw ProblemErrors([
            start.origin.diagnostic(
                .error, "a gradient flow begins with the condition at the first time, not with weights of another run",
                hint: "leave out run.start_from")
        ])
    }

    func fields(of weights: [Checkpoint.Block]) throws -> any FieldEvaluator {
        guard let block = weights.first(where: { $0.name == Self.blockName }), block.columns == start.count,
            block.rows >= 1, block.rows <= steps + 1
        else {
            throw ProblemErrors([
                Diagnostic(.error, "the fields are not those of this problem", file: problem.source?.name)
            ])
        }
        return FlowFields(
            grid: grid, times: (0..<block.rows).map(time), densities: block.values, count: start.count)
    }

    static let blockName = "density"

    /// The time after so many steps.
    func time(_ step: Int) -> Double { grid.firstTime + grid.duration * Double(step) / Double(steps) }

    // MARK: Solving

    func solve(observer: any ProgressObserver, from state: MethodState?) throws -> Solution {
        let reference = try ReferenceTest(problem)
        let threads = problem.run.threads > 0 ? problem.run.threads : WorkerPool.availableCores
        let flow = try makeFlow(WorkerPool(threads: threads))
        var densities = start
        var done = 0
        var secondsBefore = 0.0
        if let state {
            (densities, done) = try restore(state, flow)
            secondsBefore = state.seconds
        }
        let began = ContinuousClock.now
        var seconds: Double { secondsBefore + Self.seconds(ContinuousClock.now - began) }
        var last = 0.0
        var stop = StopReason.stepsDone
        while done < steps {
            let report = flow.advance()
            last = report.error
            guard report.isConverged else {
                stop = .stalled(
                    "step \(done + 1) ended with a marginal error of \(NumberText.short(report.error)) after "
                        + "\(report.iterations) iterations; raise method.iterations or method.tolerance")
                break
            }
            done += 1
            for mass in flow.masses { densities.append(mass / grid.cellVolume) }
            let isEnd = done == steps
            if isEnd || done % max(1, problem.run.logEvery) == 0 {
                try observer.logged(
                    row(done, seconds, report, errors: isEnd ? try errors(densities, reference) : []))
            }
            if observer.wantsState(at: isEnd ? .stageEnd : .step(done)) {
                try observer.keep(keptState(flow, densities, done, seconds))
            }
            if isEnd { break }
            if observer.stopRequested { stop = .interrupted }
            if let budget = problem.run.budget, seconds >= budget { stop = .budgetSpent(seconds: budget) }
            if stop != .stepsDone { break }
        }
        if done < steps, observer.wantsState(at: .stageEnd) {
            try observer.keep(keptState(flow, densities, done, seconds))
        }
        let fields = FlowFields(grid: grid, times: (0...done).map(time), densities: densities, count: start.count)
        let errors = done == steps ? try reference?.errors(of: fields) : nil
        return Solution(
            fields: fields, relativeL2: errors?.relativeL2 ?? [], maximumError: errors?.maximum ?? [], parameters: [],
            parameterErrors: [], residuals: [], finalLosses: [NamedValue("marginal error", last)], steps: done,
            seconds: seconds, stop: stop)
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }

    private func errors(_ densities: [Double], _ reference: ReferenceTest?) throws -> [NamedValue] {
        guard let reference else { return [] }
        let fields = FlowFields(grid: grid, times: (0...steps).map(time), densities: densities, count: start.count)
        return reference.progressErrors(
            of: try fields.evaluate(
                reference.fields.map(\.expression), at: reference.progressPoints))
    }

    private func row(
        _ step: Int, _ seconds: Double, _ report: WassersteinFlow.Step, errors: [NamedValue]
    ) -> ProgressRow {
        ProgressRow(
            stage: 1, stageCount: 1, optimizer: Self.name, stageStep: step, stageSteps: steps, step: step,
            seconds: seconds, secondsLeft: seconds * Double(steps - step) / Double(step), loss: report.error,
            rate: grid.duration / Double(steps), terms: [], errors: errors,
            quantities: [
                NamedValue("energy", report.energy), NamedValue("iterations", Double(report.iterations)),
            ])
    }
}
