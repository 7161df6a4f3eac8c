import Expressions
import Geometry
import Randomness

/// An integral that a residual reads: over the region or faces of it, at the time of the point that reads it.
///
/// The residual reads integral k as the unknown parameter with the index (number of unknown parameters) + k.
public struct IntegralTerm: Sendable, Hashable {
    /// What is integrated; on faces it may read the normal.
    public var body: Expression
    /// The interior or walls, perhaps parts of them; the time plays no role in it.
    public var location: PointLocation
    /// Whether the integral is divided by volume, area or length.
    public var isAverage: Bool

    /// Joins the parts.
    public init(_ body: Expression, over location: PointLocation, isAverage: Bool) {
        self.body = body
        self.location = location
        self.isAverage = isAverage
    }
}

extension PointLocation {
    /// Volume, area or length of each piece in space.
    ///
    /// Parts that a filter lets through are measured by 2¹⁴ evenly spread points.
    ///
    /// - Throws: `ExpressionErrors` for places that are no sets of space, and for filters that read the time;
    ///   `SamplingError` when hardly any point lies in a part.
    func spatialMeasures(in domain: SpaceTime) throws -> [Double] {
        try pieces.map { piece in
            let measure: Double
            switch piece.place {
            case .interior: measure = domain.region.measure
            case .face(let face):
                guard let wall = face.wall else { throw Self.notInSpace }
                measure = wall.measure
            case .point: throw Self.notInSpace
            }
            guard let filter = piece.filter else { return measure }
            if let time = domain.timeAxis, filter.usedCoordinates.contains(time) {
                throw ExpressionErrors("an integral cannot run over a part of the region that changes in time")
            }
            return try measure * Self.share(of: filter, on: piece.place, in: domain)
        }
    }

    private static let notInSpace = ExpressionErrors("an integral runs over the region or over faces of it")

    /// The share of a place where a filter holds.
    private static func share(of filter: Expression, on place: SpaceTimePlace, in domain: SpaceTime) throws -> Double {
        let sampler = PointSampler(
            PointLocation([Piece(place)]), in: domain, pointsPerPiece: 1 << 14, scheme: .even(domain.dimensions),
            seed: 0, name: "measure")
        let points = PointSet<Double>(
            coordinateCount: domain.dimensions, count: sampler.pointCount, hasNormals: false, coefficientCount: 0)
        try sampler.fill(points)
        var inside = 0
        for index in 0..<points.count {
            let point = (0..<domain.dimensions).map { points.coordinate($0)[index] }
            if filter.value(at: point)[0] != 0 { inside += 1 }
        }
        guard inside > 0 else { throw SamplingError.fewPoints }
        return Double(inside) / Double(points.count)
    }
}

extension PointScheme {
    /// Sobol' points where there are any for so many coordinates.
    static func even(_ dimensions: Int) -> PointScheme {
        dimensions <= SobolSequence.maximumDimensions ? .sobol : .uniform
    }
}
