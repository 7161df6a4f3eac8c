import ProblemFiles
import Testing

@Suite struct OptionTableTests {
    private static let stop = OptionTable(
        "when to stop", [.number("gradient", .positive, default: nil, help: "norm of the gradient")])
    private static let table = OptionTable(
        "an example",
        [
            .integer("steps", .atLeast(1), default: 10_000, help: "steps"),
            .number("rate", .positive, default: 1e-3, help: "step length"),
            .boolean("nesterov", default: false, help: "look ahead"),
            .choice("activation", ["tanh", "sine"], default: "tanh", help: "activation"),
            .list("layers", of: .integer(.atLeast(1)), default: [64, 64], help: "widths"),
            .duration("budget", default: "1 h", help: "time"),
            .expression("by", default: nil, help: "where to refine"),
            .table("stop", stop, shorthand: "gradient", help: "when to stop"),
            .oneOf(
                "network",
                [
                    .init("mlp", OptionTable("", [.integer("width", default: 64, help: "")])),
                    .init("fourier", OptionTable("Fourier features")),
                ],
                default: "mlp", help: "network"),
            .text("note", default: nil, help: "a note"),
        ])

    private func resolve(_ tree: OptionTree) -> (options: ResolvedOptions, messages: [String]) {
        var diagnostics: [Diagnostic] = []
        let options = Self.table.resolve(tree, path: "method", into: &diagnostics)
        return (options, diagnostics.map { $0.message + ($0.hint.map { " | \($0)" } ?? "") })
    }

    @Test func defaultsAreFilledInAndResolvingAgainChangesNothing() {
        let (options, messages) = resolve([:])
        #expect(messages.isEmpty)
        #expect(options.integer("steps") == 10_000)
        #expect(options.number("rate") == 1e-3)
        #expect(options.integers("layers") == [64, 64])
        #expect(options.seconds("budget") == 3_600)
        #expect(options.table("stop").optionalNumber("gradient") == nil)
        #expect(options.selection("network").name == "mlp")
        #expect(options.selection("network").options.integer("width") == 64)
        #expect(!options.has("note") && !options.isGiven("steps"))
        let again = resolve(options.tree)
        #expect(again.messages.isEmpty && again.options.tree == options.tree)
    }

    @Test func givenValuesWin() {
        let (options, messages) = resolve([
            "steps": 1e6, "activation": "sine", "layers": [3], "stop": 1e-9, "network": "fourier", "budget": "90 s",
        ])
        #expect(messages.isEmpty)
        #expect(options.integer("steps") == 1_000_000)
        #expect(options.text("activation") == "sine")
        #expect(options.integers("layers") == [3])
        #expect(options.table("stop").number("gradient") == 1e-9)
        #expect(options.selection("network").name == "fourier")
        #expect(options.seconds("budget") == 90)
        #expect(options.isGiven("steps") && !options.isGiven("rate"))
    }

    @Test(
        arguments: [
            (["step": 1], "unknown key 'method.step' | did you mean 'method.steps'?"),
            (["steps": 0], "'method.steps' must be at least 1"),
            (["steps": 1.5], "'method.steps' must be a whole number, not a number"),
            (["steps": "7"], "'method.steps' must be a whole number, not a string | write 7 without quotes"),
            (["rate": OptionTree(.number(.nan))], "'method.rate' must be finite"),
            (["rate": -1], "'method.rate' must be above 0"),
            (["nesterov": 1], "'method.nesterov' must be true or false, not a whole number"),
            (["activation": "tahn"], "unknown value 'tahn' for 'method.activation' | did you mean 'tanh'?"),
            (["activation": "swish"], "unknown value 'swish' for 'method.activation' | available: tanh, sine"),
            (["layers": [64, 0]], "'method.layers[2]' must be at least 1"),
            (["layers": 64], "'method.layers' must be an array, not a whole number"),
            (["stop": ["gradient": 0]], "'method.stop.gradient' must be above 0"),
            (["network": ["kind": "mpl"]], "unknown value 'mpl' for 'method.network.kind' | did you mean 'mlp'?"),
            (
                ["network": ["kind": "fourier", "width": 3]],
                "unknown key 'method.network.width' | known keys here: kind"
            ),
            (
                ["budget": "10 minutes"],
                "'method.budget' must be a time | for example \"90 s\", \"10 min\" or \"1 h\"; the units are ms, s, min, h, d"
            ),
        ] as [(OptionTree, String)])
    func slipsAreNamed(tree: OptionTree, message: String) {
        let (options, messages) = resolve(tree)
        #expect(messages == [message])
        // What is wrong is replaced by the default, so that checking can go on.
        #expect(options.integers("layers") == [64, 64] && options.number("rate") == 1e-3)
    }

    @Test func allSlipsAreReportedAtOnce() {
        #expect(resolve(["steps": 0, "rate": "x", "typo": true]).messages.count == 3)
    }

    @Test(arguments: [0.25, 1, 59, 90, 600, 3_600, 5_400, 86_400, 1e-3, 12.75])
    func timesReadBack(seconds: Double) {
        #expect(TimeSpan.seconds(TimeSpan.text(seconds)) == seconds)
    }

    @Test(arguments: ["", "10", "min", "-1 s", "1 fortnight", "nan s", "1e999 s", "0 s", "1 s s"])
    func whatIsNoTimeIsRefused(text: String) {
        #expect(TimeSpan.seconds(text) == nil)
    }
}
