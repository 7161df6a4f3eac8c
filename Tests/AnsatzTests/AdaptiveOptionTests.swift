import Ansatz
import ProblemFiles
import Testing

/// `[method.sampling] adaptive` and `output.sampling`: everything that is wrong with them, and where.
@Suite struct AdaptiveOptionTests {
    /// Options of the rule, and what is said of them; `[method.sampling]` is line 17.
    struct Slip: Sendable, CustomTestStringConvertible {
        var rule: String
        var dimensions = 2
        var messages: [String]
        var testDescription: String { "\(rule), d = \(dimensions)" }
    }

    private static func text(
        _ rule: String, dimensions: Int = 2, redraw: String = "resample_every = 5", more: String = ""
    ) -> String {
        """
        format = 1
        name = "p"
        unknowns = { u = {} }
        [domain]
        coordinates = ["x[1:\(dimensions)]"]
        region = { box = { x = [0, 1] } }
        [equations]
        poisson = "laplacian(u) = 1"
        [conditions.walls]
        on = "boundary"
        equation = "u = 0"
        [method.network]
        layers = [4]
        [[method.stages]]
        optimizer = "adam"
        steps = 10
        [method.sampling]
        interior = 50
        \(redraw)
        adaptive = \(rule)
        \(more)
        """
    }

    /// Numbers out of their ranges, for each rule that has the option.
    static let numbers: [Slip] = {
        let flows = ["deep-adaptive", "adversarial"]
        let ranges: [(kinds: [String], option: String, values: [String], words: String)] = [
            (flows, "bins", ["1", "129", "-4"], "at least 2 and at most 128"),
            (flows, "couplings", ["0", "65"], "at least 1 and at most 64"),
            (flows, "width", ["0", "513"], "at least 1 and at most 512"),
            (flows, "steps", ["0", "-1", "100_001"], "at least 1 and at most 100000"),
            (flows, "rounds", ["0", "101"], "at least 1 and at most 100"),
            (flows, "batch", ["0", "100_001"], "at least 1 and at most 100000"),
            (flows, "rate", ["0", "-0.1", "2"], "above 0 and at most 1"),
            (flows, "uniform", ["0", "-0.5", "1.5"], "above 0 and at most 1"),
            (flows + ["rad", "transport"], "pool", ["-1", "100_000_001"], "at least 0 and at most 100000000"),
            (["adversarial"], "beta", ["0", "-1e-3", "1e7"], "above 0 and at most 1"),
            (["adversarial"], "memory", ["-0.1", "1"], "at least 0 and at most 0.99"),
            (["transport"], "epsilon", ["0", "2"], "at most 1"),
            (["transport"], "targets", ["0", "100_001"], "at least 1 and at most 100000"),
            (["transport"], "damping", ["0", "1.5"], "above 0 and at most 1"),
        ]
        var slips: [Slip] = []
        for range in ranges {
            for kind in range.kinds {
                for value in range.values {
                    slips.append(
                        Slip(
                            rule: "{ kind = \"\(kind)\", \(range.option) = \(value) }",
                            messages: [
                                "p.toml:20:", "'method.sampling.adaptive.\(range.option)' must be", range.words,
                            ]))
                }
            }
        }
        return slips
    }()

    static let others: [Slip] = [
        Slip(
            rule: "{ kind = \"adversarial\", rounds = 5 }",
            messages: ["p.toml:20:45:", "'rounds' does nothing here: the density is held on a grid", "leave it out"]),
        Slip(
            rule: "{ kind = \"adversarial\", form = \"flow\", memory = 0.5 }",
            messages: ["p.toml:20:60:", "'memory' does nothing here: a flow goes on from where it was"]),
        Slip(
            rule: "{ kind = \"deep-adaptive\", add = 50 }",
            messages: ["p.toml:20:44:", "'add' does nothing here: form = \"replace\" adds no points"]),
        Slip(
            rule: "{ kind = \"adversarial\", beta = \"small\" }",
            messages: ["p.toml:20:43:", "'method.sampling.adaptive.beta'"]),
        Slip(
            rule: "{ kind = \"adversarial\", form = \"gird\" }",
            messages: ["p.toml:20:43:", "unknown value 'gird'", "did you mean 'grid'?"]),
        Slip(
            rule: "{ kind = \"deep-adaptive\", beta = 1 }",
            messages: ["p.toml:20:38:", "unknown key 'method.sampling.adaptive.beta'"]),
        Slip(
            rule: "{ kind = \"adversarial\", form = \"grid\" }", dimensions: 4,
            messages: [
                "p.toml:20:43:", "a grid holds densities in at most 3 dimensions, here there are 4",
                "use form = \"flow\"",
            ]),
        Slip(
            rule: "{ kind = \"adversarial\", pool = 63 }", dimensions: 3,
            messages: [
                "p.toml:20:", "63 candidates make a grid of 3 cells along each of 3 axes, fewer than 4",
                "give pool = 64 or more, or use form = \"flow\"",
            ]),
        Slip(
            rule: "{ kind = \"deep-adaptive\", form = \"grow\", limit = 50 }",
            messages: ["p.toml:20:", "the limit of 50 points leaves no room"]),
    ]

    @Test(arguments: numbers + others) func slipsArePointedAt(slip: Slip) throws {
        let error = try #require(throws: ProblemErrors.self) {
            try RunPreparation(
                ProblemReader.read(text: Self.text(slip.rule, dimensions: slip.dimensions), path: "p.toml"))
        }
        #expect(error.diagnostics.count == 1, "\(error)")
        for message in slip.messages { #expect(error.description.contains(message), "\(error)") }
    }

    private static let rules = [
        "rad", "rar-d", "rar-g", "importance", "deep-adaptive", "adversarial", "transport",
    ]

    @Test(arguments: rules) func withoutRedrawsNoRuleDoesAnything(rule: String) throws {
        let error = try #require(throws: ProblemErrors.self) {
            try RunPreparation(ProblemReader.read(text: Self.text("\"\(rule)\"", redraw: ""), path: "p.toml"))
        }
        #expect(
            error.description.hasPrefix(
                "p.toml:20:12: error: points follow the residual only where they are drawn anew"))
        #expect(error.description.contains("give resample_every, for example resample_every = 500"))
    }

    /// With a rule and without one: points can only be drawn in what is bounded.
    @Test(arguments: rules + ["none"]) func unboundedRegionsAreRefused(rule: String) throws {
        let text = Self.text("\"\(rule)\"").replacing("x[1:2]", with: "x\", \"y").replacing(
            "{ box = { x = [0, 1] } }", with: "{ halfspace = { point = [0, 0], normal = [1, 0] } }")
        let error = try #require(throws: ProblemErrors.self) { try ProblemReader.read(text: text, path: "p.toml") }
        #expect(error.diagnostics.count == 1)
        #expect(error.description.hasPrefix("p.toml:6:10: error: the region reaches to infinity"), "\(error)")
        #expect(error.description.contains("intersect it with a bounded shape, for example with a box"))
    }

    @Test func moreDimensionsThanAGridHasTakeAFlow() throws {
        // "auto" is a grid up to three dimensions and a flow beyond: nothing is wrong with either.
        for dimensions in [1, 2, 3, 4, 10] {
            _ = try RunPreparation(
                ProblemReader.read(text: Self.text("\"adversarial\"", dimensions: dimensions), path: "p.toml"))
        }
    }

    @Test(arguments: ["rad", "deep-adaptive", "adversarial", "transport"])
    func poolsThatNoMemoryHoldsAreRefused(rule: String) throws {
        let text = Self.text(
            "{ kind = \"\(rule)\", pool = 100_000_000 }", dimensions: 200,
            redraw: "resample_every = 5\nscheme = \"uniform\"")
        let error = try #require(throws: ProblemErrors.self) {
            try RunPreparation(ProblemReader.read(text: text, path: "p.toml"))
        }
        #expect(error.description.hasPrefix("p.toml:21:12: error: training takes about"), "\(error)")
        #expect(error.description.contains("most of it for candidates: give a smaller pool"), "\(error)")
    }

    @Test(arguments: ["gradients", "sampling"]) func onlyTrainingCanBeLookedAt(key: String) throws {
        let text = """
            format = 1
            name = "p"
            unknowns = { u = {} }
            [domain]
            coordinates = ["x", "y"]
            region = { box = { x = [0, 1], y = [0, 1] } }
            [equations]
            poisson = "laplacian(u) = 1"
            [conditions.walls]
            on = "boundary"
            equation = "u = 0"
            [method]
            kind = "finite-differences"
            [output]
            \(key) = { every = 10 }
            """
        let error = try #require(throws: ProblemErrors.self) {
            try RunPreparation(ProblemReader.read(text: text, path: "p.toml"))
        }
        #expect(error.diagnostics.count == 1)
        #expect(error.description.hasPrefix("p.toml:15:\(key.count + 4): error: 'output.\(key)' looks at"), "\(error)")
        #expect(error.description.contains("'finite-differences' has none"))
    }

    @Test(arguments: [("every = 0", "'output.sampling.every'"), ("points = 9", "'output.sampling.points'")])
    func looksOutOfRangeAreErrors(option: String, words: String) throws {
        let text = Self.text("\"none\"", redraw: "", more: "[output]\nsampling = { \(option) }")
        let error = try #require(throws: ProblemErrors.self) { try ProblemReader.read(text: text, path: "p.toml") }
        #expect(error.description.hasPrefix("p.toml:22:") && error.description.contains(words), "\(error)")
    }

    /// Looking at points that do not follow the residual shows what following would be worth.
    @Test func pointsThatFollowNothingMayBeLookedAt() throws {
        let text = Self.text("\"none\"", redraw: "", more: "[output]\nsampling = { every = 5, points = 20 }")
        let preparation = try RunPreparation(ProblemReader.read(text: text, path: "p.toml"))
        #expect(
            preparation.method.plan.quantities == ["residual_distance", "residual_mean", "residual_variance"])
    }
}
