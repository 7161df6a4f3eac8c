import Geometry
import Randomness
import Testing

@Suite struct SpaceTimeTests {
    private func disk() throws -> SpaceTime {
        SpaceTime(try Region(Ball(center: [1, 0], radius: 2)), time: 0...3)
    }

    @Test func facesAreWallsAndTheTwoEndsOfTime() throws {
        let domain = try disk()
        #expect(domain.dimensions == 3 && domain.timeAxis == 2)
        #expect(domain.faces.map(\.isTimeEnd) == [false, true, true])
        #expect(domain.faces.map { $0.boxFace?.axis } == [nil, 2, 2])
        #expect(abs(domain.faces[0].measure - 2 * .pi * 2 * 3) < 1e-12)
        #expect(abs(domain.faces[1].measure - .pi * 4) < 1e-12)
        #expect(domain.box.lower == [-1, -2, 0] && domain.box.upper == [3, 2, 3])
    }

    @Test func pointsLieOnTheirFacesWithNormalsAcross() throws {
        let domain = try disk()
        var stream = RandomStream(seed: 4, name: "faces")
        for face in domain.faces {
            let points = try face.points(200, from: &stream)
            var normals = [Double](repeating: 0, count: points.count)
            face.outwardNormals(at: points, count: 200, to: &normals)
            for start in stride(from: 0, to: points.count, by: 3) {
                let (x, y, t) = (points[start] - 1, points[start + 1], points[start + 2])
                #expect(t >= 0 && t <= 3)
                let normal = Array(normals[start..<start + 3])
                switch face.kind {
                case .wall:
                    #expect(abs(x * x + y * y - 4) < 1e-12)
                    #expect(abs(normal[0] - x / 2) < 1e-12 && abs(normal[1] - y / 2) < 1e-12 && normal[2] == 0)
                case .start: #expect(t == 0 && normal == [0, 0, -1] && x * x + y * y <= 4)
                case .end: #expect(t == 3 && normal == [0, 0, 1] && x * x + y * y <= 4)
                }
            }
        }
    }

    @Test func thereAreNoFacesAcrossAPeriodicCoordinate() {
        let box = Box(lower: [0, 0], upper: [1, 2])
        let domain = SpaceTime(Region(box), time: 0...1, periodicAxes: [0])
        #expect(domain.faces.map { $0.boxFace?.axis } == [1, 1, 2, 2])
        #expect(domain.faces.map(\.index) == [0, 1, 2, 3])
    }

    /// A point of space holds at all times, one of space and time at its own.
    @Test func singlePoints() throws {
        let domain = try disk()
        var stream = RandomStream(seed: 4, name: "points")
        let always = try domain.set(of: .point([1, 0])).points(50, from: &stream)
        let times = stride(from: 2, to: always.count, by: 3).map { always[$0] }
        #expect(always[0] == 1 && always[1] == 0 && Set(times).count == 50 && times.allSatisfy { 0...3 ~= $0 })
        #expect(try domain.set(of: .point([1, 0, 2])).points(2, from: &stream) == [1, 0, 2, 1, 0, 2])
    }

    @Test func theMaskFollowsTheRegion() throws {
        let domain = try disk()
        #expect(domain.regionContains(columns: [[1, 3, 3.1], [0, 0, 0], [9, 9, 9]]) == [true, true, false])
    }
}
