import Foundation
import Results
import Testing

/// `output.sampling`: the columns, the file, its figure, and runs that go on, with points that follow the residual.
@Suite struct SamplingTests {
    private static let plain = tiny.replacingOccurrences(
        of: "log_every = 10", with: "log_every = 10\ncheckpoint_every = 10")
    private static let kinds = [
        "{ kind = \"deep-adaptive\", steps = 3, couplings = 2, width = 4 }", "\"adversarial\"",
        "{ kind = \"adversarial\", form = \"flow\", steps = 3, couplings = 2, width = 4 }",
        "{ kind = \"transport\", targets = 20, epsilon = 0.05 }",
    ]

    private func arguments(_ kind: String) -> [String] {
        [
            "--set", "method.sampling.adaptive=\(kind)", "--set", "method.sampling.resample_every=4", "--set",
            "output.sampling={ every = 8, points = 50 }",
        ]
    }

    @Test(arguments: kinds) func pointsAreKeptAndRunsGoOn(kind: String) throws {
        let place = try Workplace(["tiny.toml": Self.plain])
        let longer = ["--set", "method.stages[1].steps=44"]
        let whole = try Program.run(
            ["solve", "tiny.toml", "-q", "-o", "whole"] + longer + arguments(kind), in: place.path)
        #expect(whole.status == 0, "\(whole.errors)")
        _ = try Program.run(["solve", "tiny.toml", "-q"] + arguments(kind), in: place.path)
        let extended = try Program.run(
            ["solve", "tiny.toml", "-q", "--resume"] + longer + arguments(kind), in: place.path)
        #expect(extended.status == 0, "\(extended.errors)")
        func history(_ folder: String) throws -> SamplingHistory {
            try SamplingHistory(contentsOf: place.path + "/" + folder + "/sampling.h5")
        }
        let found = try history("whole")
        #expect(try history("out") == found && found.rows.map(\.step) == [0, 8, 16, 24, 32, 40, 44])
        #expect(found.rows.allSatisfy { $0.residuals.count == 50 && $0.residuals.allSatisfy { $0 >= 0 } })
        #expect(found.rows[0].points != found.rows[6].points)
        let table = try History(contentsOf: place.path + "/whole/history.csv")
        #expect(
            table.quantities == ["residual_distance", "residual_mean", "residual_variance", "effective_share"])
        let last = try #require(table.rows.last)
        #expect(last.quantities.allSatisfy { $0 > 0 })
        let drawn = try place.run("plot", "whole", "--kind", "sampling", "-o", "s.svg")
        guard drawn.status == 0 || !drawn.errors.contains("gnuplot") else { return }
        #expect(drawn.status == 0 && place.exists("s.svg"), "\(drawn.errors)")
    }

    @Test func secondsOfRedrawsAddUp() throws {
        let place = try Workplace(["tiny.toml": Self.plain])
        let rule = ["--set", "method.sampling.adaptive=\"rad\"", "--set", "method.sampling.resample_every=4"]
        func solve(_ arguments: String...) throws -> [String: Any] {
            let result = try Program.run(["solve", "tiny.toml", "--json"] + arguments, in: place.path)
            #expect(result.status == 0, "\(result.errors)")
            return result.json
        }
        func seconds(_ facts: [String: Any], _ name: String) throws -> Double { try #require(facts[name] as? Double) }
        let first = try solve(rule[0], rule[1], rule[2], rule[3])
        let (all, own) = (try seconds(first, "sampling_seconds"), try seconds(first, "sampling_rule_seconds"))
        let total = try seconds(first, "seconds")
        #expect(own > 0 && all > own && all < total)
        let second = try solve(rule[0], rule[1], rule[2], rule[3], "--resume", "--set", "method.stages[1].steps=44")
        #expect(try seconds(second, "sampling_seconds") > all && seconds(second, "sampling_rule_seconds") > own)
        #expect(try seconds(second, "seconds") > seconds(second, "sampling_seconds"))
        let facts = try place.run("show", "out", "--json").json
        #expect(facts["sampling_seconds"] as? Double == second["sampling_seconds"] as? Double)
        let line = try place.run("show", "out").output.split(separator: "\n").first { $0.hasPrefix("  training") }
        #expect(line?.contains(", sampling ") == true && line?.hasSuffix("for the rule itself") == true)
        // Nothing is said where no points follow the residual.
        let plain = try solve("-o", "plain")
        #expect(plain["sampling_seconds"] is NSNull)
        #expect(try !place.run("show", "plain").output.contains("sampling"))
    }

    @Test func aDensityThatCollapsesIsSaidOnce() throws {
        let place = try Workplace(["tiny.toml": Self.plain])
        let result = try place.run(
            "solve", "tiny.toml", "-q", "--set",
            "method.sampling.adaptive={ kind = \"transport\", power = 200, constant = 0, targets = 20 }", "--set",
            "method.sampling.resample_every=2")
        #expect(result.status == 0, "\(result.errors)")
        let words = "less than 5 %"
        #expect(result.errors.components(separatedBy: words).count == 2, "\(result.errors)")
        #expect(result.errors.contains("of the uniform law were mixed in; a larger pool resolves it better"))
        let log = try #require(place.read("out/log.jsonl"))
        #expect(log.split(separator: "\n").count { $0.contains("\"warning\"") && $0.contains(words) } == 1)
        let history = try History(contentsOf: place.path + "/out/history.csv")
        #expect(try #require(history.rows.last).quantities[0] < 0.05)
    }

    @Test func lookingDoesNotChangeTheRun() throws {
        let place = try Workplace(["tiny.toml": Self.plain])
        let kind = "\"adversarial\""
        _ = try Program.run(["solve", "tiny.toml", "-q", "-o", "with"] + arguments(kind), in: place.path)
        _ = try Program.run(
            ["solve", "tiny.toml", "-q", "-o", "without"] + arguments(kind).prefix(4), in: place.path)
        #expect(try RunBits(place, "with").fields == RunBits(place, "without").fields)
        let result = try place.run("plot", "without", "--kind", "sampling")
        #expect(result.status != 0 && result.errors.contains("output.sampling"), "\(result.errors)")
    }
}
