import Foundation
import Geometry
import ProblemFiles
import Testing

@Suite struct ShapeTests {
    private func problem(
        _ region: String, shapes: String = "", coordinates: String = #"["x", "y"]"#, parameters: String = ""
    ) throws -> Problem {
        let conditions = "walls = { on = \"boundary\", equation = 'u = 0' }"
        return try ProblemReader.read(
            text: """
                format = 1
                name   = "shapes"
                [parameters]
                R = 2
                \(parameters)
                [domain]
                coordinates = \(coordinates)
                region      = \(region)
                [domain.shapes]
                \(shapes)
                [unknowns]
                u = {}
                [equations]
                poisson = 'laplacian(u) = 1'
                [conditions]
                \(conditions)
                """, path: "shapes.toml")
    }

    private func region(
        _ region: String, shapes: String = "", coordinates: String = #"["x", "y"]"#
    ) throws -> Region {
        try problem(region, shapes: shapes, coordinates: coordinates).domain.spaceTime.region
    }

    /// Shapes in place, with the measure that they must have.
    @Test(arguments: ShapeTests.plane)
    func shapesOfThePlane(text: String, measure: Double) throws {
        #expect(abs(try region(text).measure - measure) < 1e-12 * measure)
    }

    @Test(arguments: ShapeTests.space)
    func shapesOfSpace(text: String, measure: Double) throws {
        let measured = try region(text, coordinates: #"["x", "y", "z"]"#).measure
        #expect(abs(measured - measure) < 1e-12 * measure)
    }

    static let plane: [(String, Double)] = [
        ("{ box = { x = [0, 'R'], y = [0, 1] } }", 2.0),
        ("{ disk = { center = [0, 'R'], radius = 'R/2' } }", .pi),
        ("{ ball = { center = [0, 0], radius = 2 } }", 4 * .pi),
        ("{ annulus = { center = [0, 0], inner = 1, outer = 'R' } }", 3 * .pi),
        ("{ ellipse = { center = [0, 0], radii = [2, 1], angle = 'pi/4' } }", 2 * .pi),
        ("{ polygon = { points = [[0, 0], [1, 0], [0, 'R']] } }", 1),
        ("{ sector = { center = [0, 0], radius = 2, from = 0, to = 'pi/2' } }", .pi),
        ("{ sector = { center = [0, 0], radius = 2, from = 0, to = 'pi/2', inner = 1 } }", 0.75 * .pi),
        ("{ box = { x = [0, 1], y = [0, 1] }, rotated = 'pi/4', scaled = 2 }", 4),
        (
            "{ disk = { center = [0, 0], radius = 1 }, moved = [1, 0], scaled = { factor = 3, about = [1, 0] } }",
            9 * .pi
        ),
    ]

    static let space: [(String, Double)] = [
        ("{ ball = { center = [0, 0, 1], radius = 1 } }", 4 / 3 * .pi),
        ("{ cylinder = { base = [0, 0, 0], axis = [0, 0, 5], radius = 1, height = 'R' } }", 2 * .pi),
        ("{ cone = { base = [0, 0, 0], axis = [0, 1, 1], radius = 1, height = 3 } }", .pi),
        ("{ cone = { base = [0, 0, 0], axis = [0, 1, 1], radius = 1, height = 3, top = 1 } }", 3 * .pi),
        ("{ torus = { center = [0, 0, 0], axis = [0, 0, 1], radius = 'R', thickness = 0.5 } }", .pi * .pi),
        ("{ ball = { center = [0, 0, 1], radius = 1 }, rotated = { angle = 1, axis = [0, 0, 1] } }", 4 / 3 * .pi),
    ]

    /// In many dimensions one number stands for all components of a center.
    @Test func centersRepeat() throws {
        let ball = try region("{ ball = { center = 0.5, radius = 1 } }", coordinates: #"["x[1:5]"]"#)
        #expect((ball.parts[0].shape as? Ball)?.center == [0.5, 0.5, 0.5, 0.5, 0.5])
    }

    /// Moved first, then turned, then scaled.
    @Test func placementsFollowTheirOrder() throws {
        let text = "{ disk = { center = [1, 0], radius = 1 }, scaled = 2, rotated = 'pi/2', moved = [1, 0] }"
        let center = try region(text).bounds.center
        #expect(abs(center[0]) < 1e-12 && abs(center[1] - 4) < 1e-12)
    }

    @Test func expressionsCombineShapes() throws {
        let shapes = """
            a = { box = { x = [0, 2], y = [0, 1] } }
            b = { box = { x = [1, 3], y = [0, 1] } }
            c = { box = { x = [0, 3], y = [0, 0.5] } }
            """
        func measure(_ text: String) throws -> Double { try region("\"\(text)\"", shapes: shapes).measure }
        for (text, expected) in [
            ("a + b", 3.0), ("a - b", 1), ("a & b", 1), ("a + b & c", 2.5), ("(a + b) & c", 1.5), ("a + b - c", 1.5),
            ("a-(b-c)", 1.5), (" a&b&c ", 0.5),
        ] {
            #expect(abs(try measure(text) - expected) < 0.02 * expected, "\(text)")
        }
        let warnings = try problem("\"a - b\"", shapes: shapes).warnings
        #expect(warnings.map(\.message) == ["the shape 'c' is not used"])
    }

    @Test func facesAreCalledByShapeAndFace() throws {
        let region = try region(
            "\"plate - hole\"",
            shapes: """
                plate = { box  = { x = [0, 2], y = [0, 1] } }
                hole  = { disk = { center = [0.6, 0.5], radius = 0.2 } }
                """)
        let names = region.faces.map { $0.names(coordinates: ["x", "y"])[0] }
        #expect(names == ["plate.left", "plate.right", "plate.bottom", "plate.top", "hole.rim"])
    }

    /// What the completed file says is the same region again.
    @Test func regionsSurviveTheCompletedFile() throws {
        let first = try problem(
            "\"plate - hole\"",
            shapes: """
                plate = { polygon = { points = [[0, 0], ['R', 0], [0, 1]] } }
                hole  = { disk = { center = [0.4, 0.3], radius = 0.1 }, scaled = { factor = 0.5, about = [0.4, 0.3] } }
                """)
        let text = first.resolvedText()
        let second = try ProblemReader.read(text: text, path: "again.toml")
        #expect(first.domain.spaceTime.region == second.domain.spaceTime.region)
    }

    /// A polygon from a file: any order of columns, comments, a last corner that closes it.
    @Test func outlinesComeFromFiles() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("outline-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func read(_ table: String) throws -> Region {
            try table.write(to: folder.appendingPathComponent("outline.csv"), atomically: true, encoding: .utf8)
            let text = """
                format = 1
                name   = "coast"
                [domain]
                coordinates = ["x", "y"]
                region      = { polygon = { file = "outline.csv" } }
                [unknowns]
                u = {}
                [equations]
                poisson = 'laplacian(u) = 1'
                """
            return try ProblemReader.read(text: text, path: folder.path + "/coast.toml").domain.spaceTime.region
        }
        let square = try read("# a square\ny, depth, x\n0, 5, 0\n0, 5, 2\n\n1, 5, 2\n1, 5, 0\n0, 5, 0\n")
        #expect(square.measure == 2 && square.faces.count == 4)
        for (table, message) in [
            ("x,z\n0,0\n", "'outline.csv', line 1: no column is named 'y'"),
            ("x,y\n0,0\n1,0\n1,one\n", "'outline.csv', line 4: no number for 'y'"),
            ("x,y\n0,0\n1\n", "'outline.csv', line 3: no number for 'y'"),
            ("# nothing\n", "'outline.csv' has no header"), ("x,y\n0,0\n1,0\n", "'points' of a polygon are only 2"),
            ("x,y\n0,0\n1,1\n1,0\n0,1\n", "edge[1] and edge[3] of the polygon intersect"),
        ] {
            let errors = #expect(throws: ProblemErrors.self) { try read(table) }
            #expect(errors?.diagnostics.map(\.message) == [message])
            #expect(errors?.diagnostics.map(\.line) == [5])
        }
    }
}
