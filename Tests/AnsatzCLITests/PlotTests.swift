import Foundation
import Testing

@Suite struct PlotTests {
    private static let plots = """
        [[output.plots]]
        file = "both.svg"
        kind = "compare"

        [[output.plots]]
        file = "rest.svg"
        kind = "residual"

        [[output.plots]]
        file = "weights.svg"
        kind = "weights"

        """
    private static let text = tiny.replacingOccurrences(of: "plots     = []", with: "")
        .replacingOccurrences(of: "[run]", with: plots + "[run]")

    /// A problem in space and time.
    private static let volume = """
        format = 1
        name   = "volume"
        [domain]
        coordinates = ["x", "y", "z"]
        time        = { to = 1 }
        region      = { box = { x = [0, 1], y = [0, 1], z = [0, 1] } }
        [unknowns]
        u = {}
        [equations]
        heat = 'u_t = laplacian(u)'
        [method.network]
        layers = [4]
        [method.sampling]
        interior = 8
        [[method.stages]]
        steps = 1
        [output]
        directory = "out"
        plots     = []
        [output.fields]
        grid = { x = 4, y = 5, z = 6, t = 3 }

        """

    @Test func theFiguresOfTheFileAreDrawnAgain() throws {
        let place = try Workplace(["tiny.toml": Self.text])
        let solved = try place.run("solve", "tiny.toml", "-q")
        let before = place.names("out/figures")
        #expect(before.contains("rest.gp") && before.contains("weights.gp"), "\(solved.errors)")
        let script = place.data("out/figures/both.gp")
        try FileManager.default.removeItem(atPath: place.path + "/out/figures")
        let result = try place.run("plot", "out")
        #expect(result.status == 0, "\(result.errors)")
        #expect(place.names("out/figures") == before)
        #expect(place.data("out/figures/both.gp") == script)
        guard before.contains("both.svg") else { return }
        #expect(result.output.split(separator: "\n") == ["both", "rest", "weights"].map { "out/figures/\($0).svg" })
    }

    @Test func everyKindCanBeAskedFor() throws {
        let place = try Workplace(["volume.toml": Self.volume])
        _ = try place.run("solve", "volume.toml", "-q")
        for (arguments, names) in [
            (["losses"], ["losses"]), (["weights"], ["weights"]), (["field"], ["u-field"]),
            (["compare", "--at", "t=0,1"], ["u-compare-1", "u-compare-2"]), (["lines", "--along", "y"], ["u-lines"]),
            (["slices", "--at", "x=0.2,0.8", "--at", "t=0"], ["u-slices"]), (["residual"], ["residual"]),
            (["residual", "--field", "u", "--at", "z=0"], ["u-residual"]),
        ] {
            try? FileManager.default.removeItem(atPath: place.path + "/out/figures")
            let result = try Program.run(["plot", "out", "--kind"] + arguments, in: place.path)
            let scripts = place.names("out/figures").filter { $0.hasSuffix(".gp") }
            // Scripts are written even where gnuplot is missing; the first failure ends the command there.
            #expect(scripts == names.map { $0 + ".gp" } || result.errors.contains("gnuplot"), "\(result.errors)")
        }
        let script = try #require(place.read("out/figures/residual.gp") ?? place.read("out/figures/u-residual.gp"))
        #expect(script.contains("volume, z = 0, t = 1"))
    }

    @Test func aPictureMayLieElsewhere() throws {
        let place = try Workplace(["tiny.toml": tiny])
        _ = try place.run("solve", "tiny.toml", "-q")
        let result = try place.run("plot", "out", "--kind", "field", "-o", "pictures/u.png", "--json")
        #expect(place.exists("pictures/u.gp") && !place.exists("out/figures"))
        // Data that no script belongs to are the user's own.
        try place.write("mine", "table.dat")
        let refused = try place.run("plot", "out", "--kind", "field", "-o", "table.svg")
        #expect(refused.status == 65 && refused.errors.hasPrefix("table.dat: error: exists"), "\(refused.errors)")
        #expect(place.read("table.dat") == "mine" && !place.exists("table.gp"))
        guard place.exists("pictures/u.png") else { return }
        #expect(result.json["figures"] as? [String] == ["pictures/u.png"])
    }

    @Test func aRunThatIsGoingOnHasItsHistory() throws {
        let place = try Workplace(["tiny.toml": Self.text])
        _ = try place.run("solve", "tiny.toml", "-q")
        for name in ["fields.h5", "figures"] { try FileManager.default.removeItem(atPath: place.path + "/out/" + name) }
        let result = try place.run("plot", "out")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("no figure both.svg: is not there yet"))
        #expect(place.names("out/figures").filter { $0.hasSuffix(".gp") } == ["weights.gp"])
        let refused = try place.run("plot", "out", "--kind", "field")
        #expect(refused.status == 65)
        #expect(refused.errors.hasPrefix("out/fields.h5: error: is not there yet"), "\(refused.errors)")
    }

    @Test func impossibleFiguresSayWhy() throws {
        let place = try Workplace([
            "tiny.toml": tiny.replacingOccurrences(of: "9 }", with: "9 }\nquantities = { u = 'u' }")
        ])
        _ = try place.run("solve", "tiny.toml", "-q")
        for (arguments, status, words) in [
            (["--kind", "residual"], Int32(65), "residual_NAME = 'residual(NAME)'"),
            (["--kind", "slices"], 65, "vary along x, y only"),
            (["--kind", "field", "--field", "v"], 65, "no field 'v'"),
            (["--kind", "field", "--at", "z=1"], 65, "no axis 'z'"), (["--kind", "lines", "--along", "t"], 65, "'t'"),
            (["--kind", "field", "--at", "x=7"], 65, "outside the axis"),
            (["--kind", "field", "--at", "x"], 64, "t=0.5"),
            (["--kind", "losses", "--field", "u"], 64, "--field"), (["--at", "x=0"], 64, "--kind"),
            (["--kind", "field", "--along", "x"], 64, "--along"), (["--kind", "pie"], 64, "residual"),
            (["--kind", "field", "-o", "u.jpeg"], 64, ".svg, .png or .pdf"),
        ] {
            let result = try Program.run(["plot", "out"] + arguments, in: place.path)
            #expect(result.status == status, "\(arguments): \(result.errors)")
            #expect(result.errors.contains(words), "\(result.errors)")
            #expect(place.names("out/figures").isEmpty)
        }
        let absent = try place.run("plot", "absent")
        #expect(absent.status == 65 && absent.errors.contains("no such folder"))
    }
}
