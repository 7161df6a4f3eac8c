import CKernels
import LinearAlgebra

/// What the gates of a workspace choose between: U and V − U in all channels, and the adjoints that gates add to.
struct GateSignals<S: Scalar> {
    /// U, whose adjoints are zero between sweeps.
    var first: TileSignal<S>
    /// V − U, whose adjoints are zero between sweeps.
    var difference: TileSignal<S>
}

/// (1 − Z)⊙U + Z⊙V in all channels, by Leibniz' rule, as U + Z⊙(V − U).
struct Gate<S: Scalar> {
    private let signals: GateSignals<S>
    private let tile: TileMemory<S>
    private let chain: UnsafePointer<ansatz_network_chain>

    /// A gate of the encoders that made their state last.
    init(_ tile: TileMemory<S>) {
        guard let signals = tile.gates else { preconditionFailure("encoders come before gates") }
        self.signals = signals
        self.tile = tile
        chain = tile.table.chain
    }

    @inline(__always)
    func forward(_ z: UnsafePointer<S>, into values: UnsafeMutablePointer<S>) {
        Kernels<S>.gate(
            chain, features: signals.first.features, z, first: signals.first.values,
            difference: signals.difference.values, values)
    }

    /// Turns adjoints of the gate into adjoints of Z, in place.
    @inline(__always)
    func reverse(_ z: UnsafePointer<S>, adjoints: UnsafeMutablePointer<S>) {
        Kernels<S>.gateReverse(
            chain, features: signals.first.features, z, difference: signals.difference.values, adjoint: adjoints,
            firstAdjoint: signals.first.adjoints!, differenceAdjoint: signals.difference.adjoints!,
            scratch: tile.scratch)
    }
}

/// A dense layer whose features choose between those of the two encoders.
///
/// Source: Wang, Teng and Perdikaris, Understanding and mitigating gradient pathologies in physics-informed neural
/// networks, arXiv:2001.04536.
final class GatedPlan<S: Scalar>: LayerPlan<S> {
    let dense: DensePlan<S>

    init(_ dense: Dense, inputs: Int, prefix: String, context: PlanContext<S>, scaling: PointScaling?) {
        self.dense = DensePlan(dense, inputs: inputs, prefix: prefix, context: context, scaling: scaling)
        super.init(outputs: dense.outputs)
    }

    override func prepare(parameters: UnsafePointer<S>) { dense.prepare(parameters: parameters) }

    override func makeState(
        _ tile: TileMemory<S>, input: TileSignal<S>, adjoints: UnsafeMutablePointer<S>
    ) -> LayerState<S> {
        GatedState(plan: self, tile: tile, input: input, adjoints: adjoints)
    }
}

/// A gated layer at work on one tile.
final class GatedState<S: Scalar>: LayerState<S> {
    /// Its adjoints share the memory of the output's.
    private let dense: LayerState<S>
    private let gate: Gate<S>

    init(plan: GatedPlan<S>, tile: TileMemory<S>, input: TileSignal<S>, adjoints: UnsafeMutablePointer<S>) {
        dense = plan.dense.makeState(tile, input: input, adjoints: adjoints)
        gate = Gate(tile)
        super.init(
            output: TileSignal(
                features: plan.outputs, values: tile.allocate(plan.outputs * tile.shape.leading), adjoints: adjoints))
    }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func forward() {
        dense.forward()
        gate.forward(dense.output.values, into: output.values)
    }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func reverse(into gradient: UnsafeMutablePointer<S>) {
        guard let adjoints = output.adjoints else { return }
        gate.reverse(dense.output.values, adjoints: adjoints)
        dense.reverse(into: gradient)
    }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func jacobianRows(count: Int, into rows: UnsafeMutablePointer<S>, leading: Int) {
        guard let adjoints = output.adjoints else { return }
        gate.reverse(dense.output.values, adjoints: adjoints)
        dense.jacobianRows(count: count, into: rows, leading: leading)
    }
}
