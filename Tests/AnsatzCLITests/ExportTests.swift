import Foundation
import Testing

@Suite struct ExportTests {
    @Test func everyFormatLiesInTheRunFolderUnlessSaidOtherwise() throws {
        let place = try Workplace(["tiny.toml": tiny])
        _ = try place.run("solve", "tiny.toml", "-q")
        for format in ["csv", "npz", "vtkhdf", "vtu", "dat"] {
            let result = try place.run("export", "out", "--to", format)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output == "out/fields.\(format): u, residual_poisson, u_reference, u_error\n")
            #expect(place.exists("out/fields.\(format)"))
        }
        let lines = try #require(place.read("out/fields.csv")).split(separator: "\n")
        #expect(lines.count == 1 + 11 * 9 && lines[0] == "x,y,u,residual_poisson,u_reference,u_error")
        let result = try place.run("export", "out", "--to", "csv", "-o", "table.csv", "--json")
        #expect(result.json["files"] as? [String] == ["table.csv"])
        #expect(place.data("table.csv") == place.data("out/fields.csv"))
        // The run is still one, and its fields are those that are shown.
        #expect(try place.run("show", "out").output.contains("out/fields.h5"))
    }

    @Test func anExistingFileIsRefused() throws {
        let place = try Workplace(["tiny.toml": tiny])
        _ = try place.run("solve", "tiny.toml", "-q")
        try place.write("mine", "table.csv")
        let refused = try place.run("export", "out", "--to", "csv", "-o", "table.csv")
        #expect(refused.status == 65)
        #expect(refused.errors.hasPrefix("table.csv: error: exists already") && refused.errors.contains("--overwrite"))
        #expect(place.read("table.csv") == "mine")
        #expect(try place.run("export", "out", "--to", "csv", "-o", "table.csv", "--overwrite").status == 0)
        #expect(place.read("table.csv")?.hasPrefix("x,y,") == true)
    }

    @Test func whatIsNoFinishedRunIsRefused() throws {
        let place = try Workplace()
        for (folder, file, words) in [
            ("going", "history.csv", "no fields yet"), ("damaged", "fields.h5", "not an HDF5 file"),
        ] {
            try FileManager.default.createDirectory(
                atPath: place.path + "/" + folder, withIntermediateDirectories: true)
            try place.write("step\n", folder + "/" + file)
            let result = try place.run("export", folder, "--to", "csv")
            #expect(result.status == 65)
            #expect(result.errors.contains(words), "\(result.errors)")
            #expect(place.names(folder) == [file])
        }
        #expect(try place.run("export", "absent", "--to", "csv").errors.contains("no such folder"))
        #expect(try place.run("export", "going", "--to", "xls").status == 64)
    }
}
