import Glibc
import LinearAlgebra
import Optimizers
import Randomness

/// The worst density of points on a grid, found anew at each redraw from one candidate in each cell, and averaged over redraws.
///
/// The best answer to the network of the moment forgets what it cured before, and both chase each other; averages over redraws
/// damp that, as in fictitious play (G. W. Brown, "Iterative solution of games by fictitious play", 1951).
final class GridDensity: CollocationDensity {
    private let dimensions: Int
    private let side: Int
    private let beta: Double
    private let uniformShare: Double
    private let memory: Double
    private let maximiser: NeumannMaximiser
    /// The cells in an order in which those that follow one another lie close together, so that strata are compact.
    private let order: [Int]
    /// The density of the last redraw, of mean 1 over the cube; for pictures and the checkpoint.
    private let density: AlignedBuffer<Double>
    /// The part of the time for which it stands.
    private var timeShare = 0.0

    /// - Parameter memory: the weight of all redraws before in the average.
    init(dimensions: Int, side: Int, beta: Double, uniformShare: Double, memory: Double) {
        self.dimensions = dimensions
        self.side = side
        self.beta = beta
        self.uniformShare = uniformShare
        self.memory = memory
        maximiser = NeumannMaximiser(side: side, dimensions: dimensions)
        density = AlignedBuffer(count: (0..<dimensions).reduce(1) { product, _ in product * side })
        order = Self.order(side: side, dimensions: dimensions)
    }

    /// Morton's order: the bits of a cell's coordinates, the highest of all axes first.
    private static func order(side: Int, dimensions: Int) -> [Int] {
        let count = (0..<dimensions).reduce(1) { product, _ in product * side }
        guard dimensions > 1 else { return Array(0..<count) }
        let bits = Int.bitWidth - side.leadingZeroBitCount
        let keys = (0..<count).map { cell in
            var key = 0, rest = cell
            for axis in 0..<dimensions {
                for bit in 0..<bits { key |= (((rest % side) >> bit) & 1) << (bit * dimensions + axis) }
                rest /= side
            }
            return key
        }
        return (0..<count).sorted { keys[$0] < keys[$1] }
    }

    /// A random place in each cell; none in cells where the domain was not met.
    func candidates(
        _ count: Int, in domain: CubeDomain, from stream: inout RandomStream
    ) throws(SamplingError) -> [Double] {
        var missing = Array(0..<density.count), found: [Double] = []
        found.reserveCapacity(density.count * dimensions)
        // Cells that the boundary cuts are tried a few times.
        for _ in 0..<8 where !missing.isEmpty {
            var drawn: [Double] = []
            drawn.reserveCapacity(missing.count * dimensions)
            for cell in missing { appendPlace(in: cell, to: &drawn, from: &stream) }
            let belongs = domain.contains(drawn)
            for index in missing.indices where belongs[index] {
                found += drawn[index * dimensions..<(index + 1) * dimensions]
            }
            missing = missing.indices.filter { !belongs[$0] }.map { missing[$0] }
        }
        if found.isEmpty { throw .fewPoints }
        return found
    }

    func respond(
        to candidates: [Double], squares: [Double], present: [Double], wanted: Int, in domain: CubeDomain,
        from stream: inout RandomStream
    ) throws(SamplingError) -> DensityResponse {
        let mean = squares.reduce(0, +) / Double(squares.count)
        // Outside the domain there is nothing to gain or to lose.
        var f = [Double](repeating: 1, count: density.count)
        var isInside = [Bool](repeating: false, count: density.count)
        for (index, square) in squares.enumerated() {
            let cell = cell(of: candidates, index)
            f[cell] = square / mean
            isInside[cell] = true
        }
        let worst = maximiser.density(f, beta: beta)
        let cells = order.filter { isInside[$0] }
        var inner = cells.map { worst[$0] }
        let total = inner.reduce(0, +) / Double(inner.count)
        inner = total > 0 ? inner.map { $0 / total } : inner.map { _ in 1 }
        let (weights, balance) = SampleBalance.mixed(inner)
        let scale = Double(density.count) / Double(cells.count)
        // Under a curriculum cells stand for other times at every redraw.
        let average =
            timeShare == domain.timeShare
            ? averaged(weights, with: cells.map { density.baseAddress[$0] / scale }) : weights
        timeShare = domain.timeShare
        let masses = average.map { (1 - uniformShare) * $0 + uniformShare }
        density.elements.update(repeating: 0)
        for (place, cell) in cells.enumerated() { density.baseAddress[cell] = scale * masses[place] }
        let points = try domain.points(wanted) { count in
            var drawn: [Double] = []
            drawn.reserveCapacity(count * dimensions)
            for place in WeightedChoice.stratified(count, masses, from: &stream) {
                appendPlace(in: cells[place], to: &drawn, from: &stream)
            }
            return drawn
        }
        return DensityResponse(points: points, balance: balance)
    }

    /// The worst densities of cells, of mean 1, averaged with those in the masses of the last redraw.
    private func averaged(_ worst: [Double], with masses: [Double]) -> [Double] {
        guard memory > 0, uniformShare < 1 else { return worst }
        let before = masses.map { max(0, ($0 - uniformShare) / (1 - uniformShare)) }
        let mean = before.reduce(0, +) / Double(before.count)
        guard mean > 0 else { return worst }
        return zip(worst, before).map { (1 - memory) * $0 + memory * $1 / mean }
    }

    func logDensities(at points: [Double]) -> [Double]? {
        (0..<points.count / dimensions).map { log(density.baseAddress[cell(of: points, $0)]) }
    }

    func visitState<S>(_ visitor: StateVisitor<S>) {
        visitor.doubles("density", density)
        visitor.number("time share", &timeShare)
    }

    private func appendPlace(in cell: Int, to points: inout [Double], from stream: inout RandomStream) {
        let start = points.count
        points += [Double](repeating: 0, count: dimensions)
        var rest = cell
        for axis in (0..<dimensions).reversed() {
            points[start + axis] = (Double(rest % side) + stream.uniform()) / Double(side)
            rest /= side
        }
    }

    private func cell(of points: [Double], _ index: Int) -> Int {
        var cell = 0
        for axis in 0..<dimensions {
            cell = cell * side + min(side - 1, Int(points[index * dimensions + axis] * Double(side)))
        }
        return cell
    }
}
