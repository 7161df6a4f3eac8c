import LinearAlgebra
import Parallelism
import Randomness

/// Right-hand sides for training: random combinations of Ritz vectors of the empty box, in which low modes weigh more.
///
/// m Lanczos vectors give Ritz pairs (θᵢ, vᵢ), ascending, those with θ < 10⁻⁸ dropped. A sample is Σ cᵢ vᵢ with cᵢ from N(0, 1), times
/// 9 for the lowest m/2 + m/20 of them, scaled to unit length. The vectors vᵢ themselves are never formed: W (Q c) is.
public final class RitzSamples {
    /// The box, an edge.
    public let edge: Int
    /// Eigenvalues of the tridiagonal matrix.
    public let ritzValues: [Double]
    /// How often the Krylov space was used up before there were enough vectors.
    public let restarts: Int

    private let lanczos: Lanczos
    private let vectors: [Double]
    private let pool: WorkerPool

    /// How much more the low modes weigh.
    static let lowWeight = 9.0
    /// Ritz values below are dropped.
    static let leastRitzValue = 1e-8
    /// Samples that are made together.
    private static let batch = 100

    /// Runs the iteration for a box of edge³ cells; nil where the eigenvalues of the tridiagonal matrix cannot be found.
    ///
    /// Memory: 8 bytes · ritzVectors · (edge³ + 2 · ritzVectors).
    public init?(edge: Int, ritzVectors: Int, seed: UInt64, pool: WorkerPool) {
        self.edge = edge
        self.pool = pool
        let volume = ConvolutionVolume(edge, edge, edge)
        let ringed = (AlignedBuffer<Double>(count: volume.count), AlignedBuffer<Double>(count: volume.count))
        lanczos = Lanczos(count: ritzVectors, length: volume.cellCount, seed: seed, pool: pool) { x, y in
            volume.forEachRow { place, cell in (ringed.0.baseAddress + place).update(from: x + cell, count: volume.x) }
            volume.applyLaplacian(ringed.0.baseAddress, into: ringed.1.baseAddress)
            volume.forEachRow { place, cell in (y + cell).update(from: ringed.1.baseAddress + place, count: volume.x) }
        }
        restarts = lanczos.restarts
        guard let pairs = tridiagonalEigenpairs(diagonal: lanczos.diagonal, offDiagonal: lanczos.offDiagonal) else {
            return nil
        }
        (ritzValues, vectors) = pairs
    }

    /// How many of the lowest Ritz vectors weigh more.
    var lowCount: Int { lanczos.count / 2 + lanczos.count / 20 }

    /// `count` samples of unit length, cells with x running fastest; sample n depends on the seed, the name and n only.
    public func draw(_ count: Int, seed: UInt64, name: String) -> AlignedBuffer<Float> {
        let (m, length) = (lanczos.count, lanczos.length)
        let result = AlignedBuffer<Float>(count: count * length)
        let batch = min(Self.batch, max(1, count))
        let coefficients = AlignedBuffer<Double>(count: m * batch)
        let inBasis = AlignedBuffer<Double>(count: m * batch)
        let fields = AlignedBuffer<Double>(count: length * batch)
        for first in stride(from: 0, to: count, by: batch) {
            let number = min(batch, count - first)
            for sample in 0..<number {
                var stream = RandomStream(seed: seed, name: name, index: UInt64(first + sample))
                for mode in 0..<m {
                    let draw = stream.normal()
                    let weight = ritzValues[mode] < Self.leastRitzValue ? 0 : mode < lowCount ? Self.lowWeight : 1
                    coefficients.baseAddress[sample * m + mode] = weight * draw
                }
            }
            vectors.withUnsafeBufferPointer { q in
                guard let q = q.baseAddress else { return }
                Double.product(
                    rows: m, columns: number, inner: m, alpha: 1, q, leading: m, transposed: false,
                    coefficients.baseAddress, leading: m, transposed: false, beta: 0, inBasis.baseAddress, leading: m)
            }
            combine(inBasis.baseAddress, number, into: fields.baseAddress)
            for sample in 0..<number {
                let field = fields.baseAddress + sample * length
                let norm = Double.sumOfSquares(length, field).squareRoot()
                Double.scale(length, norm > 0 ? 1 / norm : 0, field)
                Float.convert(length, from: field, to: result.baseAddress + (first + sample) * length)
            }
        }
        return result
    }

    /// fields ← Wᵀ · coefficients, a piece of the box per lane.
    private func combine(_ inBasis: UnsafePointer<Double>, _ number: Int, into fields: UnsafeMutablePointer<Double>) {
        let (m, length, basis, pieces) = (lanczos.count, lanczos.length, lanczos.basis, 8)
        pool.forEach(pieces) { lane in
            let range = length * lane / pieces..<length * (lane + 1) / pieces
            Double.product(
                rows: range.count, columns: number, inner: m, alpha: 1, basis.baseAddress + range.lowerBound,
                leading: length, transposed: false, inBasis, leading: m, transposed: false, beta: 0,
                fields + range.lowerBound, leading: length)
        }
    }
}
