import CKernels
import Expressions
import LinearAlgebra

/// A dense layer whose parameters move along a direction: W + sV and b + sc, with s as one more coordinate at s = 0.
///
/// Its channels hold, with a derivative ∂, also ∂ₛ∂ where the plan asks for it. Activations treat s as any coordinate; only
/// here do the parameters depend on it: ∂ₛ∂z = W ∂ₛ∂h + V ∂h. The gradient is that by W and b alone, so that the gradient
/// of a directional derivative along (V, c) is a Hessian's product with it.
final class DirectedDensePlan<S: Scalar>: LayerPlan<S> {
    let inputs: Int
    let activation: Activation?
    let weightOffset: Int
    let biasOffset: Int
    let scaling: PointScaling?
    /// For each channel with one more derivative along s, the channel without it.
    let companions: [(channel: Int, base: Int)]
    /// For channels of the first layer: what they are of the affine map of the coordinates.
    let firsts: [FirstChannel]

    let forwardProduct: PanelProduct<S>
    let reverseProduct: PanelProduct<S>
    let gradientProduct: PanelProduct<S>
    let companionProduct: PanelProduct<S>
    let companionReverse: PanelProduct<S>

    private(set) var weight: UnsafePointer<S>
    private(set) var bias: UnsafePointer<S>
    private(set) var weightDirection: UnsafePointer<S>
    private(set) var biasDirection: UnsafePointer<S>
    private let transposedWeight: AlignedBuffer<S>
    private let transposedDirection: AlignedBuffer<S>

    /// A channel of W x̂ + b, where x̂ are the scaled coordinates.
    enum FirstChannel {
        /// The value.
        case value
        /// The derivative along a coordinate: a column of W.
        case weight(Int)
        /// The derivative along s.
        case direction
        /// The derivative along s and a coordinate: a column of V.
        case weightDirection(Int)
        /// A higher derivative.
        case zero
    }

    init(
        _ dense: Dense, inputs: Int, prefix: String, context: PlanContext<S>, scaling: PointScaling?,
        channels: ChannelPlan, direction: UnsafePointer<S>
    ) {
        precondition(!dense.isReparametrised, "weights are parameters themselves")
        let (tile, parameters, outputs) = (context.tile, context.parameters, dense.outputs)
        self.inputs = inputs
        activation = dense.activation
        self.scaling = scaling
        weightOffset = context.layout.block(named: prefix + dense.weightName)!.offset
        biasOffset = context.layout.block(named: prefix + "bias")!.offset
        weight = parameters + weightOffset
        bias = parameters + biasOffset
        weightDirection = direction + weightOffset
        biasDirection = direction + biasOffset
        let axis = channels.coordinates - 1
        companions = channels.channels.enumerated().compactMap { index, derivative in
            guard case .partial(let axes) = derivative, axes.contains(axis) else { return nil }
            let base = channels.index(of: .partial(axes.filter { $0 != axis }))
            return base.map { (channel: index, base: $0) }
        }
        firsts = channels.channels.map { derivative in
            guard case .partial(let axes) = derivative else { return .zero }
            switch axes {
            case []: return .value
            case [axis]: return .direction
            case let axes where axes.count == 1: return .weight(axes[0])
            case let axes where axes.count == 2 && axes[1] == axis && axes[0] != axis: return .weightDirection(axes[0])
            default: return .zero
            }
        }
        let rows = scaling == nil ? tile.rows : tile.points
        let leading = scaling == nil ? tile.leading : tile.points
        let stored = scaling == nil ? inputs * outputs : 0
        transposedWeight = AlignedBuffer(count: stored)
        transposedDirection = AlignedBuffer(count: stored)
        forwardProduct = PanelProduct(
            rows: rows, columns: outputs, inner: inputs,
            leadingA: leading, leadingB: inputs, leadingC: tile.leading, accumulate: false)
        companionProduct = PanelProduct(
            rows: tile.points, columns: outputs, inner: inputs,
            leadingA: leading, leadingB: inputs, leadingC: tile.leading, accumulate: true)
        reverseProduct = PanelProduct(
            rows: rows, columns: inputs, inner: outputs,
            leadingA: tile.leading, leadingB: outputs, leadingC: tile.leading, accumulate: false)
        companionReverse = PanelProduct(
            rows: tile.points, columns: inputs, inner: outputs,
            leadingA: tile.leading, leadingB: outputs, leadingC: tile.leading, accumulate: true)
        gradientProduct = PanelProduct(
            rows: inputs, columns: outputs, inner: rows,
            leadingA: tile.transposedLeading(inputs), leadingB: tile.leading, leadingC: inputs, accumulate: true)
        super.init(outputs: outputs)
    }

    override func prepare(parameters: UnsafePointer<S>) {
        weight = parameters + weightOffset
        bias = parameters + biasOffset
        if scaling == nil {
            Kernels<S>.transpose(
                rows: inputs, columns: outputs, weight, leading: inputs, transposedWeight.baseAddress, leading: outputs)
        }
    }

    override func prepare(direction: UnsafePointer<S>) {
        weightDirection = direction + weightOffset
        biasDirection = direction + biasOffset
        if scaling == nil {
            Kernels<S>.transpose(
                rows: inputs, columns: outputs, weightDirection, leading: inputs, transposedDirection.baseAddress,
                leading: outputs)
        }
    }

    var weightByInput: UnsafePointer<S> { UnsafePointer(transposedWeight.baseAddress) }
    var directionByInput: UnsafePointer<S> { UnsafePointer(transposedDirection.baseAddress) }

    override func makeState(
        _ tile: TileMemory<S>, input: TileSignal<S>, adjoints: UnsafeMutablePointer<S>
    ) -> LayerState<S> {
        DirectedDenseState(plan: self, tile: tile, input: input, adjoints: adjoints)
    }
}

/// A directed dense layer at work on one tile.
final class DirectedDenseState<S: Scalar>: LayerState<S> {
    private let plan: DirectedDensePlan<S>
    private let tile: TileMemory<S>
    private let input: TileSignal<S>
    private let chain: UnsafePointer<ansatz_network_chain>
    private let z: UnsafeMutablePointer<S>
    private let memo: UnsafeMutablePointer<S>
    private let activation: ansatz_network_activation?
    private let ones: UnsafeMutablePointer<S>

    init(plan: DirectedDensePlan<S>, tile: TileMemory<S>, input: TileSignal<S>, adjoints: UnsafeMutablePointer<S>) {
        self.plan = plan
        self.tile = tile
        self.input = input
        chain = tile.table.chain
        activation = plan.activation?.kernel
        z = tile.allocate(plan.outputs * tile.shape.leading)
        memo = activation == nil ? z : tile.allocate(plan.outputs * tile.shape.points)
        ones = tile.allocate(tile.shape.points)
        ones.update(repeating: 1, count: tile.shape.points)
        super.init(
            output: TileSignal(
                features: plan.outputs,
                values: activation == nil ? z : tile.allocate(plan.outputs * tile.shape.leading),
                adjoints: adjoints))
    }

    private func channel(_ base: UnsafeMutablePointer<S>, _ output: Int, _ channel: Int) -> UnsafeMutablePointer<S> {
        base + (output * tile.shape.leading + channel * tile.shape.points)
    }

    override func forward() {
        let points = tile.shape.points
        plan.forwardProduct(input.values, plan.weight, z)
        if let scaling = plan.scaling {
            fillFirstChannels(scaling)
        } else {
            for (channel, base) in plan.companions {
                plan.companionProduct(input.values + base * points, plan.weightDirection, z + channel * points)
            }
        }
        if let place = plan.firsts.firstIndex(where: { if case .direction = $0 { true } else { false } }) {
            for output in 0..<plan.outputs {
                S.addScaled(points, plan.biasDirection[output], ones, channel(z, output, place))
            }
        }
        if let activation {
            Kernels<S>.activate(
                chain, activation, features: plan.outputs, bias: plan.bias, z: z, memo: memo, output.values)
        } else {
            Kernels<S>.addBias(chain, features: plan.outputs, bias: plan.bias, z)
        }
    }

    /// Derivatives of W x̂: columns of W and V over the half widths, V x̂, and zero.
    private func fillFirstChannels(_ scaling: PointScaling) {
        let points = tile.shape.points
        for (place, kind) in plan.firsts.enumerated() {
            for output in 0..<plan.outputs {
                let target = channel(z, output, place)
                let row = output * plan.inputs
                switch kind {
                case .value: break
                case .weight(let axis):
                    target.update(
                        repeating: plan.weight[row + axis] * S(scaling.inverseHalfWidth[axis]), count: points)
                case .weightDirection(let axis):
                    target.update(
                        repeating: plan.weightDirection[row + axis] * S(scaling.inverseHalfWidth[axis]), count: points)
                case .direction, .zero: target.update(repeating: 0, count: points)
                }
            }
            if case .direction = kind {
                plan.companionProduct(input.values, plan.weightDirection, z + place * points)
            }
        }
    }

    override func reverse(into gradient: UnsafeMutablePointer<S>) {
        guard let adjoints = output.adjoints else { return }
        let shape = tile.shape
        if let activation {
            Kernels<S>.activateReverse(
                chain, activation, features: plan.outputs, z: z, memo: memo, adjoint: adjoints, scratch: tile.scratch)
        }
        let isFirst = plan.scaling != nil
        Kernels<S>.transpose(
            rows: isFirst ? shape.points : shape.rows, columns: plan.inputs, input.values,
            leading: isFirst ? shape.points : shape.leading, tile.transposed,
            leading: shape.transposedLeading(plan.inputs))
        Kernels<S>.biasGradient(chain, features: plan.outputs, adjoint: adjoints, gradient + plan.biasOffset)
        plan.gradientProduct(tile.transposed, adjoints, gradient + plan.weightOffset)
        if let scaling = plan.scaling {
            for (place, kind) in plan.firsts.enumerated() {
                guard case .weight(let axis) = kind else { continue }
                for output in 0..<plan.outputs {
                    let sum = S.dot(shape.points, channel(adjoints, output, place), ones)
                    gradient[plan.weightOffset + output * plan.inputs + axis] +=
                        S(sum * scaling.inverseHalfWidth[axis])
                }
            }
        }
        guard let inputAdjoints = input.adjoints else { return }
        plan.reverseProduct(adjoints, plan.weightByInput, inputAdjoints)
        for (channel, base) in plan.companions {
            plan.companionReverse(
                adjoints + channel * shape.points, plan.directionByInput, inputAdjoints + base * shape.points)
        }
    }

    override func jacobianRows(count: Int, into rows: UnsafeMutablePointer<S>, leading: Int) {
        preconditionFailure("rows of Jacobians are not taken along directions")
    }
}

extension Network {
    /// Whether all parameters are weights and biases of dense layers, so that derivatives along them can be had.
    package var allowsDirections: Bool {
        layers.allSatisfy { layer in
            switch layer {
            case .dense(let dense): !dense.isReparametrised
            case .periodic: true
            case .fourier, .encoders, .gated, .residual: false
            }
        }
    }
}
