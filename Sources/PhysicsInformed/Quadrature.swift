import Expressions
import Geometry

/// Evenly spread points on a part of space with the weights of an integral over it.
public struct Quadrature: Sendable {
    /// The points, `[coordinate][point]`.
    public let points: [[Double]]
    /// Outward normals, `[coordinate][point]`; zero inside.
    public let normals: [[Double]]
    /// The weights of the points.
    public let weights: [Double]

    /// 2¹⁶ points on each piece of a location; the same ones every time.
    ///
    /// - Parameter time: the time of all points in a problem that depends on it.
    /// - Throws: `ExpressionErrors` when the location is no part of space, `SamplingError` when it is hardly any.
    public init(
        over location: PointLocation, in domain: SpaceTime, isAverage: Bool, time: Double? = nil,
        pointsPerPiece: Int = 1 << 16
    ) throws {
        let measures = try location.spatialMeasures(in: domain)
        let sampler = PointSampler(
            location, in: domain, pointsPerPiece: pointsPerPiece, scheme: .even(domain.dimensions), seed: 0,
            name: "quadrature")
        let set = PointSet<Double>(
            coordinateCount: domain.dimensions, count: sampler.pointCount, hasNormals: true, coefficientCount: 0)
        try sampler.fill(set)
        func column(_ start: UnsafeMutablePointer<Double>) -> [Double] {
            Array(UnsafeBufferPointer(start: start, count: set.count))
        }
        var points = (0..<domain.dimensions).map { column(set.coordinate($0)) }
        if let axis = domain.timeAxis, let time { points[axis] = points[axis].map { _ in time } }
        self.points = points
        normals = (0..<domain.dimensions).map { column(set.normal($0)) }
        let whole = isAverage ? measures.reduce(0, +) : 1
        weights = measures.flatMap { [Double](repeating: $0 / (Double(pointsPerPiece) * whole), count: pointsPerPiece) }
    }

    /// Σ weight · value.
    public func integral(of values: [Double]) -> Double {
        precondition(values.count == weights.count, "a value for each point")
        return zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
