import Ansatz
import Expressions
import Glibc
import PhysicsInformed
import ProblemFiles
import Testing

/// Gradient flows from problem files: solved, resumed, and refused where the equation is not their flow.
@Suite struct WassersteinFlowTests {
    private struct Parts {
        var coordinates = "[\"x\"]"
        var box = "x = [-4, 4]"
        var equation = "u_t = D*u_xx + x*u_x + u"
        var conditions = "start = { on = \"t = 0\", equation = 'u = exp(-x^2)' }"
        var energy = "internal = 'D*u*(log(u) - 1)'\npotential = 'x^2/2'"
        var method = "steps = 8\nnodes = { x = 60 }"
    }

    private static func text(_ parts: Parts = Parts()) -> String {
        """
        format = 1
        name   = "flow"
        [parameters]
        D = 0.5
        [domain]
        coordinates = \(parts.coordinates)
        time        = { name = "t", from = 0, to = 0.4 }
        region      = { box = { \(parts.box) } }
        [unknowns]
        u = {}
        [equations]
        flow = '\(parts.equation)'
        [conditions]
        \(parts.conditions)
        [method]
        kind = "wasserstein-flow"
        \(parts.method)
        [method.energy]
        \(parts.energy)
        """
    }

    private static func prepare(_ parts: Parts = Parts()) throws -> any Ansatz.Method {
        try MethodCatalog.prepare(ProblemReader.read(text: text(parts), path: "p.toml")).method
    }

    /// Keeps one state, and asks to stop after so many steps.
    private final class Keeper: ProgressObserver {
        var last: MethodState?
        let limit: Int
        private var seen = 0
        init(stopAfter limit: Int) { self.limit = limit }
        func logged(_ row: ProgressRow) {}
        func warned(_ message: String) {}
        var stopRequested: Bool { seen >= limit }
        func wantsState(at moment: TrainingMoment) -> Bool {
            if case .step(let step) = moment { seen = step }
            return true
        }
        func keep(_ state: MethodState) { last = state }
    }

    @Test func resumesBitForBit() throws {
        let method = try Self.prepare()
        let whole = Keeper(stopAfter: 100), part = Keeper(stopAfter: 3)
        let solution = try method.solve(observer: whole)
        #expect(solution.stop == .stepsDone && solution.steps == 8)
        #expect(try method.solve(observer: part).stop == .interrupted)
        let state = try #require(part.last)
        #expect(state.steps == 3)
        let rest = Keeper(stopAfter: 100)
        _ = try method.solve(observer: rest, from: state)
        #expect(rest.last?.weights == whole.last?.weights && rest.last?.parts == whole.last?.parts)
        // The fields of a checkpoint are those of the solution.
        let place = [[0.3, -1], [0.4, 0.17]]
        let weights = try #require(whole.last?.weights)
        let stored = try method.fields(of: weights)
        let field = Expression.field(0, .value)
        #expect(try stored.evaluate([field], at: place) == solution.fields.evaluate([field], at: place))
    }

    /// In the plane, of a product of Gaussians; and derivatives of what is interpolated.
    @Test func planesAndDerivatives() throws {
        var parts = Parts()
        parts.coordinates = "[\"x\", \"y\"]"
        parts.box = "x = [-4, 4], y = [-4, 4]"
        parts.equation = "u_t = D*laplacian(u) + x*u_x + y*u_y + 2*u"
        parts.energy = "internal = 'D*u*(log(u) - 1)'\npotential = '(x^2 + y^2)/2'"
        parts.conditions = "start = { on = \"t = 0\", equation = 'u = exp(-x^2 - y^2)' }"
        parts.method = "steps = 8\nnodes = { x = 48, y = 40 }"
        let solution = try Self.prepare(parts).solve(observer: SilentObserver())
        #expect(solution.stop == .stepsDone)
        // exp(−x²) has the variance D = ½ of the stationary state: nothing changes.
        let fields = [Expression.field(0), .field(0, .partial([0, 0])), .field(0, .laplacian([0, 1]))]
        let values = try solution.fields.evaluate(fields, at: [[0.2], [-0.3], [0.4]])
        let exact = exp(-0.13)
        #expect(abs(values[0][0] - exact) < 0.02 * exact)
        #expect(abs(values[1][0] - (4 * 0.04 - 2) * exact) < 0.1)
        #expect(abs(values[2][0] - (4 * 0.13 - 4) * exact) < 0.2)
    }

    @Test func wallsAreClosed() throws {
        var parts = Parts()
        parts.conditions += "\nwalls = { on = \"boundary\", equation = 'D*u_x = -x*u' }"
        #expect(throws: Never.self) { try Self.prepare(parts) }
        parts.conditions = Parts().conditions + "\nwalls = { on = \"boundary\", equation = 'u = 0' }"
        #expect(throws: ProblemErrors.self) { try Self.prepare(parts) }
    }

    @Test(arguments: [
        "u_t = D*u_xx + x*u_x", "u_t = D*u_xx - x*u_x - u", "u_t = 2*D*u_xx + x*u_x + u",
        "u_t = D*u_xx + x*u_x + u + 0.01*u^2",
    ])
    func otherEquationsAreRefused(_ equation: String) throws {
        var parts = Parts()
        parts.equation = equation
        do {
            _ = try Self.prepare(parts)
            Issue.record("accepted")
        } catch let errors as ProblemErrors {
            #expect("\(errors)".contains("not the gradient flow of the energy"))
        }
    }

    /// The equation may be written in other ways, and multiplied.
    @Test(arguments: [
        "u_t - D*u_xx = x*u_x + u", "2*u_t = 2*D*u_xx + 2*d(x*u, x)", "u*u_t = u*(D*u_xx + x*u_x + u)",
    ])
    func otherWordingsAreAccepted(_ equation: String) throws {
        var parts = Parts()
        parts.equation = equation
        let method = try Self.prepare(parts)
        #expect(method.plan.stages.contains { $0.contains("is the gradient flow") })
    }

    @Test(arguments: [
        ("internal = 'exp(u)'", "neither an entropy nor a power"), ("internal = 'x*u^2'", "alone"),
        ("internal = '-u*log(u)'", "neither an entropy nor a power"), ("potential = 't*x'", "depends on the time"),
        ("potential = 'x^2 +'", "p.toml"), ("", "no part"), ("potential = 'sqrt(x)'", "not"),
    ])
    func energiesThatAreNone(_ energy: String, _ message: String) throws {
        var parts = Parts()
        parts.energy = energy
        do {
            _ = try Self.prepare(parts)
            Issue.record("accepted")
        } catch let errors as ProblemErrors {
            #expect("\(errors)".contains(message), "\(errors)")
        }
    }

    @Test func densitiesThatAreNone() throws {
        for (condition, message) in [
            ("start = { on = \"t = 0\", equation = 'u = sin(x)' }", "not negative"),
            ("start = { on = \"t = 0\", equation = 'u^2 = exp(-x^2)' }", "cannot be read off"),
            ("", "missing"), ("start = { on = \"t = 0\", equation = 'u = 0' }", "no mass"),
        ] {
            var parts = Parts()
            parts.conditions = condition
            do {
                _ = try Self.prepare(parts)
                Issue.record("accepted")
            } catch let errors as ProblemErrors {
                #expect("\(errors)".contains(message), "\(errors)")
            }
        }
    }

    @Test(arguments: [
        ("regularisation = 10", "diffuses more"), ("regularisation = 1e-6", "too small for this grid"),
        ("steps = 1", "steps"), ("nodes = { z = 3 }", "method.nodes.z"),
    ])
    func optionsThatDoNotFit(_ method: String, _ message: String) throws {
        var parts = Parts()
        parts.method = method
        do {
            _ = try Self.prepare(parts)
            Issue.record("accepted")
        } catch let errors as ProblemErrors {
            #expect("\(errors)".contains(message), "\(errors)")
        }
    }
}
