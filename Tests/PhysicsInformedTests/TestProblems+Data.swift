import Expressions
import Geometry
import PhysicsInformed

extension TestProblems {
    /// A coefficient on a grid, and measurements at given points with noise by point.
    static func data() throws -> (TestProblem, CollocationProblem) {
        var test = try TestProblem(
            coordinates: ["x", "y"], box: Box(lower: [0, 0], upper: [1, 2]), unknowns: ["u", "v"])
        let axes = [(0..<6).map { Double($0) / 5 }, (0..<5).map { Double($0) / 2 }]
        let values = axes[0].flatMap { x in axes[1].map { y in 2 + x * y - x * x } }
        try test.scope.declare(
            table: TabulatedFunction(name: "kappa", axes: axes, values: values), coordinates: [0, 1])
        return (
            test,
            CollocationProblem(
                domain: test.domain, unknownCount: 2,
                terms: [
                    try test.term("flow", "[div(kappa*grad(u)) - v, kappa_x*v + u]", points: 60),
                    ResidualTerm(
                        name: "probe",
                        components: [
                            try (test.expression("u") - .datum(0)) * .datum(1),
                            try test.expression("u*v_x") - .datum(2),
                        ], data: points(90), weight: 2),
                    ResidualTerm(name: "other", components: [try test.expression("v") - .datum(0)], data: points(33)),
                ])
        )
    }

    /// Points in [0, 1] × [0, 2] with three numbers each.
    static func points(_ count: Int) -> PointData {
        func spread(_ factor: Double) -> [Double] {
            (1...count).map { (Double($0) * factor).truncatingRemainder(dividingBy: 1) }
        }
        return PointData(
            points: [spread(0.618034), spread(0.754878).map { 2 * $0 }],
            columns: [spread(0.3), spread(0.7).map { 1 + $0 }, spread(0.45)])
    }
}
