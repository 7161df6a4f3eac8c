import Expressions
import LinearSystems
import Networks
import Optimizers
import Parallelism
import PhysicsInformed
import ProblemFiles
import Results

/// Finite differences for −∇·(k ∇u) + c u = f in boxes with obstacles: one linear system, solved to a tolerance.
///
/// By multigrid where the system can be stated without a matrix, else by conjugate gradients with an incomplete factor. What the history calls
/// loss is the relative residual of the linear system.
struct FiniteDifferencesMethod: Method {
    static let name = "finite-differences"

    static func options(for problem: Problem?) -> OptionTable {
        let coordinates = problem?.domain.coordinates.filter { !$0.isTime }.map(\.name) ?? []
        let nodes = [1_000, 256, 64][min(max(coordinates.count, 1), 3) - 1]
        return OptionTable(
            "finite differences for -div(k*grad(u)) + c*u = f in boxes with obstacles",
            [
                .table(
                    "nodes",
                    OptionTable(
                        "cells of the grid",
                        coordinates.prefix(3).map {
                            .integer($0, .between(4, 1_000_000), default: nodes, help: "cells along \($0)")
                        }), help: "cells along each coordinate"),
                .number(
                    "tolerance", .above(0, upTo: 1), default: 1e-10,
                    help: "largest relative residual of the linear system"),
                .integer(
                    "iterations", .between(1, 1_000_000), default: 10_000, help: "most iterations of the linear solver"),
            ])
    }

    let problem: Problem
    private let grid: FiniteDifferenceGrid
    private let equation: FiniteDifferenceEquation
    private let limits: SolveLimits

    init(_ problem: Problem, options: ResolvedOptions) throws(ProblemErrors) {
        self.problem = problem
        func refuse(_ message: String, _ hint: String) -> ProblemErrors {
            ProblemErrors([Diagnostic(.error, message, hint: hint, file: problem.source?.name)])
        }
        guard problem.unknowns.count == 1, problem.equations.count == 1,
            problem.equations[0].residual.components.count == 1
        else {
            throw refuse(
                "finite differences have one unknown and one equation", "choose another method.kind for systems")
        }
        guard problem.unknownParameters.isEmpty, problem.data.isEmpty else {
            throw refuse(
                "finite differences take no data and find no parameters",
                "leave out [data] and unknown parameters, or choose another method.kind")
        }
        let nodes = options.table("nodes")
        let declared = problem.domain.coordinates.filter { !$0.isTime }.count
        if declared <= 3 {
            let count = problem.domain.coordinates.filter { !$0.isTime }.reduce(1.0) {
                $0 * Double(nodes.integer($1.name))
            }
            try LinearSystemInput.checkMemory(
                bytes: Int(min(count * Self.bytesPerCell, 1e18)), options.origin(of: "nodes"))
        }
        grid = try FiniteDifferenceGrid(problem, nodes: nodes)
        equation = try FiniteDifferenceEquation(problem)
        limits = SolveLimits(tolerance: options.number("tolerance"), iterations: options.integer("iterations"))
        // The conditions are looked at on a coarse grid, so that a slip is found before anything is computed.
        _ = try FiniteDifferenceBoundary(problem)
    }

    /// The matrix, its factor, the vectors of the iteration and what is written.
    private static let bytesPerCell = 500.0

    var plan: MethodPlan {
        MethodPlan(
            exactConditions: [], terms: [], quantities: ["relative_residual"],
            network: "finite differences on \(grid.cells.map(String.init).joined(separator: " x ")) cells, "
                + "\(NumberText.grouped(grid.isInside.count { $0 })) of them in the region",
            parameterCount: grid.count, stages: ["conjugate gradients", equation.summary],
            memory: Int(Self.bytesPerCell) * grid.count,
            warnings: problem.run.precision == .single
                ? [
                    Diagnostic(
                        .warning, "finite differences are computed in float64", hint: "leave out run.precision",
                        file: problem.source?.name)
                ] : [])
    }

    func checkStart() throws(ProblemErrors) {
        guard let start = problem.run.startFrom else { return }
        throw ProblemErrors([
            start.origin.diagnostic(
                .error, "finite differences begin from zero, not with weights of another run",
                hint: "leave out run.start_from")
        ])
    }

    private static let blockName = "values"

    func fields(of weights: [Checkpoint.Block]) throws -> any FieldEvaluator {
        guard let block = weights.first(where: { $0.name == Self.blockName }), block.columns == grid.count,
            block.rows == 1
        else {
            throw ProblemErrors([
                Diagnostic(.error, "the fields are not those of this problem", file: problem.source?.name)
            ])
        }
        return fields(block.values)
    }

    private func fields(_ values: [Double]) -> FiniteDifferenceFields {
        FiniteDifferenceFields(cells: grid.cells, lower: grid.box.lower, widths: grid.widths, values: values)
    }

    // MARK: Solving

    func solve(observer: any ProgressObserver, from state: MethodState?) throws -> Solution {
        let reference = try ReferenceTest(problem)
        let threads = problem.run.threads > 0 ? problem.run.threads : WorkerPool.availableCores
        let clock = ContinuousClock()
        let start = clock.now
        let system = try FiniteDifferenceSystem(problem, grid, equation)
        let (values, outcome, name) = try Self.solve(
            system, limits, grid, pool: WorkerPool(threads: threads), problem
        ) { !observer.stopRequested }
        let extended = FiniteDifferenceFields.extended(values, grid, system.boundary)
        let seconds = (clock.now - start) / .seconds(1)
        let fields = fields(extended)
        let errors = try reference?.errors(of: fields)
        for line in outcome.history where !line.isRecomputed || line.iteration == outcome.iterations {
            let isEnd = line.iteration == outcome.iterations
            guard line.iteration > 0 || isEnd, !isEnd || line.isRecomputed else { continue }
            try observer.logged(
                ProgressRow(
                    stage: 1, stageCount: 1, optimizer: name, stageStep: line.iteration,
                    stageSteps: outcome.iterations, step: line.iteration, seconds: isEnd ? seconds : line.seconds,
                    secondsLeft: 0, loss: line.relativeResidual, rate: 1, terms: [],
                    errors: isEnd ? errors?.relativeL2 ?? [] : [],
                    quantities: [NamedValue("relative_residual", line.relativeResidual)]))
        }
        var layout = ParameterLayout()
        layout.append(name: Self.blockName, rows: 1, columns: grid.count)
        if observer.wantsState(at: .stageEnd) {
            try observer.keep(
                MethodState(
                    TrainingState(
                        position: TrainingPosition(
                            stage: 0, stageStep: outcome.iterations, step: outcome.iterations, seconds: seconds),
                        layout: layout, parameters: extended, parts: OptimizerState())))
        }
        let stop: StopReason =
            switch outcome.stop {
            case .converged:
                .converged(
                    "the relative residual of the linear system is \(NumberText.short(outcome.relativeResidual))")
            case .interrupted: .interrupted
            case .notFinite: .notFinite(term: "relative_residual", step: outcome.iterations, point: "every cell")
            case .stagnated, .indefinite, .badPreconditioner, .limitReached: .stalled(outcome.stop.sentence)
            }
        return Solution(
            fields: fields, relativeL2: errors?.relativeL2 ?? [], maximumError: errors?.maximum ?? [], parameters: [],
            parameterErrors: [], residuals: [],
            finalLosses: [NamedValue("relative_residual", outcome.relativeResidual)], steps: outcome.iterations,
            seconds: seconds, stop: stop)
    }

    /// Values in all cells, 0 where there is no unknown, and how the iteration went.
    private static func solve(
        _ system: FiniteDifferenceSystem, _ limits: SolveLimits, _ grid: FiniteDifferenceGrid, pool: WorkerPool,
        _ problem: Problem, watch: @escaping () -> Bool
    ) throws -> (values: [Double], outcome: IterationOutcome, name: String) {
        func spread(_ rows: [Double]) -> [Double] {
            var result = [Double](repeating: 0, count: grid.count)
            for (row, cell) in system.rows.enumerated() { result[Int(cell)] = rows[row] }
            return result
        }
        try checkCompatibility(system, problem)
        var guess: [Double]?
        if let domain = system.domain {
            let matrix = GridOperator(domain, pool: pool)
            let passes = GridSystem(matrix, GridMultigrid(matrix, pool: pool), pool: pool)
            try passes.load(spread(system.right), projecting: true)
            let outcome = ConjugateGradients().solve(passes, limits) { _ in watch() }
            if outcome.stop == .converged || outcome.stop == .interrupted {
                return (passes.solution, outcome, "multigrid")
            }
            let reached = passes.solution
            if reached.allSatisfy(\.isFinite) { guess = system.rows.map { reached[Int($0)] } }
        }
        let nullSpaces = NullSpaces(system.matrix)
        let factor = ModifiedIncompleteCholesky(system.matrix, singularParts: nullSpaces.singular.count)
        let passes = MatrixSystem(system.matrix, factor, nullSpaces: nullSpaces, pool: pool).passes(
            for: system.right, from: guess)
        let outcome = ConjugateGradients().solve(passes, limits) { _ in watch() }
        return (spread(passes.solution), outcome, ModifiedIncompleteCholesky.name)
    }

    /// With slopes given all round, sources and slopes must balance up to what the grid resolves; the rest is taken off evenly.
    private static func checkCompatibility(_ system: FiniteDifferenceSystem, _ problem: Problem) throws {
        for part in NullSpaces(system.matrix).singular {
            let sum = part.rows.reduce(0) { $0 + system.right[Int($1)] }
            let magnitude = part.rows.reduce(0) { $0 + abs(system.right[Int($1)]) }
            guard abs(sum) > 0.01 * magnitude else { continue }
            throw LinearSystemInput.complaint(
                problem.equations[0].origin,
                "only slopes are given on the boundary of a part with \(part.rows.count) cells, and they do not balance the "
                    + "right-hand side: there is no solution",
                hint: "give a value of '\(problem.unknowns[0].name)' somewhere on the boundary")
        }
    }
}
