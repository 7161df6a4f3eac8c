import Ansatz
import Foundation
import ProblemFiles
import Testing

/// Problems with measurements and coefficients from files, from the file to the solution.
@Suite struct DataTests {
    private static func solve(_ text: String, _ files: [String: String]) throws -> (Problem, Solution) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("data-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, contents) in files { try Data(contents.utf8).write(to: folder.appendingPathComponent(name)) }
        try Data(text.utf8).write(to: folder.appendingPathComponent("p.toml"))
        let problem = try ProblemReader.read(path: folder.appendingPathComponent("p.toml").path)
        let method = try MethodCatalog.prepare(problem).method
        #expect(try CheckReport(RunPreparation(problem)).text.contains("from "))
        return (problem, try method.solve(observer: SilentObserver()))
    }

    /// u″ = −k² u with k = 3 and u = sin 3x + cos 3x seen at 40 places to three digits.
    @Test func aParameterIsFoundFromMeasurements() throws {
        let rows = (0..<40).map { index in
            let x = Double(index) / 39
            return "\(x),\(((sin(3 * x) + cos(3 * x)) * 1000).rounded() / 1000)"
        }
        let text = """
            format = 1
            name   = "spring"
            [parameters]
            k = { unknown = true, start = 2, range = [1, 10] }
            [domain]
            coordinates = ["x"]
            region      = { box = { x = [0, 1] } }
            [unknowns]
            u = {}
            [equations]
            spring = 'u_xx = -k^2*u'
            [data.seen]
            file    = "seen.csv"
            observe = { u = "u" }
            noise   = 1e-3
            [method.network]
            layers = [12]
            [method.sampling]
            interior = 40
            [method.weights]
            spring = 100
            [[method.stages]]
            optimizer = "lbfgs"
            steps     = 600
            """
        let (_, solution) = try Self.solve(text, ["seen.csv": "x,u\n" + rows.joined(separator: "\n")])
        let k = try #require(solution.parameters.first?.value)
        #expect(abs(k - 3) < 0.02, "\(k)")
        #expect(solution.finalLosses.map(\.name) == ["spring", "seen"])
    }

    /// (κ u′)′ = 0 with κ = 1 + x from a table: u = log(1 + x)/log 2.
    @Test func anEquationReadsACoefficientOfATable() throws {
        let rows = (0...20).map { "\(Double($0) / 20),\(1 + Double($0) / 20)" }
        let text = """
            format = 1
            name   = "rod"
            [domain]
            coordinates = ["x"]
            region      = { box = { x = [0, 1] } }
            [unknowns]
            u = {}
            [equations]
            rod = 'div(kappa*grad(u)) = 0'
            [conditions]
            cold = { on = "left", equation = 'u = 0', enforce = "exact" }
            warm = { on = "right", equation = 'u = 1', enforce = "exact" }
            [data.rod_material]
            file   = "kappa.csv"
            define = "kappa"
            [reference]
            u = 'log(1 + x)/log(2)'
            [method.network]
            layers = [10]
            [method.sampling]
            interior = 40
            [[method.stages]]
            optimizer = "lbfgs"
            steps     = 200
            """
        let (_, solution) = try Self.solve(text, ["kappa.csv": "x,kappa\n" + rows.joined(separator: "\n")])
        let error = try #require(solution.relativeL2.first?.value)
        #expect(error < 1e-4, "\(error)")
    }
}
