import CKernels
import LinearAlgebra
import Parallelism

/// The published network as a preconditioner: z = ‖r‖ M f(r/‖r‖), with M the mask of unknowns, which f itself does not see.
///
/// It is not linear: it needs flexible conjugate gradients, with two retained directions as published. A box of an odd number of cells along an axis is
/// continued by a layer of zeros, since the network halves it.
public final class ConjugateDirectionPreconditioner: Preconditioner {
    /// The name in problem files and reports.
    public static let name = "conjugate-direction-network"
    /// One line for listings.
    public static let summary =
        "convolutional network of the deep conjugate direction method, for grids in three dimensions"

    /// The length that a residual is scaled to for the network; 1 as published.
    public var inputLength = 1.0

    private let shape: GridShape
    private let evaluator: NetworkEvaluator
    private let unknown: AlignedBuffer<UInt8>
    private let pool: WorkerPool
    private let sums: AlignedBuffer<Double>

    /// Sets memory aside: about 400 bytes per cell.
    ///
    /// - Throws: `LinearSystemError` for a domain of two dimensions, or one with a single layer of cells.
    public convenience init(
        _ network: ConjugateDirectionNetwork, _ domain: GridDomain, pool: WorkerPool
    ) throws(LinearSystemError) {
        guard domain.cells.x > 1, domain.cells.y > 1, domain.cells.z > 1 else { throw .flat }
        self.init(
            network, domain.shape, isUnknown: domain.kinds.map { $0 == GridDomain.Kind.fluid.rawValue }, pool: pool)
    }

    /// Sets memory aside.
    ///
    /// - Parameter isUnknown: for each cell, x fastest.
    /// - Precondition: three dimensions, that is more than one cell along each axis.
    package init(_ network: ConjugateDirectionNetwork, _ shape: GridShape, isUnknown: [Bool], pool: WorkerPool) {
        let (nx, ny, nz) = shape.cells
        precondition(nx > 1 && ny > 1 && nz > 1, "the network is for three dimensions")
        precondition(isUnknown.count == shape.cellCount, "a mask has an entry for each cell")
        self.shape = shape
        self.pool = pool
        let volume = ConvolutionVolume((nx + 1) / 2 * 2, (ny + 1) / 2 * 2, (nz + 1) / 2 * 2)
        evaluator = NetworkEvaluator(network.architecture, on: volume, keepingValues: false, pool: pool)
        evaluator.load(network)
        unknown = AlignedBuffer(count: shape.count)
        sums = AlignedBuffer(count: nz)
        for k in 0..<nz {
            for j in 0..<ny {
                for i in 0..<nx where isUnknown[i + nx * (j + ny * k)] {
                    unknown.baseAddress[shape.place(i, j, k)] = 1
                }
            }
        }
    }

    /// z ← B r; rᵀz.
    public func apply(_ residual: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) -> Double {
        let (nx, ny, nz) = shape.cells
        let (shape, sums, volume) = (shape, sums, evaluator.volume)
        let (input, output, unknown) = (
            evaluator.input.baseAddress, evaluator.output.baseAddress, unknown.baseAddress
        )
        pool.forEach(nz) { k in
            var sum = 0.0
            for j in 0..<ny { sum += Float.sumOfSquares(nx, residual + shape.place(0, j, k)) }
            sums.baseAddress[k] = sum
        }
        let length = sums.elements.reduce(0, +).squareRoot()
        guard length > 0, length.isFinite else {
            result.update(repeating: length.isFinite ? 0 : .nan, count: shape.count)
            return length.isFinite ? 0 : .nan
        }
        let scale = Float(inputLength / length)
        pool.forEach(nz) { k in
            for j in 0..<ny {
                let (target, source) = (input + volume.place(0, j, k), residual + shape.place(0, j, k))
                for i in 0..<nx { target[i] = scale * source[i] }
            }
        }
        evaluator.evaluate()
        let back = Float(length / inputLength)
        pool.forEach(nz) { k in
            var sum = 0.0
            for j in 0..<ny {
                let (source, place) = (output + volume.place(0, j, k), shape.place(0, j, k))
                for i in 0..<nx { result[place + i] = back * source[i] }
                sum += ansatz_box_mask(nx, unknown + place, residual + place, result + place)
            }
            sums.baseAddress[k] = sum
        }
        return sums.elements.reduce(0, +)
    }
}
