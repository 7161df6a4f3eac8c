import Foundation
import Geometry
import Randomness
import Testing

@Suite struct ShapeTests {
    /// |d(x)| is the distance from the nearest of the faces' closest points, and these lie on the boundary.
    @Test(arguments: ShapeSamples.names)
    func distancesAreThoseOfTheClosestPoints(name: String) throws {
        let shape = try ShapeSamples.shape(name)
        let points = try #require(shape.surroundings).draw(400, name)
        let distances = shape.signedDistances(points)
        let faces: [any ShapeFace] = shape.faces
        for (point, signed) in zip(points.rows, distances) {
            let closest = faces.map { $0.closestPoint(to: point) }
            let least = closest.map { gap($0, point) }.min() ?? .infinity
            #expect(abs(least - abs(signed)) < 1e-12, "\(point)")
            for place in closest { #expect(abs(shape.signedDistance(place)) < 1e-12) }
        }
    }

    /// No sampled point of a face is nearer than the distance says, and some is about that near.
    @Test(arguments: ShapeSamples.names)
    func distancesAreThoseOfManyPointsOfTheFaces(name: String) throws {
        let shape = try ShapeSamples.shape(name)
        guard shape.dimensions <= 3 else { return }
        let points = try #require(shape.surroundings).draw(30, name)
        let distances = shape.signedDistances(points)
        let faces: [any ShapeFace] = shape.faces
        var least = [Double](repeating: .infinity, count: points.count)
        var spacing = 0.0
        for face in faces {
            let count = 4_000
            spacing = max(spacing, shape.dimensions == 2 ? face.measure / 4_000 : (face.measure / 4_000).squareRoot())
            let samples = try face.draw(count, name)
            for (row, point) in points.rows.enumerated() {
                for sample in samples.rows { least[row] = min(least[row], gap(sample, point)) }
            }
        }
        for (brute, signed) in zip(least, distances) {
            #expect(brute >= abs(signed) - 1e-12)
            #expect(brute <= abs(signed) + 8 * spacing)
        }
    }

    /// |∇d| = 1 except where several points of the boundary are equally near.
    @Test(arguments: ShapeSamples.names)
    func distancesHaveUnitGradients(name: String) throws {
        let shape = try ShapeSamples.shape(name)
        let points = try #require(shape.surroundings).draw(500, name)
        let bad = points.rows.filter { abs(length(shape.gradient(at: $0)) - 1) > 1e-6 }
        #expect(bad.count <= 5)
    }

    /// Points of faces lie on the boundary, and the normals there are the gradients of the distance.
    @Test(arguments: ShapeSamples.names)
    func normalsAreGradients(name: String) throws {
        let shape = try ShapeSamples.shape(name)
        let faces: [any ShapeFace] = shape.faces
        for face in faces {
            let points = try face.draw(300, name)
            #expect(shape.signedDistances(points).allSatisfy { abs($0) < 1e-12 })
            let normals = face.normals(at: points)
            var bad = 0
            for row in 0..<points.count {
                #expect(abs(length(normals[row]) - 1) < 1e-12)
                if gap(shape.gradient(at: points[row]), normals[row]) > 1e-4 { bad += 1 }
            }
            #expect(bad <= 3)
        }
    }

    @Test(arguments: ShapeSamples.names)
    func sampledPointsAreInside(name: String) throws {
        let shape = try ShapeSamples.shape(name)
        let interior = try #require(shape.interior)
        let points = try interior.draw(2_000, name)
        #expect(shape.signedDistances(points).allSatisfy { $0 < 1e-12 })
        let bounds = try #require(shape.bounds)
        for point in points.rows {
            for axis in 0..<shape.dimensions {
                #expect(bounds.lower[axis] - 1e-12 <= point[axis] && point[axis] <= bounds.upper[axis] + 1e-12)
            }
        }
        #expect(interior.measure == shape.measure)
    }

    /// The share of a box that lies inside, to five standard errors (of a probability beyond 1 in a million).
    @Test(arguments: ShapeSamples.names)
    func measuresAreSharesOfTheBox(name: String) throws {
        let shape = try ShapeSamples.shape(name)
        let bounds = try #require(shape.bounds)
        let count = 40_000
        var sides = [Int8](repeating: 0, count: count)
        shape.sides(try bounds.draw(count, name).values, count: count, tolerance: 0, to: &sides)
        let share = Double(sides.count { $0 <= 0 }) / Double(count)
        let expected = shape.measure / bounds.measure
        #expect(abs(share - expected) <= 5 * (expected * (1 - expected) / Double(count)).squareRoot() + 1e-12)
    }

    /// The divergence theorem for the fields x, |x|² x, e₀ x₀³ and e₀ (any e₁ component): Σ ∫ F · n = ∫ div F, to five
    /// standard errors. It holds only if faces close the shape, and points and normals are right and evenly spread.
    @Test(arguments: ShapeSamples.names)
    func divergenceTheorem(name: String) throws {
        let shape = try ShapeSamples.shape(name)
        let dimensions = Double(shape.dimensions)
        let center = try #require(shape.bounds).center
        typealias Field = (at: ([Double]) -> [Double], divergence: ([Double]) -> Double)
        let fields: [Field] = [
            ({ $0 }, { _ in dimensions }),
            ({ x in x.map { $0 * dot(x, x) } }, { (dimensions + 2) * dot($0, $0) }),
            ({ x in x.indices.map { $0 == 0 ? x[0] * x[0] * x[0] : 0 } }, { 3 * $0[0] * $0[0] }),
            ({ x in x.indices.map { $0 == x.count - 1 ? 1 : 0 } }, { _ in 0 }),
            ({ x in x.indices.map { $0 == 0 ? 1 : 0 } }, { _ in 0 }),
        ]
        let inside = try #require(shape.interior).draw(20_000, name).rows.map { zip($0, center).map(-) }
        let faces: [any ShapeFace] = shape.faces
        let outside = try faces.map { face in
            let points = try face.draw(20_000, name)
            let normals = face.normals(at: points)
            return (face.measure, points.rows.map { zip($0, center).map(-) }, normals.rows)
        }
        for field in fields {
            let volume = Estimate(inside.map(field.divergence))
            var flux = 0.0, variance = (volume.error * shape.measure) * (volume.error * shape.measure)
            for (measure, points, normals) in outside {
                let share = Estimate(zip(points, normals).map { dot(field.at($0), $1) })
                flux += measure * share.mean
                variance += (measure * share.error) * (measure * share.error)
            }
            #expect(abs(flux - shape.measure * volume.mean) <= 5 * variance.squareRoot() + 1e-10)
        }
    }

    /// Points drawn by the map and points of the box that lie inside have the same distribution: χ² of two samples over
    /// a grid of cells, to five of its standard deviations.
    @Test(arguments: ShapeSamples.names)
    func interiorIsUniform(name: String) throws {
        let shape = try ShapeSamples.shape(name)
        let bounds = try #require(shape.bounds)
        let perAxis = [64, 8, 4, 3, 2][shape.dimensions - 1]
        func cell(_ point: [Double]) -> Int {
            point.indices.reduce(0) { sum, axis in
                let place = Int(Double(perAxis) * (point[axis] - bounds.lower[axis]) / bounds.sides[axis])
                return perAxis * sum + max(0, min(perAxis - 1, place))
            }
        }
        var cells: [Int: (mapped: Double, rejected: Double)] = [:]
        let mapped = try #require(shape.interior).draw(30_000, name)
        for point in mapped.rows { cells[cell(point), default: (0, 0)].mapped += 1 }
        let candidates = try bounds.draw(60_000, name + " box")
        let inside = zip(candidates.rows, shape.signedDistances(candidates)).filter { $0.1 <= 0 }
        for (point, _) in inside { cells[cell(point), default: (0, 0)].rejected += 1 }
        let ratio = (Double(inside.count) / Double(mapped.count)).squareRoot()
        let statistic = cells.values.reduce(0.0) { sum, pair in
            let difference = pair.mapped * ratio - pair.rejected / ratio
            return sum + difference * difference / (pair.mapped + pair.rejected)
        }
        let freedom = Double(cells.count - 1)
        #expect(statistic < freedom + 5 * (2 * freedom).squareRoot() + 10)
    }

    /// Sides agree with the signs of the distances, with and without tolerance.
    @Test(arguments: ShapeSamples.names)
    func sidesAreSignsOfDistances(name: String) throws {
        let shape = try ShapeSamples.shape(name)
        let points = try #require(shape.surroundings).draw(2_000, name)
        let distances = shape.signedDistances(points)
        for tolerance in [0, 0.05] {
            var sides = [Int8](repeating: 2, count: points.count)
            shape.sides(points.values, count: points.count, tolerance: tolerance, to: &sides)
            for (side, signed) in zip(sides, distances) where abs(abs(signed) - tolerance) > 1e-12 {
                #expect(side == (signed < -tolerance ? -1 : signed > tolerance ? 1 : 0))
            }
        }
    }
}

@Suite struct MeasureTests {
    /// An outline of very many corners is cut into triangles and tells inside from outside like its circle.
    @Test func outlinesOfManyCorners() throws {
        let count = 3_000
        let corners = (0..<count).map { index -> [Double] in
            let angle = 2 * .pi * Double(index) / Double(count)
            let radius = index % 2 == 0 ? 1 : 0.9
            return [radius * cos(angle), radius * sin(angle)]
        }
        let polygon = try Polygon(corners)
        #expect(abs(polygon.measure - 0.5 * 0.9 * Double(count) * sin(2 * .pi / Double(count))) < 1e-9)
        let points = try Box(lower: [-1.1, -1.1], upper: [1.1, 1.1]).draw(2_000, "outline")
        var sides = [Int8](repeating: 0, count: points.count)
        polygon.sides(points.values, count: points.count, tolerance: 0, to: &sides)
        for (side, signed) in zip(sides, polygon.signedDistances(points)) { #expect(side == (signed < 0 ? -1 : 1)) }
        let inside = try #require(polygon.interior).draw(2_000, "outline")
        #expect(polygon.signedDistances(inside).allSatisfy { $0 < 1e-12 })
    }

    @Test func knownMeasures() throws {
        func expect(_ name: String, _ measure: Double, _ boundary: Double) throws {
            let shape = try ShapeSamples.shape(name)
            let faces: [any ShapeFace] = shape.faces
            #expect(abs(shape.measure - measure) < 1e-12 * measure)
            #expect(abs(faces.reduce(0) { $0 + $1.measure } - boundary) < 1e-9 * boundary)
        }
        try expect("turned box", 4.5, 9)
        try expect("disk", .pi * 0.49, .pi * 1.4)
        try expect("ball", 4 / 3 * .pi * 8, 4 * .pi * 4)
        try expect("ball of dimension 5", 8 / 15 * .pi * .pi * 7.59375, 8 / 3 * .pi * .pi * 5.0625)
        try expect("ring", .pi * 0.75, .pi * 3)
        // The length by the trapezoidal rule with 200,000 angles.
        try expect("ellipse", .pi * 1.6, 9.205_245_038_265_884)
        try expect("clockwise square", 1, 4)
        try expect("comb", 8, 18)
        try expect("cylinder", 2 * .pi, 6 * .pi)
        try expect("truncated cone", .pi / 3 * 1.56, .pi * (1.16 + 1.4 * 1.36.squareRoot()))
        try expect("torus", 2 * .pi * .pi * 0.16, 4 * .pi * .pi * 0.4)
    }

    /// The arc length between two points of an ellipse, by the trapezoidal rule, is the share of points between them.
    @Test(arguments: [(2.0, 0.8), (1.0, 1.0), (0.05, 1.0), (30.0, 0.1)])
    func ellipsesAreSampledByLength(radii: (Double, Double)) throws {
        let face = try Ellipse(center: [0, 0], radii: [radii.0, radii.1]).faces[0]
        let count = 1_000
        let unit = (0...count).map { Double($0) / Double(count) * 0.25 }
        var points = [Double](repeating: 0, count: 2 * unit.count)
        face.map(unit, to: &points, count: unit.count)
        // Chords of equal arcs are equal up to the square of their turning; arcs from the parametrisation are exact.
        let angles = (0...count).map { atan2(points[2 * $0 + 1] / radii.1, points[2 * $0] / radii.0) }
        for place in 0..<count {
            let length = (0..<50).reduce(0.0) { sum, step in
                let angle = angles[place] + (angles[place + 1] - angles[place]) * (Double(step) + 0.5) / 50
                let x = radii.0 * sin(angle), y = radii.1 * cos(angle)
                return sum + (x * x + y * y).squareRoot() * (angles[place + 1] - angles[place]) / 50
            }
            #expect(abs(length * Double(4 * count) / face.measure - 1) < 1e-4)
        }
    }
}
