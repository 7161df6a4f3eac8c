import Geometry
import Randomness
import Testing

@Suite struct RegionTests {
    let plate = Construction(Box(lower: [0, 0], upper: [2, 1]), name: "plate")

    private func hole() throws -> Construction {
        Construction(try Ball(center: [0.6, 0.5], radius: 0.2), name: "hole")
    }

    @Test func aPlateWithAHole() throws {
        let region = try Region(plate - hole())
        #expect(
            region.faces.map { $0.names(coordinates: ["x", "y"])[0] }
                == ["plate.left", "plate.right", "plate.bottom", "plate.top", "hole.rim"])
        #expect(region.faces[4].names(coordinates: ["x", "y"]) == ["hole.rim", "rim"])
        #expect(abs(region.measure - (2 - 0.04 * .pi)) < 1e-3)
        #expect(!region.contains([0.6, 0.5]) && region.contains([0.3, 0.5]) && !region.contains([2.1, 0.5]))
        let normal = region.faces[4].outwardNormal(at: [0.8, 0.5])
        #expect(normal == [-1, 0])
        #expect(region.faces[0].boxFace != nil && region.faces[4].boxFace == nil)
    }

    @Test func aHalfSpaceAloneIsNoRegion() throws {
        let half = Construction(try HalfSpace(point: [1, 0], normal: [1, 0]), name: "half")
        #expect(throws: GeometryError.unbounded) { try Region(half) }
        let cut = try Region(plate & half)
        #expect(cut.bounds == Box(lower: [0, 0], upper: [1, 1]))
        #expect(
            cut.faces.map { $0.names(coordinates: ["x", "y"])[0] }
                == ["plate.left", "plate.bottom", "plate.top", "half.plane"])
        let names = cut.vanishedFaces.map { $0.names(coordinates: ["x", "y"]) }
        #expect(names == [["plate.right", "plate.x.max", "right", "x.max"]])
        #expect(throws: GeometryError.empty) { try Region(plate & half - half - plate) }
    }
}
