import Ansatz
import Foundation
import ProblemFiles
import Testing

/// Rates of convergence with exact solutions, and what is said of equations that are not of the form.
@Suite struct FiniteDifferenceTests {
    private final class Silent: ProgressObserver {
        func logged(_ row: ProgressRow) {}
        func warned(_ message: String) {}
        var stopRequested: Bool { false }
    }

    static func text(
        _ coordinates: String, region: String, shapes: String = "", equation: String, conditions: String, exact: String
    ) -> String {
        """
        format = 1
        name = "p"
        [domain]
        coordinates = \(coordinates)
        region = \(region)
        \(shapes)
        [unknowns]
        u = {}
        [equations]
        balance = '\(equation)'
        [conditions]
        \(conditions)
        [reference]
        u = '\(exact)'
        [method]
        kind = "finite-differences"
        """
    }

    static func error(_ text: String, nodes: [String: Int]) throws -> Double {
        let overrides = nodes.map { "method.nodes.\($0.key)=\($0.value)" }
        let problem = try ProblemReader.read(text: text, path: "p.toml", overrides: overrides)
        let solution = try Solver.solve(problem, observer: Silent())
        guard case .converged = solution.stop else {
            Issue.record("\(solution.stop)")
            return .infinity
        }
        return solution.relativeL2.first?.value ?? .nan
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var title: String
        var text: String
        var coordinates: [String]
        var cells: Int
        /// Errors on half as many cells are at least so many times as large.
        var ratio: Double
        var largest: Double
        var testDescription: String { title }
    }

    static let cases: [Case] = [
        Case(
            title: "a line with a coefficient, a reaction and a condition of the third kind",
            text: text(
                "['x']", region: "{ box = { x = [0, 2] } }",
                equation: "d((1 + x)*u_x, x) - 3*u = (1 + x)*(-sin(x)) + cos(x) - 3*sin(x)",
                conditions:
                    "a = { on = 'x = 0', equation = 'u = 0' }\nb = { on = 'x = 2', equation = '2*u + dn(u) = 2*sin(2) + cos(2)' }",
                exact: "sin(x)"), coordinates: ["x"], cells: 40, ratio: 3.6, largest: 1e-3),
        Case(
            title: "a square with a coefficient, values and slopes",
            text: text(
                "['x', 'y']", region: "{ box = { x = [0, 1], y = [0, 1] } }",
                equation: "-div((2 + x*y)*grad(u)) = -(y*2*x*y^3 + x*3*x^2*y^2 + (2 + x*y)*(2*y^3 + 6*x^2*y))",
                conditions:
                    "a = { on = 'left or right', equation = 'u = x^2*y^3' }\nb = { on = 'bottom', equation = 'dn(u) = 0' }\nc = { on = 'top', equation = '(2 + x*y)*dn(u) = (2 + x)*3*x^2' }",
                exact: "x^2*y^3"), coordinates: ["x", "y"], cells: 24, ratio: 3.4, largest: 2e-2),
        Case(
            title: "a cube by multigrid",
            text: text(
                "['x', 'y', 'z']", region: "{ box = { x = [0, 1], y = [0, 1], z = [0, 1] } }",
                equation: "laplacian(u) = -3*pi^2*sin(pi*x)*sin(pi*y)*sin(pi*z)",
                conditions: "a = { on = 'boundary', equation = 'u = 0' }", exact: "sin(pi*x)*sin(pi*y)*sin(pi*z)"),
            coordinates: ["x", "y", "z"], cells: 16, ratio: 3.5, largest: 2e-2),
        Case(
            title: "a disk with a given value, met to second order",
            text: text(
                "['x', 'y']", region: "'plate - hole'",
                shapes:
                    "shapes = { plate = { box = { x = [-1, 1], y = [-1, 1] } }, hole = { disk = { center = [0, 0], radius = 0.4 } } }",
                equation: "laplacian(u) = 0",
                conditions:
                    "rim = { on = 'hole.rim', equation = 'u = 0' }\nsides = { on = 'boundary and not hole.rim', equation = 'u = log(sqrt(x^2 + y^2)/0.4)' }",
                exact: "log(sqrt(x^2 + y^2)/0.4)"), coordinates: ["x", "y"], cells: 40, ratio: 3, largest: 2e-3),
        Case(
            title: "a disk without flux through its rim, to first order",
            text: text(
                "['x', 'y']", region: "'plate - hole'",
                shapes:
                    "shapes = { plate = { box = { x = [-1, 1], y = [-1, 1] } }, hole = { disk = { center = [0, 0], radius = 0.4 } } }",
                equation: "laplacian(u) = 0",
                conditions:
                    "rim = { on = 'hole.rim', equation = 'dn(u) = 0' }\nsides = { on = 'boundary and not hole.rim', equation = 'u = x*(1 + 0.16/(x^2 + y^2))' }",
                exact: "x*(1 + 0.16/(x^2 + y^2))"), coordinates: ["x", "y"], cells: 40, ratio: 1.5, largest: 5e-2),
    ]

    @Test(arguments: cases) func errorsFallAtTheirRate(_ given: Case) throws {
        func nodes(_ cells: Int) -> [String: Int] {
            Dictionary(uniqueKeysWithValues: given.coordinates.map { ($0, cells) })
        }
        let coarse = try Self.error(given.text, nodes: nodes(given.cells))
        let fine = try Self.error(given.text, nodes: nodes(2 * given.cells))
        #expect(fine < given.largest && coarse > given.ratio * fine, "\(coarse), \(fine), ratio \(coarse / fine)")
    }

    static let square = text(
        "['x', 'y']", region: "{ box = { x = [0, 1], y = [0, 1] } }", equation: "laplacian(u) = 1",
        conditions: "a = { on = 'boundary', equation = 'u = 0' }", exact: "x")

    static let refused: [(change: (String, String), message: String)] = [
        (("laplacian(u) = 1", "laplacian(u) = u^2"), "'balance' is not a linear equation of second order"),
        (("laplacian(u) = 1", "laplacian(u) + d(u, x, y) = 1"), "'balance' is not a linear equation of second order"),
        (("laplacian(u) = 1", "d(u, x, x, x) = 1"), "'balance' is not a linear equation of second order"),
        (("laplacian(u) = 1", "u_xx + 2*u_yy = 1"), "'balance' has different coefficients along x and y"),
        (("laplacian(u) = 1", "laplacian(u) + u_x = 1"), "'balance' has first derivatives that are not those of"),
        (("laplacian(u) = 1", "laplacian(u) + 4*u = 1"), "the coefficient of u is -4.0 at"),
        (("laplacian(u) = 1", "u = 1"), "'balance' has no second derivatives of 'u' along x"),
        (
            ("{ box = { x = [0, 1], y = [0, 1] } }", "{ disk = { center = [0, 0], radius = 1 } }"),
            "finite differences are for boxes"
        ),
        (("on = 'boundary', equation = 'u = 0'", "on = 'left', equation = 'u = 0'"), "no condition holds on 'bottom'"),
        (("'u = 0'", "'u^2 = 1'"), "'a' is not a linear condition on value and normal derivative"),
        (("'u = 0'", "'u = dn(u)'"), "'a' lets more flow in where u is larger"),
        (("'u = 0'", "'dn(u) = 1'"), "only slopes are given on the boundary of a part with"),
    ]

    @Test(arguments: refused.indices) func whatIsNotOfTheFormIsRefused(_ index: Int) throws {
        let (change, message) = Self.refused[index]
        let text = Self.square.replacing(change.0, with: change.1)
        #expect(text != Self.square)
        let error = #expect(throws: ProblemErrors.self) {
            try Solver.solve(
                try ProblemReader.read(text: text, path: "p.toml", overrides: ["method.nodes={x=8,y=8}"]),
                observer: Silent())
        }
        #expect(error?.diagnostics.first?.message.hasPrefix(message) == true, "\(error?.description ?? "")")
    }
}
