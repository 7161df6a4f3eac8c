import Expressions
import Geometry
import LinearAlgebra
import Optimizers
import Randomness

/// Draws the points of a loss term from random streams of its own.
final class PointSampler {
    private var pieces: [Piece]
    private let pointsPerPiece: Int
    private let dimensions: Int
    private let span: ClosedRange<Double>?

    /// The most tries per point where only a part of a face is meant, as a factor.
    private static let triesPerPoint = 10_000

    private struct Piece {
        var set: any SampledSet
        var face: SpaceTimeFace?
        var filter: Expression?
        /// Whether its points fill the time.
        var isInterior: Bool
        var source: UnitCubeSource
        /// The source's position before the last draw, from which the same points can be drawn again.
        var drawnFrom = 0
    }

    /// - Parameter name: names the random streams.
    init(
        _ location: PointLocation, in domain: SpaceTime, pointsPerPiece: Int, scheme: PointScheme, seed: UInt64,
        name: String
    ) {
        dimensions = domain.dimensions
        span = domain.time
        self.pointsPerPiece = pointsPerPiece
        pieces = location.pieces.enumerated().map { index, piece in
            let set = domain.set(of: piece.place)
            let stream = RandomStream(seed: seed, name: "points/\(name)", index: UInt64(index))
            return Piece(
                set: set, face: piece.place.face, filter: piece.filter, isInterior: piece.place == .interior,
                source: UnitCubeSource(scheme, dimensions: set.sampleDimensions, stream: stream))
        }
    }

    /// How many points a draw gives.
    var pointCount: Int { pieces.count * pointsPerPiece }

    /// Fills `points`, piece after piece, with their outward normals if it has room for them.
    ///
    /// - Parameter timeShare: the part of the time, from its beginning, that interior points fill.
    /// - Throws: `SamplingError` when a filter lets hardly any points through.
    func fill<S: Scalar>(_ points: PointSet<S>, timeShare: Double = 1) throws(SamplingError) {
        var start = 0
        for index in pieces.indices {
            pieces[index].drawnFrom = pieces[index].source.position
            let drawn = try drawn(of: &pieces[index], timeShare)
            points.store(drawn, from: start, normals: points.hasNormals ? normals(at: drawn, pieces[index]) : nil)
            start += pointsPerPiece
        }
    }

    /// Fills `points` with those of the last draw, or of the one whose state was restored.
    func refill<S: Scalar>(_ points: PointSet<S>, timeShare: Double = 1) throws(SamplingError) {
        for index in pieces.indices { pieces[index].source.position = pieces[index].drawnFrom }
        try fill(points, timeShare: timeShare)
    }

    /// Shows where each piece's random numbers stood before the last draw: the points follow from that.
    func visitState<S: Scalar>(_ visitor: StateVisitor<S>) {
        for index in pieces.indices { visitor.counter("piece \(index + 1)", &pieces[index].drawnFrom) }
    }

    /// Points of the set that the filter lets through; more are drawn until there are enough.
    private func drawn(of piece: inout Piece, _ timeShare: Double) throws(SamplingError) -> [Double] {
        var batch = try batch(pointsPerPiece, of: &piece, timeShare)
        guard let filter = piece.filter else { return batch }
        let wanted = batch.count
        var kept: [Double] = []
        kept.reserveCapacity(wanted)
        var tries = 0
        while true {
            for start in stride(from: 0, to: batch.count, by: dimensions) where kept.count < wanted {
                let point = batch[start..<start + dimensions]
                if filter.value(at: Array(point))[0] != 0 { kept += point }
            }
            if kept.count == wanted { return kept }
            tries += batch.count / dimensions
            guard tries < Self.triesPerPoint * pointsPerPiece else { throw SamplingError.fewPoints }
            batch = try self.batch(max(64, pointsPerPiece), of: &piece, timeShare)
        }
    }

    /// The next points of the set, those inside drawn together towards the beginning of the time.
    private func batch(_ count: Int, of piece: inout Piece, _ timeShare: Double) throws(SamplingError) -> [Double] {
        var batch = try piece.source.points(count, on: piece.set)
        if piece.isInterior, timeShare < 1, let span {
            for index in stride(from: dimensions - 1, to: batch.count, by: dimensions) {
                batch[index] = span.lowerBound + timeShare * (batch[index] - span.lowerBound)
            }
        }
        return batch
    }

    /// Outward normals, row by row; zero inside, where there are none.
    private func normals(at points: [Double], _ piece: Piece) -> [Double] {
        var normals = [Double](repeating: 0, count: points.count)
        piece.face?.outwardNormals(at: points, count: points.count / dimensions, to: &normals)
        return normals
    }
}

/// Why points could not be drawn.
public enum SamplingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A selector or the shape of the region lets fewer than one point in ten thousand through.
    case fewPoints

    /// One sentence.
    public var description: String {
        "a condition's selector lets fewer than one point in ten thousand through; name a larger part of the face"
    }
}
