import LinearAlgebra

/// Evaluates a ``SplineFlow``: log-densities, their derivatives, and samples.
///
/// Points are handed over row by row, [point][axis]; those outside the cube count as on its boundary. They are worked on in
/// blocks, one after another, so that results do not depend on anything but the input. An evaluator owns its memory and is
/// for one thread at a time.
public final class FlowEvaluator {
    /// The form.
    public let flow: SplineFlow
    private static let block = 128
    private let knots: SplineKnots
    /// The coordinates before each coupling, and after the last, [axis][point].
    private let states: [AlignedBuffer<Double>]
    private let conditioners: [FlowConditioner]
    private let logs: AlignedBuffer<Double>
    private let adjoints: AlignedBuffer<Double>

    /// Takes memory for a form.
    public init(_ flow: SplineFlow) {
        self.flow = flow
        knots = SplineKnots(bins: flow.bins, block: Self.block)
        states = (0...flow.couplingCount).map { _ in AlignedBuffer(count: flow.dimensions * Self.block) }
        conditioners = flow.couplings.map { FlowConditioner($0, width: flow.width, block: Self.block) }
        logs = AlignedBuffer(count: Self.block)
        adjoints = AlignedBuffer(count: flow.dimensions * Self.block)
    }

    /// log p at points.
    public func logDensities(at points: [Double], parameters: [Double]) -> [Double] {
        let count = checked(points, parameters)
        var result = [Double](repeating: 0, count: count)
        forEachBlock(count) { start, size in
            load(points, start, size, to: states[0])
            forward(size, parameters)
            for point in 0..<size { result[start + point] = logs.baseAddress[point] }
        }
        return result
    }

    /// Adds Σ aᵢ ∂ log p(xᵢ)/∂θ to `gradient`, which is as long as the parameters.
    ///
    /// - Returns: aᵢ ∂ log p(xᵢ)/∂x, [point][axis].
    @discardableResult
    public func addGradient(
        at points: [Double], parameters: [Double], weights: [Double], into gradient: inout [Double]
    ) -> [Double] {
        let count = checked(points, parameters)
        precondition(weights.count == count && gradient.count == parameters.count, "a weight for each point")
        var result = [Double](repeating: 0, count: points.count)
        forEachBlock(count) { start, size in
            load(points, start, size, to: states[0])
            forward(size, parameters)
            adjoints.elements.update(repeating: 0)
            weights.withUnsafeBufferPointer { reverse(size, parameters, $0.baseAddress! + start, into: &gradient) }
            for axis in 0..<flow.dimensions {
                let row = adjoints.baseAddress + axis * Self.block
                for point in 0..<size { result[(start + point) * flow.dimensions + axis] = row[point] }
            }
        }
        return result
    }

    /// Where points of the base come from: uniform ones become samples of the density.
    ///
    /// - Returns: the points T⁻¹(z), [point][axis], and log p there.
    public func points(
        from base: [Double], parameters: [Double]
    ) -> (points: [Double], logDensities: [Double]) {
        let count = checked(base, parameters)
        var points = [Double](repeating: 0, count: base.count), densities = [Double](repeating: 0, count: count)
        forEachBlock(count) { start, size in
            let state = states[0]
            load(base, start, size, to: state)
            logs.elements.update(repeating: 0)
            for index in flow.couplings.indices.reversed() { undo(index, size, parameters, state) }
            for axis in 0..<flow.dimensions {
                let row = state.baseAddress + axis * Self.block
                for point in 0..<size { points[(start + point) * flow.dimensions + axis] = row[point] }
            }
            for point in 0..<size { densities[start + point] = logs.baseAddress[point] }
        }
        return (points, densities)
    }

    /// T(x): samples of the density become uniform points.
    public func images(of points: [Double], parameters: [Double]) -> [Double] {
        let count = checked(points, parameters)
        var images = [Double](repeating: 0, count: points.count)
        forEachBlock(count) { start, size in
            load(points, start, size, to: states[0])
            forward(size, parameters)
            for axis in 0..<flow.dimensions {
                let row = states[flow.couplingCount].baseAddress + axis * Self.block
                for point in 0..<size { images[(start + point) * flow.dimensions + axis] = row[point] }
            }
        }
        return images
    }

    private func checked(_ points: [Double], _ parameters: [Double]) -> Int {
        precondition(points.count % flow.dimensions == 0, "points have \(flow.dimensions) coordinates each")
        precondition(parameters.count == flow.layout.count, "one value for each parameter of the flow")
        return points.count / flow.dimensions
    }

    private func forEachBlock(_ count: Int, _ body: (Int, Int) -> Void) {
        for start in stride(from: 0, to: count, by: Self.block) { body(start, min(Self.block, count - start)) }
    }

    private func load(_ points: [Double], _ start: Int, _ size: Int, to state: AlignedBuffer<Double>) {
        for axis in 0..<flow.dimensions {
            let row = state.baseAddress + axis * Self.block
            for point in 0..<size { row[point] = min(max(points[(start + point) * flow.dimensions + axis], 0), 1) }
        }
    }

    /// All couplings on the block in `states[0]`; leaves Σ log slopes in `logs`.
    private func forward(_ size: Int, _ parameters: [Double]) {
        logs.elements.update(repeating: 0)
        for (index, coupling) in flow.couplings.enumerated() {
            let (from, to) = (states[index].baseAddress, states[index + 1].baseAddress)
            let conditioner = conditioners[index]
            conditioner.forward(from, size, parameters)
            to.update(from: from, count: flow.dimensions * Self.block)
            for (place, axis) in coupling.moved.enumerated() {
                let rows = conditioner.outputs.baseAddress + place * flow.entriesPerCoordinate * Self.block
                knots.prepare(rows, count: size)
                for point in 0..<size {
                    let value = from[axis * Self.block + point]
                    let piece = knots.piece(rows + point, holding: value).piece
                    let (image, logSlope) = piece.value(at: value)
                    to[axis * Self.block + point] = image
                    logs.baseAddress[point] += logSlope
                }
            }
        }
    }

    /// From weights of the log-densities to derivatives by parameters and, in `adjoints`, by the points; follows `forward`.
    private func reverse(
        _ size: Int, _ parameters: [Double], _ weights: UnsafePointer<Double>, into gradient: inout [Double]
    ) {
        for index in flow.couplings.indices.reversed() {
            let coupling = flow.couplings[index], conditioner = conditioners[index]
            let from = states[index].baseAddress
            for (place, axis) in coupling.moved.enumerated() {
                let offset = place * flow.entriesPerCoordinate * Self.block
                let rows = conditioner.outputs.baseAddress + offset
                let target = conditioner.outputAdjoints.baseAddress + offset
                let row = adjoints.baseAddress + axis * Self.block
                for point in 0..<size {
                    let value = from[axis * Self.block + point]
                    let (piece, bin) = knots.piece(rows + point, holding: value)
                    let adjoint = piece.adjoint(at: value, value: row[point], logSlope: weights[point])
                    row[point] = adjoint.place
                    knots.reverse(rows + point, bin: bin, adjoint, into: target + point)
                }
            }
            conditioner.reverse(size, parameters, into: &gradient, coordinates: adjoints.baseAddress)
        }
    }

    /// The inverse of one coupling, in place, with log slopes added to `logs`.
    private func undo(_ index: Int, _ size: Int, _ parameters: [Double], _ state: AlignedBuffer<Double>) {
        let coupling = flow.couplings[index], conditioner = conditioners[index]
        conditioner.forward(state.baseAddress, size, parameters)
        for (place, axis) in coupling.moved.enumerated() {
            let rows = conditioner.outputs.baseAddress + place * flow.entriesPerCoordinate * Self.block
            knots.prepare(rows, count: size)
            let row = state.baseAddress + axis * Self.block
            for point in 0..<size {
                let piece = knots.piece(rows + point, reaching: row[point]).piece
                let (origin, logSlope) = piece.place(of: row[point])
                row[point] = origin
                logs.baseAddress[point] += logSlope
            }
        }
    }
}
