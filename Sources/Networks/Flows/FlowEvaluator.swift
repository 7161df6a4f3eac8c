import LinearAlgebra
import Parallelism

/// Evaluates a ``SplineFlow``: log-densities, their derivatives, and samples.
///
/// Points are handed over row by row, [point][axis]; those outside the cube count as on its boundary. They are worked on in
/// blocks, which belong to a fixed number of lanes; each lane sums over its blocks in order, and lanes are summed in order, so
/// that results do not depend on the number of threads. An evaluator owns its memory and answers one caller at a time.
public final class FlowEvaluator {
    /// The form.
    public let flow: SplineFlow
    private static let laneCount = 8
    private let pool: WorkerPool
    private let block: FlowBlock
    /// What the sweep over a block keeps.
    private let tapes: [AlignedBuffer<Double>]
    private let scratch: [AlignedBuffer<Double>]
    private let gradients: [AlignedBuffer<Double>]
    private let transposed: AlignedBuffer<Double>

    /// Takes memory for a form, and threads to work with.
    public init(_ flow: SplineFlow, pool: WorkerPool = WorkerPool(threads: 1)) {
        self.flow = flow
        self.pool = pool
        let block = FlowBlock(flow)
        self.block = block
        tapes = (0..<Self.laneCount).map { _ in AlignedBuffer(count: block.tapeCount) }
        scratch = (0..<Self.laneCount).map { _ in AlignedBuffer(count: block.scratchCount) }
        gradients = (0..<Self.laneCount).map { _ in AlignedBuffer(count: flow.layout.count) }
        transposed = AlignedBuffer(count: flow.layout.count)
    }

    /// log p at points.
    public func logDensities(at points: [Double], parameters: [Double]) -> [Double] {
        evaluate(points, parameters, block.forward).logs
    }

    /// T(x): samples of the density become uniform points.
    public func images(of points: [Double], parameters: [Double]) -> [Double] {
        evaluate(points, parameters, block.forward, coordinates: flow.couplingCount).coordinates
    }

    /// Where points of the base come from: uniform ones become samples of the density.
    ///
    /// - Returns: the points T⁻¹(z), [point][axis], and log p there.
    public func points(
        from base: [Double], parameters: [Double]
    ) -> (points: [Double], logDensities: [Double]) {
        let result = evaluate(base, parameters, block.inverse, coordinates: 0)
        return (result.coordinates, result.logs)
    }

    /// Adds Σ aᵢ ∂ log p(xᵢ)/∂θ to `gradient`, which is as long as the parameters.
    ///
    /// - Returns: aᵢ ∂ log p(xᵢ)/∂x, [point][axis].
    @discardableResult
    public func addGradient(
        at points: [Double], parameters: [Double], weights: [Double], into gradient: inout [Double]
    ) -> [Double] {
        let count = checkedCount(points, parameters)
        precondition(weights.count == count && gradient.count == parameters.count, "a weight for each point")
        for lane in gradients { lane.elements.update(repeating: 0) }
        var slopes = [Double](repeating: 0, count: points.count)
        block.transpose(parameters, to: transposed.baseAddress)
        differentiate(count, points, parameters, weights, &slopes)
        for lane in gradients { Double.add(lane.count, lane.baseAddress, &gradient) }
        return slopes
    }

    // MARK: - Blocks

    private typealias Sweep = (_ tape: UnsafeMutablePointer<Double>, _ parameters: UnsafePointer<Double>) -> Void

    private func checkedCount(_ points: [Double], _ parameters: [Double]) -> Int {
        precondition(points.count % flow.dimensions == 0, "points have \(flow.dimensions) coordinates each")
        precondition(parameters.count == flow.layout.count, "one value for each parameter of the flow")
        return points.count / flow.dimensions
    }

    /// Sweeps over all points, and reads Σ log slopes and, if asked for, the coordinates in a state of the couplings.
    private func evaluate(
        _ points: [Double], _ parameters: [Double], _ sweep: @escaping Sweep, coordinates state: Int? = nil
    ) -> (logs: [Double], coordinates: [Double]) {
        let count = checkedCount(points, parameters)
        var logs = [Double](repeating: 0, count: count)
        var coordinates = [Double](repeating: 0, count: state == nil ? 0 : points.count)
        func run(
            _ points: UnsafePointer<Double>, _ parameters: UnsafePointer<Double>,
            _ logs: UnsafeMutablePointer<Double>, _ coordinates: UnsafeMutablePointer<Double>
        ) {
            forEachBlock(count) { [self] lane, range in
                let tape = tapes[lane].baseAddress
                block.load(points + range.lowerBound * flow.dimensions, range.count, to: tape)
                sweep(tape, parameters)
                (logs + range.lowerBound).update(from: tape, count: range.count)
                if let state { store(block.state(state, of: tape), range, to: coordinates) }
            }
        }
        run(points, parameters, &logs, &coordinates)
        return (logs, coordinates)
    }

    /// Sweeps over all points and back, to sums in `gradients` and derivatives by the points.
    private func differentiate(
        _ count: Int, _ points: UnsafePointer<Double>, _ parameters: UnsafePointer<Double>,
        _ weights: UnsafePointer<Double>, _ slopes: UnsafeMutablePointer<Double>
    ) {
        forEachBlock(count) { [self] lane, range in
            let tape = tapes[lane].baseAddress, scratch = scratch[lane].baseAddress
            block.load(points + range.lowerBound * flow.dimensions, range.count, to: tape)
            block.forward(tape, parameters)
            scratch.update(repeating: 0, count: FlowBlock.points)
            scratch.update(from: weights + range.lowerBound, count: range.count)
            block.reverse(
                tape, transposed: transposed.baseAddress, scratch: scratch, into: gradients[lane].baseAddress)
            store(block.slopes(in: scratch), range, to: slopes)
        }
    }

    /// From [axis][point] of a block to [point][axis] of all points.
    private func store(
        _ rows: UnsafePointer<Double>, _ range: Range<Int>, to target: UnsafeMutablePointer<Double>
    ) {
        for axis in 0..<flow.dimensions {
            let row = rows + axis * FlowBlock.points
            for (place, point) in range.enumerated() { target[point * flow.dimensions + axis] = row[place] }
        }
    }

    /// Runs the blocks of each lane in order: lanes and points.
    private func forEachBlock(_ count: Int, _ body: @escaping (_ lane: Int, _ range: Range<Int>) -> Void) {
        let blocks = (count + FlowBlock.points - 1) / FlowBlock.points
        pool.forEach(min(Self.laneCount, blocks)) { lane in
            for index in stride(from: lane, to: blocks, by: Self.laneCount) {
                let start = index * FlowBlock.points
                body(lane, start..<min(start + FlowBlock.points, count))
            }
        }
    }
}
