import Geometry
import Randomness
import Testing

@Suite struct SimilarityTests {
    private func similarity(_ dimensions: Int) throws -> Similarity {
        switch dimensions {
        case 2:
            let turned = try Similarity(rotating: 0.7, about: [1, 0], dimensions: 2)
            return try Similarity(scaling: 1.7, about: [0, 2], dimensions: 2).after(turned)
        case 3:
            let turned = try Similarity(rotating: -1.1, axis: [1, 2, 0.5], about: [1, 0, 1], dimensions: 3)
            let moved = try Similarity(moving: [0.3, -0.2, 1], dimensions: 3)
            return try Similarity(scaling: 0.6, dimensions: 3).after(moved.after(turned))
        default:
            let moved = try Similarity(moving: Array(repeating: 0.5, count: dimensions), dimensions: dimensions)
            return try Similarity(scaling: 2, dimensions: dimensions).after(moved)
        }
    }

    /// Distances grow by the scale, insides and faces move along, normals turn.
    @Test(arguments: ShapeSamples.names)
    func shapesMoveWithTheirPoints(name: String) throws {
        let shape = try ShapeSamples.shape(name)
        let map = try similarity(shape.dimensions)
        let image = shape.transformed(by: map)
        let size = map.scale
        #expect(
            abs(image.measure / shape.measure - (0..<shape.dimensions).reduce(1) { power, _ in power * size }) < 1e-9)
        let points = try #require(shape.surroundings).draw(200, name)
        for point in points.rows {
            #expect(abs(image.signedDistance(map.apply(point)) - size * shape.signedDistance(point)) < 1e-11)
            #expect(gap(map.invert(map.apply(point)), point) < 1e-12)
        }
        let faces: [any ShapeFace] = shape.faces, images: [any ShapeFace] = image.faces
        #expect(faces.count == images.count)
        let coordinates = (0..<shape.dimensions).map { "x\($0)" }
        for (face, moved) in zip(faces, images) {
            #expect(face.names(coordinates: coordinates) == moved.names(coordinates: coordinates))
            for point in try face.draw(20, name).rows {
                let ahead = zip(point, face.outwardNormal(at: point)).map(+)
                let turned = zip(map.apply(ahead), map.apply(point)).map { ($0 - $1) / size }
                #expect(gap(moved.outwardNormal(at: map.apply(point)), turned) < 1e-9)
                #expect(gap(moved.closestPoint(to: map.apply(point)), map.apply(point)) < 1e-9)
            }
        }
        let bounds = try #require(image.bounds)
        for point in try #require(image.interior).draw(200, name).rows {
            #expect(zip(point, zip(bounds.lower, bounds.upper)).allSatisfy { $1.0 - 1e-9 <= $0 && $0 <= $1.1 + 1e-9 })
        }
    }

    @Test func quarterTurns() throws {
        let turn = try Similarity(rotating: .pi / 2, about: [1, 1], dimensions: 2)
        #expect(gap(turn.apply([2, 1]), [1, 2]) < 1e-15)
        let upright = try Similarity(rotating: .pi / 2, axis: [0, 0, 3], dimensions: 3)
        #expect(gap(upright.apply([1, 0, 5]), [0, 1, 5]) < 1e-15)
    }

    /// A box that is only moved and scaled is still a box along the axes.
    @Test func unturnedBoxesStayBoxes() throws {
        let box = Box(lower: [0, 0], upper: [2, 1])
        #expect(try box.scaled(by: 2).moved(by: [1, 1]) as? Box == Box(lower: [1, 1], upper: [5, 3]))
        #expect(try Region(box.moved(by: [1, 0])).faces[0].boxFace != nil)
        #expect(try Region(box.rotated(by: 0.1)).faces[0].boxFace == nil)
    }
}
