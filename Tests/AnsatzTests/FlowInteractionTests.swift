import Ansatz
import Expressions
import Glibc
import ProblemFiles
import Testing

/// Gradient flows of energies with an interaction.
@Suite struct FlowInteractionTests {
    private static func text(
        equation: String, energy: String, coordinates: String = "[\"x\"]", box: String = "x = [-5, 6]",
        start: String = "exp(-(x - 0.5)^2/2)/sqrt(2*pi)", nodes: String = "x = 180", kind: String = "wasserstein-flow"
    ) -> String {
        """
        format = 1
        name   = "flow"
        [parameters]
        D = 0.4
        k = 1.5
        [domain]
        coordinates = \(coordinates)
        time        = { name = "t", from = 0, to = 0.4 }
        region      = { box = { \(box) } }
        [unknowns]
        u = {}
        [equations]
        flow = '\(equation)'
        [conditions]
        start = { on = "t = 0", equation = 'u = \(start)' }
        [method]
        kind = "\(kind)"
        """
            + (kind == "wasserstein-flow"
                ? "\nsteps = 80\nnodes = { \(nodes) }\n[method.energy]\n\(energy)\n" : "\n")
    }

    private static func message(_ text: String) -> String {
        do {
            _ = try MethodCatalog.prepare(ProblemReader.read(text: text, path: "p.toml"))
            return ""
        } catch {
            return "\(error)"
        }
    }

    private static let attraction =
        "u_t = D*u_xx + k*((x*integral(u over region) - integral(x*u over region))*u_x + integral(u over region)*u)"

    /// Attraction in proportion to the distance keeps a normal distribution one: its centre stays, its variance falls to D/k.
    @Test func quadraticAttraction() throws {
        let text = Self.text(
            equation: Self.attraction, energy: "internal = 'D*u*(log(u) - 1)'\ninteraction = 'k*x^2/2'")
        let method = try MethodCatalog.prepare(ProblemReader.read(text: text, path: "p.toml")).method
        #expect(method.plan.stages.contains { $0.contains("proved symbolically") }, "\(method.plan.stages)")
        let solution = try method.solve(observer: SilentObserver())
        #expect(solution.stop == .stepsDone)
        let places = (0..<441).map { -5 + 0.025 * Double($0) }
        let time = [Double](repeating: 0.4, count: places.count)
        let density = try solution.fields.evaluate([Expression.field(0)], at: [places, time])[0]
        let moment = { (power: Double) in zip(places, density).reduce(0) { $0 + 0.025 * pow($1.0, power) * $1.1 } }
        let (mass, mean) = (moment(0), moment(1))
        let exact = 0.4 / 1.5 + (1 - 0.4 / 1.5) * exp(-2 * 1.5 * 0.4)
        #expect(abs(mass - 1) < 1e-4 && abs(mean - 0.5) < 1e-4)
        #expect(abs(moment(2) - mean * mean - exact) < 0.01 * exact)
    }

    /// The proof for higher degrees, several dimensions and other wordings.
    @Test func provedSymbolically() throws {
        let quartic = Self.text(
            equation: "u_t = 2*u*u_xx + 2*u_x^2 + d(u*(x^3*integral(u over region) - 3*x^2*integral(u*x over region) "
                + "+ 3*x*integral(x^2*u over region) - integral(u*x^3 over region) - x*integral(u over region) "
                + "+ integral(x*u over region)), x)",
            energy: "internal = 'u^2'\ninteraction = 'x^4/4 - x^2/2'")
        let plane = Self.text(
            equation: "u_t = 2*u*laplacian(u) + 2*(u_x^2 + u_y^2) + k*integral(u over region)*(x*u_x + y*u_y + 2*u) "
                + "- k*(integral(x*u over region)*u_x + integral(y*u over region)*u_y)",
            energy: "internal = 'u^2'\ninteraction = 'k*(x^2 + y^2)/2'", coordinates: "[\"x\", \"y\"]",
            box: "x = [-4, 4], y = [-4, 4]", start: "exp(-x^2 - y^2)", nodes: "x = 24, y = 24")
        for text in [quartic, plane] {
            let method = try MethodCatalog.prepare(ProblemReader.read(text: text, path: "p.toml")).method
            #expect(method.plan.stages.contains { $0.contains("proved symbolically") }, "\(method.plan.stages)")
        }
    }

    @Test(arguments: [
        ("k*x^2/2 + x", "must be even"), ("exp(-x^2)", "is not a polynomial"), ("t*x^2", "depends on the time"),
        ("k*x^2", "is not the gradient flow"), ("y^2", "'y' is not declared"), ("x^10", "is not a polynomial"),
    ])
    func otherInteractionsAreRefused(_ interaction: String, _ message: String) {
        let text = Self.text(
            equation: Self.attraction, energy: "internal = 'D*u*(log(u) - 1)'\ninteraction = '\(interaction)'")
        #expect(Self.message(text).contains(message), "\(Self.message(text))")
    }

    /// Equations of other methods have no integrals, and places must exist.
    @Test func integralsStandInFlowsOnly() {
        #expect(
            Self.message(Self.text(equation: Self.attraction, energy: "", kind: "physics-informed"))
                .contains("'integral' cannot stand here"))
        #expect(
            Self.message(
                Self.text(
                    equation: "u_t = D*u_xx + k*integral(u over ring)*u", energy: "internal = 'D*u*(log(u) - 1)'")
            ).contains("there is no face 'ring'"))
    }
}
