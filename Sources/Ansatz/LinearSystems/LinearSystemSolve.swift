import LinearSystems
import Parallelism
import ProblemFiles

/// Solves a prepared system, stage after stage until one meets the tolerance.
final class LinearSystemSolve {
    /// What came of one right-hand side.
    struct Result: Sendable {
        /// For each row or cell, 0 where there is no unknown.
        var solution: [Double]
        /// How the last stage ended.
        var stop: SolveStop
        /// Iterations of all stages.
        var iterations: Int
        /// ‖b − A x‖/‖b‖, recomputed.
        var relativeResidual: Double
        /// Seconds of iterating, of all stages.
        var seconds: Double
        /// The stages that ran.
        var stages: [StageResult]
    }

    /// What came of a stage.
    struct StageResult: Sendable {
        var name: String
        var preconditioner: String
        var outcome: IterationOutcome
        /// Iterations and seconds of the stages before.
        var before: (iterations: Int, seconds: Double)
    }

    private let preparation: LinearSystemPreparation
    private let pool: WorkerPool
    /// Seconds of setting up preconditioners.
    private(set) var setUpSeconds = 0.0
    /// What set-up said.
    private(set) var remarks: [String] = []
    private var prepared: [Int: Prepared?] = [:]
    private var gridMatrix: GridMatrix?
    private let clock = ContinuousClock()

    /// A stage that is set up.
    private struct Prepared {
        var iteration: any OuterIteration
        /// Passes for a right-hand side from a guess, and where the solution is found.
        var begin: (_ right: [Double], _ guess: [Double]?) -> (any SystemPasses, () -> [Double])
    }

    init(_ preparation: LinearSystemPreparation) {
        self.preparation = preparation
        pool = preparation.pool
    }

    /// Solves for all right-hand sides; set-up is shared.
    ///
    /// - Parameter isInterrupted: asked after every iteration.
    func perform(isInterrupted: @escaping () -> Bool) -> [Result] {
        preparation.rightHandSides.indices.map { index in
            let guesses = preparation.guesses
            let guess = guesses.isEmpty ? nil : guesses[guesses.count == 1 ? 0 : index]
            return solve(preparation.rightHandSides[index], from: guess, isInterrupted)
        }
    }

    private func solve(
        _ right: [Double], from guess: [Double]?, _ isInterrupted: @escaping () -> Bool
    ) -> Result {
        var result = Result(
            solution: guess ?? [Double](repeating: 0, count: right.count), stop: .badPreconditioner, iterations: 0,
            relativeResidual: .infinity, seconds: 0, stages: [])
        var guess = guess
        for (number, stage) in preparation.choice.stages.enumerated() {
            guard let ready = ready(number) else { continue }
            let (passes, solution) = ready.begin(right, guess)
            var limits = preparation.choice.limits
            // A cycle that gains less than a digit in a dozen steps is broken, and others are left to try.
            if number < preparation.choice.stages.count - 1, !stage.preconditioner.isForMatrices {
                limits.iterationsPerDigit = min(limits.iterationsPerDigit, 12)
            }
            let outcome = ready.iteration.solve(passes, limits) { _ in !isInterrupted() }
            result.stages.append(
                StageResult(
                    name: stage.name, preconditioner: stage.preconditioner.name, outcome: outcome,
                    before: (result.iterations, result.seconds)))
            result.iterations += outcome.iterations
            result.seconds += outcome.seconds
            // A stage that made things worse is forgotten.
            if outcome.relativeResidual <= result.relativeResidual || result.stages.count == 1 {
                result.solution = solution()
                result.relativeResidual = outcome.relativeResidual
            }
            result.stop = outcome.stop
            switch outcome.stop {
            case .converged, .limitReached, .interrupted: return result
            case .stagnated, .indefinite, .badPreconditioner, .notFinite: break
            }
            guess = result.relativeResidual.isFinite && result.solution.allSatisfy(\.isFinite) ? result.solution : nil
        }
        return result
    }

    // MARK: Set-up

    private func ready(_ number: Int) -> Prepared? {
        if let known = prepared[number] { return known }
        let stage = preparation.choice.stages[number]
        let start = clock.now
        let made = setUp(stage)
        setUpSeconds += (clock.now - start) / .seconds(1)
        prepared[number] = .some(made)
        return made
    }

    private func setUp(_ stage: LinearSystemCatalog.Stage) -> Prepared? {
        let (options, pool) = (stage.preconditionerOptions, pool)
        let directions = stage.iteration.directions(stage.iterationOptions)
        switch (stage.preconditioner.make, preparation.system) {
        case (.grid, .matrix), (.trained, .matrix): return nil
        case (.grid, .grid(let matrix)), (.trained, .grid(let matrix)):
            let made: (any Preconditioner)? =
                if case .grid(let make) = stage.preconditioner.make {
                    make(matrix, options, pool)
                } else { stage.trained?(matrix, pool) }
            guard let preconditioner = made else { return refused(stage) }
            guard let iteration = stage.iteration.make(stage.iterationOptions, nil) else { return nil }
            let system = GridSystem(matrix, preconditioner, places: directions + 1, pool: pool)
            return Prepared(iteration: iteration) { right, guess in
                do throws(LinearSystemError) {
                    try system.load(right, initial: guess, projecting: true)
                } catch {
                    preconditionFailure("the numbers were checked: \(error)")
                }
                return (system, { system.solution })
            }
        case (.matrix(let make), .matrix(let matrix, let nullSpaces)):
            guard let iteration = stage.iteration.make(stage.iterationOptions, matrix) else { return nil }
            guard let preconditioner = make(matrix, nullSpaces, options, pool) else { return refused(stage) }
            // Where the choice is ours, the next one is likely to be better.
            if preparation.choice.isAutomatic, let modified = preconditioner as? ModifiedIncompleteCholesky,
                modified.isDoubtful, stage.name != preparation.choice.stages.last?.name
            {
                return nil
            }
            note(preconditioner, stage)
            let system = MatrixSystem(matrix, preconditioner, nullSpaces: nullSpaces, pool: pool)
            return Prepared(iteration: iteration) { right, guess in
                let passes = system.passes(for: right, from: guess, directions: directions)
                return (passes, { passes.solution })
            }
        case (.matrix(let make), .grid(let grid)):
            let written = gridMatrix ?? GridMatrix(grid.domain)
            gridMatrix = written
            let nullSpaces = NullSpaces(written.matrix)
            guard let preconditioner = make(written.matrix, nullSpaces, options, pool) else { return refused(stage) }
            guard let iteration = stage.iteration.make(stage.iterationOptions, written.matrix) else { return nil }
            note(preconditioner, stage)
            let system = MatrixSystem(written.matrix, preconditioner, nullSpaces: nullSpaces, pool: pool)
            return Prepared(iteration: iteration) { right, guess in
                let passes = system.passes(
                    for: written.rows(right), from: guess.map(written.rows), directions: directions)
                return (passes, { written.spread(passes.solution, cells: right.count) })
            }
        }
    }

    private func refused(_ stage: LinearSystemCatalog.Stage) -> Prepared? {
        remarks.append("\(stage.preconditioner.name) cannot be made for this system")
        return nil
    }

    private func note(_ preconditioner: any MatrixPreconditioner, _ stage: LinearSystemCatalog.Stage) {
        remarks += preconditioner.remarks.map { "\(stage.preconditioner.name): \($0)" }
    }
}
