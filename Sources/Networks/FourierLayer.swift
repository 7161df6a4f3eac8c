import LinearAlgebra

/// Fourier features as a dense sine layer: W holds B twice, and the bias turns the first half into cosines.
final class FourierPlan<S: Scalar>: LayerPlan<S> {
    let features: FourierFeatures
    let inputs: Int
    let dense: DensePlan<S>
    /// Where B starts in the flat vector; nil if it is not trained.
    let offset: Int?
    /// W and the bias.
    private let parameters: AlignedBuffer<S>

    /// The number of entries of B.
    var count: Int { features.frequencyCount * inputs }
    /// The number of entries of W and the bias.
    var denseCount: Int { 2 * count + features.outputs }

    init(
        _ features: FourierFeatures, inputs: Int, prefix: String, context: PlanContext<S>, scaling: PointScaling?
    ) {
        self.features = features
        self.inputs = inputs
        offset = context.layout.block(named: prefix + "frequencies")?.offset
        let dense = Dense(outputs: features.outputs, activation: .sine)
        var layout = ParameterLayout()
        dense.append(to: &layout, prefix: "", inputs: inputs)
        parameters = AlignedBuffer(count: layout.count)
        for row in 0..<features.frequencyCount {
            parameters.baseAddress[features.outputs * inputs + row] = S(Double.pi / 2)
        }
        self.dense = DensePlan(
            dense, inputs: inputs, prefix: "",
            context: PlanContext(layout: layout, parameters: parameters.baseAddress, tile: context.tile),
            scaling: scaling)
        super.init(outputs: features.outputs)
        if !features.isTrained {
            take(features.fixedFrequencies(inputs: inputs).map { S($0) })
        }
    }

    private func take(_ frequencies: UnsafePointer<S>) {
        parameters.baseAddress.update(from: frequencies, count: count)
        (parameters.baseAddress + count).update(from: frequencies, count: count)
        dense.prepare(parameters: parameters.baseAddress)
    }

    override func prepare(parameters: UnsafePointer<S>) {
        if let offset { take(parameters + offset) }
    }

    override func makeState(
        _ tile: TileMemory<S>, input: TileSignal<S>, adjoints: UnsafeMutablePointer<S>
    ) -> LayerState<S> {
        FourierState(plan: self, tile: tile, input: input, adjoints: adjoints)
    }
}

/// Fourier features at work on one tile; without trained frequencies nothing here wants adjoints.
final class FourierState<S: Scalar>: LayerState<S> {
    private let plan: FourierPlan<S>
    private let dense: LayerState<S>
    /// Derivatives along W and the bias; for rows of a Jacobian one for each point.
    private let denseRows: UnsafeMutablePointer<S>?

    init(plan: FourierPlan<S>, tile: TileMemory<S>, input: TileSignal<S>, adjoints: UnsafeMutablePointer<S>) {
        self.plan = plan
        dense = plan.dense.makeState(tile, input: input, adjoints: adjoints)
        denseRows = plan.offset == nil ? nil : tile.allocate(plan.denseCount * tile.shape.points)
        super.init(
            output: TileSignal(
                features: plan.outputs, values: dense.output.values, adjoints: plan.offset == nil ? nil : adjoints))
    }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func forward() { dense.forward() }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func reverse(into gradient: UnsafeMutablePointer<S>) {
        guard let offset = plan.offset, let denseRows else { return }
        denseRows.update(repeating: 0, count: plan.denseCount)
        dense.reverse(into: denseRows)
        S.add(plan.count, denseRows, gradient + offset)
        S.add(plan.count, denseRows + plan.count, gradient + offset)
    }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func jacobianRows(count: Int, into rows: UnsafeMutablePointer<S>, leading: Int) {
        guard let offset = plan.offset, let denseRows else { return }
        dense.jacobianRows(count: count, into: denseRows, leading: plan.denseCount)
        for point in 0..<count {
            let row = rows + point * leading + offset
            let denseRow = denseRows + point * plan.denseCount
            row.update(from: denseRow, count: plan.count)
            S.add(plan.count, denseRow + plan.count, row)
        }
    }
}
