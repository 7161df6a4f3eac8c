import Geometry
import Testing

/// What makes no shape, with the parameter at fault and a part of the message.
private struct Slip: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let parameter: String
    let attempt: @Sendable () throws -> Void

    init(_ text: String, _ parameter: String, _ attempt: @escaping @Sendable () throws -> Void) {
        testDescription = text
        self.parameter = parameter
        self.attempt = attempt
    }

    static let all = [
        Slip("'radius' of a disk must be above zero, not 0", "radius") { _ = try Ball(center: [0, 0], radius: 0) },
        Slip("'radius' of a ball must be above zero, not -1", "radius") {
            _ = try Ball(center: [0, 0, 0], radius: -1)
        },
        Slip("'center' of a disk is not finite", "center") { _ = try Ball(center: [0, .nan], radius: 1) },
        Slip("'radius' of a disk must be above zero, not inf", "radius") {
            _ = try Ball(center: [0, 0], radius: .infinity)
        },
        Slip("'inner' of an annulus is 1, not below the outer radius 1", "inner") {
            _ = try Annulus(center: [0, 0], inner: 1, outer: 1)
        },
        Slip("'inner' of an annulus must be above zero, not 0", "inner") {
            _ = try Annulus(center: [0, 0], inner: 0, outer: 1)
        },
        Slip("'radii' of an ellipse must be above zero, not -2", "radii") {
            _ = try Ellipse(center: [0, 0], radii: [1, -2])
        },
        Slip("'radii' of an ellipse differ by a factor above 10⁶", "radii") {
            _ = try Ellipse(center: [0, 0], radii: [1, 1e-9])
        },
        Slip("'center' of an ellipse has 3 numbers", "center") {
            _ = try Ellipse(center: [0, 0, 0], radii: [1, 2])
        },
        Slip("'points' of a polygon are only 2", "points") { _ = try Polygon([[0, 0], [1, 0]]) },
        Slip("'points' of a polygon repeat a corner: number 3 is the same as number 2", "points") {
            _ = try Polygon([[0, 0], [1, 0], [1, 0], [0, 1]])
        },
        Slip("'points' of a polygon repeat a corner: number 1 is the same as number 4", "points") {
            _ = try Polygon([[0, 0], [1, 0], [0, 1], [0, 0]])
        },
        Slip("edge[1] and edge[3] of the polygon intersect", "") {
            _ = try Polygon([[0, 0], [1, 1], [1, 0], [0, 1]])
        },
        Slip("edge[1] and edge[2] of the polygon intersect", "") {
            _ = try Polygon([[0, 0], [2, 0], [1, 0], [0, 1]])
        },
        Slip("edge[1] and edge[3] of the polygon intersect", "") {
            _ = try Polygon([[0, 0], [2, 0], [2, 1], [1, 0], [0, 1]])
        },
        Slip("edge[1] and edge[2] of the polygon intersect", "") { _ = try Polygon([[0, 0], [1, 1], [0.5, 0.5]]) },
        Slip("'to' of a sector is 1, not above from = 2", "to") {
            _ = try Sector(center: [0, 0], radius: 1, from: 2, to: 1)
        },
        Slip("'to' of a sector is a whole turn or more after from", "to") {
            _ = try Sector(center: [0, 0], radius: 1, from: 0, to: 2 * .pi)
        },
        Slip("'inner' of a sector is 1", "inner") {
            _ = try Sector(center: [0, 0], radius: 1, from: 0, to: 1, inner: 1)
        },
        Slip("'normal' of a half-space is zero", "normal") { _ = try HalfSpace(point: [0, 0], normal: [0, 0]) },
        Slip("'normal' of a half-space has 3 numbers", "normal") {
            _ = try HalfSpace(point: [0, 0], normal: [0, 0, 1])
        },
        Slip("'axis' of a cylinder is zero", "axis") {
            _ = try Cylinder(base: [0, 0, 0], axis: [0, 0, 0], radius: 1, height: 1)
        },
        Slip("'height' of a cylinder must be above zero, not 0", "height") {
            _ = try Cylinder(base: [0, 0, 0], axis: [0, 0, 1], radius: 1, height: 0)
        },
        Slip("'top' of a cone is -1", "top") {
            _ = try Cone(base: [0, 0, 0], axis: [0, 0, 1], radius: 1, height: 1, top: -1)
        },
        Slip("'thickness' of a torus is 2, not below the radius 1", "thickness") {
            _ = try Torus(center: [0, 0, 0], axis: [0, 0, 1], radius: 1, thickness: 2)
        },
        Slip("'factor' of a scaling must be above zero, not 0", "factor") {
            _ = try Box(lower: [0], upper: [1]).scaled(by: 0)
        },
        Slip("'axis' of a rotation is missing", "axis") {
            _ = try Ball(center: [0, 0, 0], radius: 1).rotated(by: 1)
        },
        Slip("'offset' of a movement has 1 numbers", "offset") {
            _ = try Ball(center: [0, 0], radius: 1).moved(by: [1])
        },
    ]
}

@Suite struct DegenerateShapeTests {
    @Test(arguments: Slip.all)
    private func degenerateShapesAreErrors(slip: Slip) throws {
        let error = try #require(throws: GeometryError.self) { try slip.attempt() }
        #expect(error.message == slip.testDescription)
        #expect(!error.hint.isEmpty)
        if case .degenerate(_, let parameter, _, _) = error {
            #expect(parameter == slip.parameter)
        } else {
            #expect(slip.parameter.isEmpty)
        }
    }
}
