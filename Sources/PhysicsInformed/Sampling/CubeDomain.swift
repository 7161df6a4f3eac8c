import Geometry

/// A domain as densities see it: the unit cube, mapped onto the domain's box, in which only some points may belong.
struct CubeDomain {
    private let domain: SpaceTime
    private let lower: [Double]
    private let sides: [Double]
    /// The part of the time, from its beginning, that the cube stands for.
    let timeShare: Double

    /// The most tries per point, as a factor.
    private static let triesPerPoint = 10_000

    init(_ domain: SpaceTime, timeShare: Double) {
        self.domain = domain
        self.timeShare = timeShare
        lower = domain.box.lower
        var sides = domain.box.sides
        if let axis = domain.timeAxis { sides[axis] *= timeShare }
        self.sides = sides
    }

    var dimensions: Int { sides.count }

    /// The period of each coordinate of the cube, 0 where it has none.
    var periods: [Double] { (0..<dimensions).map { domain.periodicAxes.contains($0) ? 1 : 0 } }

    /// Points of the domain's box from those of the cube, [point][axis].
    func places(of points: [Double]) -> [Double] {
        points.indices.map { lower[$0 % dimensions] + sides[$0 % dimensions] * points[$0] }
    }

    /// Points of the cube from those of the domain.
    func points(of places: [Double]) -> [Double] {
        places.indices.map { min(max((places[$0] - lower[$0 % dimensions]) / sides[$0 % dimensions], 0), 1) }
    }

    /// Which points of the cube belong to the domain.
    func contains(_ points: [Double]) -> [Bool] {
        let count = points.count / dimensions, width = domain.region.dimensions
        var rows = [Double](repeating: 0, count: max(1, count * width))
        for index in 0..<count {
            for axis in 0..<width {
                rows[index * width + axis] = lower[axis] + sides[axis] * points[index * dimensions + axis]
            }
        }
        var flags = [Bool](repeating: false, count: max(1, count))
        flags.withUnsafeMutableBufferPointer { flags in
            guard let start = flags.baseAddress else { return }
            domain.region.contains(rows, count: count, to: start)
        }
        return Array(flags.prefix(count))
    }

    /// `count` points that belong, from draws of as many as are missing.
    ///
    /// - Throws: `SamplingError` when fewer than one in ten thousand belongs.
    func points(_ count: Int, from draw: (Int) -> [Double]) throws(SamplingError) -> [Double] {
        var kept: [Double] = []
        kept.reserveCapacity(count * dimensions)
        var tries = 0
        while kept.count < count * dimensions {
            guard tries <= Self.triesPerPoint * count else { throw .fewPoints }
            let missing = count - kept.count / dimensions
            let drawn = draw(tries == 0 ? missing : max(64, missing))
            tries += drawn.count / dimensions
            for (index, belongs) in contains(drawn).enumerated() where belongs && kept.count < count * dimensions {
                kept += drawn[index * dimensions..<(index + 1) * dimensions]
            }
        }
        return kept
    }
}
