import Ansatz
import Expressions
import Foundation
import ProblemFiles
import Testing

/// Errors that are measured in a part of the domain only.
@Suite struct ReferenceBoxTests {
    /// The reference, but off by a number wherever a coordinate is above a bound, and by another where it is below one.
    private struct Stepped: FieldEvaluator {
        var exact: Expressions.Expression
        var bounds: ClosedRange<Double>
        var offset = 1.0

        func evaluate(_ expressions: [Expressions.Expression], at points: [[Double]], normals: [[Double]]?) throws
            -> [[Double]]
        {
            let values = try Expressions.Expression.values(of: [exact], at: points)[0]
            return [
                zip(values, points[0]).map { value, x in
                    let slack = 1e-9
                    return x < bounds.lowerBound - slack || x > bounds.upperBound + slack ? value + offset : value
                }
            ]
        }
    }

    private static func text(
        _ coordinates: String = "[\"x\", \"y\"]", region: String = "{ box = { x = [-1, 1], y = [-1, 1] } }",
        exact: String = "u = 'exp(x)'", equation: String = "laplacian(u) = exp(x)", more: String
    ) -> String {
        """
        format = 1
        name = "p"
        unknowns = { u = {} }
        [domain]
        coordinates = \(coordinates)
        region = \(region)
        [equations]
        poisson = "\(equation)"
        [conditions]
        walls = { on = "boundary", equation = "u = exp(x)" }
        [reference]
        \(exact)
        \(more)
        """
    }

    private static let disk = "{ disk = { center = [0, 0], radius = 1 } }"
    private static let five = "{ box = { x = [-1, 1] } }"

    struct Case: Sendable, CustomTestStringConvertible {
        var coordinates = "[\"x\", \"y\"]"
        var region = "{ box = { x = [-1, 1], y = [-1, 1] } }"
        var exact = "exp(x)"
        var box: String
        var testDescription: String { "\(coordinates) \(region) \(box)" }
    }

    static let cases = [
        Case(box: "{ x = [-0.1, 0.2] }"), Case(region: disk, box: "{ x = [-0.1, 0.2], y = [0.5, 1] }"),
        Case(coordinates: "[\"x[1:5]\"]", region: five, exact: "exp(x[1])", box: "{ x = [-0.1, 0.2] }"),
        Case(
            coordinates: "[\"x[1:4]\"]", region: "{ ball = { center = 0, radius = 1 } }", exact: "exp(x[1])",
            box: "{ \"x[1]\" = [-0.1, 0.2] }"),
    ]

    @Test(arguments: cases) func onlyPointsInTheBoxCount(test: Case) throws {
        func problem(_ box: String) throws -> Problem {
            try ProblemReader.read(
                text: Self.text(test.coordinates, region: test.region, exact: "u = '\(test.exact)'", more: box)
                    .replacing("= exp(x)", with: "= \(test.exact)"), path: "p.toml")
        }
        let boxed = try problem("box = \(test.box)"), whole = try problem("")
        guard case .exact(let exact, _)? = boxed.reference, let expression = exact["u"] else {
            Issue.record("the reference is missing")
            return
        }
        let inside = try #require(try ReferenceTest(boxed))
        let given = try #require(boxed.referenceBox).box
        for axis in given.lower.indices {
            let values = inside.progressPoints[axis]
            // Points reach the ends of the box, or nearly so.
            let (low, high) = (try #require(values.min()), try #require(values.max()))
            #expect(low >= given.lower[axis] - 1e-12 && high <= given.upper[axis] + 1e-12)
        }
        #expect(inside.progressPoints[0].count > 100)
        #expect(boxed.domain.spaceTime.regionContains(columns: inside.progressPoints).allSatisfy { $0 })

        // A field that is right in the box, and wrong elsewhere.
        let field = Stepped(exact: expression, bounds: -0.1...0.2)
        let errors = try inside.errors(of: field)
        #expect(errors.relativeL2.map(\.value) == [0] && errors.maximum.map(\.value) == [0])
        let found = try field.evaluate([.field(0)], at: inside.progressPoints, normals: nil)
        #expect(inside.progressErrors(of: found).map(\.value) == [0])
        let everywhere = try #require(try ReferenceTest(whole)).errors(of: field)
        #expect(everywhere.relativeL2[0].value > 0.5 && abs(everywhere.maximum[0].value - 1) < 1e-12)

        // And one that is wrong by a known share.
        let halved = try inside.errors(of: Stepped(exact: expression, bounds: 5...6, offset: 0.5))
        #expect(abs(halved.maximum[0].value - 0.5) < 1e-12 && halved.relativeL2[0].value > 0.3)
    }

    @Test func gridsInFilesCountWhereTheyLieInTheBox() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("box-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var table = "x,y,u\n"
        for x in stride(from: -1, through: 1, by: 0.25) {
            for y in stride(from: -1, through: 1, by: 0.25) { table += "\(x),\(y),\(2 + x)\n" }
        }
        try Data(table.utf8).write(to: folder.appendingPathComponent("u.csv"))
        func test(_ box: String) throws -> ReferenceTest? {
            let path = folder.appendingPathComponent("p.toml").path
            let text = Self.text(exact: "file = \"u.csv\"\nu = \"u\"", more: "box = \(box)")
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return try ReferenceTest(ProblemReader.read(path: path))
        }
        let found = try #require(try test("{ x = [-0.3, 0.25], y = [0, 1] }"))
        #expect(Set(found.progressPoints[0]) == [-0.25, 0, 0.25])
        #expect(Set(found.progressPoints[1]) == [0, 0.25, 0.5, 0.75, 1])
        let none = try #require(throws: ProblemErrors.self) { try test("{ x = [0.1, 0.2] }") }
        #expect(none.description.contains("p.toml:12:8: error: the reference file cannot be used"))
        #expect(
            none.description.contains("none of the grid's points lies in the domain and in the box of the reference"))
    }

    /// Uniform points of ten dimensions do not meet a narrow peak: a wrong source shows only near it.
    @Test func checkLooksAtEquationsInTheBox() throws {
        func warnings(_ box: String) throws -> [String] {
            let text = """
                format = 1
                name = "p"
                unknowns = { u = {} }
                definitions = { peak = 'exp(-100*norm2(x))' }
                [domain]
                coordinates = ["x[1:10]"]
                region = { box = { x = [-1, 1] } }
                [equations]
                poisson = 'laplacian(u) = 2*laplacian(peak)'
                [conditions]
                walls = { on = "boundary", equation = 'u = 0' }
                [reference]
                u = 'peak'
                \(box)
                """
            let report = try CheckReport(RunPreparation(ProblemReader.read(text: text, path: "p.toml")))
            #expect(report.text.contains("measured for x from -0.1 to 0.1") == !box.isEmpty)
            return report.warnings.map(\.message)
        }
        #expect(try warnings("").isEmpty)
        let found = try warnings("box = { x = [-0.1, 0.1] }")
        #expect(found.count == 1 && found[0].contains("the reference does not satisfy 'poisson'"), "\(found)")
    }
}
