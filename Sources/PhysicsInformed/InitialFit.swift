import Expressions
import Geometry
import LinearAlgebra
import Networks
import Randomness

/// Parameters to start from that fit the initial values at all times: the last layer by least squares, the others as drawn.
///
/// Source: Wang, Li, Chen and Perdikaris, PirateNets: physics-informed deep learning with residual adaptive networks,
/// arXiv:2402.00326.
public struct InitialFit: Sendable {
    /// The initial value of each unknown, over coordinates and parameters.
    public var values: [Expression]

    /// Singular values below this fraction of the largest count as zero: coefficients stay moderate, which single
    /// precision wants.
    static let threshold = 1e-5

    /// A fit to the initial values of all unknowns, in their order.
    public init(_ data: [FaceData]) {
        precondition(data.allSatisfy { $0.kind == .value }, "values are fitted, not slopes")
        values = data.map(\.trace)
    }

    /// Parameters of `network` that training with this seed would start from, with the last layer fitted at random points
    /// of the domain; nil if the fit fails: features or values are not finite there.
    ///
    /// - Throws: `ExpressionErrors` when a value cannot be evaluated pointwise, `GeometryError` when no points are found.
    public func parameters(of network: Network, in domain: SpaceTime, seed: UInt64) throws -> [Double]? {
        precondition(values.count == network.outputs, "an initial value for each unknown")
        guard let features = network.withoutLastLayer else {
            preconditionFailure("only an affine layer behind features can be fitted")
        }
        var stream = RandomStream(seed: seed, name: Trainer<Double>.startName)
        var parameters = network.initialParameters(&stream)
        let columns = features.outputs + 1
        let rows = max(1_000, 4 * columns)
        var places = RandomStream(seed: seed, name: "initial fit")
        let drawn = try domain.interior.points(rows, from: &places)
        let dimensions = domain.dimensions
        let points = (0..<dimensions).map { axis in (0..<rows).map { drawn[$0 * dimensions + axis] } }

        let fields = TrainedFields(
            network: features, exactConditions: ExactConditions(unknownCount: features.outputs),
            parameters: Array(parameters[..<features.layout.count]))
        let matrix = try fields.evaluate((0..<features.outputs).map { .field($0, .value) }, at: points)
        let targets = try fields.evaluate(values, at: points)
        let right = zip(targets, network.outputScaling).flatMap { target, scale in target.map { $0 / scale } }
        let solution = leastSquares(
            rows: rows, columns: columns, rightSides: values.count,
            matrix: matrix.flatMap(\.self) + [Double](repeating: 1, count: rows), right: right,
            threshold: Self.threshold)
        guard let solution else { return nil }
        network.setLastLayer(
            weight: values.indices.map { Array(solution[$0 * columns..<$0 * columns + features.outputs]) },
            bias: values.indices.map { solution[$0 * columns + features.outputs] }, in: &parameters)
        return parameters
    }
}
