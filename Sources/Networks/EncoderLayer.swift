import LinearAlgebra

/// Two dense layers U and V of the same input, which the gates behind choose between; the input itself is handed on.
final class EncoderPlan<S: Scalar>: LayerPlan<S> {
    /// What the names of the blocks of U and V begin with, behind the layer's prefix.
    static var names: [String] { ["encoder.1.", "encoder.2."] }

    let encoders: [DensePlan<S>]

    override var widest: Int { max(outputs, encoders[0].outputs) }

    init(_ dense: Dense, inputs: Int, prefix: String, context: PlanContext<S>, scaling: PointScaling?) {
        encoders = Self.names.map {
            DensePlan(
                dense, inputs: inputs, prefix: prefix + $0, context: context, scaling: scaling, addsToInput: true)
        }
        super.init(outputs: inputs)
    }

    override func prepare(parameters: UnsafePointer<S>) {
        for encoder in encoders { encoder.prepare(parameters: parameters) }
    }

    override func makeState(
        _ tile: TileMemory<S>, input: TileSignal<S>, adjoints: UnsafeMutablePointer<S>
    ) -> LayerState<S> {
        EncoderState(plan: self, tile: tile, input: input)
    }
}

/// The encoders at work on one tile.
final class EncoderState<S: Scalar>: LayerState<S> {
    private let first: LayerState<S>
    private let second: LayerState<S>
    private let gates: GateSignals<S>
    private let count: Int

    init(plan: EncoderPlan<S>, tile: TileMemory<S>, input: TileSignal<S>) {
        count = plan.encoders[0].outputs * tile.shape.leading
        first = plan.encoders[0].makeState(tile, input: input, adjoints: tile.allocate(count))
        second = plan.encoders[1].makeState(tile, input: input, adjoints: tile.allocate(count))
        gates = GateSignals(first: first.output, difference: second.output)
        tile.gates = gates
        super.init(output: input)
    }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func forward() {
        first.forward()
        second.forward()
        // Gates read V − U; nothing needs the values of V any more.
        S.addScaled(count, -1, gates.first.values, gates.difference.values)
    }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func reverse(into gradient: UnsafeMutablePointer<S>) {
        passDifference()
        first.reverse(into: gradient)
        second.reverse(into: gradient)
        clear()
    }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func jacobianRows(count: Int, into rows: UnsafeMutablePointer<S>, leading: Int) {
        passDifference()
        first.jacobianRows(count: count, into: rows, leading: leading)
        second.jacobianRows(count: count, into: rows, leading: leading)
        clear()
    }

    /// From adjoints of U and V − U, which are sums over the gates, to those of U and V.
    @inline(__always)
    private func passDifference() {
        S.addScaled(count, -1, gates.difference.adjoints!, gates.first.adjoints!)
    }

    @inline(__always)
    private func clear() {
        gates.first.adjoints!.update(repeating: 0, count: count)
        gates.difference.adjoints!.update(repeating: 0, count: count)
    }
}
