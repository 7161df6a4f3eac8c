import Ansatz
import Foundation
import ProblemFiles
import Testing

/// Architectures as problem files ask for them.
@Suite struct NetworkOptionsTests {
    /// u″ = −π² sin πx with u = 0 at both ends: u = sin πx.
    private static func problem(_ network: String, precision: String = "float64") -> String {
        """
        format = 1
        name   = "string"
        [domain]
        coordinates = ["x"]
        region      = { box = { x = [0, 1] } }
        [unknowns]
        u = {}
        [equations]
        string = 'u_xx = -pi^2*sin(pi*x)'
        [conditions]
        ends = { on = "boundary", equation = 'u = 0', enforce = "exact" }
        [method.network]
        \(network)
        [method.sampling]
        interior = 32
        [[method.stages]]
        optimizer = "adam"
        steps     = 40
        [[method.stages]]
        optimizer = "lbfgs"
        steps     = 300
        [run]
        precision = "\(precision)"
        [reference]
        u = 'sin(pi*x)'
        """
    }

    private static func prepare(_ network: String) throws -> any Method {
        try MethodCatalog.prepare(ProblemReader.read(text: problem(network), path: "p.toml")).method
    }

    @Test(arguments: [
        ("layers = [8, 8]", "mlp 1-8-8-1, tanh", 8 + 8 + 64 + 8 + 8 + 1),
        (
            "kind = \"modified-mlp\"\nlayers = [8, 8]", "modified-mlp 1-8-8-1, tanh",
            2 * 16 + 16 + 72 + 9
        ),
        (
            "kind = \"modified-mlp\"\nlayers = [8, 8]\ngate_first = true\nfactorization = {}",
            "modified-mlp 1-8-8-1, tanh, first layer gated, factored weights", 2 * 24 + 24 + 80 + 10
        ),
        (
            "layers = [8]\nactivation = \"sine\"\nadaptive = \"layer\"\nfrequency = 5",
            "mlp 1-8-1, sine, trained frequency from 5", 16 + 1 + 9
        ),
        ("layers = [8]\nfrequency = 2.5", "mlp 1-8-1, tanh, frequency 2.5", 16 + 9),
        (
            "layers = [8]\nfourier = { features = 3, scales = [1, 10] }",
            "mlp 1-8-1, tanh, 12 Fourier features of scale 1, 10", 12 * 8 + 8 + 9
        ),
        (
            "kind = \"pirate-net\"\nlayers = [8, 8]\nfourier = { features = 4, trainable = true }",
            "pirate-net 1-8-8-1, tanh, 8 trained Fourier features of scale 1", 4 + 2 * 72 + 2 * (3 * 72 + 1) + 9
        ),
    ])
    func aPlanSaysWhatIsSpecial(_ network: String, _ text: String, _ parameters: Int) throws {
        let plan = try Self.prepare(network).plan
        #expect(plan.network == text)
        #expect(plan.parameterCount == parameters)
    }

    @Test(
        arguments: [
            "layers = [10, 10]",
            "kind = \"modified-mlp\"\nlayers = [10, 10]\nfactorization = { mean = 0.5 }",
            "kind = \"pirate-net\"\nlayers = [10]\nfourier = { features = 6, scales = [1, 3] }",
            "kind = \"pirate-net\"\nlayers = [10]\nfourier = { features = 6, trainable = true }\nadaptive = \"layer\"",
            "layers = [10, 10]\nactivation = \"sine\"\nfrequency = 2\nadaptive = \"layer\"",
        ], ["float64", "float32"])
    func everyArchitectureSolves(_ network: String, _ precision: String) throws {
        let text = Self.problem(network, precision: precision)
        let method = try MethodCatalog.prepare(ProblemReader.read(text: text, path: "p.toml")).method
        let solution = try method.solve(observer: SilentObserver())
        let error = try #require(solution.relativeL2.first?.value)
        #expect(error < (precision == "float64" ? 1e-3 : 1e-2), "\(error)")
    }

    /// u_t = u_xx from sin πx, and v that only decays; as training starts, both have their initial values at all times.
    private static func heat(_ start: String, enforce: String = "penalty") -> String {
        """
        format = 1
        name   = "heat"
        [domain]
        coordinates = ["x"]
        time        = { name = "t", from = 0, to = 1 }
        region      = { box = { x = [0, 1] } }
        [unknowns]
        u = {}
        v = {}
        [scale]
        v = 3
        [equations]
        heat  = 'u_t = u_xx'
        decay = 'v_t = -v'
        [conditions]
        ends  = { on = "left or right", equation = 'u = 0' }
        warm  = { on = "t = 0", equation = 'u = sin(pi*x)*exp(-t)', enforce = "\(enforce)" }
        full  = { on = "t = 0", equation = 'v = 2 + x' }
        [method.network]
        kind = "pirate-net"
        layers = [8, 8]
        factorization = {}
        start = "\(start)"
        fourier = { features = 20 }
        [method.sampling]
        interior = 64
        [[method.stages]]
        optimizer = "sgd"
        steps = 1
        rate = 1e-12
        """
    }

    @Test func aNetworkStartsFromInitialValues() throws {
        let problem = try ProblemReader.read(text: Self.heat("initial-values"), path: "p.toml")
        let solution = try MethodCatalog.prepare(problem).method.solve(observer: SilentObserver())
        let points = [[0.1, 0.5, 0.8, 0.5], [0, 0.3, 0.9, 1.0]]
        let values = try solution.fields.evaluate([.field(0, .value), .field(1, .value)], at: points, normals: nil)
        for (p, x) in points[0].enumerated() {
            #expect(abs(values[0][p] - sin(Double.pi * x)) < 1e-3)
            #expect(abs(values[1][p] - (2 + x)) < 1e-3)
        }
    }

    @Test func aNetworkWithoutInitialValuesCannotStartFromThem() throws {
        func message(_ text: String) -> String {
            let error = #expect(throws: ProblemErrors.self) {
                _ = try MethodCatalog.prepare(ProblemReader.read(text: text, path: "p.toml"))
            }
            return error?.description ?? ""
        }
        #expect(message(Self.heat("initial-values", enforce: "exact")).contains("'warm' is built in exactly"))
        let partial = Self.heat("initial-values").replacing("'v = 2 + x'", with: "'v_x = 1'")
        #expect(message(partial).contains("no condition gives 'v' at the initial time"))
        #expect(message(Self.problem("start = \"initial-values\"")).contains("the problem has no time"))
    }

    @Test(arguments: [
        (
            "kind = \"modified-mlp\"\nlayers = [8, 9]",
            """
            p.toml:14:10: error: the layers of 'modified-mlp' have one width, these have [8, 9]
            """
        ),
        ("kind = \"pirate-net\"\nlayers = []", "have one width, these have []"),
        ("fourier = { scales = [] }", "Fourier features need at least one scale"),
        ("fourier = { scales = [0] }", "above 0"),
        ("fourier = { features = 0 }", "features"),
        ("fourier = { trainable = true, seed = 3 }", "'seed' has no meaning for frequencies that are trained"),
        ("kind = \"modified_mlp\"", "modified-mlp"),
        ("kind = \"mlp\"\ngate_first = true", "gate_first"),
        ("adaptive = \"layers\"", "layer"),
        ("frequency = 0", "above 0"),
        ("factorization = { deviation = -1 }", "deviation"),
    ])
    func slipsAreExplained(_ network: String, _ message: String) throws {
        let error = #expect(throws: ProblemErrors.self) { try Self.prepare(network) }
        let text = error?.description ?? ""
        #expect(text.contains(message) && text.contains("p.toml:1"), "\(text)")
    }
}
