import Foundation
import Testing

@Suite struct CompareTests {
    private static let variants = """
        [variants.wide]
        "method.network.layers" = [12]

        [variants.sine]
        "method.network.activation" = "sine"

        """
    private static let text = tiny.replacingOccurrences(of: "[variants.long]", with: variants + "[variants.long]")

    private func history(_ place: Workplace, _ member: String) -> [Substring]? {
        place.read("c/members/\(member)/history.csv")?.split(separator: "\n").map { row in
            // Without the column of seconds.
            row.split(separator: ",", omittingEmptySubsequences: false)[3...].joined(separator: ",")[...]
        }
    }

    @Test func everyCombinationIsARunOfItsOwn() throws {
        let place = try Workplace(["tiny.toml": Self.text])
        let result = try place.run(
            "compare", "tiny.toml", "--variants", "wide,sine", "--seeds", "2,1", "-o", "c", "-q")
        #expect(result.status == 0, "\(result.errors)")
        let members = ["sine-seed-1", "sine-seed-2", "wide-seed-1", "wide-seed-2"]
        #expect(place.names("c/members") == members)
        #expect(place.exists("c/comparison.h5") && place.exists("c/comparison.csv") && place.exists("c/comparison.gp"))
        for member in members {
            #expect(try place.run("show", "c/members/" + member).output.contains("20 steps"))
        }
        // The same as a run of that variant with that seed.
        _ = try place.run("solve", "tiny.toml", "--variant", "sine", "--seed", "2", "-o", "alone", "-q")
        let alone = try #require(place.read("alone/history.csv")).split(separator: "\n").map { row in
            row.split(separator: ",", omittingEmptySubsequences: false)[3...].joined(separator: ",")[...]
        }
        #expect(history(place, "sine-seed-2") == alone)
        #expect(history(place, "sine-seed-1") != alone)

        let lines = result.output.split(separator: "\n")
        #expect(lines[0] == "tiny, seeds 1, 2")
        #expect(lines[1].split(separator: " ").prefix(3) == ["variant", "u", "median"])
        #expect(lines[2].hasPrefix("  wide ") && lines[3].hasPrefix("  sine "))
        #expect(lines.last == "tiny: 4 members compared; results are in c")
        let table = try #require(place.read("c/comparison.csv")).split(separator: "\n")
        #expect(
            table.count == 3 && table[0].hasPrefix("variant,members,relative_l2_u_median,relative_l2_u_worst,loss_"))
        let shown = try place.run("show", "c")
        #expect(shown.output.split(separator: "\n").prefix(4) == lines.prefix(4))
    }

    @Test func theNumbersOfTheTableAreThoseOfTheRuns() throws {
        let place = try Workplace(["tiny.toml": Self.text])
        let result = try place.run(
            "compare", "tiny.toml", "--variants", "wide", "--seeds", "1,2,3", "-o", "c", "-q", "--json")
        #expect(result.status == 0, "\(result.errors)")
        let variants = try #require(result.json["variants"] as? [[String: Any]])
        let errors = try (1...3).map { seed in
            let run = try place.run("show", "c/members/wide-seed-\(seed)", "--json").json
            return try #require(run["relative_l2_u"] as? Double)
        }
        #expect(variants.count == 1 && variants[0]["variant"] as? String == "wide")
        #expect(variants[0]["relative_l2_u_median"] as? Double == errors.sorted()[1])
        #expect(variants[0]["relative_l2_u_worst"] as? Double == errors.max())
        let runs = try #require(variants[0]["runs"] as? [[String: Any]])
        #expect(runs.map { $0["seed"] as? String } == ["1", "2", "3"])
        #expect(runs.map { ($0["relative_l2"] as? [String: Double])?["u"] } == errors)
        #expect(try place.run("show", "c", "--json").json["complete"] as? Bool == true)
    }

    @Test func finishedMembersAreNotRunAgain() throws {
        let place = try Workplace(["tiny.toml": Self.text])
        _ = try place.run("compare", "tiny.toml", "--variants", "wide", "--seeds", "1", "-o", "c", "-q")
        let before = place.data("c/members/wide-seed-1/history.csv")
        let more = try place.run("compare", "tiny.toml", "--variants", "wide,sine", "--seeds", "1,2", "-o", "c")
        #expect(more.status == 0, "\(more.errors)")
        #expect(more.errors.contains("1/4  wide, seed 1: finished before"))
        #expect(!more.errors.contains("sine, seed 1: finished before"))
        // Even the seconds are those of the first time.
        #expect(place.data("c/members/wide-seed-1/history.csv") == before)
        // A killed member has no fields; it is run again.
        try FileManager.default.removeItem(atPath: place.path + "/c/members/sine-seed-2/fields.h5")
        let again = try place.run("compare", "tiny.toml", "--variants", "wide,sine", "--seeds", "1,2", "-o", "c")
        #expect(again.status == 0, "\(again.errors)")
        #expect(again.errors.split(separator: "\n").count { $0.hasSuffix("finished before") } == 3)
        #expect(place.exists("c/members/sine-seed-2/fields.h5"))
    }

    @Test func membersOfAnotherProblemAreRefused() throws {
        let place = try Workplace(["tiny.toml": Self.text])
        _ = try place.run("compare", "tiny.toml", "--variants", "wide", "-o", "c", "-q")
        let before = place.data("c/members/wide-seed-1/history.csv")
        let changed = ["compare", "tiny.toml", "--variants", "wide", "-o", "c", "-q", "--set", "parameters.k=3"]
        let refused = try Program.run(changed, in: place.path)
        #expect(refused.status == 65)
        #expect(refused.errors.contains("c/members/wide-seed-1") && refused.errors.contains("--overwrite"))
        #expect(place.data("c/members/wide-seed-1/history.csv") == before)
        let replaced = try Program.run(changed + ["--overwrite"], in: place.path)
        #expect(replaced.status == 0, "\(replaced.errors)")
        #expect(place.data("c/members/wide-seed-1/history.csv") != before)
    }

    @Test func optimizersTakeThePlaceOfTheFirst() throws {
        let place = try Workplace(["tiny.toml": tiny])
        let result = try place.run("compare", "tiny.toml", "--optimizers", "sgd,lbfgs", "--steps", "5", "-q", "-o", "c")
        #expect(result.status == 0, "\(result.errors)")
        #expect(place.names("c/members") == ["lbfgs-seed-1", "sgd-seed-1"])
        let file = try #require(place.read("c/members/lbfgs-seed-1/problem.toml"))
        #expect(file.contains("\"lbfgs\"") && !file.contains("\"adam\""))
        #expect(file.split(separator: "\n").contains { $0.hasPrefix("steps ") && $0.hasSuffix("= 5") })
        // The same start: the first rows are equal.
        #expect(
            history(place, "sgd-seed-1")?[1].split(separator: ",")[0]
                == history(place, "lbfgs-seed-1")?[1].split(separator: ",")[0])
    }

    @Test func slipsInAnyVariantAreToldBeforeTheFirstRun() throws {
        let slip = Self.text.replacingOccurrences(
            of: "\"method.network.activation\"", with: "\"method.network.activatoin\""
        )
        .replacingOccurrences(of: "\"method.network.layers\"", with: "\"method.netwrok.layers\"")
        let place = try Workplace(["tiny.toml": slip])
        let result = try place.run("compare", "tiny.toml")
        #expect(result.status == 65)
        #expect(result.errors.contains("unknown key 'method.network.activatoin'"), "\(result.errors)")
        #expect(result.errors.contains("'method.netwrok'") && result.errors.contains("in the variant 'wide'"))
        for line in [42, 45] { #expect(result.errors.contains("tiny.toml:\(line):"), "\(result.errors)") }
        #expect(place.names() == ["tiny.toml"])
    }

    @Test func namesAreChecked() throws {
        let place = try Workplace(["tiny.toml": tiny])
        for (arguments, status, words) in [
            (["--variants", "lnog"], Int32(65), "long"), (["--optimizers", "adma"], 65, "adam"),
            (["--seeds", "1,1"], 64, "different"), (["--seeds", "-1"], 64, "--seeds"),
            (["--seeds", "a"], 64, "--seeds"),
            (["--variants", "long,long"], 64, "twice"), (["--optimizers", "adam,,sgd"], 64, "commas"),
            (["--set", "run.seed"], 64, "KEY=VALUE"), (["--steps", "0"], 64, "--steps"),
        ] {
            let result = try Program.run(["compare", "tiny.toml"] + arguments, in: place.path)
            #expect(result.status == status, "\(arguments): \(result.errors)")
            #expect(result.errors.contains(words), "\(result.errors)")
            #expect(place.names() == ["tiny.toml"])
        }
    }

    @Test func missedExpectationsAndFailuresAreCounted() throws {
        let text = Self.text + "[expect]\nrelative_l2.u = 1e-9\n"
        let place = try Workplace(["tiny.toml": text])
        let missed = try place.run("compare", "tiny.toml", "--variants", "wide", "-o", "c", "-q")
        #expect(missed.status == 2)
        #expect(missed.output.contains("missed") && missed.output.contains("1/1"))
        let broken = text.replacingOccurrences(of: "+ k*u =", with: "+ sqrt(x - 2)*u =")
        try place.write(broken, "broken.toml")
        let failed = try place.run("compare", "broken.toml", "--variants", "wide", "-o", "d", "-q")
        #expect(failed.status == 1)
        #expect(failed.output.contains("failed") && failed.output.contains("nan"), "\(failed.output)")
    }

    @Test func controlCSaysHowToGoOn() throws {
        let place = try Workplace(["tiny.toml": Self.text])
        let arguments = ["compare", "tiny.toml", "--variants", "wide,long", "-q", "-o", "c"]
        let result = try Program.run(arguments, in: place.path) { process in
            let deadline = Date(timeIntervalSinceNow: 30)
            while (place.data("c/members/long-seed-1/history.csv")?.count ?? 0) < 500, Date.now < deadline {
                Thread.sleep(forTimeInterval: 0.005)
            }
            process.interrupt()
        }
        #expect(result.status == 130)
        #expect(result.output.contains("1 of 2 members are finished; to go on: "), "\(result.output)")
        #expect(try place.run("show", "c").output.contains("1 of 2 members are not finished"))
        // Fewer steps are another problem for what is finished, so that the rest is compared elsewhere here.
        let shown = try place.run("show", "c", "--json").json
        #expect(shown["complete"] as? Bool == false)
    }

    @Test func theFigureOfAComparisonIsDrawnAgain() throws {
        let place = try Workplace(["tiny.toml": Self.text])
        _ = try place.run("compare", "tiny.toml", "--variants", "wide,sine", "-o", "c", "-q")
        let script = place.data("c/comparison.gp")
        let points = place.data("c/comparison.dat")
        try FileManager.default.removeItem(atPath: place.path + "/c/comparison.gp")
        let result = try place.run("plot", "c")
        #expect(result.status == 0 || result.errors.contains("gnuplot"))
        #expect(place.data("c/comparison.gp") == script && place.data("c/comparison.dat") == points)
        #expect(try place.run("plot", "c", "--kind", "losses").status == 64)
        let refused = try place.run("export", "c", "--to", "csv")
        #expect(refused.status == 65 && refused.errors.contains("c/members"), "\(refused.errors)")
    }
}
