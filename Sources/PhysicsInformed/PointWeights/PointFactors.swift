import LinearAlgebra
import Optimizers

/// The factors fₚ with which the points of a group enter the loss: of a term, (1/N) Σₚ fₚ |r(xₚ)|².
///
/// A factor is the product of the square of the point's weight, of the causal weight of its chunk of time, and of the
/// correction for the density that it was drawn from. Beside the factors stand the squared residuals of the last
/// evaluation, from which weights are made.
final class PointFactors<S: Scalar> {
    /// Weights of the points by term of the group; nil where there are none.
    let rules: [(any PointWeightRule<S>)?]
    /// Corrections for the density of the points; nil where it is even.
    let corrections: AlignedBuffer<S>?
    /// The chunk of time of each point, from 0, of the points in place; empty without causal weights.
    private(set) var chunks: [Int] = []
    private let capacity: Int
    private let factors: AlignedBuffer<S>
    private let squares: AlignedBuffer<S>

    /// - Parameter rules: one for each term of the group.
    init(rules: [(any PointWeightRule<S>)?], capacity: Int, hasCorrections: Bool) {
        self.rules = rules
        self.capacity = capacity
        corrections = hasCorrections ? AlignedBuffer(count: capacity) : nil
        corrections?.elements.update(repeating: 1)
        factors = AlignedBuffer(count: rules.count * capacity)
        factors.elements.update(repeating: 1)
        squares = AlignedBuffer(count: rules.count * capacity)
    }

    /// The factors of a term, by its place in the group.
    func factors(_ term: Int) -> UnsafeMutablePointer<S> { factors.baseAddress + term * capacity }

    /// The squared residuals |r(xₚ)|², summed over components, of a term.
    func squares(_ term: Int) -> UnsafeMutablePointer<S> { squares.baseAddress + term * capacity }

    /// Keeps the squared residuals of a tile that was evaluated; `outputs` are the components of the term.
    func record(
        _ term: Int, outputs: Range<Int>, of workspace: PointWorkspace<S>, start: Int, count: Int
    ) {
        let row = squares(term) + start
        row.update(repeating: 0, count: count)
        for output in outputs {
            let residual = workspace.output(output)
            S.addProduct(count, residual, residual, row)
        }
    }

    /// Sorts the points by time, ties by number, into chunks whose sizes differ by one at most.
    func arrangeChunks(_ points: PointSet<S>, timeAxis: Int, chunkCount: Int) {
        let times = points.coordinate(timeAxis)
        let order = (0..<points.count).sorted { (times[$0], $0) < (times[$1], $1) }
        chunks = [Int](repeating: 0, count: points.count)
        for (rank, point) in order.enumerated() { chunks[point] = rank * chunkCount / points.count }
    }

    /// Multiplies the parts; `causal` holds the weight of each chunk.
    func compose(count: Int, causal: UnsafePointer<S>?) {
        for term in rules.indices {
            let row = factors(term)
            if let corrections {
                row.update(from: corrections.baseAddress, count: count)
            } else {
                row.update(repeating: 1, count: count)
            }
            if let causal, !chunks.isEmpty {
                chunks.withUnsafeBufferPointer { chunks in
                    for point in 0..<count { row[point] *= causal[chunks[point]] }
                }
            }
            if let rule = rules[term] {
                let weights = rule.weights.baseAddress
                for point in 0..<count { row[point] *= weights[point] * weights[point] }
            }
        }
    }

    /// Shows the weights; the points' own corrections are shown with the points.
    func visitState(_ visitor: StateVisitor<S>, names: [String]) {
        for (name, rule) in zip(names, rules) {
            if let rule { visitor.below("weights") { visitor.visit(name, rule) } }
        }
    }
}
