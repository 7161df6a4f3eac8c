import Ansatz
import Expressions
import ProblemFiles
import Testing

/// `[method.causal]`, `[method.point_weights]` and the rules of `[method.sampling]`: what is wrong, where, and what is right.
@Suite struct PointOptionTests {
    /// A change to the file and what is said of it; lines count from the change.
    struct Slip: Sendable, CustomTestStringConvertible {
        var method: String
        var isSteady = false
        var place: String
        var messages: [String]
        var testDescription: String { method.replacing("\n", with: "; ") }
    }

    private static func text(_ method: String, isSteady: Bool = false) -> String {
        """
        format = 1
        name = "p"
        unknowns = { u = {} }
        [domain]
        coordinates = \(isSteady ? "['x', 'y']" : "['x']")
        \(isSteady ? "# steady" : "time = { name = 't', from = 0, to = 1 }")
        region = { box = { x = [0, 1]\(isSteady ? ", y = [0, 1]" : "") } }
        [equations]
        heat = "\(isSteady ? "laplacian(u)" : "u_t - u_xx") = 0"
        [conditions.start]
        on = "\(isSteady ? "boundary" : "t = 0")"
        equation = "u = x"
        [[method.stages]]
        optimizer = "adam"
        steps = 10
        \(method)
        """
    }

    static let slips: [Slip] = [
        Slip(
            method: "[method.causal]\ntolerance = 1", isSteady: true, place: "p.toml:16:1",
            messages: ["causal weights need a problem that depends on time"]),
        Slip(
            method: "[method.causal]\ntolerance = []", place: "p.toml:17:13",
            messages: ["'method.causal.tolerance' is an empty list", "a schedule: [0.01, 0.1, 1, 10, 100]"]),
        Slip(
            method: "[method.causal]\ntolerance = [1, -2]", place: "p.toml:17:13",
            messages: ["must be a number above 0 or a list of such numbers"]),
        Slip(
            method: "[method.causal]\ntolerance = \"1\"", place: "p.toml:17:13",
            messages: ["must be a number above 0 or a list of such numbers"]),
        Slip(
            method: "[method.causal]\nchunks = 40\n[method.sampling]\ninterior = 30", place: "p.toml:17:10",
            messages: ["more chunks of time than points inside: 40 and 30", "at most 30 chunks"]),
        Slip(
            method: "[method.causal]\nchunks = 1", place: "p.toml:17:10",
            messages: ["'method.causal.chunks' must be at least 2"]),
        Slip(
            method: "[method.causal]\ntolerence = 1", place: "p.toml:17:1",
            messages: ["unknown key 'method.causal.tolerence'", "did you mean 'method.causal.tolerance'?"]),
        Slip(
            method: "[method.point_weights]\nkind = \"self-adaptive\"\n[method.sampling]\nresample_every = 5",
            place: "p.toml:16:1",
            messages: ["weights of single points need points that stay", "set resample_every = 0"]),
        Slip(
            method: "[method.point_weights]\nkind = \"residual-attention\"\nterms = [\"haet\"]", place: "p.toml:18:10",
            messages: ["unknown value 'haet' for 'method.point_weights.terms[1]'", "did you mean 'heat'?"]),
        Slip(
            method: "[method.point_weights]\nkind = \"residual-attention\"\nterms = []", place: "p.toml:18:9",
            messages: ["'method.point_weights.terms' is an empty list"]),
        Slip(
            method: "[method.point_weights]\nkind = \"self-adaptiv\"", place: "p.toml:17:8",
            messages: ["unknown value 'self-adaptiv'", "did you mean 'self-adaptive'?"]),
        Slip(
            method: "[method.sampling]\nadaptive = \"rad\"", place: "p.toml:17:12",
            messages: ["points follow the residual only where they are drawn anew", "resample_every = 500"]),
        Slip(
            method: "[method.sampling]\nresample_every = 5\ninterior = 100\nadaptive = { kind = \"rad\", pool = 99 }",
            place: "p.toml:19:35",
            messages: ["the pool of 99 candidates is smaller than the 100 points to choose", "pool = 0"]),
        Slip(
            method:
                "[method.sampling]\nresample_every = 5\ninterior = 100\nadaptive = { kind = \"rar-d\", limit = 100 }",
            place: "p.toml:19:38",
            messages: ["the limit of 100 points leaves no room: there are 100 from the start", "raise limit"]),
        Slip(
            method:
                "[method.sampling]\nresample_every = 5\ninterior = 100\nadaptive = { kind = \"rar-g\", add = 50, pool = 20 }",
            place: "p.toml:19:47",
            messages: ["the pool of 20 candidates is smaller than the 50 points to choose"]),
        Slip(
            method:
                "[method.sampling]\nresample_every = 5\ninterior = 10\nadaptive = { kind = \"adversarial\", pool = 10, form = \"auto\" }",
            place: "p.toml:19:54",
            messages: [
                "10 candidates make a grid of 3 cells along each of 2 axes, fewer than 4", "give pool = 16 or more",
            ]),
        Slip(
            method:
                "[method.sampling]\nresample_every = 5\nadaptive = { kind = \"deep-adaptive\", bins = 1 }",
            place: "p.toml:18:45", messages: ["'method.sampling.adaptive.bins'", "at least 2 and at most 128"]),
        Slip(
            method:
                "[method.sampling]\nresample_every = 5\nadaptive = { kind = \"adversarial\", couplings = 65 }",
            place: "p.toml:18:48", messages: ["'method.sampling.adaptive.couplings'", "at least 1 and at most 64"]),
        Slip(
            method: "[method.sampling]\nresample_every = 5\nadaptive = { kind = \"adversarial\", beta = 0 }",
            place: "p.toml:18:43", messages: ["'method.sampling.adaptive.beta'", "above 0"]),
        Slip(
            method: "[method.sampling]\nresample_every = 5\nadaptive = { kind = \"transport\", damping = 1.5 }",
            place: "p.toml:18:44", messages: ["'method.sampling.adaptive.damping'", "at most 1"]),
        Slip(
            method: "[method.sampling]\nadaptive = \"adversarial\"", place: "p.toml:17:12",
            messages: ["points follow the residual only where they are drawn anew"]),
        Slip(
            method: "[method.sampling]\nresample_every = 5\nadaptive = { kind = \"radd\" }", place: "p.toml:18:21",
            messages: ["unknown value 'radd'", "did you mean 'rad'?"]),
        Slip(
            method: "[method.sampling]\ncurriculum = { from = 0.2 }", place: "p.toml:17:14",
            messages: ["the time grows only where points are drawn anew"]),
        Slip(
            method: "[method.sampling]\nresample_every = 5\ncurriculum = { from = 0.2 }", isSteady: true,
            place: "p.toml:18:14", messages: ["a curriculum in time needs a problem that depends on time"]),
        Slip(
            method: "[method.sampling]\nresample_every = 5\nadaptive = \"importance\"\n[method.causal]",
            place: "p.toml:19:1", messages: ["causal weights compare chunks of evenly drawn points"]),
        Slip(
            method: "[method.windows]\ncount = 4", isSteady: true, place: "p.toml:17:9",
            messages: ["the problem cannot be solved in windows of time: it does not depend on time", "count = 1"]),
        Slip(
            method: "[method.windows]\ncount = 4\n[conditions.last]\non = \"t = 1\"\nequation = \"u = 0\"",
            place: "p.toml:20:12", messages: ["'last'", "it holds at the last time"]),
        Slip(
            method: "[method.windows]\ncount = 4\n[conditions.side]\non = \"left\"\nequation = \"u = u(t = 0)\"",
            place: "p.toml:20:12", messages: ["'side'", "it reads a field at one time"]),
        Slip(
            method: "[method.windows]\ncount = 0", place: "p.toml:17:9",
            messages: ["'method.windows.count' must be at least 1"]),
    ]

    @Test func anExactStartDoesNotGoWithWindows() throws {
        let text = Self.text("[method]\nwindows = 2").replacing(
            "equation = \"u = x\"", with: "equation = \"u = x\"\nenforce = \"exact\"")
        let error = try #require(throws: ProblemErrors.self) {
            try RunPreparation(ProblemReader.read(text: text, path: "p.toml"))
        }
        #expect(error.description.contains("'start' cannot be met exactly in windows of time"))
        #expect(error.description.contains("use enforce = \"penalty\""))
    }

    @Test func windowsMakeOneSolution() throws {
        let preparation = try RunPreparation(
            ProblemReader.read(text: Self.text("[method]\nwindows = 3"), path: "p.toml"))
        let recorder = Recorder()
        let solution = try preparation.method.solve(observer: recorder)
        #expect(solution.steps == 30 && solution.stop == .stepsDone)
        #expect(recorder.rows.map(\.stage).max() == 3 && recorder.rows.last?.stageCount == 3)
        #expect(recorder.rows.last?.step == 30)
        #expect(solution.residuals.count == 2)
        let values = try solution.fields.evaluate([.field(0)], at: [[0.5, 0.5, 0.5], [0.1, 0.5, 0.9]])
        #expect(Set(values[0]).count == 3)
    }

    @Test(arguments: slips) func slipsArePointedAt(slip: Slip) throws {
        let error = try #require(throws: ProblemErrors.self) {
            try RunPreparation(
                ProblemReader.read(text: Self.text(slip.method, isSteady: slip.isSteady), path: "p.toml"))
        }
        #expect(error.description.hasPrefix(slip.place + ": error: "), "\(error)")
        for message in slip.messages { #expect(error.description.contains(message), "\(error)") }
        #expect(error.diagnostics.count == 1)
    }

    private final class Recorder: ProgressObserver {
        var rows: [ProgressRow] = []
        func logged(_ row: ProgressRow) { rows.append(row) }
        func warned(_ message: String) {}
        var stopRequested: Bool { false }
    }

    @Test func whatIsAskedForIsUsed() throws {
        let causal = try RunPreparation(
            ProblemReader.read(
                text: Self.text(
                    "[method.causal]\ntolerance = [0.1, 1]\nthreshold = 0.001\n[method.sampling]\ninterior = 64"),
                path: "p.toml"))
        let recorder = Recorder()
        _ = try causal.method.solve(observer: recorder)
        #expect(causal.method.plan.quantities == ["causal_tolerance", "causal_weight"])
        #expect(recorder.rows.last?.quantities.map(\.name) == causal.method.plan.quantities)
        #expect(recorder.rows.last?.quantities[0].value == 1)
        // The shorthand, and every default written out, mean the same.
        let short = try RunPreparation(
            ProblemReader.read(text: Self.text("[method]\ncausal = 0.5"), path: "p.toml"))
        let again = try RunPreparation(ProblemReader.read(text: short.resolvedText, path: "p.toml"))
        #expect(again.resolvedText == short.resolvedText)
    }
}
