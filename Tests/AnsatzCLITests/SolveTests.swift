import Foundation
import Testing

@Suite struct SolveTests {
    @Test func aRunLeavesWhatTheManualSays() throws {
        let place = try Workplace(["tiny.toml": tiny])
        let result = try place.run("solve", "tiny.toml")
        #expect(result.status == 0, "\(result.errors)")
        #expect(place.names("out") == ["checkpoint.h5", "fields.h5", "history.csv", "log.jsonl", "problem.toml"])
        let last = try #require(result.output.split(separator: "\n").last)
        #expect(last.contains("all steps") && last.hasSuffix("results are in out"))
        // Progress on a pipe: whole lines, no control characters.
        #expect(result.errors.contains("adam 1/1  20/20  100%"))
        #expect(!result.errors.contains("\r") && !result.errors.contains("\u{1B}"))
        // Rows at the start, at step 10 and at the end.
        let history = try #require(place.read("out/history.csv")).split(separator: "\n")
        #expect(history.dropFirst().map { $0.prefix { $0 != "," } } == ["0", "10", "20"])
        let log = try #require(place.read("out/log.jsonl")).split(separator: "\n")
        #expect(log.first?.contains("\"start\"") == true && log.last?.contains("\"end\"") == true)
    }

    @Test func theSameFileGivesTheSameFields() throws {
        let place = try Workplace(["tiny.toml": tiny])
        for (folder, extra) in [("a", []), ("b", []), ("c", ["--seed", "2"])] {
            _ = try Program.run(["solve", "tiny.toml", "--quiet", "-o", folder] + extra, in: place.path)
        }
        func losses(_ folder: String) throws -> [Substring] {
            try #require(place.read(folder + "/history.csv")).split(separator: "\n").map { row in
                // Without the column of seconds.
                row.split(separator: ",")[3...].joined(separator: ",")[...]
            }
        }
        #expect(try losses("a") == losses("b"))
        #expect(try losses("a") != losses("c"))
    }

    @Test func theResolvedFileOfARunGivesThatRunAgain() throws {
        let place = try Workplace(["tiny.toml": tiny])
        let settings = ["--quiet", "--set", "method.network.layers=[5,5]", "--steps", "7"]
        _ = try Program.run(["solve", "tiny.toml", "-o", "a"] + settings, in: place.path)
        let result = try place.run("solve", "a/problem.toml", "-o", "b", "--quiet")
        #expect(result.status == 0, "\(result.errors)")
        func column(_ folder: String) -> [Substring]? {
            place.read(folder + "/history.csv")?.split(separator: "\n").map { $0.split(separator: ",")[3] }
        }
        #expect(column("a") == column("b"))
        #expect(column("a")?.count == 3)
    }

    @Test func withJSONStandardOutputIsOneObject() throws {
        let place = try Workplace(["tiny.toml": tiny])
        let result = try place.run("solve", "tiny.toml", "--json")
        #expect(result.status == 0)
        #expect(result.json["stopped_because"] as? String == "steps done")
        #expect(result.json["steps"] as? Int == 20)
        let errors = try #require(result.json["relative_l2"] as? [String: Double])
        #expect(errors["u"].map { $0 > 0 && $0.isFinite } == true)
        #expect(result.output.hasPrefix("{") && result.output.hasSuffix("}\n"))
    }

    @Test func requestedNumbersAreReported() throws {
        // The ansatz meets u = x y on the left and on the right exactly, so that traces there are known.
        let text = tiny.replacingOccurrences(
            of: "equation = 'u = 0' }", with: "equation = 'u = x*y', enforce = \"exact\" }"
        )
        .replacingOccurrences(of: "plots     = []", with: "plots = []\nvalues = { corner = '2*u(x = 1, y = 0.75)' }")
        .replacingOccurrences(of: "walls    = 16", with: "")
        let place = try Workplace(["tiny.toml": text])
        let result = try place.run("solve", "tiny.toml", "--json", "-q")
        #expect(result.status == 0, "\(result.errors)")
        let values = try #require(result.json["values"] as? [String: Double])
        #expect(values["corner"].map { abs($0 - 1.5) < 1e-12 } == true, "\(values)")
    }

    @Test func quietMeansNoProgress() throws {
        let result = try Workplace(["tiny.toml": tiny]).run("solve", "tiny.toml", "-q")
        #expect(result.status == 0)
        #expect(result.errors.isEmpty, "\(result.errors)")
    }

    @Test func verboseShowsEveryRow() throws {
        let result = try Workplace(["tiny.toml": tiny]).run("solve", "tiny.toml", "-v")
        #expect(result.errors.split(separator: "\n").count { $0.hasPrefix("adam") } == 3)
    }

    @Test func aMissedExpectationIsStatus2() throws {
        let place = try Workplace(["tiny.toml": tiny + "[expect]\nrelative_l2.u = 1e-9\n"])
        let missed = try place.run("solve", "tiny.toml", "-q")
        #expect(missed.status == 2)
        #expect(missed.output.contains("relative_l2.u at most 1.0e-9") && missed.output.contains("missed"))
        #expect(place.exists("out/fields.h5"))
        let met = try place.run("solve", "tiny.toml", "-q", "-o", "b", "--set", "expect.relative_l2.u=1e3")
        #expect(met.status == 0)
    }

    @Test func anotherRunIsRefusedAndThenReplaced() throws {
        let place = try Workplace(["tiny.toml": tiny])
        _ = try place.run("solve", "tiny.toml", "-q")
        try place.write("mine", "out/notes.txt")
        let before = place.data("out/fields.h5")
        let refused = try place.run("solve", "tiny.toml", "-q", "--seed", "2")
        #expect(refused.status == 65)
        #expect(refused.errors.contains("--overwrite"))
        #expect(place.data("out/fields.h5") == before)
        let replaced = try place.run("solve", "tiny.toml", "-q", "--seed", "2", "--overwrite")
        #expect(replaced.status == 0)
        #expect(place.data("out/fields.h5") != before)
        #expect(
            place.names("out")
                == ["checkpoint.h5", "fields.h5", "history.csv", "log.jsonl", "notes.txt", "problem.toml"])
    }

    @Test func aFullDiskLeavesTheEarlierRun() throws {
        let place = try Workplace(["tiny.toml": tiny])
        _ = try place.run("solve", "tiny.toml", "-q")
        let before = place.names("out").map { place.data("out/" + $0) }
        // A limit of 4 kB on files stands for the disk.
        let result = try place.run("solve", "tiny.toml", "-q", "--overwrite", through: "ulimit -f 4")
        #expect(result.status == 1)
        #expect(result.errors.contains("out/") && result.errors.contains("cannot be written"), "\(result.errors)")
        #expect(place.names("out").map { place.data("out/" + $0) } == before)
    }

    @Test func anOutputBelowAFileIsStatus1() throws {
        let place = try Workplace(["tiny.toml": tiny])
        let result = try place.run("solve", "tiny.toml", "-q", "-o", "tiny.toml/out")
        #expect(result.status == 1)
        #expect(result.errors.contains("not a folder"))
    }

    @Test func controlCFinishesTheStepAndWritesTheResults() throws {
        let place = try Workplace(["tiny.toml": tiny])
        let result = try place.run("solve", "tiny.toml", "--variant", "long", "-q") { process in
            // The header and the rows of the first steps.
            let deadline = Date(timeIntervalSinceNow: 30)
            while (place.data("out/history.csv")?.count ?? 0) < 500, Date.now < deadline {
                Thread.sleep(forTimeInterval: 0.005)
            }
            process.interrupt()
        }
        #expect(result.status == 130)
        #expect(result.output.contains("interrupted"))
        #expect(place.exists("out/fields.h5"))
        let summary = try place.run("show", "out")
        #expect(summary.output.contains("interrupted"))
    }

    @Test func aLossThatIsNotANumberIsStatus1AndNamed() throws {
        let text = tiny.replacingOccurrences(of: "+ k*u =", with: "+ sqrt(x - 2)*u =")
        let place = try Workplace(["tiny.toml": text])
        let result = try place.run("solve", "tiny.toml", "-q")
        #expect(result.status == 1)
        #expect(result.output.contains("'poisson' was not finite at step 0, worst at x = "), "\(result.output)")
        #expect(place.exists("out/fields.h5"))
        let history = String(data: place.data("out/history.csv") ?? Data(), encoding: .utf8)
        #expect(history?.hasPrefix("step,stage,seconds,loss,rate,loss_poisson,") == true, "\(history ?? "")")
    }

    @Test func aRehearsalWritesNothing() throws {
        let place = try Workplace(["tiny.toml": tiny])
        let result = try place.run("solve", "tiny.toml", "--dry-run")
        #expect(result.status == 0)
        #expect(result.output.contains("peak memory"))
        #expect(place.names() == ["tiny.toml"])
    }

    @Test func figuresLieBesideTheirScripts() throws {
        let place = try Workplace(["tiny.toml": tiny.replacingOccurrences(of: "plots     = []", with: "")])
        let result = try place.run("solve", "tiny.toml", "-q")
        #expect(result.status == 0)
        for name in ["u.gp", "losses.gp"] { #expect(place.exists("out/figures/" + name), "\(result.errors)") }
        // Without gnuplot there is a warning in place of the pictures.
        #expect(place.exists("out/figures/u.svg") || result.errors.contains("no figure u.svg"))
    }
}
