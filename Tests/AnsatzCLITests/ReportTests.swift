import Foundation
import Testing

@Suite struct ReportTests {
    @Test func checkSaysBackWhatItUnderstood() throws {
        let place = try Workplace(["tiny.toml": tiny])
        let result = try place.run("check", "tiny.toml")
        #expect(result.status == 0)
        #expect(result.errors.isEmpty, "\(result.errors)")
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "tiny   Poisson equation, a moment's work")
        func line(_ kind: String) -> String { lines.first { $0.hasPrefix("  " + kind) } ?? "" }
        #expect(line("unknown").contains("u(x, y)"))
        #expect(line("equation").contains("poisson") && line("equation").hasSuffix("order 2, linear"))
        #expect(line("condition").contains("walls") && line("condition").contains("(4 faces)"))
        #expect(line("condition").hasSuffix("penalty"))
        #expect(line("reference").contains("satisfies poisson to") && line("reference").hasSuffix("at 64 points"))
        #expect(line("loss terms").contains("poisson (64), walls (64)"))
        #expect(line("output").contains("11 x 9 grid"))
        #expect(line("warnings").hasSuffix("none"))
        #expect(place.names() == ["tiny.toml"])
    }

    @Test func checkTellsAWrongReference() throws {
        let text = tiny.replacingOccurrences(of: "u = 'u_exact'", with: "u = '2*u_exact'")
        let result = try Workplace(["tiny.toml": text]).run("check", "tiny.toml")
        #expect(result.status == 0)
        #expect(result.errors.contains("does not satisfy 'poisson'"), "\(result.errors)")
        #expect(!result.errors.contains("does not satisfy 'walls'"))
    }

    @Test(arguments: [
        (
            "a corner", "equation = 'u = 0' }", "equation = 'u = 0' }\nlid = { on = \"top\", equation = 'u = 1' }",
            "twice"
        ),
        (
            "values that meet",
            "walls = { on = \"boundary\", equation = 'u = 0' }",
            "walls = { on = \"left or right or bottom\", equation = 'u = 0' }\nlid = { on = \"top\", equation = 'u = 1' }",
            "disagree where their faces meet"
        ),
        (
            "an open side", "\"boundary\"", "\"left or right or bottom\"", "leave the problem open"
        ),
    ]) func checkDoubtsConditions(name: String, old: String, new: String, words: String) throws {
        let text = tiny.replacingOccurrences(of: old, with: new)
        let result = try Workplace(["tiny.toml": text]).run("check", "tiny.toml")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains(words), "\(result.errors)")
    }

    @Test func checkWarnsOfQuasiNewtonInSinglePrecision() throws {
        let text = tiny.replacingOccurrences(of: "\"adam\"", with: "\"lbfgs\"")
        let place = try Workplace(["tiny.toml": text])
        #expect(try place.run("check", "tiny.toml", "--precision", "float32").errors.contains("'lbfgs' in float32"))
        #expect(try place.run("check", "tiny.toml").errors.isEmpty)
    }

    @Test func theResolvedFileIsItsOwnResolution() throws {
        let place = try Workplace(["tiny.toml": tiny])
        let first = try place.run("check", "tiny.toml", "--resolved", "--set", "k=3")
        let second = try place.run("check", "tiny.toml", "--resolved", "--set", "parameters.k=3")
        #expect(first.status == 65)
        #expect(second.status == 0)
        try place.write(second.output, "resolved.toml")
        #expect(try place.run("check", "resolved.toml", "--resolved").output == second.output)
        for word in ["seed", "activation = \"tanh\"", "k = 3"] { #expect(second.output.contains(word)) }
    }

    @Test func checkAsAnObject() throws {
        let result = try Workplace(["tiny.toml": tiny]).run("check", "tiny.toml", "--json")
        #expect(result.json["problem"] as? String == "tiny")
        #expect((result.json["report"] as? [[String: Any]])?.contains { $0["kind"] as? String == "equation" } == true)
    }

    @Test func showTellsWhatWasRun() throws {
        let place = try Workplace(["tiny.toml": tiny])
        _ = try place.run("solve", "tiny.toml", "-q", "--seed", "9223372036854775807")
        let text = try place.run("show", "out")
        #expect(text.status == 0)
        for word in [
            "tiny   Poisson equation", "9223372036854775807, float64", "20 steps", "all steps", "relative L2 error",
            "k 2.00", "u, residual_poisson, u_reference, u_error", "y 9 x x 11",
        ] { #expect(text.output.contains(word), "\(word) in \(text.output)") }
        let object = try place.run("show", "out", "--json").json
        #expect(object["steps"] as? Int == 20)
        #expect(object["finished"] as? Bool == true)
        #expect((object["axes"] as? [String: Int]) == ["x": 11, "y": 9])
    }

    @Test(arguments: [
        ("optimizers", ["adam", "lbfgs"]), ("networks", ["mlp"]), ("activations", ["tanh", "gelu"]),
        ("samplers", ["sobol", "uniform"]), ("weights", ["fixed"]), ("schedules", ["decay", "warm"]),
        ("methods", ["pinn", "interior", "activation"]), ("problems", ["problems/tiny.toml", "a moment's work"]),
    ]) func lists(subject: String, words: [String]) throws {
        let place = try Workplace()
        try FileManager.default.createDirectory(atPath: place.path + "/problems", withIntermediateDirectories: true)
        try place.write(tiny, "problems/tiny.toml")
        let result = try place.run("list", subject)
        #expect(result.status == 0)
        for word in words { #expect(result.output.contains(word), "\(result.output)") }
        let data = Data(try place.run("list", subject, "--json").output.utf8)
        #expect(try JSONSerialization.jsonObject(with: data) is [[String: String]])
    }

    @Test func benchmarksOfFilesCompareWithWhatTheyExpect() throws {
        let place = try Workplace()
        try FileManager.default.createDirectory(atPath: place.path + "/problems", withIntermediateDirectories: true)
        let variants = "[variants.same]\n[variants.strict]\n\"expect.relative_l2\" = { u = 1e2 }\n"
        try place.write(tiny + "[expect]\nrelative_l2.u = 1e3\n" + variants, "problems/tiny.toml")
        let result = try place.run("bench", "solve", "--json")
        #expect(result.status == 0, "\(result.errors)")
        let report = try #require(result.json["tiny"] as? [String: Any])
        #expect(report["steps"] as? Int == 20)
        #expect(report["median_ms"] is Double)
        #expect((report["peak_memory_bytes"] as? Int).map { $0 > 1_000_000 } == true)
        #expect(Set(result.json.keys) == ["tiny", "tiny-strict"])
        #expect(result.errors.contains("OpenBLAS core"))
        #expect(place.names() == ["problems"])
    }

    @Test func benchmarksOfTheEngineAreKeyedByCase() throws {
        let result = try Workplace().run("bench", "engine", "--only", "small-1000", "--seconds", "0", "--json")
        #expect(result.status == 0, "\(result.errors)")
        #expect(Set(result.json.keys) == ["small-1000-double", "small-1000-float"])
        let report = try #require(result.json["small-1000-double"] as? [String: Any])
        #expect((report["median_ms"] as? Double).map { $0 > 0 } == true)
    }
}
