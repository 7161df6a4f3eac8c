import CKernels
import LinearAlgebra

/// σ(W h + b), or W h + b, on all channels.
///
/// With the tile as a matrix A of one row per channel and point, the products are Z = A Wᵀ, dA = dZ W and
/// dWᵀ = Aᵀ dZ. None of them has a transposed operand in the layouts at hand, except that A is transposed for the last.
final class DensePlan<S: Scalar>: LayerPlan<S> {
    let inputs: Int
    let activation: Activation?
    let weightOffset: Int
    let biasOffset: Int
    /// The scaling of the coordinates if these are the input.
    let scaling: PointScaling?
    /// Where the products' weights come from if they are not parameters themselves.
    let factors: DenseFactors<S>?

    let forwardProduct: PanelProduct<S>
    let reverseProduct: PanelProduct<S>
    let gradientProduct: PanelProduct<S>

    /// [output][input]
    private(set) var weight: UnsafePointer<S>
    private(set) var bias: UnsafePointer<S>
    /// [input][output]
    private let transposedWeight: AlignedBuffer<S>

    /// - Parameters:
    ///   - prefix: the beginning of the names of the layer's blocks.
    ///   - addsToInput: whether adjoints are added to those of the input, which others use as well.
    init(
        _ dense: Dense, inputs: Int, prefix: String, context: PlanContext<S>, scaling: PointScaling?,
        addsToInput: Bool = false
    ) {
        let tile = context.tile
        let outputs = dense.outputs
        self.inputs = inputs
        self.activation = dense.activation
        self.scaling = scaling
        weightOffset = context.layout.block(named: prefix + dense.weightName)!.offset
        biasOffset = context.layout.block(named: prefix + "bias")!.offset
        factors =
            dense.isReparametrised
            ? DenseFactors(
                dense, inputs: inputs, layout: context.layout, prefix: prefix, parameters: context.parameters) : nil
        weight = context.parameters + weightOffset
        bias = context.parameters + biasOffset
        // The first layer multiplies values only: its input has no other channels.
        let rows = scaling == nil ? tile.rows : tile.points
        let leading = scaling == nil ? tile.leading : tile.points
        transposedWeight = AlignedBuffer(count: scaling == nil ? inputs * outputs : 0)
        forwardProduct = PanelProduct(
            rows: rows, columns: outputs, inner: inputs,
            leadingA: leading, leadingB: inputs, leadingC: tile.leading, accumulate: false)
        reverseProduct = PanelProduct(
            rows: rows, columns: inputs, inner: outputs,
            leadingA: tile.leading, leadingB: outputs, leadingC: tile.leading, accumulate: addsToInput)
        gradientProduct = PanelProduct(
            rows: inputs, columns: outputs, inner: rows,
            leadingA: tile.transposedLeading(inputs), leadingB: tile.leading, leadingC: inputs, accumulate: true)
        super.init(outputs: outputs)
    }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func prepare(parameters: UnsafePointer<S>) {
        if let factors {
            factors.prepare(parameters: parameters)
            weight = factors.weight
            bias = factors.bias
        } else {
            weight = parameters + weightOffset
            bias = parameters + biasOffset
        }
        if scaling == nil {
            Kernels<S>.transpose(
                rows: inputs, columns: outputs, weight, leading: inputs, transposedWeight.baseAddress, leading: outputs)
        }
    }

    /// W as a column-major matrix of `outputs` rows.
    var weightByInput: UnsafePointer<S> { UnsafePointer(transposedWeight.baseAddress) }

    override func makeState(
        _ tile: TileMemory<S>, input: TileSignal<S>, adjoints: UnsafeMutablePointer<S>
    ) -> LayerState<S> {
        DenseState(plan: self, tile: tile, input: input, adjoints: adjoints)
    }
}

/// A dense layer at work on one tile.
final class DenseState<S: Scalar>: LayerState<S> {
    private let plan: DensePlan<S>
    private let tile: TileMemory<S>
    private let input: TileSignal<S>
    private let chain: UnsafePointer<ansatz_network_chain>
    /// W h in all channels, with channel 0 replaced by the activation's state.
    private let z: UnsafeMutablePointer<S>
    private let memo: UnsafeMutablePointer<S>
    private let activation: ansatz_network_activation?
    /// Derivatives along the weights that the products see, zero between uses; none if these are the parameters.
    private let effectiveGradient: UnsafeMutablePointer<S>?

    init(plan: DensePlan<S>, tile: TileMemory<S>, input: TileSignal<S>, adjoints: UnsafeMutablePointer<S>) {
        self.plan = plan
        self.tile = tile
        self.input = input
        chain = tile.table.chain
        activation = plan.activation?.kernel
        z = tile.allocate(plan.outputs * tile.shape.leading)
        effectiveGradient = if let factors = plan.factors { tile.allocate(factors.count) } else { nil }
        memo = activation == nil ? z : tile.allocate(plan.outputs * tile.shape.points)
        super.init(
            output: TileSignal(
                features: plan.outputs,
                values: activation == nil ? z : tile.allocate(plan.outputs * tile.shape.leading),
                adjoints: adjoints))
    }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func forward() {
        plan.forwardProduct(input.values, plan.weight, z)
        if let scaling = plan.scaling {
            Kernels<S>.inputChannels(
                chain, inputs: plan.inputs, outputs: plan.outputs, along: tile.table.along,
                inverseHalfWidth: scaling.inverseHalfWidth, weight: plan.weight, z)
        }
        if let activation {
            Kernels<S>.activate(
                chain, activation, features: plan.outputs, bias: plan.bias, z: z, memo: memo, output.values)
        } else {
            Kernels<S>.addBias(chain, features: plan.outputs, bias: plan.bias, z)
        }
    }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func reverse(into gradient: UnsafeMutablePointer<S>) {
        guard let adjoints = output.adjoints else { return }
        passActivation(adjoints)
        transposeInput()
        let weightGradient = effectiveGradient ?? gradient + plan.weightOffset
        let biasGradient = effectiveGradient.map { $0 + plan.inputs * plan.outputs } ?? gradient + plan.biasOffset
        Kernels<S>.biasGradient(chain, features: plan.outputs, adjoint: adjoints, biasGradient)
        plan.gradientProduct(tile.transposed, adjoints, weightGradient)
        if let scaling = plan.scaling {
            Kernels<S>.inputGradient(
                chain, inputs: plan.inputs, outputs: plan.outputs, along: tile.table.along,
                inverseHalfWidth: scaling.inverseHalfWidth, adjoint: adjoints, weightGradient)
        }
        if let effectiveGradient { plan.factors?.add(effectiveGradient, to: gradient) }
        passProduct(adjoints)
    }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func jacobianRows(count: Int, into rows: UnsafeMutablePointer<S>, leading: Int) {
        guard let adjoints = output.adjoints else { return }
        passActivation(adjoints)
        transposeInput()
        if let scaling = plan.scaling {
            Kernels<S>.inputJacobian(
                chain, count: count, inputs: plan.inputs, outputs: plan.outputs, along: tile.table.along,
                inverseHalfWidth: scaling.inverseHalfWidth, transposed: tile.transposed,
                transposedLeading: tile.shape.transposedLeading(plan.inputs), adjoint: adjoints,
                weightRows: rows + plan.weightOffset, biasRows: rows + plan.biasOffset, stride: leading)
        } else {
            Kernels<S>.jacobian(
                chain, count: count, inputs: plan.inputs, outputs: plan.outputs, transposed: tile.transposed,
                transposedLeading: tile.shape.transposedLeading(plan.inputs), adjoint: adjoints,
                weightRows: rows + plan.weightOffset, biasRows: rows + plan.biasOffset, stride: leading,
                scratch: tile.scratch)
        }
        plan.factors?.convert(count: count, rows: rows, leading: leading)
        passProduct(adjoints)
    }

    /// From adjoints of σ∘z to adjoints of z.
    @inline(__always)
    private func passActivation(_ adjoints: UnsafeMutablePointer<S>) {
        guard let activation else { return }
        Kernels<S>.activateReverse(
            chain, activation, features: plan.outputs, z: z, memo: memo, adjoint: adjoints, scratch: tile.scratch)
    }

    @inline(__always)
    private func transposeInput() {
        if plan.scaling == nil {
            Kernels<S>.transpose(
                rows: tile.shape.rows, columns: plan.inputs, input.values, leading: tile.shape.leading,
                tile.transposed, leading: tile.shape.transposedLeading(plan.inputs))
        } else {
            Kernels<S>.transpose(
                rows: tile.shape.points, columns: plan.inputs, input.values, leading: tile.shape.points,
                tile.transposed, leading: tile.shape.transposedLeading(plan.inputs))
        }
    }

    /// From adjoints of z to adjoints of the input.
    @inline(__always)
    private func passProduct(_ adjoints: UnsafeMutablePointer<S>) {
        guard let inputAdjoints = input.adjoints else { return }
        plan.reverseProduct(adjoints, plan.weightByInput, inputAdjoints)
    }
}

/// The scaling of coordinates in the form that the kernels read.
final class PointScaling: Sendable {
    nonisolated(unsafe) let center: UnsafePointer<Double>
    nonisolated(unsafe) let inverseHalfWidth: UnsafePointer<Double>

    private let storage: AlignedBuffer<Double>

    init(_ scaling: Network.InputScaling) {
        let count = scaling.center.count
        storage = AlignedBuffer(count: 2 * count)
        center = UnsafePointer(storage.baseAddress)
        inverseHalfWidth = UnsafePointer(storage.baseAddress + count)
        for index in 0..<count {
            storage.baseAddress[index] = scaling.center[index]
            storage.baseAddress[count + index] = 1 / scaling.halfWidth[index]
        }
    }
}

extension Activation {
    var kernel: ansatz_network_activation {
        switch self {
        case .tanh: ANSATZ_NETWORK_TANH
        case .sine: ANSATZ_NETWORK_SINE
        case .gelu: ANSATZ_NETWORK_GELU
        case .silu: ANSATZ_NETWORK_SILU
        case .softplus: ANSATZ_NETWORK_SOFTPLUS
        }
    }
}
