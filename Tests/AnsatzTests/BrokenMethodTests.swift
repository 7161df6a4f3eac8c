import Ansatz
import ProblemFiles
import Testing

/// A problem whose `[method]` does not fit it, and everything that must be said about it.
struct BrokenMethod: Sendable, CustomTestStringConvertible {
    var title: String
    /// Conditions and `[method]`, from line 11 on.
    var text: String
    var messages: String
    var testDescription: String { title }

    init(_ title: String, _ text: String, says messages: String) {
        self.title = title
        self.text = text
        self.messages = messages
    }

    /// Ten lines, and what follows.
    static func file(_ text: String) -> String {
        """
        format = 1
        name   = "broken"
        [domain]
        coordinates = ["x", "y"]
        region      = { box = { x = [0, 1], y = [0, 1] } }
        [unknowns]
        u = {}
        [equations]
        poisson = 'laplacian(u) = 1'
        [conditions]

        """ + text
    }
}

@Suite struct BrokenMethodTests {
    @Test(arguments: BrokenMethod.all)
    func everySlipIsExplained(_ broken: BrokenMethod) throws {
        let problem = try ProblemReader.read(text: BrokenMethod.file(broken.text), path: "p.toml")
        let error = #expect(throws: ProblemErrors.self) { try MethodCatalog.prepare(problem) }
        #expect(error?.description == broken.messages)
    }

    @Test func rulesThatNoStageAsksAreDoubted() throws {
        let text = """
            walls = { on = "boundary", equation = 'u = 0' }
            [method]
            gradients = "config"
            [method.weights]
            kind = "gradient-norm"
            [[method.stages]]
            optimizer = "lbfgs"
            """
        let problem = try ProblemReader.read(text: BrokenMethod.file(text), path: "p.toml")
        let warnings = try MethodCatalog.prepare(problem).method.plan.warnings
        #expect(
            warnings.map(\.description).joined(separator: "\n") == """
                p.toml:15:8: warning: 'gradient-norm' has no effect: all stages are quasi-Newton, which take the loss as it is
                   15 | kind = "gradient-norm"
                      |        ^^^^^^^^^^^^^^^
                   add a first-order stage, or use kind = "fixed"
                p.toml:13:13: warning: 'config' has no effect: all stages are quasi-Newton, which take the loss as it is
                   13 | gradients = "config"
                      |             ^^^^^^^^
                   add a first-order stage, or use kind = "sum"
                """)
    }

    /// Which rule a file gets that names none.
    @Test(arguments: [
        ("", "gradient-annealing"),
        ("[method.weights]\nevery = 5", "gradient-annealing"),
        ("[method.weights]\nwalls = 5", "fixed"),
        ("[[method.stages]]\noptimizer = \"lbfgs\"", "fixed"),
        ("[[method.stages]]\noptimizer = \"lbfgs\"\n[[method.stages]]\nsteps = 5", "gradient-annealing"),
    ]) func theDefaultRule(method: String, rule: String) throws {
        func kind(_ enforcement: String) throws -> String? {
            let walls = "walls = { on = \"boundary\", equation = 'u = 0', enforce = \"\(enforcement)\" }\n"
            let text = BrokenMethod.file(walls + (enforcement == "exact" ? "" : method))
            let options = try MethodCatalog.prepare(ProblemReader.read(text: text, path: "p.toml")).options
            return options["weights"]?["kind"]?.text
        }
        #expect(try kind("penalty") == rule)
        #expect(try kind("exact") == "fixed")
    }
}

extension BrokenMethod {
    static let all = terms

    private static let penalty = "walls = { on = \"boundary\", equation = 'u = 0' }\n"
    private static let exact = "walls = { on = \"boundary\", equation = 'u = 0', enforce = \"exact\" }\n"

    /// Slips in how loss terms are weighed and joined.
    private static let terms: [BrokenMethod] = [
        BrokenMethod(
            "unknown rule", penalty + "[method.weights]\nkind = \"gradient-anealing\"",
            says: """
                p.toml:13:8: error: unknown value 'gradient-anealing' for 'method.weights.kind'
                   13 | kind = "gradient-anealing"
                      |        ^^^^^^^^^^^^^^^^^^^
                   did you mean 'gradient-annealing'?
                """),
        BrokenMethod(
            "unknown surgery", penalty + "[method.gradients]\nkind = \"pcgard\"",
            says: """
                p.toml:13:8: error: unknown value 'pcgard' for 'method.gradients.kind'
                   13 | kind = "pcgard"
                      |        ^^^^^^^^
                   did you mean 'pcgrad'?
                """),
        BrokenMethod(
            "annealing with one term", exact + "[method.weights]\nkind = \"gradient-annealing\"",
            says: """
                p.toml:13:8: error: 'gradient-annealing' needs two or more loss terms, and this problem has one
                   13 | kind = "gradient-annealing"
                      |        ^^^^^^^^^^^^^^^^^^^^
                   use kind = "fixed"; conditions with enforce = "exact" are no loss terms
                """),
        BrokenMethod(
            "norms and kernels with one term, and surgery",
            exact + "[method]\nweights = \"tangent-kernel\"\ngradients = \"sam-gs\"",
            says: """
                p.toml:13:11: error: 'tangent-kernel' needs two or more loss terms, and this problem has one
                   13 | weights = "tangent-kernel"
                      |           ^^^^^^^^^^^^^^^^
                   use kind = "fixed"; conditions with enforce = "exact" are no loss terms

                p.toml:14:13: error: 'sam-gs' needs two or more loss terms, and this problem has one
                   14 | gradients = "sam-gs"
                      |             ^^^^^^^^
                   use kind = "sum"; conditions with enforce = "exact" are no loss terms
                """),
        BrokenMethod(
            "period and memory out of range",
            penalty + "[method.weights]\nkind = \"gradient-norm\"\nevery = 0\nmemory = 1",
            says: """
                p.toml:14:9: error: 'method.weights.every' must be at least 1 and at most 1000000000
                   14 | every = 0
                      |         ^

                p.toml:15:10: error: 'method.weights.memory' must be at least 0 and below 1
                   15 | memory = 1
                      |          ^
                """),
        BrokenMethod(
            "moments twice",
            penalty + """
                [method]
                gradients = "momentum-config"
                [[method.stages]]
                optimizer = "adam"
                steps = 10
                [[method.stages]]
                optimizer = "sgd"
                momentum = 0.9
                [[method.stages]]
                optimizer = "sgd"
                momentum = 0
                [[method.stages]]
                optimizer = "lbfgs"
                """,
            says: """
                p.toml:16:9: error: 'momentum-config' has moments of its own, which take the place of the optimizer's
                   16 | steps = 10
                      |         ^^
                   write optimizer = "sgd" and momentum = 0 in this stage

                p.toml:19:12: error: 'momentum-config' has moments of its own, which take the place of the optimizer's
                   19 | momentum = 0.9
                      |            ^^^
                   write optimizer = "sgd" and momentum = 0 in this stage
                """),
    ]
}
