import Foundation
import Results
import Testing

/// `output.gradients`: the file, its figure, and a run that goes on.
@Suite struct GradientTests {
    private static let text = tiny.replacingOccurrences(
        of: "plots     = []", with: "plots = []\ngradients = { every = 8, stiffness = true }"
    ).replacingOccurrences(of: "log_every = 10", with: "log_every = 10\ncheckpoint_every = 10")

    @Test func gradientsAreKeptAndDrawn() throws {
        let place = try Workplace(["tiny.toml": Self.text])
        let solved = try place.run("solve", "tiny.toml", "-q")
        #expect(solved.status == 0, "\(solved.errors)")
        let history = try GradientHistory(contentsOf: place.path + "/out/gradients.h5")
        #expect(history.terms == ["poisson", "walls"] && history.layers == ["layer.1", "layer.2"])
        #expect(history.rows.map(\.step) == [0, 8, 16, 20])
        for row in history.rows {
            #expect((row.norms + row.stiffness).allSatisfy { $0 > 0 && $0.isFinite })
            #expect(row.cosines[0][0] == 1 && row.cosines[0][1] == row.cosines[1][0])
            // 8 weights of each of two coordinates and 8 biases.
            #expect(row.histograms.allSatisfy { $0[0].reduce(0, +) == 24 && $0[1].reduce(0, +) == 9 })
        }
        let drawn = try place.run("plot", "out", "--kind", "gradients", "-o", "g.svg")
        guard drawn.status == 0 || !drawn.errors.contains("gnuplot") else { return }
        #expect(drawn.status == 0 && place.exists("g.svg") && place.exists("g.gp"), "\(drawn.errors)")
    }

    @Test func gradientsDoNotChangeTheRun() throws {
        let place = try Workplace(["tiny.toml": Self.text, "plain.toml": tiny])
        _ = try place.run("solve", "tiny.toml", "-q", "-o", "with")
        _ = try place.run("solve", "plain.toml", "-q", "-o", "without")
        #expect(try RunBits(place, "with").history == RunBits(place, "without").history)
        #expect(try RunBits(place, "with").fields == RunBits(place, "without").fields)
    }

    @Test func aRunThatGoesOnHasTheSameGradients() throws {
        let place = try Workplace(["tiny.toml": Self.text])
        let longer = ["--set", "method.stages[1].steps=44"]
        _ = try Program.run(["solve", "tiny.toml", "-q", "-o", "whole"] + longer, in: place.path)
        _ = try place.run("solve", "tiny.toml", "-q")
        let extended = try Program.run(["solve", "tiny.toml", "-q", "--resume"] + longer, in: place.path)
        #expect(extended.status == 0, "\(extended.errors)")
        func rows(_ folder: String) throws -> [GradientHistory.Row] {
            try GradientHistory(contentsOf: place.path + "/" + folder + "/gradients.h5").rows
        }
        #expect(try rows("out") == rows("whole") && rows("out").last?.step == 44)
    }

    @Test func whatIsMissingIsSaid() throws {
        let place = try Workplace(["tiny.toml": tiny])
        _ = try place.run("solve", "tiny.toml", "-q")
        let result = try place.run("plot", "out", "--kind", "gradients")
        #expect(result.status != 0 && result.errors.contains("output.gradients"), "\(result.errors)")
        try place.write("no HDF5", "out/gradients.h5")
        #expect(try place.run("plot", "out", "--kind", "gradients").status != 0)
    }

    @Test func stiffnessNeedsLowOrders() throws {
        let text = Self.text.replacingOccurrences(of: "laplacian(u) + k*u", with: "u_xxxx + k*u")
        let result = try Workplace(["bad.toml": text]).run("check", "bad.toml")
        #expect(result.status == 65 && result.errors.contains("'poisson'") && result.errors.contains("order 4"))
    }
}
