import Expressions
import Testing

/// What expansion proves to be zero, and what it must not.
@Suite struct ExpansionTests {
    @Test(arguments: [
        ("(x + y)^3", "x^3 + 3*x^2*y + 3*x*y^2 + y^3"), ("(x^2 - y^2)/(x*y)", "x/y - y/x"),
        ("d(u*d(log(u) + x^2/2, x), x)", "u_xx + x*u_x + u"), ("d(u*d(2*u, x), x)", "2*u*u_xx + 2*u_x^2"),
        ("sum(i in 1:3, (x + i)^2)", "3*x^2 + 12*x + 14"), ("prod(i in 1:3, x + i)", "(x + 1)*(x + 2)*(x + 3)"),
        ("laplacian(u)", "u_xx + u_yy"), ("sqrt(2)*x/sqrt(2)", "x"), ("0.1*x + 0.2*x", "0.3*x"),
        ("d(sin(x)*u, x)", "cos(x)*u + sin(x)*u_x"), ("(u_x + x)^2*y/x", "u_x^2*y/x + 2*u_x*y + x*y"),
    ])
    func equalsAreFound(_ left: String, _ right: String) throws {
        let scope = try planeScope()
        let difference = try scope.read(left) - scope.read(right)
        #expect(difference.vanishesByExpansion, "\(left) = \(right)")
    }

    @Test(arguments: [
        ("(x + y)^3", "x^3 + y^3"), ("x*y", "x*y + 1e-9*x"), ("u_xx", "u_yy"), ("x", "abs(x)"), ("sqrt(x^2)", "x"),
        ("1/(x + y)", "1/x + 1/y"), ("u_x*u_y", "u_xy"), ("sin(x)^2 + cos(x)^2", "1"),
    ])
    func othersAreNot(_ left: String, _ right: String) throws {
        let scope = try planeScope()
        let difference = try scope.read(left) - scope.read(right)
        #expect(!difference.vanishesByExpansion, "\(left) = \(right)")
    }
}
