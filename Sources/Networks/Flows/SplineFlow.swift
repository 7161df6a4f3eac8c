import Glibc
import Randomness

/// A probability density on the cube [0, 1]ᵈ with exact values and exact samples: p(x) = |det ∂T/∂x| for a bijection T of the
/// cube.
///
/// T is a chain of couplings. Each leaves one part of the coordinates as they are and moves every other one by a monotone
/// rational-quadratic spline of [0, 1], whose knots a small network computes from the coordinates that stay (C. Durkan and
/// others, "Neural spline flows", arXiv:1906.04032). Couplings come in pairs that move one half and then the other; pair k
/// splits the coordinates by bit k of their numbers, so that every two are told apart. In one dimension nothing stays, and
/// the knots are constants.
///
/// At the start T is the identity and p = 1. A flow is a form: its parameters are a vector with the ``layout``.
public struct SplineFlow: Sendable, Equatable {
    /// d.
    public let dimensions: Int
    /// The number of couplings.
    public let couplingCount: Int
    /// The pieces of each spline.
    public let bins: Int
    /// The neurons of the two hidden layers of each conditioner.
    public let width: Int
    /// Where the parameters of the conditioners lie.
    public let layout: ParameterLayout
    let couplings: [FlowCoupling]

    /// The numbers of couplings that are allowed.
    public static let couplingRange = 1...64
    /// The numbers of pieces that are allowed.
    public static let binRange = 2...128
    /// The widths that are allowed.
    public static let widthRange = 1...512

    /// A form with its sizes, which lie in ``couplingRange``, ``binRange`` and ``widthRange``.
    public init(dimensions: Int, couplings count: Int = 6, bins: Int = 8, width: Int = 32) {
        precondition(dimensions > 0, "a cube has at least one dimension")
        precondition(
            Self.couplingRange.contains(count) && Self.binRange.contains(bins) && Self.widthRange.contains(width),
            "the sizes of a flow are out of range")
        self.dimensions = dimensions
        self.bins = bins
        self.width = width
        couplingCount = count
        var bits = 1
        while 1 << bits < dimensions { bits += 1 }
        var layout = ParameterLayout()
        couplings = (0..<count).map { index in
            let bit = (index / 2) % bits
            let moved = (0..<dimensions).filter { dimensions == 1 || ($0 >> bit) & 1 == index % 2 }
            let kept = (0..<dimensions).filter { !moved.contains($0) }
            return FlowCoupling(
                kept: kept, moved: moved, outputs: moved.count * (3 * bins + 1), width: width,
                name: "coupling.\(index + 1)", in: &layout)
        }
        self.layout = layout
    }

    /// Parameters with which T is the identity: hidden layers at random, the last layer zero.
    public func initialParameters(_ stream: inout RandomStream) -> [Double] {
        var parameters = [Double](repeating: 0, count: layout.count)
        for block in layout.blocks where block.name.hasSuffix(FlowCoupling.hiddenWeight) {
            let scale = (2 / Double(max(1, block.rows + block.columns))).squareRoot()
            for index in block.range { parameters[index] = scale * stream.normal() }
        }
        return parameters
    }

    /// Entries of a conditioner's output for one coordinate.
    var entriesPerCoordinate: Int { 3 * bins + 1 }
}

/// Which coordinates a coupling keeps and moves, and where its conditioner's parameters begin.
struct FlowCoupling: Sendable, Equatable {
    static let hiddenWeight = "hidden.weight"

    var kept: [Int]
    var moved: [Int]
    var outputs: Int
    /// Offsets of weights and biases of the three layers.
    var weights: [Int], biases: [Int]

    init(kept: [Int], moved: [Int], outputs: Int, width: Int, name: String, in layout: inout ParameterLayout) {
        self.kept = kept
        self.moved = moved
        self.outputs = outputs
        weights = []
        biases = []
        let sizes = [
            (kept.count, width, Self.hiddenWeight), (width, width, Self.hiddenWeight), (width, outputs, "last.weight"),
        ]
        for (place, size) in sizes.enumerated() {
            weights.append(layout.append(name: "\(name).\(place + 1).\(size.2)", rows: size.1, columns: size.0))
            biases.append(layout.append(name: "\(name).\(place + 1).bias", rows: size.1, columns: 1))
        }
    }
}
