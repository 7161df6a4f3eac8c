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
    /// The scaling of the coordinates if this is the first layer.
    let scaling: PointScaling?

    let forwardProduct: PanelProduct<S>
    let reverseProduct: PanelProduct<S>
    let gradientProduct: PanelProduct<S>

    /// [output][input]
    private(set) var weight: UnsafePointer<S>
    private(set) var bias: UnsafePointer<S>
    /// [input][output]
    private let transposedWeight: AlignedBuffer<S>

    init(
        inputs: Int, outputs: Int, activation: Activation?, offset: Int, scaling: PointScaling?, tile: TileShape,
        parameters: UnsafePointer<S>
    ) {
        self.inputs = inputs
        self.activation = activation
        self.scaling = scaling
        weightOffset = offset
        biasOffset = offset + inputs * outputs
        weight = parameters + weightOffset
        bias = parameters + biasOffset
        // The first layer multiplies values only: its input has no other channels.
        let rows = scaling == nil ? tile.rows : tile.points
        let leading = scaling == nil ? tile.leading : tile.points
        transposedWeight = AlignedBuffer(count: scaling == nil ? inputs * outputs : 0)
        forwardProduct = PanelProduct(
            rows: rows, columns: outputs, inner: inputs,
            leadingA: leading, leadingB: inputs, leadingC: tile.leading, accumulate: false)
        reverseProduct = PanelProduct(
            rows: rows, columns: inputs, inner: outputs,
            leadingA: tile.leading, leadingB: outputs, leadingC: tile.leading, accumulate: false)
        gradientProduct = PanelProduct(
            rows: inputs, columns: outputs, inner: rows,
            leadingA: tile.transposedLeading(inputs), leadingB: tile.leading, leadingC: inputs, accumulate: true)
        super.init(outputs: outputs)
    }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func prepare(parameters: UnsafePointer<S>) {
        weight = parameters + weightOffset
        bias = parameters + biasOffset
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

    init(plan: DensePlan<S>, tile: TileMemory<S>, input: TileSignal<S>, adjoints: UnsafeMutablePointer<S>) {
        self.plan = plan
        self.tile = tile
        self.input = input
        chain = tile.table.chain
        activation = plan.activation?.kernel
        z = tile.allocate(plan.outputs * tile.shape.leading)
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
        Kernels<S>.biasGradient(chain, features: plan.outputs, adjoint: adjoints, gradient + plan.biasOffset)
        plan.gradientProduct(tile.transposed, adjoints, gradient + plan.weightOffset)
        if let scaling = plan.scaling {
            Kernels<S>.inputGradient(
                chain, inputs: plan.inputs, outputs: plan.outputs, along: tile.table.along,
                inverseHalfWidth: scaling.inverseHalfWidth, adjoint: adjoints, gradient + plan.weightOffset)
        }
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
