// A loaded membrane on the unit square, built and solved in Swift instead of a problem file:
//     -Δw = 1,  w = 0 on the boundary.
import Ansatz
import Expressions
import Geometry
import ProblemFiles

let coordinates = ["x", "y"].map { CoordinateDeclaration(name: $0, count: nil, isTime: false) }
var scope = Scope(coordinates: coordinates)
try scope.declare(unknown: "w")
func read(_ text: String) throws -> Expression { try scope.resolve(Syntax.parse(text), in: .equation) }

let square = Box(lower: [0, 0], upper: [1, 1])
let walls = ConditionLocation(square.faces.map { ConditionLocation.Piece(face: $0) })
var problem = Problem(
    name: "membrane", scope: scope, domain: Domain(coordinates, box: square), unknowns: [Unknown("w")],
    equations: [Equation("membrane", try read("-laplacian(w)"), equals: 1)],
    conditions: [Condition("walls", on: walls, try read("w"), equals: 0, enforcement: .exact)])
problem.method = [
    "network": ["kind": "mlp", "layers": [24, 24]],
    "stages": [["optimizer": "adam", "steps": 300, "rate": 5e-3], ["optimizer": "lbfgs", "steps": 300]],
]

let solution = try Solver.solve(problem, observer: SilentObserver())
let deflection = try solution.fields.evaluate([read("w"), read("-w_x")], at: [[0.5, 1], [0.5, 0.5]])
print("deflection at the centre  \(deflection[0][0])   (series solution: 0.0736713)")
print("slope at the right wall   \(deflection[1][1])   (series solution: 0.3376570)")
print("stopped: \(solution.stop.sentence)")
