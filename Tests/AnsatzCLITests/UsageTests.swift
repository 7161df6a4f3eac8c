import Foundation
import Testing

/// Usage: what the parser of arguments says, and that nothing else happens.
@Suite struct UsageTests {
    @Test func version() throws {
        let result = try Workplace().run("--version")
        #expect(result.status == 0)
        #expect(result.output.split(separator: ".").count == 3)
    }

    @Test(arguments: [[], ["--help"], ["help"]]) func helpNamesEveryCommand(arguments: [String]) throws {
        let place = try Workplace()
        let result = try Program.run(arguments, in: place.path)
        #expect(result.status == 0)
        for command in ["check", "solve", "compare", "show", "plot", "export", "list", "bench"] {
            #expect(result.output.contains(command))
        }
    }

    @Test(arguments: [
        (["slove", "tiny.toml"], "slove"),
        (["solve"], "Missing expected argument"),
        (["solve", "tiny.toml", "--ouput", "x"], "--output"),
        (["solve", "tiny.toml", "--overwite"], "--overwrite"),
        (["check", "tiny.toml", "--sed=1"], "--se"),
        (["solve", "tiny.toml", "--set", "run.seed"], "KEY=VALUE"),
        (["solve", "tiny.toml", "--seed", "many"], "many"),
        (["solve", "tiny.toml", "--steps", "0"], "--steps"),
        (["solve", "tiny.toml", "--precision", "float16"], "float32 or float64"),
        (["solve", "tiny.toml", "--quiet", "--verbose"], "exclude"),
        (["list", "optimisers"], "optimizers"),
        (["bench", "everything"], "engine"),
        (["bench", "engine", "--threads", "0"], "--threads"),
    ]) func wrongUsageIs64(arguments: [String], words: String) throws {
        let place = try Workplace(["tiny.toml": tiny])
        let result = try Program.run(arguments, in: place.path)
        #expect(result.status == 64)
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(result.output.isEmpty)
        #expect(place.names() == ["tiny.toml"])
    }
}
