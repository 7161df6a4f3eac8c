import Foundation
import Results
import Testing

/// Weights from other runs, and fields at points of one's own.
@Suite struct EvaluateTests {
    private func solved() throws -> Workplace {
        let place = try Workplace(["tiny.toml": tiny])
        let result = try place.run("solve", "tiny.toml", "-q")
        #expect(result.status == 0, "\(result.errors)")
        return place
    }

    @Test func theGridsPointsGiveTheGridsValues() throws {
        let place = try solved()
        let file = try FieldFile(contentsOf: place.path + "/out/fields.h5")
        let (y, x) = (file.axes[0].values, file.axes[1].values)
        // Columns in another order than the coordinates, and one more.
        var csv = "y,label,x\n"
        for (row, y) in y.enumerated() { for x in x { csv += "\(y),\(row),\(x)\n" } }
        try place.write(csv, "points.csv")
        let result = try place.run(
            "evaluate", "out", "--at", "points.csv", "--quantities", "u, residual_poisson = residual(poisson), 2*u")
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        let rows = result.output.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        #expect(rows[0] == ["y", "label", "x", "u", "residual_poisson", "2*u"])
        for (name, column) in [("u", 3), ("residual_poisson", 4)] {
            let stored = try #require(file.variables.first { $0.name == name }).values
            let found = rows.dropFirst().compactMap { Double($0[column]) }
            #expect(found.count == stored.count)
            #expect(zip(found, stored).allSatisfy { abs($0 - $1) < 1e-12 })
        }
        #expect(rows[5][1] == "0.0" && Double(rows[20][5]) == Double(rows[20][3]).map { 2 * $0 })
    }

    @Test func pointsOutsideGetNoNumber() throws {
        let place = try solved()
        try place.write("x,y\n0.5,0.5\n1.5,0.5\nnan,0\n1,1\n", "points.csv")
        let result = try place.run("evaluate", "out", "--at", "points.csv", "--to", "values.csv")
        #expect(result.status == 0 && result.output.isEmpty)
        #expect(result.errors.contains("points.csv: warning: 2 of 4 points lie outside"), "\(result.errors)")
        let values = try #require(place.read("values.csv")).split(separator: "\n").map { $0.split(separator: ",").last }
        #expect(values[2] == "nan" && values[3] == "nan" && Double(values[1] ?? "")?.isFinite == true)
        #expect(Double(values[4] ?? "")?.isFinite == true)
        let again = try place.run("evaluate", "out", "--at", "points.csv", "--to", "values.csv")
        #expect(again.status == 65 && again.errors.contains("--overwrite"))
        let json = try place.run("evaluate", "out", "--at", "points.csv", "--to", "values.csv", "--overwrite", "--json")
        #expect(json.json["outside"] as? Int == 2 && json.json["points"] as? Int == 4)
    }

    @Test func slipsAreTold() throws {
        let place = try solved()
        for (name, text) in [
            ("good.csv", "x,y\n0.5,0.5\n"), ("one.csv", "x\n0.5\n"), ("word.csv", "x,y\n0.5,half\n"),
            ("ragged.csv", "x,y\n0.5\n"), ("named.csv", "x,y,town\n0.5,0.5,Ulm\n"), ("clash.csv", "x,y,u\n0,0,1\n"),
            ("empty.csv", ""),
        ] { try place.write(text, name) }
        for (arguments, words) in [
            (["out", "--at", "one.csv"], ["one.csv", "'y'", "x"]),
            (["out", "--at", "word.csv"], ["word.csv", "line 2", "half"]),
            (["out", "--at", "ragged.csv"], ["ragged.csv", "line 2"]),
            (["out", "--at", "named.csv"], ["named.csv", "town", "Ulm"]),
            (["out", "--at", "clash.csv"], ["clash.csv", "'u'", "u_model = u"]),
            (["out", "--at", "empty.csv"], ["empty.csv", "empty"]),
            (["out", "--at", "absent.csv"], ["absent.csv", "no such file"]),
            (["absent", "--at", "good.csv"], ["absent", "no such folder"]),
            ([".", "--at", "good.csv"], ["no run"]),
            (["out", "--at", "good.csv", "--quantities", "u_q"], ["u_q"]),
            (["out", "--at", "good.csv", "--quantities", "u,"], ["cannot be evaluated"]),
            (["out", "--at", "good.csv", "--quantities", "grad(u)"], ["vector"]),
            (["out", "--at", "good.csv", "--quantities", "u, u"], ["twice"]),
        ] {
            let result = try Program.run(["evaluate"] + arguments, in: place.path)
            #expect(result.status == 65, "\(arguments): \(result.errors)")
            #expect(result.output.isEmpty)
            for word in words { #expect(result.errors.contains(word), "\(arguments): \(result.errors)") }
        }
        try FileManager.default.removeItem(atPath: place.path + "/out/checkpoint.h5")
        let result = try place.run("evaluate", "out", "--at", "good.csv")
        #expect(result.status == 65 && result.errors.contains("has no checkpoint.h5 yet"))
    }

    @Test func aRunStartsFromTheWeightsOfAnother() throws {
        let place = try solved()
        let next = ["solve", "tiny.toml", "-q", "-o", "next", "--set", "run.start_from='out'"]
        let result = try Program.run(next, in: place.path)
        #expect(result.status == 0, "\(result.errors)")
        func losses(_ folder: String) throws -> [Substring] {
            try #require(place.read(folder + "/history.csv")).split(separator: "\n").map { $0.split(separator: ",")[3] }
        }
        // The first row is where the other run ended.
        #expect(try losses("next")[1] == losses("out").last)
        // A state of its own: resumed as any other, even when the other run is gone.
        let bits = try RunBits(place, "next")
        try FileManager.default.removeItem(atPath: place.path + "/out")
        let again = try Program.run(next + ["--resume"], in: place.path)
        #expect(again.status == 0, "\(again.errors)")
        #expect(try RunBits(place, "next") == bits)
    }

    @Test func weightsThatDoNotFitAreTold() throws {
        let place = try solved()
        try place.write("", "out/notes.txt")
        for (setting, words) in [
            (["run.start_from='absent'"], ["absent", "does not exist"]),
            (["run.start_from='out/notes.txt'"], ["out/notes.txt", "cannot be read as a checkpoint"]),
            (["run.start_from='out/fields.h5'"], ["no checkpoint"]),
            (
                ["run.start_from='out'", "method.network.layers=[9]"],
                [
                    "the weights of 'out' do not fit", "layer.1.weight is 8 x 2 there, 9 x 2 here",
                    "layer.2.weight is 1 x 8 there, 1 x 9 here",
                ]
            ),
            (
                ["run.start_from='out'", "method.network.layers=[8, 8]"],
                ["layer.3.weight is not there; it is 1 x 8 here"]
            ),
            (["run.start_from=3"], ["start_from"]),
        ] {
            for command in ["check", "solve"] {
                let options = setting.flatMap { ["--set", $0] } + (command == "solve" ? ["-o", "next"] : [])
                let result = try Program.run([command, "tiny.toml"] + options, in: place.path)
                #expect(result.status == 65, "\(setting)")
                for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
                #expect(!place.exists("next"))
            }
        }
        let text = tiny.replacingOccurrences(of: "[run]", with: "[run]\nstart_from = \"gone\"")
        try place.write(text, "from.toml")
        let result = try place.run("solve", "from.toml", "-o", "next")
        #expect(
            result.errors.hasPrefix("from.toml:") && result.errors.contains("start_from = \"gone\""), "\(result.errors)"
        )
    }
}
