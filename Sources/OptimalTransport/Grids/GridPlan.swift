import CKernels
import Glibc
import LinearAlgebra
import Parallelism

/// A plan of a separable cost on a grid, of which only potentials are stored.
final class GridPlan: PlanOperator {
    let cost: GridCost
    let rows: Int
    let columns: Int
    let rowSums: AlignedBuffer<Double>
    let columnSums: AlignedBuffer<Double>
    let entries = 0
    let balancesRows = false
    private let kernel: GridKernel
    private let transposed: GridKernel
    /// For sweeps where it is accurate enough.
    private let periodic: PeriodicKernel?
    /// Sweeps' halves that transforms did.
    private(set) var transforms = 0
    /// Levels of the plan that was measured last.
    private let levels: GridKernel.Levels
    private let other: GridKernel.Levels
    private let weights: AlignedBuffer<Double>
    private var scale = 1.0
    private var logarithmsX: AlignedBuffer<Double>

    init(_ cost: GridCost, pool: WorkerPool) {
        self.cost = cost
        (rows, columns) = (cost.sources, cost.targets)
        kernel = GridKernel(cost, transposed: false, pool: pool)
        transposed = GridKernel(cost, transposed: true, pool: pool)
        periodic = PeriodicKernel(cost)
        levels = kernel.makeLevels()
        other = transposed.makeLevels()
        rowSums = AlignedBuffer(count: rows)
        columnSums = AlignedBuffer(count: columns)
        weights = AlignedBuffer(count: rows)
        logarithmsX = AlignedBuffer(count: rows)
    }

    /// level ← potentials/ε
    private static func load(_ potentials: UnsafePointer<Double>, _ scale: Double, _ level: AlignedBuffer<Double>) {
        let target = level.baseAddress
        for index in 0..<level.count { target[index] = max(scale * potentials[index], ANSATZ_GRID_NOTHING) }
    }

    /// log Σ_j exp((y_j − c_ij)/ε) of the plan that was measured last.
    var measuredLogSums: UnsafePointer<Double> { UnsafePointer(levels[levels.count - 1].baseAddress) }

    func measure(_ x: UnsafeMutablePointer<Double>, _ y: UnsafePointer<Double>, epsilon: Double) -> Double {
        scale = 1 / epsilon
        Self.load(y, scale, levels[0])
        kernel.logSum(levels, scale: scale)
        Self.load(x, scale, logarithmsX)
        ansatz_grid_masses(rows, logarithmsX.baseAddress, levels[levels.count - 1].baseAddress, rowSums.baseAddress)
        var mass = 0.0
        for row in 0..<rows { mass += rowSums.baseAddress[row] }
        guard mass.isFinite else { return .infinity }
        kernel.spread(levels, scale: scale, rowSums.baseAddress, columnSums.baseAddress)
        return mass
    }

    func prepare(_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, epsilon: Double, dropping delta: Double) {}

    func product(_ z: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        kernel.average(levels, scale: scale, z, out)
        for row in 0..<rows { out[row] *= rowSums.baseAddress[row] }
    }

    func transposedProduct(_ w: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        for row in 0..<rows { weights.baseAddress[row] = w[row] * rowSums.baseAddress[row] }
        kernel.spread(levels, scale: scale, weights.baseAddress, out)
    }

    func transposedSquares(_ w: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        // P_ij² is exp(2 x_i + 2 y_j − 2 c_ij), a plan with half the regularisation.
        let first = other[0].baseAddress, last = other[other.count - 1].baseAddress, y = levels[0].baseAddress
        for row in 0..<rows { first[row] = w[row] > 0 ? w[row] : 0 }
        ansatz_vector_log_f64(rows, first, first)
        let x = logarithmsX.baseAddress
        for row in 0..<rows { first[row] = max(first[row] + 2 * x[row], ANSATZ_GRID_NOTHING) }
        transposed.logSum(other, scale: 2 * scale)
        for column in 0..<columns { last[column] += 2 * y[column] }
        ansatz_vector_exp_f64(columns, last, out)
    }

    func normalProduct(
        _ diagonal: UnsafePointer<Double>, _ z: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>
    ) {
        for row in 0..<rows {
            let sum = rowSums.baseAddress[row]
            weights.baseAddress[row] = diagonal[row] * sum * sum
        }
        kernel.normal(levels, scale: scale, weights.baseAddress, z, out)
    }

    func rowLogSums(_ y: UnsafePointer<Double>, epsilon: Double, _ out: UnsafeMutablePointer<Double>) {
        Self.load(y, 1 / epsilon, levels[0])
        if let periodic, periodic.logSum(levels[0].baseAddress, scale: 1 / epsilon, out) {
            transforms += 1
            return
        }
        kernel.logSum(levels, scale: 1 / epsilon)
        out.update(from: levels[levels.count - 1].baseAddress, count: rows)
    }

    func columnLogSums(_ x: UnsafePointer<Double>, epsilon: Double, _ out: UnsafeMutablePointer<Double>) {
        Self.load(x, 1 / epsilon, other[0])
        if let periodic, periodic.logSum(other[0].baseAddress, scale: 1 / epsilon, out) {
            transforms += 1
            return
        }
        transposed.logSum(other, scale: 1 / epsilon)
        out.update(from: other[other.count - 1].baseAddress, count: columns)
    }

    func groupSums(
        _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, epsilon: Double, rowGroups: [Int32],
        columnGroups: [Int32], count: Int
    ) -> [Double]? { nil }

    // MARK: Certificates

    /// Σ_j P_ij c_ij / r_i of the plan that was measured last.
    func meanCosts(_ out: UnsafeMutablePointer<Double>) {
        let zero = AlignedBuffer<Double>(count: columns)
        kernel.average(levels, scale: scale, zero.baseAddress, addsCost: true, out)
    }

    /// ⟨C, P⟩ of the plan that was measured last.
    func transportCost() -> Double {
        meanCosts(weights.baseAddress)
        return Double.dot(rows, weights.baseAddress, rowSums.baseAddress)
    }

    /// min_i (c_ij − x_i); sources without mass do not count.
    func columnTransform(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        for row in 0..<rows { weights.baseAddress[row] = -max(x[row], ANSATZ_GRID_NOTHING) }
        transposed.minimum(weights.baseAddress, out)
    }
}
