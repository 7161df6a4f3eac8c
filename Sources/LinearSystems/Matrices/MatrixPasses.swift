import CKernels
import LinearAlgebra
import Parallelism

/// The vectors of one right-hand side of a ``MatrixSystem``, all in double precision; the preconditioner works in single.
public final class MatrixPasses: DeflatingPasses {
    private let system: MatrixSystem
    private let right: AlignedBuffer<Double>
    private let x: AlignedBuffer<Double>
    private let r: AlignedBuffer<Double>
    private let z: AlignedBuffer<Double>
    /// Directions, and A times them.
    private let directions: [(p: AlignedBuffer<Double>, q: AlignedBuffer<Double>)]
    private let single: (r: AlignedBuffer<Float>, z: AlignedBuffer<Float>)
    private var deflation: Deflation?

    /// ‖b‖₂
    public let rightHandSideNorm: Double

    private var matrix: SparseMatrix { system.matrix }
    private var pool: WorkerPool { system.pool }

    init(_ system: MatrixSystem, _ right: [Double], _ guess: [Double]?, places: Int) {
        let rows = system.matrix.rows
        Swift.precondition(right.count == rows, "a right-hand side has a number for each row")
        Swift.precondition(guess == nil || guess?.count == rows, "an initial guess has a number for each row")
        func vector() -> AlignedBuffer<Double> { AlignedBuffer(count: rows) }
        self.system = system
        self.right = vector()
        x = vector()
        r = vector()
        z = vector()
        directions = (0..<places).map { _ in (vector(), vector()) }
        single = (AlignedBuffer(count: rows), AlignedBuffer(count: rows))
        for row in 0..<rows {
            self.right.baseAddress[row] = right[row]
            x.baseAddress[row] = guess?[row] ?? 0
        }
        system.nullSpaces.project(self.right.baseAddress)
        rightHandSideNorm = Double.dot(rows, self.right.baseAddress, self.right.baseAddress).squareRoot()
    }

    /// The number of rows.
    public var unknowns: Int { matrix.rows }

    /// How many directions can be retained.
    public var places: Int { directions.count }

    /// The solution so far; on singular parts the one whose mean is zero.
    public var solution: [Double] {
        system.nullSpaces.project(x.baseAddress)
        return Array(x.elements)
    }

    /// The right-hand side that is solved for: the one given without its means on singular parts.
    public var rightHandSide: [Double] { Array(right.elements) }

    /// b − A x as it was last computed or updated.
    public var residual: [Double] { Array(r.elements) }

    /// r ← b − A x from scratch, without its means on singular parts; ‖r‖².
    public func recomputeResidual() -> Double {
        var square = residualFromScratch()
        if let deflation {
            // Rounding brings the subspace back into the residual; it is taken out exactly.
            deflation.correct(x.baseAddress, by: r.baseAddress, pool)
            square = residualFromScratch()
        }
        return square
    }

    private func residualFromScratch() -> Double {
        let (starts, columns, values) = (
            matrix.starts.baseAddress, matrix.columns.baseAddress, matrix.values.baseAddress
        )
        let (x, b, r) = (x.baseAddress, right.baseAddress, r.baseAddress)
        let square = matrix.sum(pool) { ansatz_sparse_residual_f64($0, $1, starts, columns, values, x, b, r) }
        guard !system.nullSpaces.isEmpty else { return square }
        system.nullSpaces.project(r)
        return Double.dot(unknowns, r, r)
    }

    /// z ← B r; rᵀz.
    public func precondition() -> Double {
        let (r, z) = (r.baseAddress, z.baseAddress)
        let scale = 1 / matrix.unit
        if let exact = system.preconditioner as? any DoublePreconditioner {
            exact.apply(r, into: z)
            matrix.forEachBlock(pool) { first, end in Double.scale(end - first, scale, z + first) }
        } else {
            applyInSinglePrecision(scale)
        }
        system.nullSpaces.project(z)
        deflation?.correctDirection(z, by: r, pool)
        return matrix.sum(pool) { Double.dot(Int($1 - $0), r + Int($0), z + Int($0)) }
    }

    private func applyInSinglePrecision(_ scale: Double) {
        let (r, z, rs, zs) = (r.baseAddress, z.baseAddress, single.r.baseAddress, single.z.baseAddress)
        let largest = Double.maximumMagnitude(unknowns, r)
        // A residual that is zero or not finite goes through as it is.
        let power =
            largest > 0 && largest.isFinite ? Double(sign: .plus, exponent: largest.exponent, significand: 1) : 1
        matrix.forEachBlock(pool) { first, end in for row in first..<end { rs[row] = Float(r[row] / power) } }
        _ = system.preconditioner.apply(rs, into: zs)
        matrix.forEachBlock(pool) { first, end in
            for row in first..<end { z[row] = Double(zs[row]) * power * scale }
        }
    }

    /// zᵀA p
    public func projection(onto place: Int) -> Double { dot(z, directions[place].q) }

    /// p ← z − Σ coefficient · p_other; pᵀA p.
    public func makeDirection(in place: Int, subtracting others: [(place: Int, coefficient: Double)]) -> Double {
        let (p, q, z) = (directions[place].p.baseAddress, directions[place].q.baseAddress, z.baseAddress)
        // A direction that is overwritten comes first, while it is there.
        let own = others.first { $0.place == place }?.coefficient ?? 0
        let rest = others.filter { $0.place != place }
        let sources = rest.map { directions[$0.place].p.baseAddress }
        matrix.forEachBlock(pool) { first, end in
            if own == 0 {
                for row in first..<end { p[row] = z[row] }
            } else {
                for row in first..<end { p[row] = z[row] - own * p[row] }
            }
            for (other, source) in zip(rest, sources) {
                Double.addScaled(end - first, -other.coefficient, source + first, p + first)
            }
        }
        return matrix.multiply(p, into: q, pool: pool)
    }

    /// rᵀp
    public func slope(along place: Int) -> Double { dot(r, directions[place].p) }

    /// x ← x + α p and r ← r − α A p; ‖r‖².
    public func advance(along place: Int, by step: Double) -> Double {
        let (p, q, x, r) = (
            directions[place].p.baseAddress, directions[place].q.baseAddress, x.baseAddress, r.baseAddress
        )
        return matrix.sum(pool) { ansatz_sparse_advance_f64($0, $1, step, p, q, x, r) }
    }

    /// Keeps the residual orthogonal to a subspace from now on.
    public func deflate(by subspace: Subspace?) {
        deflation = subspace.map { Deflation($0, of: matrix, pool) }
    }

    private func dot(_ left: AlignedBuffer<Double>, _ right: AlignedBuffer<Double>) -> Double {
        let (left, right) = (left.baseAddress, right.baseAddress)
        return matrix.sum(pool) { Double.dot(Int($1 - $0), left + Int($0), right + Int($0)) }
    }
}
