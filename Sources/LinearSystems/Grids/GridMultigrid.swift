import CKernels
import LinearAlgebra
import Parallelism
import Randomness

/// A symmetric multigrid cycle on a masked grid, from zero, with one polynomial smoother before and one after each correction.
///
/// On every level u ← K r; u ← u + s P (B_c + t D_c⁻¹) Pᵀ(r − A u); u ← u + K (r − A u), K = Σ c_i (D⁻¹A)^i D⁻¹. Cells are merged two by two
/// along every strong axis; a coarse cell is fluid if any of its cells is, its faces are what is open of the fine ones, halved for twice the
/// distance. P interpolates linearly between cell centres, less across faces that let little through, and divides by the weight of the
/// parents that are not solid (McAdams, Sifakis, Teran 2010). On the third level the cycle is done twice, B_c = 2 B − B A B, which costs
/// little and keeps iterations from growing with the grid. Everything is symmetric, and positive definite as K A has eigenvalues
/// below 2, which ``MultigridCoefficients/smootherBound`` tells; t ≥ 0.
///
/// All of a level's work is done in two passes, plane by plane, with what is between in cache.
public final class GridMultigrid: Preconditioner {
    /// The name in problem files.
    public static let name = "multigrid"
    /// One line for listings.
    public static let summary = "geometric multigrid for grids with solid and given cells"

    private let hierarchy: GridHierarchy
    private let pool: WorkerPool
    private let finest: [Float]
    private let coarser: [Float]
    private let boosts: (finest: Float, coarser: Float)
    private let corrections: (finest: Float, coarser: Float)
    private let vectors: [Vectors]
    private let sums: AlignedBuffer<Double>

    /// The vectors of a level.
    private struct Vectors {
        let smoothed: AlignedBuffer<Float>
        let residual: AlignedBuffer<Float>
        let result: AlignedBuffer<Float>
        /// For a second cycle on this level.
        let remainder: AlignedBuffer<Float>
        let again: AlignedBuffer<Float>
        let rooms: [AlignedBuffer<Float>]
    }

    /// This level is gone through twice: it costs little, and one cycle on it leaves too much.
    private static let repeated = 2

    private func repeats(_ number: Int) -> Bool {
        number + 1 == Self.repeated && number + 2 < hierarchy.levels.count
    }

    /// B of the repeated level is multiplied by this, lest B A have eigenvalues of 2 or more, and 2 B − B A B negative ones.
    private var repeatScale: Float = 1

    /// Estimates the largest eigenvalue of B A on the repeated level by a few steps of the power method, and scales B where it is too large.
    private func limitRepetition() {
        guard (0..<hierarchy.levels.count).contains(where: repeats) else { return }
        let (level, own) = (hierarchy.levels[Self.repeated], vectors[Self.repeated])
        let origin = level.shape.origin
        let (x, y) = (own.again.baseAddress + origin, own.remainder.baseAddress + origin)
        let z = own.result.baseAddress + origin
        var stream = RandomStream(seed: 1, name: "largest-eigenvalue")
        let places = level.unknownPlaces
        for place in places { x[place] = Float(stream.normal()) }
        let zeros = AlignedBuffer<Float>(count: level.shape.count)
        let planes = AlignedBuffer<Double>(count: level.shape.cells.z)
        func product(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>) -> Double {
            withUnsafePointer(to: level.kernel) {
                ansatz_cells_dot($0, a, b, planes.baseAddress, 0, level.shape.cells.z)
            }
            return planes.elements.reduce(0, +)
        }
        let isPlain = hierarchy.levels[0].kernel.count != nil
        var largest = 0.0
        for step in 0..<Self.powerSteps.most {
            // Where all coefficients are 1 the largest is near 1, and a few steps show it.
            if step == Self.powerSteps.least, isPlain, largest < Self.harmless { break }
            // y = −A x and z = B y: signs cancel in the quotient.
            withUnsafePointer(to: level.kernel) { ansatz_cells_remainder($0, zeros.baseAddress + origin, x, y) }
            let energy = -product(x, y)
            cycle(Self.repeated, y, z, nil)
            guard energy > 0 else { break }
            largest = max(largest, product(y, z) / energy)
            let size = product(z, z).squareRoot()
            guard size > 0, size.isFinite else { break }
            for place in places { x[place] = -z[place] / Float(size) }
        }
        repeatScale = Float(min(1, Self.largestEigenvalue / largest))
    }

    private static let powerSteps = (least: 4, most: 40)
    private static let harmless = 1.2
    /// Well below 2, since the power method comes from below.
    private static let largestEigenvalue = 1.7

    /// Builds all levels.
    ///
    /// - Precondition: ``MultigridCoefficients/smootherBound`` is below 2, and smoothers have at least two coefficients.
    public init(_ finest: GridOperator, _ numbers: MultigridCoefficients = .standard(), pool: WorkerPool) {
        precondition(numbers.smootherBound < 2, "a smoother like this can make the cycle indefinite")
        precondition(numbers.boosts.allSatisfy { $0 >= 0 }, "a negative boost can make the cycle indefinite")
        precondition(numbers.finest.count >= 2 && numbers.coarser.count >= 2, "smoothers have two coefficients or more")
        let levels = GridHierarchy(finest, numbers, pool: pool)
        hierarchy = levels
        self.pool = pool
        self.finest = numbers.finest.map(Float.init)
        coarser = numbers.coarser.map(Float.init)
        boosts = (Float(numbers.boosts[0]), Float(numbers.boosts[1]))
        corrections = (Float(numbers.finestCorrection), Float(numbers.coarserCorrection))
        let degrees = [numbers.finest.count, numbers.coarser.count]
        vectors = levels.levels.enumerated().map { number, level in
            let isFinest = number == 0, isCoarsest = number == levels.levels.count - 1
            func vector(_ needed: Bool) -> AlignedBuffer<Float> { AlignedBuffer(count: needed ? level.shape.count : 0) }
            let room = withUnsafePointer(to: level.kernel) { ansatz_cells_room($0, Int32(degrees[isFinest ? 0 : 1])) }
            return Vectors(
                smoothed: vector(!isCoarsest), residual: vector(!isFinest), result: vector(!isFinest),
                remainder: vector(number == Self.repeated), again: vector(number == Self.repeated),
                rooms: (0..<(isCoarsest ? 0 : level.parts(pool))).map { _ in AlignedBuffer(count: room) })
        }
        sums = AlignedBuffer(count: finest.shape.cells.z)
        limitRepetition()
    }

    /// z ← B r; rᵀz.
    public func apply(_ residual: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) -> Double {
        let origin = hierarchy.levels[0].shape.origin
        cycle(0, residual + origin, result + origin, sums.baseAddress)
        return sums.elements.reduce(0, +)
    }

    /// The cycle from a level down; pointers are to cell (0, 0, 0).
    private func cycle(
        _ number: Int, _ r: UnsafePointer<Float>, _ z: UnsafeMutablePointer<Float>,
        _ sums: UnsafeMutablePointer<Double>?
    ) {
        let level = hierarchy.levels[number]
        guard number + 1 < hierarchy.levels.count else { return solveCoarsest(level, r, z, sums) }
        let (own, below) = (vectors[number], vectors[number + 1])
        let shape = hierarchy.levels[number + 1].shape
        let polynomial = number == 0 ? finest : coarser
        let correction = number == 0 ? corrections.finest : corrections.coarser
        let (kernel, next) = (level.kernel, hierarchy.levels[number + 1].kernel)
        let (u, coarse) = (own.smoothed.baseAddress + level.shape.origin, below.residual.baseAddress + shape.origin)
        let e = below.result.baseAddress + shape.origin
        let degree = Int32(polynomial.count)
        level.split(shape.cells.z, pool) { part, first, last in
            withUnsafePointer(to: kernel) { level in
                withUnsafePointer(to: next) {
                    ansatz_cells_down(
                        level, $0, degree, polynomial, r, u, coarse, first, last, own.rooms[part].baseAddress)
                }
            }
        }
        cycle(number + 1, coarse, e, nil)
        if repeats(number) {
            let again = (below.remainder.baseAddress + shape.origin, below.again.baseAddress + shape.origin)
            withUnsafePointer(to: next) {
                if repeatScale != 1 { ansatz_cells_scale($0, repeatScale, e) }
                ansatz_cells_remainder($0, coarse, e, again.0)
            }
            cycle(number + 1, again.0, again.1, nil)
            withUnsafePointer(to: next) {
                if repeatScale != 1 { ansatz_cells_scale($0, repeatScale, again.1) }
                ansatz_cells_add($0, again.1, e)
            }
        }
        let boost = number == 0 ? boosts.finest : boosts.coarser
        if boost != 0 { withUnsafePointer(to: next) { ansatz_cells_boost($0, boost, coarse, e) } }
        level.split(level.shape.cells.z, pool) { part, first, last in
            withUnsafePointer(to: kernel) { level in
                withUnsafePointer(to: next) {
                    ansatz_cells_up(
                        level, $0, degree, polynomial, correction, r, u, e, z, sums, first, last,
                        own.rooms[part].baseAddress)
                }
            }
        }
    }

    private func solveCoarsest(
        _ level: GridLevel, _ r: UnsafePointer<Float>, _ z: UnsafeMutablePointer<Float>,
        _ sums: UnsafeMutablePointer<Double>?
    ) {
        hierarchy.coarsest.apply(r, into: z)
        guard let sums else { return }
        withUnsafePointer(to: level.kernel) { ansatz_cells_dot($0, r, z, sums, 0, level.shape.cells.z) }
    }
}
