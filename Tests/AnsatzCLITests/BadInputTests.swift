import Foundation
import Testing

/// A file with one thing wrong: what to replace in the good one, and what the complaint must hold.
struct Slip: Sendable, CustomTestStringConvertible {
    var name: String
    var old: String
    var new: String
    var words: [String]
    var testDescription: String { name }

    var text: String { tiny.replacingOccurrences(of: old, with: new) }
}

/// Bad input: exit status 65, the reason on standard error, and nothing written.
@Suite struct BadInputTests {
    static let slips: [Slip] = [
        Slip(name: "syntax", old: "format = 1", new: "format = = 1", words: ["bad.toml:1:"]),
        Slip(name: "duplicate key", old: "k = 2.0", new: "k = 2.0\nk = 3.0", words: ["bad.toml:7:", "k"]),
        Slip(name: "wrong type", old: "layers = [8]", new: "layers = \"8\"", words: ["layers", "string"]),
        Slip(name: "unknown key", old: "[method.sampling]", new: "[method.smapling]", words: ["smapling", "sampling"]),
        Slip(name: "unknown section", old: "[run]", new: "[rum]", words: ["rum", "run"]),
        Slip(name: "unknown name", old: "+ k*u =", new: "+ kk*u =", words: ["kk", "not declared"]),
        Slip(name: "derivative letter", old: "laplacian(u)", new: "u_xz", words: ["u_xz"]),
        Slip(name: "brackets", old: "laplacian(u)", new: "laplacian((u)", words: ["bad.toml:19:", "not closed"]),
        Slip(name: "implicit product", old: "k*u", new: "2u", words: ["2*u"]),
        Slip(name: "two equals signs", old: "+ k*u =", new: "+ k*u = 0 =", words: ["="]),
        Slip(name: "division by zero", old: "k*u", new: "u/(1 - 1)", words: ["zero"]),
        Slip(name: "vector plus scalar", old: "k*u", new: "grad(u)", words: ["vector", "scalar"]),
        Slip(name: "face without points", old: "\"boundary\"", new: "\"left and x > 1\"", words: ["left"]),
        Slip(name: "unknown face", old: "\"boundary\"", new: "\"lefft\"", words: ["lefft"]),
        Slip(
            name: "unknown option of the method", old: "steps     = 20", new: "stepps = 20", words: ["stepps", "steps"]),
        Slip(name: "out of range", old: "interior = 64", new: "interior = 0", words: ["interior", "at least"]),
        Slip(
            name: "average in an equation", old: "k*u", new: "average(u over region)",
            words: ["bad.toml:19:", "'average' cannot stand here"]),
        Slip(
            name: "a field outside of the domain", old: "k*u", new: "k*u(x = 5)",
            words: ["bad.toml:19:", "read at 5.0", "from 0.0 to 1.0"]),
        Slip(
            name: "derivative of order 5", old: "laplacian(u)", new: "d(u, x, 5)", words: ["bad.toml:19:", "order 5"]),
        Slip(
            name: "larger than the machine", old: "layers = [8]", new: "layers = [65_536, 65_536, 65_536]",
            words: ["training takes about", "narrower layers"]),
        Slip(
            name: "stop without a rule", old: "steps     = 20", new: "steps = 20\nstop = {}",
            words: ["'stop' has no rule", "loss = 1e-8"]),
        Slip(
            name: "stop without patience", old: "steps     = 20", new: "steps = 20\nstop = { relative = 0.1 }",
            words: ["stop.patience"]),
        Slip(name: "clip that leaves nothing", old: "steps     = 20", new: "clip = 0", words: ["clip", "above 0"]),
        Slip(
            name: "plateau that rises", old: "steps     = 20", new: "rate = { shape = \"plateau\", factor = 1.5 }",
            words: ["rate.factor", "above 0 and below 1"]),
        Slip(
            name: "plateau with an end", old: "steps     = 20", new: "rate = { shape = \"plateau\", to = 1e-5 }",
            words: ["'to' has no meaning", "plateau"]),
        Slip(
            name: "variant of Broyden", old: "optimizer = \"adam\"", new: "optimizer = \"ssbroyden\"\nvariant = 4",
            words: ["variant", "at most 3"]),
        Slip(
            name: "inverse Hessian larger than the machine", old: "layers = [8]",
            new: "layers = [3_000, 3_000]\n\n[[method.stages]]\noptimizer = \"ssbroyden\"\nsteps = 5",
            words: ["takes about", "inverse Hessian"]),
        Slip(
            name: "gradients never", old: "plots     = []", new: "plots = []\ngradients = { every = 0 }",
            words: ["gradients.every", "at least 1"]),
        Slip(name: "newer format", old: "format = 1", new: "format = 2", words: ["format"]),
    ]

    @Test(arguments: slips) func slipsArePointedAt(slip: Slip) throws {
        let place = try Workplace(["bad.toml": slip.text])
        for command in ["check", "solve"] {
            let result = try place.run(command, "bad.toml")
            #expect(result.status == 65)
            #expect(result.output.isEmpty)
            for word in slip.words { #expect(result.errors.contains(word), "\(result.errors)") }
            #expect(result.errors.hasPrefix("bad.toml:"), "\(result.errors)")
            #expect(place.names() == ["bad.toml"])
        }
    }

    @Test func allSlipsOfAFileAreToldAtOnce() throws {
        let text = tiny.replacingOccurrences(of: "+ k*u =", with: "+ kk*u =")
            .replacingOccurrences(of: "log_every = 10", with: "log_evry = 10")
        let result = try Workplace(["bad.toml": text]).run("check", "bad.toml")
        #expect(result.errors.contains("kk") && result.errors.contains("log_evry"))
    }

    @Test func withJSONTheComplaintsAreAnObject() throws {
        let text = tiny.replacingOccurrences(of: "+ k*u =", with: "+ kk*u =")
        let result = try Workplace(["bad.toml": text]).run("check", "bad.toml", "--json")
        #expect(result.status == 65)
        let errors = try #require(result.json["errors"] as? [[String: Any]])
        #expect(errors.first?["line"] as? Int == 19)
        #expect(errors.first?["severity"] as? String == "error")
    }

    @Test func filesThatAreNone() throws {
        let place = try Workplace(["empty.toml": "", "blank.toml": " \n"])
        try Data([0x66, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: place.path + "/latin.toml"))
        try FileManager.default.createDirectory(atPath: place.path + "/folder", withIntermediateDirectories: true)
        let names = place.names()
        for (name, words) in [
            ("absent.toml", "no such file"), ("folder", "directory"), ("empty.toml", "empty"), ("blank.toml", "empty"),
            ("latin.toml", "UTF-8"),
        ] {
            let result = try place.run("solve", name)
            #expect(result.status == 65)
            #expect(result.errors.contains(words), "\(result.errors)")
        }
        #expect(place.names() == names)
    }

    @Test func hostileFiles() throws {
        let depth = 100_000
        let nested = String(repeating: "(", count: depth) + "u" + String(repeating: ")", count: depth)
        let place = try Workplace([
            "deep.toml": tiny.replacingOccurrences(of: "laplacian(u)", with: nested),
            "arrays.toml": tiny + "deep = " + String(repeating: "[", count: depth),
            "large.toml": tiny
                + String(repeating: "# a comment of fifty characters, and a line feed.\n", count: 1_000_000),
        ])
        for name in ["deep.toml", "arrays.toml", "large.toml"] {
            let result = try place.run("check", name)
            #expect(result.status == 65)
            #expect(result.errors.hasPrefix(name) && result.errors.utf8.count < 10_000)
        }
    }

    @Test func settingsAndVariantsArePointedAt() throws {
        let place = try Workplace(["tiny.toml": tiny])
        for (arguments, words) in [
            (["--set", "method.netwrok.layers=[3]"], "network"), (["--set", "method.network.layers=[[3"], "TOML"),
            (["--variant", "lnog"], "long"),
        ] {
            let result = try Program.run(["solve", "tiny.toml"] + arguments, in: place.path)
            #expect(result.status == 65)
            #expect(result.errors.contains(words), "\(result.errors)")
        }
        #expect(place.names() == ["tiny.toml"])
    }

    @Test func foldersThatAreNoRuns() throws {
        let place = try Workplace(["notes.txt": "mine"])
        for (folder, words) in [("absent", "no such folder"), (".", "no run"), ("notes.txt", "not a folder")] {
            let result = try place.run("show", folder)
            #expect(result.status == 65)
            #expect(result.errors.contains(words), "\(result.errors)")
        }
    }
}
