import CKernels
import LinearAlgebra

/// A block that starts as the identity, between the encoders' U and V: f = σ(W₁x + b₁), z₁ = (1 − f)⊙U + f⊙V,
/// g = σ(W₂z₁ + b₂), z₂ = (1 − g)⊙U + g⊙V, h = σ(W₃z₂ + b₃), and α h + (1 − α) x with a trained share α that starts at 0.
///
/// Source: Wang, Li, Chen and Perdikaris, PirateNets: physics-informed deep learning with residual adaptive networks,
/// arXiv:2402.00326.
final class ResidualPlan<S: Scalar>: LayerPlan<S> {
    /// What the names of the blocks of the three dense layers begin with, behind the layer's prefix.
    static var names: [String] { ["gate.1.", "gate.2.", "branch."] }

    let hidden: Int
    let first: DensePlan<S>
    let second: DensePlan<S>
    let branch: DensePlan<S>
    let shareOffset: Int
    private(set) var share: S = 0

    override var widest: Int { max(outputs, hidden) }

    /// - Parameter dense: the two gates; the branch has as many features as the input.
    init(_ dense: Dense, inputs: Int, prefix: String, context: PlanContext<S>) {
        hidden = dense.outputs
        first = DensePlan(
            dense, inputs: inputs, prefix: prefix + Self.names[0], context: context, scaling: nil, addsToInput: true)
        second = DensePlan(
            dense, inputs: hidden, prefix: prefix + Self.names[1], context: context, scaling: nil)
        branch = DensePlan(
            dense.with(outputs: inputs), inputs: hidden, prefix: prefix + Self.names[2], context: context, scaling: nil)
        shareOffset = context.layout.block(named: prefix + "share")!.offset
        super.init(outputs: inputs)
    }

    override func prepare(parameters: UnsafePointer<S>) {
        first.prepare(parameters: parameters)
        second.prepare(parameters: parameters)
        branch.prepare(parameters: parameters)
        share = parameters[shareOffset]
    }

    override func makeState(
        _ tile: TileMemory<S>, input: TileSignal<S>, adjoints: UnsafeMutablePointer<S>
    ) -> LayerState<S> {
        ResidualState(plan: self, tile: tile, input: input, adjoints: adjoints)
    }
}

/// A residual block at work on one tile.
final class ResidualState<S: Scalar>: LayerState<S> {
    private let plan: ResidualPlan<S>
    private let input: TileSignal<S>
    private let gate: Gate<S>
    private let chain: UnsafePointer<ansatz_network_chain>
    private let first: LayerState<S>
    private let second: LayerState<S>
    private let branch: LayerState<S>
    /// z₁ and z₂; their adjoints share memory with those of f and g.
    private let gated: (TileSignal<S>, TileSignal<S>)
    /// The derivative along the share at each point.
    private let slopes: UnsafeMutablePointer<S>

    init(plan: ResidualPlan<S>, tile: TileMemory<S>, input: TileSignal<S>, adjoints: UnsafeMutablePointer<S>) {
        self.plan = plan
        self.input = input
        gate = Gate(tile)
        chain = tile.table.chain
        let count = plan.hidden * tile.shape.leading
        func signal() -> TileSignal<S> {
            TileSignal(features: plan.hidden, values: tile.allocate(count), adjoints: tile.allocate(count))
        }
        gated = (signal(), signal())
        first = plan.first.makeState(tile, input: input, adjoints: gated.0.adjoints!)
        second = plan.second.makeState(tile, input: gated.0, adjoints: gated.1.adjoints!)
        branch = plan.branch.makeState(
            tile, input: gated.1, adjoints: tile.allocate(plan.outputs * tile.shape.leading))
        slopes = tile.allocate(tile.shape.points)
        super.init(
            output: TileSignal(
                features: plan.outputs, values: tile.allocate(plan.outputs * tile.shape.leading), adjoints: adjoints))
    }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func forward() {
        first.forward()
        gate.forward(first.output.values, into: gated.0.values)
        second.forward()
        gate.forward(second.output.values, into: gated.1.values)
        branch.forward()
        Kernels<S>.blend(
            chain, features: plan.outputs, share: plan.share, branch.output.values, input.values, output.values)
    }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func reverse(into gradient: UnsafeMutablePointer<S>) {
        passBlend()
        for point in 0..<Int(chain.pointee.points) { gradient[plan.shareOffset] += slopes[point] }
        branch.reverse(into: gradient)
        gate.reverse(second.output.values, adjoints: gated.1.adjoints!)
        second.reverse(into: gradient)
        gate.reverse(first.output.values, adjoints: gated.0.adjoints!)
        first.reverse(into: gradient)
    }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func jacobianRows(count: Int, into rows: UnsafeMutablePointer<S>, leading: Int) {
        passBlend()
        for point in 0..<count { rows[point * leading + plan.shareOffset] = slopes[point] }
        branch.jacobianRows(count: count, into: rows, leading: leading)
        gate.reverse(second.output.values, adjoints: gated.1.adjoints!)
        second.jacobianRows(count: count, into: rows, leading: leading)
        gate.reverse(first.output.values, adjoints: gated.0.adjoints!)
        first.jacobianRows(count: count, into: rows, leading: leading)
    }

    /// From adjoints of the output to those of the branch, of the input as far as it is handed on, and of the share.
    @inline(__always)
    private func passBlend() {
        Kernels<S>.blendReverse(
            chain, features: plan.outputs, share: plan.share, branch.output.values, input.values,
            adjoint: output.adjoints!, branchAdjoint: branch.output.adjoints!, inputAdjoint: input.adjoints,
            slopes: slopes)
    }
}
