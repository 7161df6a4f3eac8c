import Geometry
import Randomness
import Testing

@Suite struct RegionTests {
    private let plate = Construction(Box(lower: [0, 0], upper: [2, 1]), name: "plate")

    private func disk(_ x: Double, _ y: Double, _ radius: Double, _ name: String) throws -> Construction {
        Construction(try Ball(center: [x, y], radius: radius), name: name)
    }

    private func names(_ region: Region) -> [String] { region.faces.map { $0.names(coordinates: ["x", "y"])[0] } }

    @Test func aPlateWithAHole() throws {
        let region = try Region(plate - disk(0.6, 0.5, 0.2, "hole"))
        #expect(names(region) == ["plate.left", "plate.right", "plate.bottom", "plate.top", "hole.rim"])
        #expect(region.faces[4].names(coordinates: ["x", "y"]) == ["hole.rim", "rim"])
        #expect(abs(region.measure - (2 - 0.04 * .pi)) < 4 * region.measureError)
        #expect(!region.contains([0.6, 0.5]) && region.contains([0.3, 0.5]) && !region.contains([2.1, 0.5]))
        #expect(region.faces[4].outwardNormal(at: [0.8, 0.5]) == [-1, 0])
        #expect(region.faces[0].boxFace?.axis == 0 && region.faces[4].boxFace == nil)
        #expect(region.faces.allSatisfy { !$0.isTrimmed })
        #expect(region.vanishedFaces.isEmpty)
    }

    @Test func bareNamesMustBeUnique() throws {
        let region = try Region(plate - disk(0.5, 0.5, 0.2, "a") - disk(1.5, 0.5, 0.2, "b"))
        #expect(region.faces[4].names(coordinates: ["x", "y"]) == ["a.rim"])
        let single = try Region(Ball(center: [0, 0], radius: 1), name: "a")
        #expect(single.faces[0].names(coordinates: ["x", "y"]) == ["rim", "a.rim"])
        let nameless = try Region(Ball(center: [0, 0], radius: 1)).union(Region(Ball(center: [1, 0], radius: 1)))
        #expect(names(nameless) == ["part1.rim", "part2.rim"])
    }

    @Test func aHalfSpaceAloneIsNoRegion() throws {
        let half = Construction(try HalfSpace(point: [1, 0], normal: [1, 0]), name: "half")
        #expect(throws: GeometryError.unbounded) { try Region(half) }
        #expect(throws: GeometryError.unbounded) { try Region(half + plate) }
        let cut = try Region(plate & half)
        #expect(cut.bounds == Box(lower: [0, 0], upper: [1, 1]))
        #expect(names(cut) == ["plate.left", "plate.bottom", "plate.top", "half.plane"])
        let vanished = cut.vanishedFaces.map { $0.names(coordinates: ["x", "y"]) }
        #expect(vanished == [["plate.right", "plate.x.max", "right", "x.max"]])
    }

    /// Half-spaces along the axes make a box by themselves.
    @Test func halfSpacesEncloseABox() throws {
        let sides = try [([0.0, 0], [-1.0, 0]), ([0, 0], [0, -2]), ([3, 0], [1, 0]), ([0, 2], [0, 5])].enumerated().map
        {
            Construction(try HalfSpace(point: $1.0, normal: $1.1), name: "s\($0)")
        }
        let region = try Region(sides[0] & sides[1] & sides[2] & sides[3])
        #expect(region.bounds == Box(lower: [0, 0], upper: [3, 2]))
        #expect(region.measure == 6 && region.faces.count == 4)
        for (face, length) in zip(region.faces, [2.0, 3, 2, 3]) { #expect(abs(face.measure - length) < 0.01) }
    }

    @Test func emptyRegionsAreErrors() throws {
        #expect(throws: GeometryError.empty) { try Region(plate & disk(5, 5, 1, "far")) }
        #expect(throws: GeometryError.empty) { try Region(plate & disk(2.5, 1.5, 0.6, "past the corner")) }
        #expect(throws: GeometryError.empty) { try Region(plate - disk(1, 0.5, 3, "cover")) }
        #expect(throws: GeometryError.sparse) { try Region(disk(1, 1, 0.4, "a") - disk(1, 1, 0.399_99, "b")) }
        #expect(throws: GeometryError.dimensions(2, 3)) {
            try Region(plate + Construction(Ball(center: [0, 0, 0], radius: 1)))
        }
    }

    /// Shapes that rounding makes points of, or that reach beyond what can be squared.
    @Test func shapesWithoutDigitsAreErrors() throws {
        for (x, radius) in [(-0.5, 1e-300), (1e308, 1), (1e19, 1), (1, 1e-12), (0, 1e200)] {
            #expect(throws: GeometryError.unresolved) { try Region(disk(x, 0, radius, "a")) }
            #expect(throws: GeometryError.unresolved) { try Region(plate - disk(x, 0, radius, "a")) }
        }
        let far = try Box(lower: [0, 0], upper: [1, 1]).rotated(by: 1).moved(by: [1e30, 0])
        #expect(throws: GeometryError.unresolved) { try Region(far) }
        #expect(throws: GeometryError.unresolved) {
            try Region(plate & Construction(HalfSpace(point: [1e200, 0], normal: [1, 0])))
        }
        let wide = Construction(Box(lower: [0, 0], upper: [1e300, 1]))
        #expect(throws: GeometryError.unresolved) { try Region(wide & plate) }
        #expect(try Region(wide).measure == 1e300)
    }

    /// Membership of set operations, point by point, and the sign of the combined distance.
    @Test func membershipIsThatOfTheParts() throws {
        let a = try disk(0, 0, 1, "a"), b = try disk(0.8, 0.3, 0.9, "b")
        let c = Construction(try Polygon([[-1, -1], [1.5, -0.5], [0.2, 1.4]]), name: "c")
        let inA = try Region(a), inB = try Region(b), inC = try Region(c)
        let points = try Box(lower: [-2, -2], upper: [2, 2]).draw(3_000, "membership")
        typealias Rule = (Construction, (Bool, Bool, Bool) -> Bool)
        let rules: [Rule] = [
            (a + b, { a, b, _ in a || b }), (a & b, { a, b, _ in a && b }), (a - b, { a, b, _ in a && !b }),
            ((a + b) & c, { a, b, c in (a || b) && c }), (a - b - c, { a, b, c in a && !b && !c }),
            (a - (b - c), { a, b, c in a && !(b && !c) }), ((a - b) + (b - a), { a, b, _ in a != b }),
            (a & b + c, { a, b, c in a && b || c }),
        ]
        for (construction, rule) in rules {
            let region = try Region(construction)
            var flags = [Bool](repeating: false, count: points.count)
            region.contains(points.values, count: points.count, to: &flags)
            for (point, flag) in zip(points.rows, flags) {
                #expect(flag == rule(inA.contains(point), inB.contains(point), inC.contains(point)))
                #expect(flag == region.contains(point))
                #expect((region.signedDistance(point) <= 0) == flag)
            }
            for point in try region.draw(500, "inside").rows { #expect(region.contains(point)) }
        }
    }

    /// The combined distance is at most the distance from the boundary.
    @Test func combinedDistancesAreBounds() throws {
        let region = try Region(plate - disk(0.6, 0.5, 0.2, "hole") + disk(2, 0.5, 0.4, "bump"))
        let boundary = try region.faces.flatMap { try $0.draw(1_500, "boundary").rows }
        for point in try Box(lower: [-1, -1], upper: [3, 2]).draw(200, "bounds").rows {
            let least = boundary.map { gap($0, point) }.min() ?? 0
            #expect(abs(region.signedDistance(point)) <= least + 1e-12)
        }
    }

    @Test func regionsAreEqualWhenTheirConstructionsAre() throws {
        let first = try Region(plate - disk(0.6, 0.5, 0.2, "hole"))
        let second = try Region(plate - disk(0.6, 0.5, 0.2, "hole"))
        let third = try Region(plate - disk(0.6, 0.5, 0.3, "hole"))
        #expect(first == second && first.hashValue == second.hashValue && first != third)
        #expect(Set(first.faces + second.faces).count == 5)
        #expect(first.faces[0] != third.faces[0])
    }

    /// A face of which nothing is accepted ends with an error, not with an endless search.
    @Test func hopelessSamplingStops() throws {
        let region = try Region(plate & disk(0, 0, 0.5, "corner"))
        let top = try #require(region.vanishedFaces.first { $0.names(coordinates: ["x", "y"])[0] == "plate.top" })
        #expect(throws: GeometryError.sparse) { try top.draw(1) }
    }
}
