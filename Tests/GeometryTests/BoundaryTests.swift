import Geometry
import Randomness
import Testing

/// Regions whose boundary is known.
private struct Example: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Length or area of the boundary.
    let boundary: Double
    let measure: Double
    let region: @Sendable () throws -> Region

    init(
        _ name: String, boundary: Double, measure: Double, _ construction: @escaping @Sendable () throws -> Construction
    ) {
        testDescription = name
        self.boundary = boundary
        self.measure = measure
        region = { try Region(construction()) }
    }

    static func box(_ x: ClosedRange<Double>, _ y: ClosedRange<Double>, _ name: String) -> Construction {
        Construction(Box(lower: [x.lowerBound, y.lowerBound], upper: [x.upperBound, y.upperBound]), name: name)
    }

    static func disk(_ x: Double, _ y: Double, _ radius: Double, _ name: String) throws -> Construction {
        Construction(try Ball(center: [x, y], radius: radius), name: name)
    }

    static let lens = 2 * Double.pi / 3 - 3.0.squareRoot() / 2

    static let all = [
        Example("hole", boundary: 6 + 0.4 * .pi, measure: 2 - 0.04 * .pi) {
            box(0...2, 0...1, "plate") - (try disk(0.6, 0.5, 0.2, "hole"))
        },
        Example("two boxes with a common side", boundary: 6, measure: 2) {
            box(0...1, 0...1, "a") + box(1...2, 0...1, "b")
        },
        Example("a box less its right half", boundary: 4, measure: 1) {
            box(0...2, 0...1, "a") - box(1...2, 0...1, "b")
        },
        Example("an L", boundary: 8, measure: 3) { box(-1...1, -1...1, "a") - box(0...1, -1...0, "b") },
        Example("overlapping boxes in a row", boundary: 8, measure: 3) {
            box(0...2, 0...1, "a") + box(1...3, 0...1, "b")
        },
        Example("a box and itself", boundary: 4, measure: 1) { box(0...1, 0...1, "a") & box(0...1, 0...1, "b") },
        Example("a box and itself again", boundary: 4, measure: 1) { box(0...1, 0...1, "a") + box(0...1, 0...1, "b") },
        Example("two disks", boundary: 8 * .pi / 3, measure: 2 * .pi - lens) {
            try disk(0, 0, 1, "a") + disk(1, 0, 1, "b")
        },
        Example("a lens", boundary: 4 * .pi / 3, measure: lens) { try disk(0, 0, 1, "a") & disk(1, 0, 1, "b") },
        Example("a moon", boundary: 2 * .pi, measure: .pi - lens) { try disk(0, 0, 1, "a") - disk(1, 0, 1, "b") },
        Example("either of two disks", boundary: 4 * .pi, measure: 2 * (.pi - lens)) {
            let a = try disk(0, 0, 1, "a"), b = try disk(1, 0, 1, "b")
            return (a - b) + (b - a)
        },
        Example("half a disk", boundary: 2 + .pi, measure: .pi / 2) {
            try disk(0, 0, 1, "a") & Construction(HalfSpace(point: [0, 0], normal: [0.6, 0.8]), name: "half")
        },
        Example("a disk less half of the plane", boundary: 2 + .pi, measure: .pi / 2) {
            try disk(0, 0, 1, "a") - Construction(HalfSpace(point: [0, 0], normal: [0.6, 0.8]), name: "half")
        },
        Example("a bite out of an ellipse", boundary: 9.205_245_038_265_884, measure: .pi * 1.6) {
            try Construction(Ellipse(center: [0, 0], radii: [2, 0.8]), name: "a") - disk(3, 0, 0.5, "b")
        },
        Example("a drilled cylinder", boundary: 2 * .pi * 0.75 + 4 * .pi + 2 * .pi, measure: 2 * .pi * 0.75) {
            Construction(try Cylinder(base: [0, 0, 0], axis: [0, 0, 1], radius: 1, height: 2), name: "a")
                - Construction(try Cylinder(base: [0, 0, 0], axis: [0, 0, 1], radius: 0.5, height: 2), name: "b")
        },
        Example("an interval less its middle", boundary: 4, measure: 2) {
            Construction(Box(lower: [0], upper: [3]), name: "a") - Construction(Box(lower: [1], upper: [2]), name: "b")
        },
    ]
}

@Suite struct BoundaryTests {
    /// Points of faces lie on the boundary, with the region on one side of them and outside on the other.
    @Test(arguments: Example.all)
    private func facePointsLieOnTheBoundary(example: Example) throws {
        let region = try example.region()
        for face in region.faces {
            let points = try face.draw(500, "boundary")
            for point in points.rows {
                #expect(abs(region.signedDistance(point)) < 1e-9)
                let normal = face.outwardNormal(at: point)
                let inside = zip(point, normal).map { $0 - 1e-7 * $1 }
                let outside = zip(point, normal).map { $0 + 1e-7 * $1 }
                #expect(region.contains(inside) && !region.contains(outside), "\(point) \(normal)")
            }
        }
    }

    /// The faces make up the whole boundary, none of it twice, and the region has its measure.
    @Test(arguments: Example.all)
    private func nothingIsLostOrDoubled(example: Example) throws {
        let region = try example.region()
        #expect(abs(region.faces.reduce(0) { $0 + $1.measure } - example.boundary) < 2e-3 * example.boundary)
        #expect(abs(region.measure - example.measure) <= 4 * region.measureError + 1e-12)
    }

    /// Σ ∫ x · n = d · measure, to five standard errors: faces, normals and interior fit together.
    @Test(arguments: Example.all)
    private func divergenceTheorem(example: Example) throws {
        let region = try example.region()
        var flux = 0.0, variance = 0.0
        for face in region.faces {
            let points = try face.draw(4_000, "flux")
            var normals = [Double](repeating: 0, count: points.values.count)
            face.outwardNormals(at: points.values, count: points.count, to: &normals)
            let share = Estimate(zip(points.rows, Points(normals, dimensions: region.dimensions).rows).map(dot))
            flux += face.measure * share.mean
            variance += (face.measure * share.error) * (face.measure * share.error)
        }
        let expected = Double(region.dimensions) * example.measure
        #expect(abs(flux - expected) <= 5 * variance.squareRoot() + 5e-3 * expected)
    }

    /// The closest point is on the boundary and, but for the sampling, as near as the nearest of many points.
    @Test(arguments: Example.all)
    private func closestPointsAreClosest(example: Example) throws {
        let region = try example.region()
        let boundary = try region.faces.flatMap { try $0.draw($0.sampleDimensions == 0 ? 1 : 2_000, "closest").rows }
        let bounds = region.bounds
        let around = Box(lower: bounds.lower.map { $0 - 0.5 }, upper: bounds.upper.map { $0 + 0.5 })
        for point in try around.draw(60, "closest").rows {
            let (closest, face) = region.closestPoint(to: point)
            #expect(region.faces.indices.contains(face))
            #expect(abs(region.signedDistance(closest)) < 1e-9)
            let least = boundary.map { gap($0, point) }.min() ?? 0
            #expect(gap(closest, point) <= least + 1e-7)
        }
    }
}
