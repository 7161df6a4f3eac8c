import Expressions
import Geometry
import Networks
import Optimizers
import PhysicsInformed

/// A problem written as text, for tests: coordinates x, y (and t), unknowns u (and v).
struct TestProblem {
    var scope: Scope
    var box: Box
    var unknownCount: Int

    init(coordinates: [String], box: Box, unknowns: [String], parameters: [String] = []) throws {
        scope = Scope(
            coordinates: coordinates.map { CoordinateDeclaration(name: $0, count: nil, isTime: $0 == "t") })
        for unknown in unknowns { try scope.declare(unknown: unknown) }
        for (index, name) in parameters.enumerated() { try scope.declare(unknownParameter: name, index: index) }
        self.box = box
        unknownCount = unknowns.count
    }

    /// Left minus right of an equation, or an expression.
    func expression(_ text: String, in context: Context = .condition) throws -> Expression {
        try scope.resolve(Syntax.parse(text), in: context)
    }

    /// The box as a domain; its coordinates may be anything.
    var domain: SpaceTime { SpaceTime(box) }

    func face(_ axis: Int, _ isUpper: Bool) -> SpaceTimeFace {
        domain.faces.first { $0.boxFace?.axis == axis && $0.boxFace?.isUpper == isUpper }!
    }

    func faces(_ list: [(Int, Bool)]) -> PointLocation {
        PointLocation(list.map { PointLocation.Piece(.face(face($0.0, $0.1))) })
    }

    /// A term on faces, or inside when `faces` is empty.
    func term(
        _ name: String, _ text: String, on faces: [(Int, Bool)] = [], points: Int, weight: Double = 1
    ) throws -> ResidualTerm {
        ResidualTerm(
            name: name, components: try expression(text).components,
            location: faces.isEmpty ? .interior : self.faces(faces), pointsPerFace: points, weight: weight)
    }

    func data(_ text: String, on faces: [(Int, Bool)], name: String = "condition") throws -> [FaceData] {
        try faces.map {
            try FaceData(condition: name, residual: expression(text), face: face($0.0, $0.1))
        }
    }

    func network(_ hidden: [Int], _ activation: Activation = .tanh) -> Network {
        var network = Network.multilayerPerceptron(
            inputs: box.dimensions, hidden: hidden, outputs: unknownCount, activation: activation)
        network.inputScaling = .init(lower: box.lower, upper: box.upper)
        return network
    }
}

/// Problems that the tests of gradients and threads run through.
enum TestProblems {
    static let names = [
        "helmholtz", "wave-exact", "stokes-like", "plate-exact", "inverse", "traces", "traces-exact", "data",
    ]

    static func named(_ name: String) throws -> (TestProblem, CollocationProblem) {
        switch name {
        case "data": return try data()
        case "helmholtz":
            let test = try TestProblem(
                coordinates: ["x", "y"], box: Box(lower: [-1, -1], upper: [1, 1]), unknowns: ["u"])
            let all = [(0, false), (0, true), (1, false), (1, true)]
            return (
                test,
                CollocationProblem(
                    domain: test.domain, unknownCount: 1,
                    terms: [
                        try test.term("helmholtz", "laplacian(u) + u - sin(pi*x)*sin(2*pi*y)", points: 70),
                        try test.term("walls", "u - x*y", on: all, points: 21, weight: 3),
                        try test.term("flux", "dn(u) + u^2", on: [(0, true), (1, false)], points: 9),
                    ])
            )
        case "wave-exact":
            let test = try TestProblem(
                coordinates: ["x", "t"], box: Box(lower: [0, 0], upper: [1, 2]), unknowns: ["u"])
            let data =
                try test.data("u - sin(pi*x)", on: [(1, false)]) + test.data("d(u, t)", on: [(1, false)])
                + test.data("u", on: [(0, false), (0, true)])
            return (
                test,
                CollocationProblem(
                    domain: test.domain, unknownCount: 1,
                    terms: [try test.term("wave", "u_tt - 4*u_xx + u*u_x", points: 100)],
                    exactConditions: try ExactConditions(data, domain: test.domain, unknownCount: 1))
            )
        case "stokes-like":
            let test = try TestProblem(
                coordinates: ["x", "y"], box: Box(lower: [0, 0], upper: [2, 1]), unknowns: ["u", "v"])
            let data = try test.data("u - y*(1 - y)", on: [(0, false)])
            return (
                test,
                CollocationProblem(
                    domain: test.domain, unknownCount: 2,
                    terms: [
                        try test.term("momentum", "u*u_x + v*u_y - laplacian(u)/10", points: 50),
                        try test.term("continuity", "u_x + v_y", points: 50, weight: 2),
                        try test.term("vector", "[u - x, v + y]", on: [(0, true)], points: 33),
                    ], exactConditions: try ExactConditions(data, domain: test.domain, unknownCount: 2))
            )
        case "inverse":
            let test = try TestProblem(
                coordinates: ["x", "t"], box: Box(lower: [0, 0], upper: [1, 2]), unknowns: ["u"],
                parameters: ["nu", "c", "k", "unused"])
            return (
                test,
                CollocationProblem(
                    domain: test.domain, unknownCount: 1,
                    terms: [
                        try test.term("burgers", "d(u, t) + c*u*u_x - nu*u_xx + k^2", points: 150),
                        try test.term("robin", "dn(u) + k*(u - c)", on: [(0, false), (0, true)], points: 20),
                        // No field at all.
                        try test.term("ratio", "c*nu - x*k", on: [(1, true)], points: 5),
                    ],
                    exactConditions: try ExactConditions(
                        test.data("u - sin(pi*x)", on: [(1, false)]), domain: test.domain, unknownCount: 1),
                    unknownParameters: [
                        SearchedParameter("nu", start: 0.02, range: 1e-4...1, scale: .logarithmic),
                        SearchedParameter("c", start: -3, rate: 0.5),
                        SearchedParameter("k", start: 1.5, range: 0...2, rate: 3),
                        SearchedParameter("unused", start: 4, scale: .logarithmic),
                    ])
            )
        case "traces", "traces-exact":
            let test = try TestProblem(
                coordinates: ["x", "t"], box: Box(lower: [0, 0], upper: [1, 2]), unknowns: ["u", "v"])
            let data = try test.data("u - sin(pi*x)", on: [(1, false)]) + test.data("u - t", on: [(0, false)])
            return (
                test,
                CollocationProblem(
                    domain: test.domain, unknownCount: 2,
                    terms: [
                        try test.term("memory", "d(u, t) - v_xx + u(t = 0)*v(t = 0.5) + u_x(x = 1)", points: 120),
                        try test.term("periodic", "v - v(x = 1)", on: [(0, false)], points: 30),
                        try test.term("slope", "v_x - v_x(x = 1) + u(x = 0.5, t = 1)^2", on: [(0, false)], points: 30),
                        try test.term("elsewhere", "laplacian(u)(x = 0.25) - x", points: 17),
                    ],
                    exactConditions: name == "traces"
                        ? nil : try ExactConditions(data, domain: test.domain, unknownCount: 2))
            )
        default:
            let test = try TestProblem(
                coordinates: ["x", "y"], box: Box(lower: [0, 0], upper: [1, 1]), unknowns: ["u"])
            let all = [(0, false), (0, true), (1, false), (1, true)]
            return (
                test,
                CollocationProblem(
                    domain: test.domain, unknownCount: 1,
                    terms: [try test.term("plate", "laplacian(laplacian(u)) - 1", points: 40)],
                    exactConditions: try ExactConditions(
                        try test.data("u", on: all) + test.data("dn(u)", on: all), domain: test.domain, unknownCount: 1)
                )
            )
        }
    }
}
