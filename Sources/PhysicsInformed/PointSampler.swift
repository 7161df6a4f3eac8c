import Expressions
import Geometry
import LinearAlgebra
import Optimizers
import Randomness

/// How points are spread.
public enum PointScheme: String, Sendable, CaseIterable, Codable {
    /// Independent and uniform.
    case uniform
    /// A scrambled Sobol' sequence, continued at each draw: more even, lower integration error.
    case sobol

    /// One line for listings.
    public var summary: String {
        switch self {
        case .uniform: "independent points, uniform by volume or area"
        case .sobol: "a scrambled Sobol' sequence: evenly spread points"
        }
    }
}

/// Draws the points of a loss term from random streams of its own.
final class PointSampler {
    private var pieces: [Piece]
    private let pointsPerPiece: Int
    private let dimensions: Int

    /// The most tries per point where only a part of a face is meant, as a factor.
    private static let triesPerPoint = 10_000

    private struct Piece {
        var set: any SampledSet
        var face: SpaceTimeFace?
        var filter: Expression?
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
        self.pointsPerPiece = pointsPerPiece
        pieces = location.pieces.enumerated().map { index, piece in
            let set = domain.set(of: piece.place)
            let stream = RandomStream(seed: seed, name: "points/\(name)", index: UInt64(index))
            return Piece(
                set: set, face: piece.place.face, filter: piece.filter,
                source: UnitCubeSource(scheme, dimensions: set.sampleDimensions, stream: stream))
        }
    }

    /// How many points a draw gives.
    var pointCount: Int { pieces.count * pointsPerPiece }

    /// Fills `points`, piece after piece, with their outward normals if it has room for them.
    ///
    /// - Throws: `SamplingError` when a filter lets hardly any points through.
    func fill<S: Scalar>(_ points: PointSet<S>) throws(SamplingError) {
        var start = 0
        for index in pieces.indices {
            pieces[index].drawnFrom = pieces[index].source.position
            let drawn = try drawn(of: &pieces[index])
            points.store(drawn, from: start, normals: points.hasNormals ? normals(at: drawn, pieces[index]) : nil)
            start += pointsPerPiece
        }
    }

    /// Fills `points` with those of the last draw, or of the one whose state was restored.
    func refill<S: Scalar>(_ points: PointSet<S>) throws(SamplingError) {
        for index in pieces.indices { pieces[index].source.position = pieces[index].drawnFrom }
        try fill(points)
    }

    /// Shows where each piece's random numbers stood before the last draw: the points follow from that.
    func visitState<S: Scalar>(_ visitor: StateVisitor<S>) {
        for index in pieces.indices { visitor.counter("piece \(index + 1)", &pieces[index].drawnFrom) }
    }

    /// Points of the set that the filter lets through; more are drawn until there are enough.
    private func drawn(of piece: inout Piece) throws(SamplingError) -> [Double] {
        var batch = try piece.source.points(pointsPerPiece, on: piece.set)
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
            batch = try piece.source.points(max(64, pointsPerPiece), on: piece.set)
        }
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

/// A source of points in the unit cube.
private struct UnitCubeSource {
    private enum Kind {
        case uniform(RandomStream)
        case sobol(SobolSequence)
    }

    private var kind: Kind

    init(_ scheme: PointScheme, dimensions: Int, stream: RandomStream) {
        switch scheme {
        case .sobol where dimensions > 0: kind = .sobol(SobolSequence(dimensions: dimensions, scrambledBy: stream))
        case .uniform, .sobol: kind = .uniform(stream)
        }
    }

    /// The number of words drawn, or of the next point of the sequence.
    var position: Int {
        get {
            switch kind {
            case .uniform(let stream): Int(truncatingIfNeeded: stream.position)
            case .sobol(let sequence): Int(truncatingIfNeeded: sequence.index)
            }
        }
        set {
            switch kind {
            case .uniform(var stream):
                stream.move(to: UInt64(bitPattern: Int64(newValue)))
                kind = .uniform(stream)
            case .sobol(var sequence):
                sequence.index = UInt64(newValue)
                kind = .sobol(sequence)
            }
        }
    }

    mutating func points(_ count: Int, on set: any SampledSet) throws(SamplingError) -> [Double] {
        do {
            switch kind {
            case .uniform(var stream):
                defer { kind = .uniform(stream) }
                return try set.points(count, from: &stream)
            case .sobol(var sequence):
                defer { kind = .sobol(sequence) }
                return try set.points(count, from: &sequence)
            }
        } catch {
            throw SamplingError.fewPoints
        }
    }
}
