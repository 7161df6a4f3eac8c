import Foundation
import ProblemFiles
import Testing

/// Files of kind "transport": what they state.
@Suite struct TransportFileTests {
    private static func read(
        _ text: String, files: [String: String] = [:], variant: String? = nil
    ) throws -> TransportStatement {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("transport-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, contents) in files { try Data(contents.utf8).write(to: folder.appendingPathComponent(name)) }
        let path = folder.appendingPathComponent("p.toml").path
        guard case .transport(let statement) = try ProblemReader.readFile(text: text, path: path, variant: variant)
        else { throw CocoaError(.fileReadUnknown) }
        return statement
    }

    @Test func theSmallestFile() throws {
        let statement = try Self.read(Samples.transport)
        #expect(statement.from.coordinates == ["x"] && statement.from.axes == [[0, 0.25, 0.5, 0.75, 1]])
        #expect(abs(statement.from.weights.reduce(0, +) - 1) < 1e-15)
        #expect(abs(statement.from.weights[4] - 2 * statement.from.weights[0]) < 1e-15)
        #expect(statement.to.count == 7 && statement.to.weights.allSatisfy { abs($0 - 1 / 7) < 1e-15 })
        #expect(statement.to.points.allSatisfy { (0..<1).contains($0[0]) })
        guard case .distance(.squaredEuclidean, periods: [0]) = statement.cost else {
            Issue.record("not recognised: \(statement.cost)")
            return
        }
        // The resolved text says the same again.
        let again = try Self.read(statement.resolvedText())
        #expect(again.from == statement.from && again.to == statement.to)
        #expect(again.resolvedText() == statement.resolvedText())
    }

    @Test(arguments: [
        ("abs(p[1] - q[1]) + abs(p[2] - q[2])", TransportStatement.Cost.Distance.manhattan),
        ("sum(i in 1:2, abs(p[i] - q[i]))", .manhattan), ("norm(p - q)", .euclidean),
        ("norm2(p - q)", .squaredEuclidean),
    ])
    func distancesAreRecognised(_ text: String, _ distance: TransportStatement.Cost.Distance) throws {
        let file = Samples.transport
            .replacing("grid    = { x = [0, 1, 5] }", with: "grid    = { x = [0, 1, 5], y = [0, 1, 3] }")
            .replacing("box    = { x = [0, 1] }", with: "box    = { x = [0, 1], y = [0, 1] }")
            .replacing("'(p - q)^2'", with: "'\(text)'\nperiods = [0, 2]")
        guard case .distance(distance, periods: [0, 2]) = try Self.read(file).cost else {
            Issue.record("not recognised: \(text)")
            return
        }
    }

    @Test func otherCostsStayExpressions() throws {
        let file = Samples.transport.replacing("[cost]", with: "[parameters]\nk = 3\n\n[cost]")
            .replacing("'(p - q)^2'", with: "'abs(p - q)^k'")
        guard case .expression(let expression) = try Self.read(file).cost else {
            Issue.record("no expression")
            return
        }
        #expect(abs(expression.value(at: [1, 3])[0] - 8) < 1e-14)
    }

    @Test func cloudsMatricesAndImagesFromFiles() throws {
        let file = """
            format = 1
            kind   = "transport"
            name   = "files"

            [source]
            file      = "cloud.csv"
            points    = ["x", "y"]
            weights   = "mass"
            normalise = true

            [target]
            uniform = 2

            [cost]
            file = "costs.csv"
            """
        let files = ["cloud.csv": "x,y,mass\n0,1,1\n2,3,2\n4,5,1\n", "costs.csv": "a,b\n1,2\n3,4\n5,6\n"]
        let statement = try Self.read(file, files: files)
        #expect(statement.from.points == [[0, 1], [2, 3], [4, 5]] && statement.from.weights == [0.25, 0.5, 0.25])
        guard case .matrix([1, 2, 3, 4, 5, 6]) = statement.cost else {
            Issue.record("\(statement.cost)")
            return
        }
        func complaint(_ change: (String) -> String, _ files: [String: String]) -> String {
            do {
                _ = try Self.read(change(file), files: files)
                return ""
            } catch { return "\(error)" }
        }
        #expect(
            complaint({ $0.replacing("normalise = true", with: "") }, files).contains(
                "the source has a mass of 4, the target of 1"))
        #expect(
            complaint({ $0 }, ["cloud.csv": "x,y,mass\n0,1,1\n2,3,-2\n4,5,1\n", "costs.csv": files["costs.csv"]!])
                .contains("mass 2 of 'source' is -2.0"))
        #expect(
            complaint({ $0 }, ["cloud.csv": files["cloud.csv"]!, "costs.csv": "a,b\n1,2\n3,nan\n5,6\n"])
                .contains("the cost of row 2, column 2 is nan"))
        #expect(
            complaint({ $0 }, ["cloud.csv": files["cloud.csv"]!, "costs.csv": "a,b\n1,2\n3,4\n"])
                .contains("the matrix of costs is 2 x 2, but there are 3 sources and 2 targets"))
    }

    @Test func variantsAndBackground() throws {
        let file =
            Samples.transport.replacing("density = '1 + x'", with: "density = '1 + x'\nbackground = 0.5") + """


                [method]
                epsilon = 0.1

                [variants.sharp]
                method.epsilon = 0.01
                cost.between   = 'abs(p - q)'
                """
        let plain = try Self.read(file)
        #expect(plain.variants.map(\.name) == ["sharp"])
        #expect(abs(plain.from.weights[0] - (0.5 * 1 / 7.5 + 0.1)) < 1e-15)
        let sharp = try Self.read(file, variant: "sharp")
        #expect(sharp.method["epsilon"]?.number == 0.01 && sharp.variant == "sharp")
        guard case .distance(.manhattan, _) = sharp.cost else {
            Issue.record("\(sharp.cost)")
            return
        }
    }

    @Test func equationsAndTransportAreNotMistakenForEachOther() {
        #expect(throws: ProblemErrors.self) { try ProblemReader.read(text: Samples.transport, path: "p.toml") }
    }
}
