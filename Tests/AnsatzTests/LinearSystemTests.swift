import Ansatz
import Foundation
import ProblemFiles
import Results
import Testing

/// Files of kind "linear-system", from text to solution, and what is said of broken input.
@Suite struct LinearSystemTests {
    /// A folder of its own, which is removed with it.
    final class Folder {
        let path = FileManager.default.temporaryDirectory.appending(path: "linear-\(UInt64.random(in: 0 ... .max))")
            .path

        init(_ files: [String: String] = [:]) throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            for (name, text) in files { try text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8) }
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func statement(_ text: String, variant: String? = nil, overrides: [String] = []) throws -> LinearSystemStatement
        {
            guard
                case .linearSystem(var statement) = try ProblemReader.readFile(
                    text: text, path: path + "/p.toml", overrides: overrides, variant: variant)
            else { throw CocoaError(.fileReadCorruptFile) }
            statement.output.directory = path + "/run"
            return statement
        }

        func solve(_ text: String, overrides: [String] = []) throws -> LinearSystemOutcome {
            var warnings: [String] = []
            let job = try LinearSystemJob(
                try LinearSystemPreparation(try statement(text, overrides: overrides)), replacing: true, command: "test"
            ) { warnings.append($0) }
            return try job.perform()
        }
    }

    static let head = """
        format = 1
        kind = "linear-system"
        name = "p"

        """
    static let matrix =
        head + """
            [matrix]
            file = "a.mtx"
            [right_hand_side]

            """
    static let grid =
        head + """
            [grid]
            cells = [8, 6]
            walls = { x_low = "dirichlet" }
            [right_hand_side]

            """

    static let chain = """
        %%MatrixMarket matrix coordinate real symmetric
        3 3 5
        1 1 2
        2 1 -1
        2 2 2
        3 2 -1
        3 3 2
        """
    /// The Laplacian of a chain of three.
    static let singular = chain.replacing("1 1 2\n", with: "1 1 1\n").replacing("3 3 2", with: "3 3 1")
    static let general = "%%MatrixMarket matrix coordinate real general\n"

    // MARK: Broken input

    struct Broken: Sendable, CustomTestStringConvertible {
        var title: String
        var text: String
        var files: [String: String]
        var message: String
        var testDescription: String { title }
    }

    static func broken(_ title: String, _ a: String, _ message: String) -> Broken {
        Broken(title: title, text: matrix + "value = 1", files: ["a.mtx": a], message: message)
    }

    static let broken: [Broken] = [
        Broken(
            title: "no such file", text: matrix + "value = 1", files: [:],
            message: "the file cannot be read: there is no such file"),
        broken("no matrix", "x,y\n1,2\n", "line 1: the first line is not that of a Matrix Market file"),
        broken(
            "truncated", chain.replacing("\n3 3 2", with: ""), "is truncated: it ends at line 6 after 4 of 5 entries"),
        broken("not square", general + "2 3 1\n1 1 1\n", "the matrix is not square: it has 2 rows and 3 columns"),
        broken("complex", chain.replacing("real", with: "complex"), "line 1, column 34: the matrix is complex"),
        broken("nan", chain.replacing("2 2 2", with: "2 2 nan"), "line 5, column 5: the value is nan"),
        broken(
            "unsymmetric", general + "2 2 4\n1 1 2\n1 2 -1\n2 1 -0.5\n2 2 2\n",
            "the matrix is not symmetric: row 1, column 2 holds -1.0, but row 2, column 1 holds -0.5"),
        broken("zero row", general + "2 2 2\n1 1 2\n2 2 0\n", "row 2 is zero, so its unknown is in no equation"),
        broken(
            "negative diagonal", general + "2 2 2\n1 1 2\n2 2 -3\n",
            "the matrix is not positive definite: row 2, column 2, on the diagonal, holds -3.0"),
        broken(
            "indefinite", general + "2 2 4\n1 1 1\n1 2 2\n2 1 2\n2 2 1\n",
            "the matrix is not positive definite: row 1, column 2 holds 2.0, and the diagonal allows at most 1.0 there"),
        broken(
            "indefinite without a bad minor",
            general + "3 3 9\n1 1 1\n1 2 -.9\n1 3 -.9\n2 1 -.9\n2 2 1\n2 3 -.9\n3 1 -.9\n3 2 -.9\n3 3 1\n",
            "the matrix is not positive definite: for a vector x that was tried"),
        Broken(
            title: "right-hand side of the wrong length", text: matrix + "file = 'b.mtx'",
            files: ["a.mtx": chain, "b.mtx": "%%MatrixMarket matrix array real general\n2 1\n1\n2\n"],
            message: "the right-hand side has 2 numbers, but the matrix has 3 rows"),
        Broken(
            title: "right-hand side with a number that is none", text: matrix + "file = 'b.csv'",
            files: ["a.mtx": chain, "b.csv": "b\n1\nnan\n3\n"], message: "number 2 is nan"),
        Broken(
            title: "no such column", text: matrix + "file = 'b.csv'\nvalues = 'c'",
            files: ["a.mtx": chain, "b.csv": "b\n1\n2\n3\n"], message: "has no column 'c'; it holds b"),
        Broken(
            title: "incompatible", text: matrix + "value = 1", files: ["a.mtx": singular],
            message:
                "the matrix maps constants to zero (3 rows, the first is row 1), and the right-hand side adds up to 3.0 "
                + "there, not to 0: there is no solution"),
        Broken(
            title: "multigrid for a matrix", text: matrix + "value = 1\n[method]\npreconditioner = 'multigrid'",
            files: ["a.mtx": chain], message: "'multigrid' is for grids, and this is a matrix from a file"),
        Broken(
            title: "deflation without a matrix",
            text: grid + "value = 1\n[method]\nkind = 'deflated-conjugate-gradients'", files: [:],
            message: "'deflated-conjugate-gradients' needs the matrix, and 'box' works without"),
        Broken(
            title: "incompatible Neumann problem",
            text: grid.replacing(
                "walls = { x_low = \"dirichlet\" }", with: "solid = 'step(0.01 - abs(x - 0.5))*0 + 0.13 - abs(x - 0.5)'"
            ) + "value = 'x'",
            files: [:],
            message:
                "no value is given anywhere on component 1 of 2 (18 cells, one of them (1, 1)), and the right-hand side adds up to"
        ),
        Broken(
            title: "no fluid", text: grid.replacing("[right", with: "solid = '1'\n[right") + "value = 1", files: [:],
            message: "no cell is fluid, so there is nothing to solve for"),
        Broken(
            title: "negative coefficient",
            text: grid.replacing("[right", with: "coefficient = 'x - 0.3'\n[right") + "value = 1",
            files: [:], message: "the coefficient is -0.2375 at x = 6.250e-2, y = 8.333e-2"),
        Broken(
            title: "too much memory", text: grid.replacing("[8, 6]", with: "[4096, 4096, 4096]") + "noise = 1",
            files: [:],
            message: "the system takes about "),
    ]

    @Test(arguments: broken) func brokenInputIsExplained(_ broken: Broken) throws {
        let folder = try Folder(broken.files)
        let error = #expect(throws: ProblemErrors.self) {
            try LinearSystemPreparation(try folder.statement(broken.text))
        }
        let diagnostic = try #require(error?.diagnostics.first)
        let message = diagnostic.message.replacing(folder.path + "/", with: "").replacing(
            #/^[a-z]\.[a-z]+: /#, with: "")
        #expect(message.hasPrefix(broken.message), "\(message)")
        #expect(diagnostic.line > 0 && diagnostic.column > 0)
    }

    // MARK: Solving

    @Test func aMatrixIsSolvedAndWritten() throws {
        let folder = try Folder(["a.mtx": Self.chain, "b.csv": "one,two\n1,0\n2,0\n3,4\n"])
        let outcome = try folder.solve(
            Self.matrix
                + "file = 'b.csv'\n[method]\ntolerance = 1e-12\n[output]\nvector = true\n[expect]\niterations = 3")
        #expect(outcome.isSuccess && outcome.meetsExpectations && outcome.iterations <= 3)
        let fields = try FieldFile(contentsOf: folder.path + "/run/fields.h5")
        let solution = try #require(fields.variable("solution"))
        #expect(fields.axes(of: solution).map(\.values.count) == [2, 3])
        for (found, exact) in zip(solution.values, [2.5, 4, 3.5, 1, 2, 3]) { #expect(abs(found - exact) < 1e-11) }
        let vector = try MatrixMarket(contentsOf: folder.path + "/run/solution.mtx")
        #expect(vector.rows == 3 && vector.columns == 2)
        let history = try String(contentsOfFile: folder.path + "/run/history.csv", encoding: .utf8)
        #expect(history.hasPrefix("iteration,seconds,relative_residual,recomputed,right_hand_side,preconditioner\n0,"))
        #expect(try LinearSystemSummary(folder: folder.path + "/run") != nil)
    }

    /// Every method on the same grid: a parabola between given values, which differences meet exactly.
    @Test(arguments: [
        "auto", "auto, preconditioner = 'multigrid'", "auto, preconditioner = 'incomplete-cholesky'",
        "conjugate-gradients, preconditioner = 'none'", "conjugate-gradients, preconditioner = 'jacobi'",
        "conjugate-gradients, preconditioner = 'chebyshev'",
        "flexible-conjugate-gradients, preconditioner = 'modified-incomplete-cholesky'",
        "flexible-conjugate-gradients, preconditioner = 'multigrid', directions = 1",
        "deflated-conjugate-gradients, preconditioner = 'jacobi', parts = 4",
    ]) func aGridIsSolvedByEveryMethod(_ method: String) throws {
        let folder = try Folder()
        let parts = method.split(separator: ",", maxSplits: 1)
        let rest = parts.count > 1 ? "," + parts[1] : ""
        let outcome = try folder.solve(
            Self.grid.replacing("x_low = \"dirichlet\"", with: "x_low = \"dirichlet\", x_high = \"dirichlet\"")
                + "value = 2",
            overrides: ["method={ kind = '\(parts[0])', tolerance = 1e-11\(rest) }"])
        #expect(outcome.isSuccess)
        let fields = try FieldFile(contentsOf: folder.path + "/run/fields.h5")
        #expect(fields.axes.map(\.name) == ["y", "x"])
        let x = try #require(fields.axis("x")).values
        let solution = try #require(fields.variable("solution")).values
        // u = (x + h/2)(1 + h/2 − x), with u = 0 one cell out.
        let h = 0.125
        for (place, found) in solution.enumerated() {
            let at = x[place % 8]
            #expect(abs(found - (at + h / 2) * (1 + h / 2 - at)) < 1e-10)
        }
    }

    @Test func masksComeFromShapesExpressionsAndFiles() throws {
        let shapes = "solid = [{ disk = { center = [0.5, 0.5], radius = 0.3 } }]\nair = 'x - 0.9'\n[right"
        let expression = "solid = '0.3 - sqrt((x - 0.5)^2 + (y - 0.5)^2)'\nair = 'x - 0.9'\n[right"
        var kinds: [[Double]] = []
        for section in [shapes, expression] {
            let folder = try Folder()
            #expect(try folder.solve(Self.grid.replacing("[right", with: section) + "noise = 1").isSuccess)
            let fields = try FieldFile(contentsOf: folder.path + "/run/fields.h5")
            let kind = try #require(fields.variable("kind")).values
            let solution = try #require(fields.variable("solution")).values
            for (kind, value) in zip(kind, solution) {
                #expect(kind == 0 ? value.isNaN : kind == 2 ? value == 0 : value.isFinite)
            }
            kinds.append(kind)
        }
        #expect(kinds[0] == kinds[1] && Set(kinds[0]) == [0, 1, 2])
        // In files the last coordinate runs fastest.
        let mask = (0..<8).flatMap { x in (0..<6).map { y in kinds[0][x + 8 * y] } }
        let folder = try Folder()
        try FieldFile(
            axes: [FieldFile.Axis("i", (0..<8).map(Double.init)), FieldFile.Axis("j", (0..<6).map(Double.init))],
            variables: [FieldFile.Variable("mask", mask)]
        ).write(to: folder.path + "/mask.h5")
        let text = Self.grid.replacing("[right", with: "mask = 'mask.h5'\nmask_values = 'mask'\n[right") + "noise = 1"
        #expect(try folder.solve(text).isSuccess)
        #expect(try FieldFile(contentsOf: folder.path + "/run/fields.h5").variable("kind")?.values == kinds[0])
    }

    @Test func singularSystemsAreProjectedWhenAsked() throws {
        let folder = try Folder(["a.mtx": Self.singular])
        let outcome = try folder.solve(Self.matrix + "value = 'row'\nproject = true\n[method]\ntolerance = 1e-12")
        #expect(outcome.isSuccess)
        let solution = try #require(try FieldFile(contentsOf: folder.path + "/run/fields.h5").variable("solution"))
        for (found, exact) in zip(solution.values, [-1.0, 0, 1]) { #expect(abs(found - exact) < 1e-11) }
    }

    @Test func failuresAreSaidAndPlainerMethodsFollow() throws {
        let folder = try Folder(["a.mtx": Self.chain])
        let outcome = try folder.solve(
            Self.matrix + "noise = 1",
            overrides: ["method={ iterations = 1, preconditioner = 'jacobi', tolerance = 1e-14 }"])
        #expect(!outcome.isSuccess && outcome.stop == .limitReached)
        #expect(outcome.warnings.contains { $0.contains("this is not a solution to the tolerance") })
    }

    @Test func theResolvedTextSaysTheSameAgain() throws {
        let folder = try Folder(["a.mtx": Self.chain])
        for text in [
            Self.matrix + "noise = 2",
            Self.grid.replacing(
                "[right", with: "coefficient = '1 + x'\nair = [{ box = { x = [0.5, 1], y = [0, 0.3] } }]\n[right")
                + "value = 'sin(pi*x)'\n[initial_guess]\nvalue = 1\n[method]\nkind = 'flexible-conjugate-gradients'",
        ] {
            let first = try LinearSystemPreparation(try folder.statement(text)).resolvedText
            let second = try LinearSystemPreparation(try folder.statement(first)).resolvedText
            #expect(first == second)
        }
    }
}
