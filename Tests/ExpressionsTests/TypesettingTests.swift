import Expressions
import Testing

@Suite struct TypesettingTests {
    @Test(arguments: [
        ("laplacian(u) + k^2*u", "∂²u/∂x² + ∂²u/∂y² + k² u"), ("d(u, x, 2, y, 2)", "∂⁴u/∂x²∂y²"),
        ("u_t - k*u_xx", "∂u/∂t − k ∂²u/∂x²"),
        ("k*laplacian(u)", "k Δu"), ("sqrt(x)", "√x"), ("sqrt(x + 1)", "√(x + 1)"), ("5*u^3 - 5*u", "5 u³ − 5 u"),
        ("u*u_x", "u ∂u/∂x"),
        ("q", "q"), ("x/(y*k)", "x/(y k)"), ("u_x^2", "(∂u/∂x)²"), ("abs(x)", "|x|"), ("2*3^k", "2·3^k"),
        ("(x + y)*u", "(x + y) u"),
        ("-x", "−x"), ("sin(pi*x)", "sin(π x)"), ("u(t = 0)", "u(t = 0)"), ("x <= y and x != 0", "x ≤ y and x ≠ 0"),
        ("[x, y]", "(x, y)"),
    ])
    func expressionsLookAsOnPaper(_ text: String, _ typeset: String) throws {
        let scope = try planeScope()
        #expect(try scope.read(text).typeset(scope) == typeset)
    }

    @Test func sumsKeepTheirSign() throws {
        let scope = try familyScope(100)
        #expect(try scope.read("sum(i in 1:d, d(u, x[i])^2)").typeset(scope) == "Σ_{i=1}^{100} (∂u/∂x_i)²")
        #expect(try scope.read("laplacian(u)").typeset(scope) == "Δu")
        #expect(try scope.read("x").typeset(scope) == "x")
    }
}
