import CKernels
import LinearAlgebra
import Parallelism

/// A x = b on a masked grid, for an outer iteration: x in double precision, directions and the updated residual in single.
///
/// A p is computed in double precision wherever it is needed instead of being kept. Steps along directions are collected and added to x
/// a few at a time.
public final class GridSystem: SystemPasses {
    /// The matrix.
    public let matrix: GridOperator
    /// ‖b‖₂
    public private(set) var rightHandSideNorm = 0.0

    private let preconditioner: any Preconditioner
    private let pool: WorkerPool
    private let b: AlignedBuffer<Double>
    private let x: AlignedBuffer<Double>
    private let r: AlignedBuffer<Float>
    private let z: AlignedBuffer<Float>
    private let sums: AlignedBuffer<Double>
    private let rooms: [AlignedBuffer<Float>]
    /// Directions: those in places, and those whose step is not yet in x.
    private var directions: [AlignedBuffer<Float>] = []
    /// Which of the directions is in each place.
    private var inPlace: [Int?]
    private var pending: [(direction: Int, step: Double)] = []

    /// So many steps are collected, at most.
    private static let collected = 6

    /// Takes memory for the vectors.
    ///
    /// - Parameter places: directions that can be retained, one more than those that an iteration makes new ones orthogonal to.
    public init(_ matrix: GridOperator, _ preconditioner: any Preconditioner, places: Int = 1, pool: WorkerPool) {
        self.matrix = matrix
        self.preconditioner = preconditioner
        self.pool = pool
        let count = matrix.shape.count
        b = AlignedBuffer(count: count)
        x = AlignedBuffer(count: count)
        r = AlignedBuffer(count: count)
        z = AlignedBuffer(count: count)
        sums = AlignedBuffer(count: matrix.shape.cells.z)
        let room = withUnsafePointer(to: matrix.level.kernel) { ansatz_cells_direction_room($0) }
        rooms = (0..<matrix.level.parts(pool)).map { _ in AlignedBuffer(count: room) }
        inPlace = Array(repeating: nil, count: places)
    }

    /// The number of unknowns.
    public var unknowns: Int { matrix.unknowns }
    /// How many directions can be retained.
    public var places: Int { inPlace.count }

    /// Takes a right-hand side f, and an initial guess, given for every cell of the box, x fastest; what is not fluid is of no account.
    ///
    /// - Parameter projecting: whether f is made compatible on components without given values, by taking off its mean.
    /// - Throws: `LinearSystemError` for wrong lengths, numbers that are not finite, and an f that is not compatible.
    public func load(_ f: [Double], initial: [Double]? = nil, projecting: Bool = false) throws(LinearSystemError) {
        for values in [f, initial ?? f] {
            guard values.count == matrix.domain.cellCount else {
                throw .length(found: values.count, needed: matrix.domain.cellCount)
            }
        }
        scatter(f, times: matrix.scale, into: b)
        if let initial { scatter(initial, times: 1, into: x) } else { x.elements.update(repeating: 0) }
        pending = []
        inPlace = inPlace.map { _ in nil }
        let square = try self.square(f, initial)
        let components = matrix.untiedComponents
        if !projecting, let fault = matrix.incompatibility(of: f) { throw fault }
        for component in components { component.subtractMean(b.baseAddress) }
        rightHandSideNorm = (components.isEmpty ? square : b.elements.reduce(0) { $0 + $1 * $1 }).squareRoot()
    }

    /// Σ b², after a look at the numbers that were given.
    private func square(_ f: [Double], _ initial: [Double]?) throws(LinearSystemError) -> Double {
        let b = b.baseAddress + matrix.shape.origin
        let (shape, sums) = (matrix.shape, sums.baseAddress)
        matrix.level.split(shape.cells.z, pool) { _, first, last in
            for k in first..<last {
                var sum = 0.0
                for j in 0..<shape.cells.y {
                    let row = b + shape.row * j + shape.plane * k
                    var part = 0.0
                    for i in 0..<shape.cells.x { part += row[i] * row[i] }
                    sum += part
                }
                sums[k] = sum
            }
        }
        let square = self.sums.elements.reduce(0, +)
        // A look at each number only where there is something to find.
        if !square.isFinite {
            for (index, value) in f.enumerated() where !value.isFinite && matrix.domain.kinds[index] == 1 {
                throw .notFinite(value, index: index)
            }
        }
        for (index, value) in (initial ?? []).enumerated() where !value.isFinite && matrix.domain.kinds[index] == 1 {
            throw .notFinite(value, index: index)
        }
        return square
    }

    /// The solution for every cell of the box, x fastest; 0 where there is no unknown.
    public var solution: [Double] {
        flush()
        for component in matrix.untiedComponents { component.subtractMean(x.baseAddress) }
        let shape = matrix.shape
        let (nx, ny, nz) = shape.cells
        return [Double](unsafeUninitializedCapacity: shape.cellCount) { result, count in
            guard let target = result.baseAddress else { return }
            for k in 0..<nz {
                for j in 0..<ny {
                    (target + nx * (j + ny * k)).initialize(from: x.baseAddress + shape.place(0, j, k), count: nx)
                }
            }
            count = shape.cellCount
        }
    }

    private func scatter(_ values: [Double], times factor: Double, into vector: AlignedBuffer<Double>) {
        let shape = matrix.shape
        let (nx, ny, _) = shape.cells
        let fluid = GridDomain.Kind.fluid.rawValue
        let kinds = matrix.level.kinds.baseAddress
        let target = vector.baseAddress
        values.withUnsafeBufferPointer { values in
            // The buffer lives until all parts are done.
            nonisolated(unsafe) let source = values.baseAddress.unsafelyUnwrapped
            matrix.level.split(shape.cells.z, pool) { _, first, last in
                for k in first..<last {
                    for j in 0..<ny {
                        let row = source + nx * (j + ny * k)
                        let place = shape.place(0, j, k)
                        for i in 0..<nx { target[place + i] = kinds[place + i] == fluid ? factor * row[i] : 0 }
                    }
                }
            }
        }
    }

    /// xᵀr: for b = 0 the negative energy of x.
    var productOfSolutionAndResidual: Double {
        flush()
        var sum = 0.0
        for (value, residual) in zip(x.elements, r.elements) { sum += value * Double(residual) }
        return sum
    }

    // MARK: Passes

    /// r ← b − A x in double precision; ‖r‖².
    public func recomputeResidual() -> Double {
        flush()
        let origin = matrix.shape.origin
        let (b, x, r, sums) = (b.baseAddress + origin, x.baseAddress + origin, r.baseAddress + origin, sums.baseAddress)
        let square = summed { level, _, first, last in ansatz_cells_residual(level, b, x, r, sums, first, last) }
        guard !matrix.untiedComponents.isEmpty else { return square }
        for component in matrix.untiedComponents { component.subtractMean(self.r.baseAddress) }
        return summed { level, _, first, last in ansatz_cells_dot(level, r, r, sums, first, last) }
    }

    /// z ← B r; rᵀz.
    public func precondition() -> Double { preconditioner.apply(r.baseAddress, into: z.baseAddress) }

    /// zᵀA p
    public func projection(onto place: Int) -> Double {
        let origin = matrix.shape.origin
        let (p, z, sums) = (direction(in: place).baseAddress + origin, z.baseAddress + origin, sums.baseAddress)
        return summed { level, _, first, last in ansatz_cells_product(level, p, z, sums, first, last) }
    }

    /// p ← z − Σ coefficient · p_other; pᵀA p.
    public func makeDirection(in place: Int, subtracting others: [(place: Int, coefficient: Double)]) -> Double {
        let origin = matrix.shape.origin
        let free = freeDirection()
        nonisolated(unsafe) let sources: [UnsafePointer<Float>?] = others.map {
            UnsafePointer(direction(in: $0.place).baseAddress + origin)
        }
        let factors = others.map { -$0.coefficient }
        let count = Int32(others.count)
        let (p, z, sums) = (directions[free].baseAddress + origin, z.baseAddress + origin, sums.baseAddress)
        let rooms = rooms
        let energy = summed { level, part, first, last in
            ansatz_cells_direction(level, z, count, factors, sources, p, sums, first, last, rooms[part].baseAddress)
        }
        inPlace[place] = free
        return energy
    }

    /// rᵀp
    public func slope(along place: Int) -> Double {
        let origin = matrix.shape.origin
        let (p, r, sums) = (direction(in: place).baseAddress + origin, r.baseAddress + origin, sums.baseAddress)
        return summed { level, _, first, last in ansatz_cells_dot(level, p, r, sums, first, last) }
    }

    /// x ← x + α p, later; r ← r − α A p; ‖r‖².
    public func advance(along place: Int, by step: Double) -> Double {
        guard let number = inPlace[place] else { preconditionFailure("no direction in this place") }
        pending.append((number, step))
        let origin = matrix.shape.origin
        let (p, r, sums) = (directions[number].baseAddress + origin, r.baseAddress + origin, sums.baseAddress)
        return summed { level, _, first, last in ansatz_cells_advance(level, step, p, r, sums, first, last) }
    }

    // MARK: Directions

    private func direction(in place: Int) -> AlignedBuffer<Float> {
        guard let number = inPlace[place] else { preconditionFailure("no direction in this place") }
        return directions[number]
    }

    /// A direction that is in no place and whose step is in x.
    private func freeDirection() -> Int {
        func free() -> Int? {
            directions.indices.first { number in
                !inPlace.contains(number) && !pending.contains { $0.direction == number }
            }
        }
        if let number = free() { return number }
        if directions.count < Self.collected + places {
            directions.append(AlignedBuffer(count: matrix.shape.count))
            return directions.count - 1
        }
        flush()
        guard let number = free() else { preconditionFailure("more directions than places") }
        return number
    }

    /// Adds the collected steps to x.
    private func flush() {
        guard !pending.isEmpty else { return }
        let origin = matrix.shape.origin
        nonisolated(unsafe) let sources: [UnsafePointer<Float>?] = pending.map {
            UnsafePointer(directions[$0.direction].baseAddress + origin)
        }
        let (factors, count, x) = (pending.map(\.step), Int32(pending.count), x.baseAddress + origin)
        matrix.level.planes(pool) { level, first, last in
            ansatz_cells_gather(level, count, factors, sources, x, first, last)
        }
        pending = []
    }

    /// Runs a pass that leaves a sum for every plane; their sum, in order.
    private func summed(
        _ body: @escaping (UnsafePointer<ansatz_cells_level>, _ part: Int, _ first: Int, _ last: Int) -> Void
    ) -> Double {
        let kernel = matrix.level.kernel
        matrix.level.split(matrix.shape.cells.z, pool) { part, first, last in
            withUnsafePointer(to: kernel) { body($0, part, first, last) }
        }
        return sums.elements.reduce(0, +)
    }
}
