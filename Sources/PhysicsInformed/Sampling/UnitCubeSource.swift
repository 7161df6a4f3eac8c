import Geometry
import Randomness

/// A source of points in the unit cube.
struct UnitCubeSource {
    private enum Kind {
        case uniform(RandomStream)
        case sobol(SobolSequence)
        case latinHypercube(LatinHypercube)
    }

    private var kind: Kind

    init(_ scheme: PointScheme, dimensions: Int, stream: RandomStream) {
        switch scheme {
        case .sobol where dimensions > 0: kind = .sobol(SobolSequence(dimensions: dimensions, scrambledBy: stream))
        case .latinHypercube where dimensions > 0:
            kind = .latinHypercube(LatinHypercube(dimensions: dimensions, from: stream))
        case .uniform, .sobol, .latinHypercube: kind = .uniform(stream)
        }
    }

    /// The number of words drawn, or of the next point of the sequence.
    var position: Int {
        get {
            switch kind {
            case .uniform(let stream): Int(truncatingIfNeeded: stream.position)
            case .sobol(let sequence): Int(truncatingIfNeeded: sequence.index)
            case .latinHypercube(let design): Int(truncatingIfNeeded: design.position)
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
            case .latinHypercube(var design):
                design.position = UInt64(bitPattern: Int64(newValue))
                kind = .latinHypercube(design)
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
            case .latinHypercube(var design):
                defer { kind = .latinHypercube(design) }
                return try set.points(count, from: &design)
            }
        } catch {
            throw SamplingError.fewPoints
        }
    }
}
