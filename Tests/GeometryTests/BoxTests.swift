import Geometry
import Randomness
import Testing

@Suite struct BoxTests {
    let box = Box(lower: [-1, 0, 2], upper: [1, 3, 2.5])

    @Test func measureIsTheProductOfTheSides() {
        #expect(box.measure == 2 * 3 * 0.5)
        #expect(box.sides == [2, 3, 0.5])
        #expect(box.center == [0, 1.5, 2.25])
    }

    @Test func aBoxContainsItsBoundaryAndNothingBeyond() {
        #expect(box.contains([-1, 0, 2]))
        #expect(box.contains([1, 3, 2.5]))
        #expect(!box.contains([Double(1).nextUp, 1, 2.25]))
        #expect(!box.contains([0, Double(0).nextDown, 2.25]))
        #expect(!box.contains([0, .nan, 2.25]))
    }

    /// The divergence theorem for x / d: Σ ∫ x · n over the faces is d times the volume.
    @Test(arguments: 1...5)
    func facesCloseTheBox(dimensions: Int) {
        let box = Box(
            lower: (0..<dimensions).map { -1 - Double($0) / 4 }, upper: (0..<dimensions).map { 1 + Double($0) / 2 })
        #expect(box.faces.count == 2 * dimensions)
        let flux = box.faces.map { $0.position * $0.outwardNormal[$0.axis] * $0.measure }.reduce(0, +)
        #expect(abs(flux - Double(dimensions) * box.measure) <= 1e-12 * box.measure)
        // The normals of a closed surface, weighted by area, cancel.
        for axis in 0..<dimensions {
            #expect(box.faces.map { $0.outwardNormal[axis] * $0.measure }.reduce(0, +) == 0)
        }
    }

    @Test func facesAreNamed() {
        let names = box.faces.map { $0.names(coordinates: ["x", "y", "z"]) }
        #expect(
            names == [
                ["left", "x.min"], ["right", "x.max"], ["bottom", "y.min"], ["top", "y.max"], ["back", "z.min"],
                ["front", "z.max"],
            ])
        let wide = Box(lower: [0, 0, 0, 0], upper: [1, 1, 1, 1])
        #expect(wide.faces[7].names(coordinates: (1...4).map { "x[\($0)]" }) == ["x[4].max"])
    }
}

@Suite struct SamplingTests {
    let box = Box(lower: [-1, 0, 2], upper: [1, 3, 2.5])

    @Test func cornersOfTheCubeGoToCornersOfTheBox() {
        var points = [Double](repeating: 0, count: 6)
        box.map([0, 0, 0, 1, 1, 1], to: &points, count: 2)
        #expect(points == [-1, 0, 2, 1, 3, 2.5])
    }

    /// Where upper − lower rounds up, the last number below one would lead beyond the upper bound.
    @Test func roundingDoesNotLeaveTheBox() {
        for k in 1...1_000 {
            let narrow = Box(lower: [0.1 * Double(k)], upper: [0.1 * Double(k) + 1.0 / Double(3 * k)])
            var point = [0.0]
            narrow.map([Double(1).nextDown], to: &point, count: 1)
            #expect(narrow.contains(point))
        }
    }

    /// The second moments of uniform points, to four standard errors (of a probability beyond 1 in 10,000).
    @Test func randomPointsAreUniform() throws {
        var stream = RandomStream(seed: 3, name: "box")
        let count = 40_000
        let points = try box.points(count, from: &stream)
        #expect(points.count == 3 * count)
        for axis in 0..<3 {
            let scaled = stride(from: axis, to: points.count, by: 3).map {
                (points[$0] - box.center[axis]) / box.sides[axis]
            }
            let mean = scaled.reduce(0, +) / Double(count)
            let square = scaled.reduce(0) { $0 + $1 * $1 } / Double(count)
            #expect(abs(mean) < 4 * (1.0 / 12 / Double(count)).squareRoot())
            #expect(abs(square - 1.0 / 12) < 4 * (1.0 / 180 / Double(count)).squareRoot())
        }
    }

    @Test func facePointsLieOnTheirFace() throws {
        var stream = RandomStream(seed: 3, name: "faces")
        for face in box.faces {
            let points = try face.points(100, from: &stream)
            var distinct: Set<[Double]> = []
            for point in stride(from: 0, to: points.count, by: 3).map({ Array(points[$0..<$0 + 3]) }) {
                #expect(face.contains(point))
                #expect(face.outwardNormal(at: point) == face.outwardNormal)
                distinct.insert(point)
            }
            #expect(distinct.count == 100)
        }
    }

    /// Sixteen Sobol' points on a rectangle put four into each quarter.
    @Test func sobolPointsOnAFaceAreStratified() throws {
        let face = box.faces[2]
        var sequence = SobolSequence(
            dimensions: face.sampleDimensions, scrambledBy: RandomStream(seed: 0, name: "face"))
        let points = try face.points(16, from: &sequence)
        var quarters = [0, 0, 0, 0]
        for point in 0..<16 {
            quarters[(points[3 * point] > 0 ? 1 : 0) + (points[3 * point + 2] > 2.25 ? 2 : 0)] += 1
        }
        #expect(quarters == [4, 4, 4, 4])
    }

    @Test func anEndOfAnIntervalIsOnePoint() throws {
        let end = Box(lower: [2], upper: [5]).faces[1]
        #expect(end.measure == 1)
        #expect(end.sampleDimensions == 0)
        var stream = RandomStream(seed: 0, name: "end")
        #expect(try end.points(3, from: &stream) == [5, 5, 5])
        #expect(stream.position == 0)
    }
}
