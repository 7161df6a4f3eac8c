import CKernels
import LinearAlgebra
import Randomness

/// The cost c_ij of a unit of mass from source i to target j, given row by row.
///
/// Rows are asked for again and again: a cost either keeps them (``MatrixCost``) or computes them (``DistanceCost``), so that
/// memory need not grow with the product of both numbers.
public protocol TransportCost: Sendable {
    /// The number of sources n.
    var sources: Int { get }
    /// The number of targets m.
    var targets: Int { get }
    /// The costs of a source, either kept or written to `room`, which holds m numbers.
    func row(_ source: Int, room: UnsafeMutablePointer<Double>) -> UnsafePointer<Double>
    /// The same in single precision, for sweeps far from the solution.
    func row(_ source: Int, room: UnsafeMutablePointer<Double>, single: UnsafeMutablePointer<Float>)
        -> UnsafePointer<Float>
}

extension TransportCost {
    /// The costs of a source in single precision.
    public func row(_ source: Int, room: UnsafeMutablePointer<Double>, single: UnsafeMutablePointer<Float>)
        -> UnsafePointer<Float>
    {
        Float.convert(targets, from: row(source, room: room), to: single)
        return UnsafePointer(single)
    }
}

/// A matrix of costs in memory, with a copy in single precision.
public final class MatrixCost: TransportCost {
    /// The number of sources n.
    public let sources: Int
    /// The number of targets m.
    public let targets: Int
    private let values: AlignedBuffer<Double>
    private let narrow: AlignedBuffer<Float>

    /// Takes costs row by row.
    ///
    /// - Precondition: there are n·m of them, all finite.
    public convenience init(sources: Int, targets: Int, _ costs: [Double]) {
        precondition(costs.count == sources * targets, "a cost for each pair")
        self.init(sources: sources, targets: targets)
        costs.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            for row in 0..<sources { set(row, start + row * targets) }
        }
    }

    /// A matrix of zeros.
    init(sources: Int, targets: Int) {
        self.sources = sources
        self.targets = targets
        values = AlignedBuffer(count: sources * targets)
        narrow = AlignedBuffer(count: sources * targets)
    }

    /// Replaces a row.
    func set(_ row: Int, _ costs: UnsafePointer<Double>) {
        (values.baseAddress + row * targets).update(from: costs, count: targets)
        Float.convert(targets, from: costs, to: narrow.baseAddress + row * targets)
    }

    /// Independent costs, uniform on [0, 1), in row-major order from SplitMix64: portable between programs.
    public convenience init(sources: Int, targets: Int, seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        self.init(sources: sources, targets: targets)
        let room = AlignedBuffer<Double>(count: targets)
        for row in 0..<sources {
            for target in 0..<targets { room.baseAddress[target] = generator.uniform() }
            set(row, room.baseAddress)
        }
    }

    /// The costs of a source.
    public func row(_ source: Int, room: UnsafeMutablePointer<Double>) -> UnsafePointer<Double> {
        UnsafePointer(values.baseAddress + source * targets)
    }

    /// The costs of a source in single precision.
    public func row(_ source: Int, room: UnsafeMutablePointer<Double>, single: UnsafeMutablePointer<Float>)
        -> UnsafePointer<Float>
    {
        UnsafePointer(narrow.baseAddress + source * targets)
    }
}

/// Steele's, Lea's and Flood's generator of 64-bit words, with the seed as its state.
struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// Uniform on [0, 1), a multiple of 2⁻⁵³.
    mutating func uniform() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((word ^ (word >> 31)) >> 11) * 0x1p-53
    }
}
