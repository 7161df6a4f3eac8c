import Foundation
import Results
import Testing

/// `check`, `solve`, `show`, `compare` and `export` of linear systems, from the outside.
@Suite struct LinearSystemTests {
    private static let ball = """
        format = 1
        kind   = "linear-system"
        name   = "ball"
        title  = "A ball in a box"

        [grid]
        cells = [16, 16, 16]
        walls = { y_high = "dirichlet" }
        solid = [{ ball = { center = [0.5, 0.5, 0.5], radius = 0.2 } }]

        [right_hand_side]
        noise = 1

        [variants.multigrid]

        [variants.plain]
        method.preconditioner = "none"

        [variants.hasty]
        method.preconditioner = "none"
        method.iterations     = 3

        [expect]
        iterations = 12
        """

    @Test func aRunFolderHasEverything() throws {
        let place = try Workplace(["p.toml": Self.ball])
        let check = try place.run("check", "p.toml")
        #expect(check.status == 0 && check.output.contains("16 x 16 x 16 cells"), "\(check.errors)")
        let solve = try place.run("solve", "p.toml", "--json")
        #expect(solve.status == 0, "\(solve.errors)")
        #expect(solve.json["stopped_because"] as? String == "converged")
        #expect((solve.json["relative_residual"] as? Double ?? 1) <= 1e-6)
        for name in [
            "problem.toml", "history.csv", "log.jsonl", "fields.h5", "figures/solution.gp", "figures/convergence.gp",
        ] {
            #expect(FileManager.default.fileExists(atPath: place.path + "/runs/ball/" + name), "\(name)")
        }
        let fields = try FieldFile(contentsOf: place.path + "/runs/ball/fields.h5")
        #expect(fields.axes.map(\.name) == ["z", "y", "x"])
        #expect(fields.variable("kind")?.values.contains(0) == true)
        let show = try place.run("show", "runs/ball")
        #expect(show.status == 0 && show.output.contains("multigrid") && show.output.contains("A ball in a box"))
        let export = try place.run("export", "runs/ball", "--to", "csv")
        #expect(export.status == 0, "\(export.errors)")
        let refused = try place.run("plot", "runs/ball")
        #expect(refused.status == 65 && refused.errors.contains("holds a linear solve"))
        // The run's own problem file gives the same run again.
        let again = try place.run("solve", "runs/ball/problem.toml", "--output", "again", "--json")
        #expect(again.json["iterations"] as? Int == solve.json["iterations"] as? Int)
    }

    @Test func comparisonsDrawAllMembers() throws {
        let place = try Workplace(["p.toml": Self.ball])
        let compare = try place.run("compare", "p.toml", "--variants", "multigrid,plain", "--quiet")
        #expect(compare.status == 2, "\(compare.errors)")
        #expect(compare.output.contains("multigrid") && compare.output.contains("plain"))
        for name in ["comparison.csv", "figures/comparison.gp", "members/plain/history.csv"] {
            #expect(FileManager.default.fileExists(atPath: place.path + "/runs/ball-compare/" + name), "\(name)")
        }
        let show = try place.run("show", "runs/ball-compare/members/plain")
        #expect(show.status == 0 && show.output.contains("none"))
    }

    @Test func whatMissesTheToleranceIsNoSuccess() throws {
        let place = try Workplace(["p.toml": Self.ball])
        let solve = try place.run("solve", "p.toml", "--variant", "hasty")
        #expect(solve.status == 1 && solve.errors.contains("this is not a solution to the tolerance"))
        let resume = try place.run("solve", "p.toml", "--resume")
        #expect(resume.status != 0 && resume.errors.contains("--resume is not for linear systems"))
        let steps = try place.run("check", "p.toml", "--steps", "3")
        #expect(steps.status != 0 && steps.errors.contains("--steps is not for linear systems"))
    }
}
