import Foundation
import ProblemFiles
import Testing

/// `[data.NAME]`: what is read, and what is said about what cannot be.
@Suite struct DataSectionTests {
    static let problem = """
        format = 1
        name   = "data"

        [domain]
        coordinates = ["x", "y"]
        region      = { box = { x = [0, 1], y = [0, 2] } }

        [unknowns]
        u = {}
        v = {}

        [equations]
        first  = 'laplacian(u) = 0'
        second = 'laplacian(v) = 0'

        """

    static let samples = "x,b,speed,error\n0,0,1,0.1\n0.5,1,2,0.2\n1,2,3,0.3\n"

    /// A folder with a problem file `p.toml` and data.
    private static func read<Result>(
        _ text: String, files: [String: String], _ body: (Problem) throws -> Result
    ) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("data-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, contents) in files { try Data(contents.utf8).write(to: folder.appendingPathComponent(name)) }
        try Data(text.utf8).write(to: folder.appendingPathComponent("p.toml"))
        return try body(try ProblemReader.read(path: folder.appendingPathComponent("p.toml").path))
    }

    @Test func measurementsAreReadByName() throws {
        let section = """
            [data.probe]
            file        = "samples.csv"
            coordinates = { y = "b" }
            observe     = { u = "speed", "sqrt(u^2 + v^2)" = "speed" }
            noise       = { u = 0.5, "sqrt(u^2 + v^2)" = "error" }
            """
        try Self.read(Self.problem + section, files: ["samples.csv": Self.samples]) { problem in
            let data = try #require(problem.data.first)
            let observations = try #require(data.observations)
            #expect(data.name == "probe" && data.file == "samples.csv")
            #expect(observations.points == [[0, 0.5, 1], [0, 1, 2]])
            #expect(observations.quantities.map(\.noise) == [.constant(0.5), .byPoint([0.1, 0.2, 0.3])])
            #expect(observations.residuals.map { "\($0)" } == ["2*(u - datum1)", "(sqrt(u^2 + v^2) - datum2)*datum3"])
            #expect(observations.columns == [[1, 2, 3], [1, 2, 3], [0.1, 0.2, 0.3].map { 1 / $0 }])
            // The completed text says the same again.
            let again = problem.resolvedText()
            #expect(
                again.contains("probe = { file = \"samples.csv\", coordinates = { y = \"b\" }, observe ="), "\(again)")
        }
    }

    @Test func aTableOfAFullGridMayBeACoefficient() throws {
        let rows = (0..<5).flatMap { i in (0..<6).map { j in (Double(i) / 4, Double(j) / 2.5) } }
        let table = "a,y,k\n" + rows.map { "\($0.0),\($0.1),\($0.0 + 10 * $0.1)\n" }.joined()
        let section = """
            [data.conductivity]
            file        = "kappa.csv"
            define      = "kappa"
            variable    = "k"
            coordinates = { x = "a" }
            [output.fields]
            quantities = { flux = 'kappa*u_x', slope = 'kappa_y' }
            """
        try Self.read(Self.problem + section, files: ["kappa.csv": table]) { problem in
            let field = try #require(problem.data.first?.coefficient)
            #expect(field.coordinates == [0, 1] && field.function.name == "kappa")
            #expect(abs(field.function.value(at: [0.3, 1.7]) - 17.3) < 1e-12)
            let slope = try #require(problem.output.fields?.quantities.last?.expression)
            #expect(abs(slope.value(at: [0.3, 1.7])[0] - 10) < 1e-11)
        }
    }

    private struct Slip: CustomTestStringConvertible {
        var testDescription: String
        var section: String
        var table = DataSectionTests.samples
        var messages: [String]

        init(_ title: String, _ section: String, table: String = DataSectionTests.samples, says messages: String...) {
            testDescription = title
            self.section = section
            self.table = table
            self.messages = messages
        }
    }

    private static let base = "[data.probe]\nfile = \"samples.csv\"\ncoordinates = { y = \"b\" }\n"
    private static let observing = base + "observe = { u = \"speed\" }\n"

    private static let slips: [Slip] = [
        Slip(
            "no such file", observing.replacing("samples.csv", with: "other.csv"),
            says: "p.toml:16:8: error: the data file cannot be read: there is no such file", "looked for"),
        Slip("neither use", base, says: "'data.probe' does not say what its numbers are"),
        Slip("both uses", observing + "define = \"k\"\n", says: "'data.probe' both observes and defines"),
        Slip("not a table", "[data]\nprobe = 1\n", says: "'data.probe' must be a table, not a whole number"),
        Slip("unknown key", observing + "nois = 1\n", says: "unknown key 'data.probe.nois'", "did you mean"),
        Slip(
            "unknown column", observing.replacing("speed", with: "sped"),
            says: "p.toml:18:17: error: samples.csv has no column 'sped'", "did you mean 'speed'?"),
        Slip(
            "unknown coordinate column", observing.replacing("\"b\"", with: "\"c\""),
            says: "p.toml:17:21: error: samples.csv has no column 'c'", "it holds: x, b, speed, error"),
        Slip(
            "coordinate that is none", observing.replacing("y = ", with: "z = "),
            says: "unknown key 'data.probe.coordinates.z'"),
        Slip("observed name that is none", observing.replacing("u =", with: "w ="), says: "'w' is not declared"),
        Slip(
            "observed vector", observing.replacing("u =", with: "\"grad(u)\" ="),
            says: "'grad(u)' is a vector with 2 components; only scalars can be observed"),
        Slip(
            "observed coordinate", observing.replacing("u =", with: "x ="),
            says: "'x' reads no unknown, so data say nothing about it"),
        Slip("observed is a list", base + "observe = [\"speed\"]\n", says: "must be a table of what was measured"),
        Slip("negative noise", observing + "noise = -1\n", says: "'data.probe.noise' must be above 0, not -1"),
        Slip("noise is a truth", observing + "noise = true\n", says: "must be a number or a name in the file"),
        Slip("noise of something else", observing + "noise = { v = 1 }\n", says: "unknown key 'data.probe.noise.v'"),
        Slip("noise column", observing + "noise = \"errors\"\n", says: "no column 'errors'", "did you mean 'error'?"),
        Slip(
            "noise of zero", observing + "noise = \"error\"\n", table: "x,b,speed,error\n0,0,1,0.1\n0,0,1,0\n",
            says: "'error' is 0 at point 2; a standard deviation must be above 0"),
        Slip(
            "cell that is no number", observing, table: "x,b,speed,error\n0,0,1,0\n1,1,fast,0\n",
            says: "p.toml:16:8: error: samples.csv: line 3, column 3 ('speed'): 'fast' is not a number"),
        Slip(
            "value that is missing", observing, table: "x,b,speed,error\n0,0,1,0\n1,1,nan,0\n",
            says: "'speed' is nan at point 2"),
        Slip(
            "row that is short", observing, table: "x,b,speed,error\n0,0,1,0\n1,1,1\n",
            says: "samples.csv: line 3 has 3 cells, the header has 4"),
        Slip("no rows", observing, table: "x,b,speed,error\n", says: "samples.csv holds no points"),
        Slip(
            "point outside", observing, table: "x,b,speed,error\n0,0,1,0\n0.5,2.5,1,0\n",
            says: "samples.csv: point 2 (x = 0.5, y = 2.5) lies outside of the domain", "y runs from 0 to 2"),
        Slip("axes that are no coordinates", observing + "axes = [\"x\"]\n", says: "must name every coordinate once"),
        Slip(
            "name that is taken", observing.replacing("data.probe", with: "data.first"),
            says: "names an equation already"),
        Slip(
            "grid that is not full", base + "define = \"kappa\"\nvariable = \"speed\"\n",
            says: "samples.csv: its 3 rows are not a full grid"),
        Slip(
            "grid that is too small", base + "define = \"kappa\"\nvariable = \"speed\"\n",
            table: "x,b,speed,error\n0,0,1,0\n0,2,1,0\n0.5,0,1,0\n0.5,2,1,0\n",
            says: "'kappa' is known for x from 0 to 0.5, but x runs from 0 to 1"),
        Slip(
            "coefficient named as an unknown", base + "define = \"u\"\nvariable = \"speed\"\n",
            table: "x,b,speed\n0,0,1\n0,2,1\n1,0,1\n1,2,1\n", says: "'u' is declared twice"),
        Slip("coefficient that is no name", base + "define = \"1k\"\n", says: "'1k' is not a name"),
        Slip(
            "a file of another kind", observing, table: "MATLAB 5.0 MAT-file",
            says: "is a MATLAB file older than version 7.3"),
    ]

    @Test(arguments: slips.indices) func slipsAreExplained(_ index: Int) throws {
        let slip = Self.slips[index]
        let error = try #require(throws: ProblemErrors.self) {
            try Self.read(Self.problem + slip.section, files: ["samples.csv": slip.table]) { _ in }
        }
        for message in slip.messages { #expect(error.description.contains(message), "\(error)") }
        #expect(error.diagnostics.count == 1, "\(error)")
    }

    @Test func aBrokenCoefficientIsSaidOnce() throws {
        let section =
            "[data.k]\nfile = \"none.csv\"\ndefine = \"kappa\"\n[output.fields]\nquantities = { f = 'kappa*u_x' }\n"
        let error = try #require(throws: ProblemErrors.self) {
            try Self.read(Self.problem + section, files: [:]) { _ in }
        }
        #expect(error.diagnostics.count == 1, "\(error)")
    }
}
