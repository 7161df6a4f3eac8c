import Expressions
import Geometry
import Networks
import PhysicsInformed
import Randomness
import Testing

/// Exact conditions on curved faces hold to rounding for any parameters.
@Suite struct CurvedConditionsTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var domain: SpaceTime
        /// Residual, and the faces by index that it must vanish on.
        var conditions: [(String, [Int])]
        var testDescription: String { name }
    }

    static let cases: [Case] = {
        do {
            let disk = try Region(Ball(center: [0.5, -1], radius: 2))
            let square = Region(Box(lower: [-1, -1], upper: [1, 1]), name: "square")
            let hole = try Region(Ball(center: [0.2, 0.1], radius: 0.3), name: "hole")
            let half = try Region(
                Construction(Ball(center: [0, 0], radius: 1))
                    & Construction(HalfSpace(point: [0, 0.2], normal: [0.6, 0.8])))
            return [
                Case(name: "a disk", domain: SpaceTime(disk), conditions: [("u - sin(x*y)", [0])]),
                Case(
                    name: "a disk over time", domain: SpaceTime(disk, time: 0...2),
                    conditions: [("u - x*cos(t)", [0]), ("u - x", [1]), ("u_t", [1])]),
                Case(
                    name: "a square with a hole, one expression", domain: SpaceTime(try square.subtracting(hole)),
                    conditions: [("2*u - x^2 + y", [0, 1, 2, 3, 4])]),
                Case(
                    name: "a hole whose value differs", domain: SpaceTime(try square.subtracting(hole)),
                    conditions: [("u - x", [0, 1, 2, 3]), ("u - 7", [4])]),
                Case(
                    name: "half a disk", domain: SpaceTime(half, time: 0...1),
                    conditions: [("u - x*y - t", [0, 1]), ("u - x*y", [2])]),
                Case(
                    name: "some sides of a pierced square", domain: SpaceTime(try square.subtracting(hole)),
                    conditions: [("u - y", [0, 1]), ("u_x", [1])]),
            ]
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    private func expression(_ text: String, _ domain: SpaceTime) throws -> Expression {
        let names = ["x", "y"] + (domain.time == nil ? [] : ["t"])
        var scope = Scope(coordinates: names.map { CoordinateDeclaration(name: $0, count: nil, isTime: $0 == "t") })
        try scope.declare(unknown: "u")
        return try scope.resolve(Syntax.parse(text), in: .condition)
    }

    @Test(arguments: cases)
    func conditionsHoldToRounding(example: Case) throws {
        let domain = example.domain
        let data = try example.conditions.flatMap { text, faces in
            try faces.map {
                try FaceData(condition: text, residual: expression(text, domain), face: domain.faces[$0])
            }
        }
        let conditions = try ExactConditions(data, domain: domain, unknownCount: 1)
        var network = Network.multilayerPerceptron(
            inputs: domain.dimensions, hidden: [6, 6], outputs: 1, activation: .tanh)
        network.inputScaling = .init(lower: domain.box.lower, upper: domain.box.upper)
        var stream = RandomStream(seed: 11, name: "parameters")
        let parameters = (0..<network.layout.count).map { _ in stream.normal() }
        let fields = TrainedFields(network: network, exactConditions: conditions, parameters: parameters)
        for (text, faces) in example.conditions {
            for face in faces {
                let points = try domain.faces[face].points(50, from: &stream)
                let width = domain.dimensions
                let columns = (0..<width).map { axis in stride(from: axis, to: 50 * width, by: width).map { points[$0] }
                }
                let values = try fields.evaluate([expression(text, domain)], at: columns)[0]
                #expect(values.allSatisfy { abs($0) < 1e-11 }, "\(text) on face \(face)")
            }
        }
        // Inside the ansatz is free: other parameters give other values.
        let inside = try domain.interior.points(20, from: &stream)
        let columns = (0..<domain.dimensions).map { axis in
            stride(from: axis, to: inside.count, by: domain.dimensions).map { inside[$0] }
        }
        let others = TrainedFields(network: network, exactConditions: conditions, parameters: parameters.map { -$0 })
        let pair = try [fields, others].map { try $0.evaluate([.field(0)], at: columns)[0] }
        #expect(zip(pair[0], pair[1]).contains { abs($0 - $1) > 1e-3 })
    }

    @Test(arguments: [
        ("u - x", "u - y", "touches"), ("u - x", "dn(u)", "must read 'u = data'"), ("u - x", "u_x", "must read"),
    ])
    func impossibleDataAreRefused(walls: String, hole: String, reason: String) throws {
        let square = Region(Box(lower: [-1, -1], upper: [1, 1]))
        // A disk that reaches to the left side.
        let disk = try Region(Ball(center: [-1, 0], radius: 0.5))
        let domain = SpaceTime(try square.subtracting(disk))
        let error = #expect(throws: ExactConditionError.self) {
            let data = try domain.faces.map { face in
                let text = face.boxFace == nil && face.wall?.shapeFace is SphereFace ? hole : walls
                return try FaceData(condition: text, residual: expression(text, domain), face: face)
            }
            _ = try ExactConditions(data, domain: domain, unknownCount: 1)
        }
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }
}
