import Ansatz
import Expressions
import Geometry
import ProblemFiles

/// A loaded membrane on the unit square, built and solved in Swift instead of a problem file:
/// −Δw = 1 with w = 0 on the boundary.
@main
struct Membrane {
    static func main() throws {
        let coordinates = ["x", "y"].map { CoordinateDeclaration(name: $0, count: nil, isTime: false) }
        var scope = Scope(coordinates: coordinates)
        try scope.declare(unknown: "w")
        let w = try scope.resolve(Syntax.parse("w"), in: .equation)
        let laplacian = try scope.resolve(Syntax.parse("laplacian(w)"), in: .equation)
        let slope = try scope.resolve(Syntax.parse("-w_x"), in: .equation)

        let square = Domain(coordinates, box: Box(lower: [0, 0], upper: [1, 1]))
        var problem = Problem(
            name: "membrane", scope: scope, domain: square, unknowns: [Unknown("w")],
            equations: [Equation("membrane", -laplacian, equals: 1)],
            conditions: [Condition("walls", on: square.boundary, w, equals: 0, enforcement: .exact)])
        problem.method = [
            "network": ["kind": "mlp", "layers": [24, 24]],
            "stages": [["optimizer": "adam", "steps": 300, "rate": 5e-3], ["optimizer": "lbfgs", "steps": 2_000]],
        ]

        let solution = try Solver.solve(problem, observer: SilentObserver())
        let values = try solution.fields.evaluate([w, slope], at: [[0.5, 1], [0.5, 0.5]])
        print("deflection at the centre  \(values[0][0])  (series solution: 0.0736714)")
        print("slope at the right wall   \(values[1][1])  (series solution: 0.3376572)")
        print("stopped: \(solution.stop.sentence)")
    }
}
