import Ansatz
import Foundation
import LinearSystems
import Parallelism
import Randomness
import Results

/// Diffusion on grids of n³ cells to a relative residual of 10⁻⁶: a box, and a closed cube around a ball with one open wall. Set-up is everything
/// from the mask to vectors that are ready.
enum LinearCases {
    static var all: [BenchmarkCase] {
        let sides = [Side.noise, .smooth]
        let multigrid = [Geometry.obstacle, .box].flatMap { geometry in
            [64, 128, 256].flatMap { n in
                [Method.standard, .learned].flatMap { method in sides.map { cycle(geometry, n, method, $0) } }
            }
        }
        let masked =
            [2, 3, 4].map { degree in masks("default-\(degree)") { .standard(degree: degree) } } + [
                masks("default-3-4") { .standard(degree: 3, coarser: 4) },
                masks("learned") { try Method.learned.numbers() },
            ]
        return multigrid + sides.map(direct) + masked
    }

    /// The trained numbers that are shipped.
    private static let model = "data/models/learned-poisson-3d.h5"
    private static let tolerance = 1e-6

    private enum Geometry: String {
        case box, obstacle

        func domain(_ n: Int) throws -> GridDomain { try self == .box ? .box(n) : .obstacle(n) }
    }

    private enum Method: String {
        case standard = "default"
        case learned

        func numbers() throws -> MultigridCoefficients {
            self == .standard ? .standard() : try LearnedMultigridModel.read(model, dimensions: 3)
        }
    }

    private enum Side: String {
        case noise = "", smooth = "-smooth"

        func values(_ count: Int) -> [Double] {
            guard self == .noise else { return [Double](repeating: 1, count: count) }
            var stream = RandomStream(seed: 1, name: "right-hand-side")
            return (0..<count).map { _ in stream.normal() }
        }
    }

    private static func cycle(_ geometry: Geometry, _ n: Int, _ method: Method, _ side: Side) -> BenchmarkCase {
        BenchmarkCase(name: "\(geometry.rawValue)-\(n)-\(method.rawValue)\(side.rawValue)") { request in
            let pool = WorkerPool(threads: request.threads)
            let domain = try geometry.domain(n)
            let right = side.values(domain.cellCount)
            let numbers = try method.numbers()
            return try measurement(request) {
                let matrix = GridOperator(domain, pool: pool)
                let system = GridSystem(matrix, GridMultigrid(matrix, numbers, pool: pool), pool: pool)
                return {
                    try system.load(right)
                    return ConjugateGradients().solve(system, SolveLimits(tolerance: tolerance), watch: nil)
                }
            }
        }
    }

    /// The box of 128³ cells by diagonalisation along its axes.
    private static func direct(_ side: Side) -> BenchmarkCase {
        BenchmarkCase(name: "box-128-direct\(side.rawValue)") { request in
            let pool = WorkerPool(threads: request.threads)
            let domain = try GridDomain.box(128)
            let right = side.values(domain.cellCount)
            var solution: [Double] = []
            var measured = try measurement(request) {
                guard let solver = BoxSolver(domain, pool: pool) else {
                    preconditionFailure("a box has a direct solver")
                }
                return {
                    solution = solver.solve(right)
                    return nil
                }
            }
            let matrix = GridOperator(domain, pool: pool)
            let system = GridSystem(matrix, GridMultigrid(matrix, pool: pool), pool: pool)
            try system.load(right, initial: solution)
            let residual = system.recomputeResidual().squareRoot() / system.rightHandSideNorm
            measured.members.append(.init("relative_residual", .number(residual)))
            measured.text += ", residual \(NumberText.short(residual))"
            measured.isMissed = !(residual < 1e-10)
            return measured
        }
    }

    /// Twenty random masks that no training has seen, of 56 to 96 cells along an axis, each with noise and with ones: mean times of one solve.
    private static func masks(_ name: String, _ numbers: @escaping @Sendable () throws -> MultigridCoefficients)
        -> BenchmarkCase
    {
        BenchmarkCase(name: "masks-\(name)") { request in
            let pool = WorkerPool(threads: request.threads)
            let numbers = try numbers()
            var family = DomainFamily()
            (family.cells, family.largeCells) = (56...96, 56...96)
            let domains = (0..<20).map { family.domain($0, seed: 1_000) }
            let clock = ContinuousClock()
            var (setups, solves): ([Double], [Double]) = ([], [])
            var (iterations, isMissed) = (0, false)
            for domain in domains {
                for side in [Side.noise, .smooth] {
                    let right = side.values(domain.cellCount)
                    // The best of three: what else the machine does adds to any of them.
                    var best = (setup: Double.infinity, solve: Double.infinity)
                    for repetition in 0..<3 {
                        let start = clock.now
                        let matrix = GridOperator(domain, pool: pool)
                        let system = GridSystem(matrix, GridMultigrid(matrix, numbers, pool: pool), pool: pool)
                        let between = clock.now
                        try system.load(right, projecting: true)
                        let outcome = ConjugateGradients().solve(
                            system, SolveLimits(tolerance: tolerance), watch: nil)
                        best.solve = min(best.solve, (clock.now - between) / .milliseconds(1))
                        best.setup = min(best.setup, (between - start) / .milliseconds(1))
                        if repetition == 0 { iterations += outcome.iterations }
                        isMissed = isMissed || !outcome.stop.isSuccess
                    }
                    setups.append(best.setup)
                    solves.append(best.solve)
                }
            }
            let setup = setups.reduce(0, +) / Double(setups.count), solve = solves.reduce(0, +) / Double(solves.count)
            let mean = Double(iterations) / Double(setups.count)
            return Measurement(
                members: [
                    .init("median_ms", .number(setup + solve)), .init("setup_ms", .number(setup)),
                    .init("solve_ms", .number(solve)), .init("threads", .integer(request.threads)),
                    .init("iterations", .number(mean)),
                ],
                text: "\(NumberText.short(setup, digits: 3)) + \(NumberText.short(solve, digits: 3)) ms, "
                    + "\(request.threads) threads, \(NumberText.short(mean, digits: 3)) iterations in the mean",
                isMissed: isMissed)
        }
    }

    /// Times set-up and solving apart, until the time is spent.
    private static func measurement(
        _ request: BenchmarkCase.Request, _ setUp: () throws -> () throws -> IterationOutcome?
    ) throws -> Measurement {
        let clock = ContinuousClock()
        let start = clock.now
        var setups: [Double] = []
        var solves: [Double] = []
        var outcome: IterationOutcome?
        repeat {
            let before = clock.now
            let solve = try setUp()
            let between = clock.now
            outcome = try solve()
            setups.append((between - before) / .milliseconds(1))
            solves.append((clock.now - between) / .milliseconds(1))
        } while setups.count < 3 || clock.now - start < .seconds(request.seconds)
        let setup = setups.sorted()[setups.count / 2], solve = solves.sorted()[solves.count / 2]
        var members: [JSONValue.Member] = [
            .init("median_ms", .number(setup + solve)), .init("setup_ms", .number(setup)),
            .init("solve_ms", .number(solve)), .init("best_ms", .number((setups.min() ?? 0) + (solves.min() ?? 0))),
            .init("repetitions", .integer(setups.count)), .init("threads", .integer(request.threads)),
            .init("peak_mb", .number(PeakMemory.megabytes)),
        ]
        var text =
            "\(NumberText.short(setup, digits: 3)) + \(NumberText.short(solve, digits: 3)) ms, "
            + "\(request.threads) threads"
        if let outcome {
            members += [
                .init("iterations", .integer(outcome.iterations)),
                .init("relative_residual", .number(outcome.relativeResidual)),
            ]
            text += ", \(outcome.iterations) iterations, residual \(NumberText.short(outcome.relativeResidual))"
        }
        return Measurement(members: members, text: text, isMissed: outcome.map { !$0.stop.isSuccess } ?? false)
    }
}
