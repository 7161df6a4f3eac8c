import Foundation
import Parallelism
import Randomness

/// A domain with an error, or with a right-hand side, that numbers of a cycle are judged by.
struct TrainingSample: Sendable {
    let matrix: GridOperator
    /// An error e, or a right-hand side.
    let values: [Double]
    let isError: Bool
    /// One thread: samples are gone through in parallel.
    private let pool: WorkerPool

    /// How much the first step from an error counts against the fall over all steps.
    private static let angleWeight = 0.1

    /// A sample of a family: its number in the batch chooses the kind of domain, its index everything else.
    init(_ family: DomainFamily, number: Int, index: Int, seed: UInt64, pool: WorkerPool) {
        // Kinds in turn, whatever the size of a batch.
        let kinds = family.kinds.count
        let matrix = GridOperator(family.domain(index * kinds + number % kinds, seed: seed), pool: pool)
        var stream = RandomStream(seed: seed, name: "errors", index: UInt64(index))
        self.matrix = matrix
        self.pool = pool
        isError = number.isMultiple(of: 3)
        values = Self.field(matrix.domain, &stream)
    }

    private init(_ matrix: GridOperator, error: [Double], pool: WorkerPool) {
        self.matrix = matrix
        self.pool = pool
        values = error
        isError = true
    }

    /// White noise, the constant, low cosines, two points or blocks.
    private static func field(_ domain: GridDomain, _ stream: inout RandomStream) -> [Double] {
        let (nx, ny, nz) = domain.cells
        let count = nx * ny * nz
        func each(_ value: (Int, Int, Int) -> Double) -> [Double] {
            var values: [Double] = []
            values.reserveCapacity(count)
            for k in 0..<nz { for j in 0..<ny { for i in 0..<nx { values.append(value(i, j, k)) } } }
            return values
        }
        switch Int(7 * stream.uniform()) {
        case 0, 1: return (0..<count).map { _ in stream.normal() }
        case 2, 3: return Array(repeating: 1, count: count)
        case 4:
            let waves = (0..<4).map { _ in
                (
                    size: stream.normal(), x: Int(5 * stream.uniform()), y: Int(5 * stream.uniform()),
                    z: Int(5 * stream.uniform())
                )
            }
            func cosine(_ wave: Int, _ cell: Int, _ cells: Int) -> Double {
                cos(.pi * Double(wave) * (Double(cell) + 0.5) / Double(cells))
            }
            return each { i, j, k in
                waves.reduce(0) {
                    $0 + $1.size * cosine($1.x, i, nx) * cosine($1.y, j, ny) * cosine($1.z, k, nz)
                }
            }
        case 5:
            var values = [Double](repeating: 0, count: count)
            for sign in [-1.0, 1] { values[Int(stream.uniform() * Double(count))] += sign }
            // Noise beside them, so that a point in a solid does not leave nothing.
            return values.map { $0 + 1e-3 * stream.normal() }
        default:
            let edge = 2 + Int(7 * stream.uniform())
            let blocks = (0..<512).map { _ in stream.normal() }
            return each { i, j, k in blocks[(i / edge + 11 * (j / edge) + 101 * (k / edge)) % 512] }
        }
    }

    /// Digits per step, negative: of `steps` steps, and for an error of the first one in the energy norm.
    func loss(_ numbers: MultigridCoefficients, steps: Int) -> Double {
        let system = system(numbers)
        let outcome = ConjugateGradients().solve(system, SolveLimits(tolerance: 0, iterations: steps), watch: nil)
        guard let first = outcome.history.first?.relativeResidual, first > 0, outcome.iterations > 0 else { return 0 }
        let fall = log10(max(outcome.relativeResidual, 1e-300) / first) / Double(outcome.iterations)
        guard isError else { return fall }
        load(system)
        _ = system.recomputeResidual()
        let size = -system.productOfSolutionAndResidual
        let product = system.precondition()
        let energy = system.makeDirection(in: 0, subtracting: [])
        guard energy > 0, size > 0 else { return fall }
        return (1 - Self.angleWeight) * fall + Self.angleWeight * 0.5
            * log10(max(1 - product * product / (energy * size), 1e-14))
    }

    /// The error that steps with these numbers leave; nil for a right-hand side, and where there is nothing left.
    func left(by numbers: MultigridCoefficients, steps: Int) -> TrainingSample? {
        guard isError else { return nil }
        let system = system(numbers)
        let outcome = ConjugateGradients().solve(system, SolveLimits(tolerance: 0, iterations: steps), watch: nil)
        guard outcome.relativeResidual > 0 else { return nil }
        let error = system.solution
        let largest = error.reduce(0) { max($0, abs($1)) }
        guard largest > 0, largest.isFinite else { return nil }
        return TrainingSample(matrix, error: error.map { $0 / largest }, pool: pool)
    }

    private func system(_ numbers: MultigridCoefficients) -> GridSystem {
        let system = GridSystem(matrix, GridMultigrid(matrix, numbers, pool: pool), pool: pool)
        load(system)
        return system
    }

    /// An error e is the start of a solve for A x = 0, whose residual is −A e.
    private func load(_ system: GridSystem) {
        do {
            if isError {
                try system.load([Double](repeating: 0, count: values.count), initial: values, projecting: true)
            } else {
                try system.load(values, projecting: true)
            }
        } catch { preconditionFailure("a field is a right-hand side: \(error)") }
    }
}
