import Foundation
import Testing

/// The example program of the manual, built beside the tests, gives the series solution's numbers.
@Suite struct ExampleTests {
    @Test func theMembraneAgreesWithTheSeries() throws {
        let folder = URL(fileURLWithPath: Program.path).deletingLastPathComponent().path
        let result = try Program.run(["--version"], in: "/", through: "'\(folder)/Membrane'")
        func number(_ label: String) throws -> Double {
            let line = try #require(result.output.split(separator: "\n").first { $0.hasPrefix(label) })
            let word = try #require(line.dropFirst(label.count).split(separator: " ").first)
            return try #require(Double(word))
        }
        #expect(result.status == 0)
        #expect(abs(try number("deflection at the centre") - 0.0736713523) < 2e-4)
        #expect(abs(try number("slope at the right wall") - 0.3376572417) < 2e-3)
    }
}
