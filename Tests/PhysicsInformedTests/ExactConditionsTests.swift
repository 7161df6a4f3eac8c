import Expressions
import Geometry
import PhysicsInformed
import Randomness
import Testing

/// Exact conditions hold to rounding for any parameters.
@Suite struct ExactConditionsTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        /// Residual and faces; the residual must vanish there.
        var conditions: [(String, [(Int, Bool)])]
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "one value", conditions: [("u - exp(y)", [(0, false)])]),
        Case(name: "two ends", conditions: [("u - y", [(0, false)]), ("u - 2*y^2", [(0, true)])]),
        Case(name: "value and slope", conditions: [("u - sin(y)", [(0, false)]), ("u_x - cos(y)", [(0, false)])]),
        Case(
            name: "value and slope against a value",
            conditions: [("u - y", [(0, false)]), ("u_x - 3", [(0, false)]), ("u - y^3", [(0, true)])]),
        Case(
            name: "normal derivative at the upper end",
            conditions: [("u - y", [(0, false)]), ("dn(u) - y", [(0, true)]), ("2*u - 4", [(0, true)])]),
        Case(
            name: "clamped all round",
            conditions: [
                ("u", [(0, false), (0, true), (1, false), (1, true)]),
                ("dn(u)", [(0, false), (0, true), (1, false), (1, true)]),
            ]),
        Case(
            name: "four faces of one function",
            conditions: [("u - sin(x + 2*y)", [(0, false), (0, true), (1, false), (1, true)])]),
        Case(
            name: "values on four faces, slopes on two",
            conditions: [
                ("u - x*y - y^2", [(0, false), (0, true), (1, false), (1, true)]),
                ("u_y - x", [(1, false)]),
            ]),
    ]

    private let test: TestProblem

    init() throws {
        test = try TestProblem(
            coordinates: ["x", "y"], box: Box(lower: [-1, 0], upper: [2, 1.5]), unknowns: ["u"])
    }

    @Test(arguments: cases)
    func conditionsHoldToRounding(example: Case) throws {
        let data = try example.conditions.flatMap { try test.data($0.0, on: $0.1) }
        let conditions = try ExactConditions(data, domain: test.domain, unknownCount: 1)
        let network = test.network([6, 6])
        var stream = RandomStream(seed: 11, name: "parameters")
        let parameters = (0..<network.layout.count).map { _ in stream.normal() }
        let fields = TrainedFields(
            network: network, exactConditions: conditions, parameters: parameters)
        for (text, faces) in example.conditions {
            for (axis, isUpper) in faces {
                let face = test.face(axis, isUpper)
                let normals = face.boxFace!.outwardNormal.map { Expression($0) }
                let residual = try test.expression(text).substituting(normals: normals)
                let points = try face.points(50, from: &stream)
                let columns = (0..<2).map { axis in stride(from: axis, to: 100, by: 2).map { points[$0] } }
                let values = try fields.evaluate([residual], at: columns)[0]
                #expect(values.allSatisfy { abs($0) < 1e-12 })
            }
        }
    }

    @Test func insideTheAnsatzIsFree() throws {
        let data = try test.data("u", on: [(0, false), (0, true), (1, false), (1, true)])
        let conditions = try ExactConditions(data, domain: test.domain, unknownCount: 1)
        let ansatz = try #require(conditions.ansatz[0])
        #expect(abs(ansatz.cutoff.value(at: test.box.center)[0] - 1) < 1e-14)
    }

    @Test(arguments: [
        ("u - 1", "u - 2", "disagree"), ("u", "u - y", "prescribes the same"), ("u_x", "u", "derivative"),
    ])
    func contradictionsAreErrors(first: String, second: String, word: String) throws {
        // The first on the left, the second on top, or again on the left.
        let place = word == "prescribes the same" ? (0, false) : (1, true)
        let data = try test.data(first, on: [(0, false)]) + test.data(second, on: [place])
        let error = #expect(throws: ExactConditionError.self) {
            _ = try ExactConditions(data, domain: test.domain, unknownCount: 1)
        }
        #expect(error?.reason.contains(word) == true)
    }

    @Test(arguments: ["u^2 - 1", "u + u_x", "u_xx", "u_y", "y*u - 1", "1 - x"])
    func otherFormsAreErrors(text: String) throws {
        #expect(throws: ExactConditionError.self) { _ = try test.data(text, on: [(0, false)]) }
    }

    @Test func zeroWallsHoldInTenDimensions() throws {
        let names = (1...10).map { "x\($0)" }
        let cube = try TestProblem(
            coordinates: names,
            box: Box(lower: [Double](repeating: -1, count: 10), upper: [Double](repeating: 1, count: 10)),
            unknowns: ["u"])
        let walls = (0..<10).flatMap { [($0, false), ($0, true)] }
        let ansatz = try #require(
            try ExactConditions(cube.data("u", on: walls), domain: cube.domain, unknownCount: 1).ansatz[0])
        var stream = RandomStream(seed: 12, name: "points")
        for (axis, isUpper) in walls {
            let points = try cube.face(axis, isUpper).points(5, from: &stream)
            for start in stride(from: 0, to: 50, by: 10) {
                let place = Array(points[start..<start + 10])
                #expect(ansatz.lift.value(at: place)[0] == 0 && abs(ansatz.cutoff.value(at: place)[0]) < 1e-14)
            }
        }
        #expect(ansatz.cutoff.value(at: cube.box.center)[0] == 1)
        // Other data would take 3¹⁰ copies.
        let error = #expect(throws: ExactConditionError.self) {
            _ = try ExactConditions(cube.data("u - x1", on: walls), domain: cube.domain, unknownCount: 1)
        }
        #expect(error?.reason.contains("other than 0 on faces across 10 coordinates") == true)
    }
}
