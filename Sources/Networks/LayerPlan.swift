import LinearAlgebra

/// A kind of layer as all threads share it: shapes, parameters, compiled products.
///
/// A new kind of layer is a subclass of this and one of `LayerState`; plan and workspace know only these two.
class LayerPlan<S: Scalar> {
    /// The number of features that the layer hands on.
    let outputs: Int

    /// The largest number of features that the layer needs room for.
    var widest: Int { outputs }

    init(outputs: Int) {
        self.outputs = outputs
    }

    /// Takes the flat vector of parameters, which stays where it is until the next call.
    func prepare(parameters: UnsafePointer<S>) {}

    /// Takes the direction along which parameters move, as long as the parameters; layers that know none are never asked.
    func prepare(direction: UnsafePointer<S>) {}

    /// The memory of this layer in one workspace.
    func makeState(
        _ tile: TileMemory<S>, input: TileSignal<S>, adjoints: UnsafeMutablePointer<S>
    ) -> LayerState<S> {
        preconditionFailure("a layer makes its state")
    }
}

/// What layers need to know when a plan is made.
struct PlanContext<S: Scalar> {
    /// Where the parameters of the layers lie in the flat vector.
    var layout: ParameterLayout
    /// The flat vector.
    var parameters: UnsafePointer<S>
    /// The shape of tiles.
    var tile: TileShape
}

/// A layer at work on one tile.
class LayerState<S: Scalar> {
    /// What the layer hands on.
    let output: TileSignal<S>

    init(output: TileSignal<S>) {
        self.output = output
    }

    /// Computes the output's values from the input's.
    func forward() {}

    /// Consumes the output's adjoints, adds to the gradient, and overwrites the input's adjoints if there are any.
    func reverse(into gradient: UnsafeMutablePointer<S>) {}

    /// Like `reverse`, but writes a row for each point.
    func jacobianRows(count: Int, into rows: UnsafeMutablePointer<S>, leading: Int) {}
}

/// Features of a tile on their way between layers.
struct TileSignal<S: Scalar> {
    /// The number of features.
    var features: Int
    /// All channels of all features; for the coordinates, which have no channels, [coordinate][point].
    var values: UnsafeMutablePointer<S>
    /// Adjoints in the layout of the values, none for the coordinates.
    var adjoints: UnsafeMutablePointer<S>?
}

/// What the layers of one workspace share: the shape of tiles and scratch memory.
final class TileMemory<S: Scalar> {
    let shape: TileShape
    let table: ChainTable
    /// The transposed input of the layer at work, [channel·points + point][feature], rows `transposedLeading` apart.
    let transposed: UnsafeMutablePointer<S>
    /// Room for 16 numbers per channel.
    let scratch: UnsafeMutablePointer<S>

    /// What gates choose between, once the encoders have made their state.
    var gates: GateSignals<S>?

    private var buffers: [AlignedBuffer<S>] = []
    private let adjointBuffers: [AlignedBuffer<S>]

    /// - Parameter widest: the largest number of features of any layer or of the coordinates.
    init(shape: TileShape, table: ChainTable, widest: Int) {
        self.shape = shape
        self.table = table
        let transposed = AlignedBuffer<S>(count: shape.rows * shape.transposedLeading(widest))
        let scratch = AlignedBuffer<S>(count: shape.channels * 16)
        self.transposed = transposed.baseAddress
        self.scratch = scratch.baseAddress
        adjointBuffers = (0..<2).map { _ in AlignedBuffer<S>(count: shape.leading * widest) }
        buffers = [transposed, scratch]
    }

    /// Memory that lives as long as the workspace.
    func allocate(_ count: Int) -> UnsafeMutablePointer<S> {
        let buffer = AlignedBuffer<S>(count: count)
        buffers.append(buffer)
        return buffer.baseAddress
    }

    /// Adjoints for the output of layer number `index` among those with adjoints; only neighbours need theirs at the
    /// same time.
    func adjoints(ofLayer index: Int) -> UnsafeMutablePointer<S> {
        adjointBuffers[index % 2].baseAddress
    }
}
