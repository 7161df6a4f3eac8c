import Expressions
import Testing

@Suite struct DifferentiationTests {
    /// A smooth field with all derivatives known: u = sin(x + 2y − t) and v = cos(2x − y + t) as expressions.
    private func substituted(_ expression: Expression, _ scope: Scope) throws -> Expression {
        expression.substituting(unknowns: [try scope.read("sin(x + 2*y - t)"), try scope.read("cos(2*x - y + t)")])
    }

    private func difference(_ expression: Expression, _ axis: Int, _ point: [Double], parameter: Double) -> Double {
        func value(_ shift: Double) -> Double {
            var moved = point
            moved[axis] += shift
            return expression.value(at: moved, parameters: [parameter]) { _, _ in .nan }[0]
        }
        // Sixth order: 2³·… the error is far below the tolerance of the comparison.
        let h = 1e-3
        return (45 * (value(h) - value(-h)) - 9 * (value(2 * h) - value(-2 * h)) + value(3 * h) - value(-3 * h))
            / (60 * h)
    }

    @Test(arguments: [
        "sqrt(x)", "exp(x*y)", "log(x)", "log10(x)", "sin(x*y)", "cos(x)", "tan(x)", "asin(x)", "acos(x)", "atan(x)",
        "atan2(x, y)", "atan2(y, x)", "sinh(x)", "cosh(x)", "tanh(x)", "erf(x)", "abs(x - y)", "sign(x)*x", "min(x, y)",
        "max(x^2, y)", "floor(x) + x^2", "mod(5*x, y)", "mod(y, x)", "step(x)*x^3", "x^3", "x^-2", "x^2.5", "x^y",
        "2^x", "x/y", "y/x^2",
        "if(x < y, x^2, y)", "clamp(x*y, 0.1, 0.2)", "sum(i in 1:4, sin(i*x))", "prod(i in 1:4, i + sin(i*x))",
        "norm([x, y])", "g(x*y)", "q*x", "[x, y^2][2]*y", "sum(i in 1:2, [x*y, x^3][i]*i)", "pi*x^k", "x^k*k^x",
        "x*y*t*x*y*t*x",
    ])
    func theDerivativeIsTheLimitOfDifferences(_ text: String) throws {
        let scope = try planeScope()
        let expression = try scope.read(text)
        let point = [0.4, 0.7, 0.3]
        for axis in 0..<3 {
            let exact = expression.derivative(along: axis).value(at: point)[0]
            let numerical = difference(expression, axis, point, parameter: 1.5)
            #expect(
                abs(exact - numerical) <= 1e-9 * max(1, abs(exact)), "\(text): \(expression.derivative(along: axis))")
        }
    }

    @Test func randomExpressionsDifferentiateExactly() throws {
        let scope = try planeScope()
        for index in 0..<250 {
            var trees = RandomTrees("derivatives", index)
            let text = trees.scalar(depth: 1 + index % 4, withFields: true)
            let expression = try substituted(try scope.read(text), scope)
            let point = [0.4123, 0.7345, 0.3217]
            let exact = expression.derivative(along: 0).value(at: point, parameters: [1.5]) { _, _ in .nan }[0]
            // A branch that changes close by has no derivative to compare with.
            let near = difference(expression, 0, point, parameter: 1.5)
            let nearer = expression.value(at: point, parameters: [1.5]) { _, _ in .nan }[0]
            guard exact.isFinite, nearer.isFinite, abs(near) < 1e4 else {
                #expect(nearer.isFinite, "\(text)")
                continue
            }
            let half = difference(expression, 0, [point[0] + 1e-5, point[1], point[2]], parameter: 1.5)
            guard abs(half - near) < 1e-2 * max(1, abs(near)) else { continue }
            #expect(abs(exact - near) <= 1e-6 * max(1, abs(exact)), "\(text)")
        }
    }

    @Test func substitutingAndDifferentiatingCommute() throws {
        let scope = try planeScope()
        for text in [
            "u_x*u + laplacian(u)", "d(u, x, 2, y)*v_t", "u(t = 0)*x + u_x(t = 0.5)", "dot(grad(u), grad(v))",
            "div(u*grad(v))",
        ] {
            let expression = try scope.read(text)
            for axis in 0..<3 {
                let one = try substituted(expression, scope).derivative(along: axis).value(at: [0.3, 0.2, 0.9])
                let other = try substituted(expression.derivative(along: axis), scope).value(at: [0.3, 0.2, 0.9])
                #expect(abs(one[0] - other[0]) < 1e-13, "\(text)")
            }
        }
    }

    @Test func anExactSolutionLeavesNoResidual() throws {
        let scope = try planeScope()
        let heat = try scope.read("u_t - laplacian(u)")
        let solution = try scope.read("exp(-2*t)*sin(x)*sin(y)")
        let residual = heat.substituting(unknowns: [solution])
        for point in [[0.1, 0.2, 0.3], [1, -2, 0.5]] { #expect(abs(residual.value(at: point)[0]) < 1e-15) }
        let hundred = try familyScope(100)
        let function = try hundred.read("sum(i in 1:d, x[i]^2)")
        let laplacian = try hundred.read("laplacian(u)").substituting(unknowns: [function])
        #expect(laplacian.value(at: Array(repeating: 0.3, count: 101)) == [200])
    }

    @Test func derivativesOfSumsStaySums() throws {
        let scope = try familyScope(50)
        #expect("\(try scope.read("d(sum(i in 1:d, sin(x[i])), x[3])"))" == "cos(x[3])")
        #expect("\(try scope.read("grad(sum(i in 1:d, x[i]^2))[7]"))" == "2*x[7]")
        let slope = try scope.read("sum(i in 1:d, d(u, x[i])^2)").derivative(along: 0)
        #expect("\(slope)" == "sum(i in 1:50, 2*d(u, x[i])*d(u, x[1], x[i]))")
        #expect("\(try scope.read("norm2(grad(u))"))" == "sum(i in 1:50, d(u, x[i])^2)")
        #expect("\(try scope.read("div(x)"))" == "50")
        #expect("\(try scope.read("x"))" == "x")
        let nested = try scope.read("sum(i in 1:d, d(sum(j in 1:d, x[i]*x[j]^2), x[i]))")
        let point = (0..<51).map { 0.1 + Double($0) / 50 }
        let squares = (0..<50).reduce(0) { $0 + point[$1] * point[$1] }
        // ∂ᵢ(xᵢ Σⱼ xⱼ²) = Σⱼ xⱼ² + 2xᵢ²
        #expect(abs(nested.value(at: point)[0] - 52 * squares) < 1e-10 * squares)
    }

    @Test func theBiharmonicOperatorIsTheLaplacianTwice() throws {
        let scope = try planeScope()
        let field = try scope.read("laplacian(laplacian(u))")
        let other = try scope.read("u_xxxx + 2*u_xxyy + u_yyyy")
        let solution = try scope.read("sin(2*x)*exp(y)*x^3")
        let point = [0.3, 0.4, 0]
        let a = field.substituting(unknowns: [solution]).value(at: point)[0]
        let b = other.substituting(unknowns: [solution]).value(at: point)[0]
        #expect(abs(a - b) < 1e-12 * abs(a))
        #expect(field.differentialOrder == 4)
    }

    @Test func identitiesOfVectorCalculusHold() throws {
        var scope = Scope(coordinates: ["x", "y", "z"].map { CoordinateDeclaration(name: $0) })
        for name in ["u", "v", "w"] { try scope.declare(unknown: name) }
        let fields = try ["sin(x*y)*z", "exp(x)*cos(y + z)", "x^2*y*z^3"].map { try scope.read($0) }
        let point = [0.3, -0.4, 0.8]
        func values(_ text: String) throws -> [Double] {
            try scope.read(text).substituting(unknowns: fields).value(at: point)
        }
        for value in try values("curl(grad(u))") + values("div(curl([u, v, w]))")
            + values("curl(curl([u, v, w])) - grad(div([u, v, w])) + laplacian([u, v, w])")
            + values("div(grad([u, v, w])) - laplacian([u, v, w])")
            + values("div(u*grad(v)) - dot(grad(u), grad(v)) - u*laplacian(v)")
        {
            #expect(abs(value) < 1e-13)
        }
    }

    @Test(arguments: [
        ("x + x + y - x", "x + y"), ("x*x*x", "x^3"), ("2*x - 2*x", "0"), ("(x^2)^3", "x^6"), ("x/2", "0.5*x"),
        ("0*u + x", "x"),
        ("q + q", "2*(sin(k*x)*y)"), ("u_x*3*2", "6*u_x"), ("x^0 + y^1", "1 + y"),
    ])
    func simplificationCollects(_ text: String, _ simple: String) throws {
        let scope = try planeScope()
        #expect(try scope.read(text).simplified() == scope.read(simple).simplified())
        #expect("\(try scope.read(text).simplified())" == simple.replacing("2*(sin(k*x)*y)", with: "2*sin(k*x)*y"))
    }

    @Test func simplificationKeepsValues() throws {
        let scope = try planeScope()
        for index in 0..<300 {
            var trees = RandomTrees("simplification", index)
            let expression = try scope.read(trees.scalar(depth: 1 + index % 4))
            let before = expression.value(at: [0.4, 0.7, 0.3])[0]
            let after = expression.simplified().value(at: [0.4, 0.7, 0.3])[0]
            #expect(abs(before - after) <= 1e-9 * max(1, abs(before)), "\(expression)")
        }
    }

    @Test(arguments: [
        ("u_t + u*u_x", false, 1), ("k*u_xx + x^2*u + q", true, 2), ("p*u + u_xxyy", true, 4), ("u*v", false, 0),
        ("sin(u)", false, 0),
        ("x/u", false, 0), ("u/x", true, 0), ("sum(i in 1:3, i*u)", true, 0), ("if(x < 0, u, v)", true, 0),
        ("x + t", true, 0),
        ("laplacian(u)(t = 0)", true, 2), ("abs(u)", false, 0),
    ])
    func linearityAndOrderAreReadOff(_ text: String, _ isLinear: Bool, _ order: Int) throws {
        let expression = try planeScope().read(text)
        #expect(expression.isLinearInUnknowns == isLinear)
        #expect(expression.differentialOrder == order)
    }

    @Test func fieldsReadAreListedOnce() throws {
        let scope = try planeScope()
        let expression = try scope.read("u_t + u*u_x - k*laplacian(u) + v_xy*u + q*t")
        #expect(
            expression.fieldDerivatives == [
                FieldDerivative(unknown: 0, derivative: .value), FieldDerivative(unknown: 0, derivative: .partial([0])),
                FieldDerivative(unknown: 0, derivative: .partial([2])),
                FieldDerivative(unknown: 0, derivative: .laplacian([0, 1])),
                FieldDerivative(unknown: 1, derivative: .partial([0, 1])),
            ])
        #expect(expression.usesTime)
        #expect(expression.usedCoordinates == [0, 1, 2])
        #expect(!expression.usesNormal)
        #expect(try scope.read("dn(u)").usesNormal)
        let hjb = try familyScope(100).read("u_t + sum(i in 1:d, d(u, x[i], 2)) - sum(i in 1:d, d(u, x[i])^2)")
        #expect(hjb.fieldDerivatives.count == 102)
        #expect(hjb.fieldDerivatives.last?.derivative == .laplacian(Array(0..<100)))
    }
}
