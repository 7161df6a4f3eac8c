import Foundation
import Results
import Testing

/// `check`, `solve`, `show` and `compare` of transport problems, from the outside.
@Suite struct TransportTests {
    private static let clouds = """
        format = 1
        kind   = "transport"
        name   = "clouds"
        title  = "Two clouds"

        [source]
        random = 30
        box    = { x = [0, 1], y = [0, 1] }

        [target]
        grid    = { x = [0, 1, 6], y = [0, 1, 7] }
        density = '1 + x'

        [cost]
        between = 'norm2(p - q)'

        [method]
        epsilon  = 0.01
        relative = true

        [variants.safe]

        [variants.sinkhorn]
        method.kind      = "sinkhorn"
        method.tolerance = 1e-6

        [expect]
        marginal_error = 1e-5
        """

    @Test func aRunFolderHasEverything() throws {
        let place = try Workplace(["p.toml": Self.clouds])
        let check = try place.run("check", "p.toml")
        #expect(check.status == 0 && check.output.contains("6 x 7 points of a grid in x, y"))
        let solve = try place.run("solve", "p.toml", "--json")
        #expect(solve.status == 0, "\(solve.errors)")
        #expect(solve.json["stopped_because"] as? String == "converged")
        #expect((solve.json["marginal_l1"] as? Double ?? 1) < 1e-12)
        for name in [
            "problem.toml", "history.csv", "log.jsonl", "fields.h5", "figures/plan.gp", "figures/convergence.gp",
        ] {
            #expect(FileManager.default.fileExists(atPath: place.path + "/runs/clouds/" + name), "\(name)")
        }
        let fields = try FieldFile(contentsOf: place.path + "/runs/clouds/fields.h5")
        let mass = try #require(fields.variable("plan_mass")?.values)
        #expect(abs(mass.reduce(0, +) - 1) < 1e-8)
        #expect(fields.variable("source_x")?.values.count == 30 && fields.variable("image_y")?.values.count == 30)
        #expect(fields.variable("target_potential")?.values.count == 42)
        let show = try place.run("show", "runs/clouds")
        #expect(
            show.status == 0 && show.output.contains("both marginals are met") && show.output.contains("Two clouds"))
        // The run's own problem file gives the same run again.
        let again = try place.run("solve", "runs/clouds/problem.toml", "--output", "again", "--json")
        #expect(again.json["cost"] as? Double == solve.json["cost"] as? Double)
        #expect(try place.run("solve", "p.toml").status == 65)
        #expect(try place.run("solve", "p.toml", "--overwrite").status == 0)
    }

    @Test func figuresAndTablesAgain() throws {
        let place = try Workplace(["p.toml": Self.clouds])
        #expect(try place.run("solve", "p.toml", "--quiet", "--set", "output.interpolation=3").status == 0)
        func text(_ path: String) throws -> String {
            try String(contentsOfFile: place.path + "/runs/clouds/" + path, encoding: .utf8)
        }
        // What is drawn again has the same data, to the byte.
        let names = ["plan", "map", "interpolation", "convergence", "potential-source"]
        let before = try names.map { try text("figures/\($0).dat") }
        try FileManager.default.removeItem(atPath: place.path + "/runs/clouds/figures")
        let plot = try place.run("plot", "runs/clouds")
        #expect(plot.status == 0, "\(plot.errors)")
        let after = try names.map { try text("figures/\($0).dat") }
        #expect(after == before)
        #expect(try place.run("plot", "runs/clouds", "--kind", "field").status == 64)
        let export = try place.run("export", "runs/clouds", "--to", "csv", "--json")
        #expect(export.status == 0 && (export.json["files"] as? [Any])?.count == 4, "\(export.errors)")
        let (sources, entries) = (try text("fields-source.csv"), try text("fields-entry.csv"))
        #expect(sources.split(separator: "\n").count == 31)
        #expect(entries.hasPrefix("entry,plan_source,plan_target,plan_mass"))
        #expect(try place.run("export", "runs/clouds", "--to", "csv").status == 65)
        #expect(try place.run("export", "runs/clouds", "--to", "npz").status == 0)
        let grid = try place.run("export", "runs/clouds", "--to", "vtu")
        #expect(grid.status == 65 && grid.errors.contains("transport"), "\(grid.errors)")
    }

    /// At the sources the potential and the map are those of the run; elsewhere they go on smoothly.
    @Test func evaluatedAnywhere() throws {
        let place = try Workplace(["p.toml": Self.clouds])
        #expect(try place.run("solve", "p.toml", "--quiet").status == 0)
        let fields = try FieldFile(contentsOf: place.path + "/runs/clouds/fields.h5")
        func values(_ name: String) throws -> [Double] { try #require(fields.variable(name)?.values) }
        var csv = "y,x\n"
        for (x, y) in zip(try values("source_x"), try values("source_y")) { csv += "\(y),\(x)\n" }
        try place.write(csv + "0.5,nan\n", "points.csv")
        let result = try place.run("evaluate", "runs/clouds", "--at", "points.csv", "--json")
        #expect(result.status == 0, "\(result.errors)")
        let columns = try #require(result.json["columns"] as? [String: [Any]])
        for (name, stored) in [("potential", "source_derivative"), ("image_x", "image_x"), ("image_y", "image_y")] {
            let found = try #require(columns[name]).compactMap { $0 as? Double }
            let known = try values(stored)
            #expect(found.count == 30 && zip(found, known).allSatisfy { abs($0 - $1) < 1e-9 }, "\(name)")
        }
        let quantities = try place.run("evaluate", "runs/clouds", "--at", "points.csv", "--quantities", "u")
        #expect(quantities.status == 64)
        let matrix = Self.clouds.replacingOccurrences(of: "random = 30", with: "uniform = 42")
            .replacingOccurrences(of: "box    = { x = [0, 1], y = [0, 1] }", with: "")
            .replacingOccurrences(of: "between = 'norm2(p - q)'", with: "random = \"splitmix64\"")
        try place.write(matrix, "m.toml")
        #expect(try place.run("solve", "m.toml", "--quiet", "--output", "m").status == 0)
        let other = try place.run("evaluate", "m", "--at", "points.csv")
        #expect(other.status == 65 && other.errors.contains("costs from a matrix"), "\(other.errors)")
    }

    /// Mass on its way keeps its total, its centre moves evenly, and it ends as the target; with and without a matrix.
    @Test(arguments: [("safe-sinkhorn-newton", 1e-7), ("grid-sinkhorn-newton", 1e-3)])
    func massOnItsWay(_ kind: String, _ tolerance: Double) throws {
        let place = try Workplace([
            "p.toml": """
            format = 1
            kind   = "transport"
            name   = "way"

            [source]
            grid    = { x = [0, 1, 41] }
            density = 'exp(-60*(x - 0.25)^2)'

            [target]
            grid    = { x = [0, 1, 41] }
            density = 'exp(-90*(x - 0.7)^2) + 0.1*x'

            [cost]
            between = '(p - q)^2'

            [method]
            kind    = "\(kind)"
            epsilon = 0.002

            [output]
            interpolation = 5
            rows          = [11]
            """
        ])
        let solve = try place.run("solve", "p.toml", "--json")
        #expect(solve.status == 0, "\(solve.errors)")
        let fields = try FieldFile(contentsOf: place.path + "/runs/way/fields.h5")
        let masses = try #require(fields.variable("interpolation")?.values)
        let nodes = try #require(fields.axis("grid_x")?.values)
        let source = try #require(fields.variable("source_mass")?.values)
        let target = try #require(fields.variable("target_mass")?.values)
        func mean(_ masses: [Double]) -> Double { zip(nodes, masses).reduce(0) { $0 + $1.0 * $1.1 } }
        for moment in 0..<5 {
            let own = Array(masses[moment * 41..<(moment + 1) * 41]), time = Double(moment) / 4
            #expect(abs(own.reduce(0, +) - 1) < 1e-6)
            #expect(abs(mean(own) - (1 - time) * mean(source) - time * mean(target)) < tolerance)
            for goal in [(0, source), (4, target)] where goal.0 == moment {
                #expect(zip(own, goal.1).allSatisfy { abs($0 - $1) < tolerance })
            }
        }
        let row = try #require(fields.variable("plan_row_11")?.values)
        #expect(row.count == 41 && abs(row.reduce(0, +) - source[10]) < 1e-12)
        #expect((solve.json["wasserstein_2"] as? Double ?? 0) > 0.4)
        #expect(FileManager.default.fileExists(atPath: place.path + "/runs/way/figures/interpolation.gp"))
    }

    /// The first Ctrl-C ends the run, which writes what there is and says that it is no plan.
    @Test func interruptedRunsAreWritten() throws {
        let text = """
            format = 1
            kind   = "transport"
            name   = "long"

            [source]
            uniform = 300

            [target]
            uniform = 300

            [cost]
            random = "splitmix64"

            [method]
            kind   = "sinkhorn"
            eta    = 2000
            sweeps = 1000000000
            """
        let place = try Workplace(["p.toml": text])
        let result = try Program.run(["solve", "p.toml"], in: place.path) { process in
            Thread.sleep(forTimeInterval: 1.5)
            process.interrupt()
        }
        #expect(result.status == 130, "\(result.errors)")
        #expect(result.errors.contains("marginal error") && result.errors.contains("this is not a plan"))
        #expect(result.output.contains("long: interrupted"))
        let fields = try FieldFile(contentsOf: place.path + "/runs/long/fields.h5")
        #expect(fields.attribute("stopped_because") == .text("interrupted"))
        #expect(try place.run("show", "runs/long").output.contains("interrupted"))
    }

    @Test func methodsSideBySide() throws {
        let place = try Workplace(["p.toml": Self.clouds])
        let result = try place.run("compare", "p.toml", "--quiet")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("safe") && result.output.contains("sinkhorn"))
        let names = [
            "comparison.csv", "figures/comparison.gp", "members/safe/fields.h5", "members/sinkhorn/history.csv",
        ]
        for name in names {
            #expect(FileManager.default.fileExists(atPath: place.path + "/runs/clouds-compare/" + name), "\(name)")
        }
    }

    @Test func aPathIsOneRun() throws {
        let place = try Workplace(["p.toml": Self.clouds])
        let result = try place.run(
            "solve", "p.toml", "--set", "method.epsilon={ from = 1, to = 0.01, steps = 5 }", "--json")
        #expect(result.status == 0, "\(result.errors)")
        #expect((result.json["path"] as? [Any])?.count == 5)
        let fields = try FieldFile(contentsOf: place.path + "/runs/clouds/fields.h5")
        #expect(fields.variable("path_cost")?.values.count == 5)
    }

    /// Slips in the method, and what the costs make of it.
    @Test(arguments: [
        ("method.epsilon=-1", "p.toml", "'method.epsilon' must be above 0"),
        ("method.epsilon='small'", "", "'method.epsilon' must be a number or a table, not a string"),
        ("method.kind='newton'", "", "unknown value 'newton' for 'method.kind'"),
        ("method.relative='median'", "", "must be true, false, \"mean\" or \"largest\""),
        ("method.eta=5", "", "'method.eta' is 1/epsilon, and 'method.epsilon' is given, too"),
        ("method.entries_per_row=2", "", "unknown key 'method.entries_per_row'"),
        ("cost.between='1/(p[1] - p[1])'", "", "the cost of row 1, column 1 is not finite"),
        ("run.precision='float32'", "", "unknown value 'float32'"),
    ])
    func slipsAreExplained(_ setting: String, _ place: String, _ message: String) throws {
        let folder = try Workplace(["p.toml": Self.clouds])
        let result = try folder.run("check", "p.toml", "--set", setting)
        #expect(result.status == 65, "\(result.output)")
        #expect(result.errors.contains("error") && result.errors.contains(message), "\(result.errors)")
    }

    @Test func whatIsNoPlanIsCalledNone() throws {
        let place = try Workplace(["p.toml": Self.clouds])
        let result = try place.run(
            "solve", "p.toml", "--set", "method.kind='sinkhorn'", "--set", "method.sweeps=25", "--set",
            "method.relative=false", "--set", "method.epsilon=1e-4")
        #expect(result.status == 1)
        #expect(result.errors.contains("this is not a plan"))
    }
}
