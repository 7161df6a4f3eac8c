import Expressions
import LinearAlgebra

/// The embedding of periodic coordinates: a first layer without parameters.
final class PeriodicPlan<S: Scalar>: LayerPlan<S> {
    /// What a channel of a feature is: a multiple of the feature's cosine or sine, a constant, or the scaled coordinate.
    enum Entry {
        case constant(Double)
        case cosine(Double)
        case sine(Double)
        case coordinate
    }

    /// One feature: its coordinate, the factor from the scaled coordinate to the angle, and its channels.
    struct Row {
        var axis: Int
        var angular: Double
        var entries: [Entry]
    }

    let rows: [Row]

    init(_ embedding: PeriodicEmbedding, channels: ChannelPlan, scaling: Network.InputScaling) {
        rows = embedding.features.map { feature in
            switch feature {
            case .coordinate(let axis):
                let entries = channels.channels.map { derivative -> Entry in
                    switch derivative {
                    case .value: .coordinate
                    case .partial([axis]): .constant(1 / scaling.halfWidth[axis])
                    default: .constant(0)
                    }
                }
                return Row(axis: axis, angular: 0, entries: entries)
            case .wave(let axis, let frequency, let isSine):
                let entries = channels.channels.map { derivative -> Entry in
                    guard let order = derivative.order(along: axis) else { return .constant(0) }
                    let factor = (0..<order).reduce(1) { product, _ in product * frequency }
                    // The k-th derivative of cos is cos shifted by kπ/2; sin is cos shifted by −π/2.
                    switch (order + (isSine ? 3 : 0)) % 4 {
                    case 0: return .cosine(factor)
                    case 1: return .sine(-factor)
                    case 2: return .cosine(-factor)
                    default: return .sine(factor)
                    }
                }
                return Row(axis: axis, angular: frequency * scaling.halfWidth[axis], entries: entries)
            }
        }
        super.init(outputs: embedding.features.count)
    }

    override func makeState(
        _ tile: TileMemory<S>, input: TileSignal<S>, adjoints: UnsafeMutablePointer<S>
    ) -> LayerState<S> {
        PeriodicState(plan: self, tile: tile, input: input)
    }
}

/// The embedding at work on one tile; nothing below it wants adjoints.
final class PeriodicState<S: Scalar>: LayerState<S> {
    private let plan: PeriodicPlan<S>
    private let input: TileSignal<S>
    private let shape: TileShape
    private let angle: UnsafeMutablePointer<S>
    private let cosine: UnsafeMutablePointer<S>
    private let sine: UnsafeMutablePointer<S>

    init(plan: PeriodicPlan<S>, tile: TileMemory<S>, input: TileSignal<S>) {
        self.plan = plan
        self.input = input
        shape = tile.shape
        angle = tile.allocate(tile.shape.points)
        cosine = tile.allocate(tile.shape.points)
        sine = tile.allocate(tile.shape.points)
        super.init(
            output: TileSignal(
                features: plan.outputs, values: tile.allocate(plan.outputs * tile.shape.leading), adjoints: nil))
    }

    @specialized(where S == Double)
    @specialized(where S == Float)
    override func forward() {
        let count = shape.points
        for index in plan.rows.indices {
            let axis = plan.rows[index].axis
            let x = input.values + axis * count
            let isWave = plan.rows[index].angular != 0
            if isWave {
                let angular = S(plan.rows[index].angular)
                for point in 0..<count { angle[point] = angular * x[point] }
                Kernels<S>.cosineAndSine(count, angle, cosine: cosine, sine: sine)
            }
            for channel in plan.rows[index].entries.indices {
                let target = output.values + (index * shape.leading + channel * count)
                switch plan.rows[index].entries[channel] {
                case .constant(let value): target.update(repeating: S(value), count: count)
                case .coordinate: target.update(from: x, count: count)
                case .cosine(let factor):
                    target.update(from: cosine, count: count)
                    S.scale(count, S(factor), target)
                case .sine(let factor):
                    target.update(from: sine, count: count)
                    S.scale(count, S(factor), target)
                }
            }
        }
    }
}

extension Derivative {
    /// The order along a coordinate, if the derivative of a function of that coordinate alone is not zero for sure.
    fileprivate func order(along axis: Int) -> Int? {
        switch self {
        case .partial(let axes): axes.allSatisfy { $0 == axis } ? axes.count : nil
        case .laplacian(let axes): axes.contains(axis) ? 2 : nil
        }
    }
}
