import Foundation
import Testing

/// `[reference] box` from the file to what is reported.
@Suite struct ReferenceBoxTests {
    private static let box = ["--set", "reference.box={ x = [0.4, 0.6], y = [0.1, 0.2] }"]

    @Test func errorsAreThoseOfTheBoxEverywhere() throws {
        let place = try Workplace(["tiny.toml": tiny])
        func solve(_ arguments: [String]) throws -> [String: Any] {
            let limit = ["--set", "expect.relative_l2.u=1e-9"]
            let result = try Program.run(["solve", "tiny.toml", "--json"] + limit + arguments, in: place.path)
            #expect(result.status == 2, "\(result.errors)")
            return result.json
        }
        func error(_ facts: [String: Any]) throws -> Double {
            try #require((facts["relative_l2"] as? [String: Double])?["u"])
        }
        let whole = try solve(["-o", "whole"]), boxed = try solve(Self.box)
        #expect(whole["errors_within"] is NSNull)
        #expect(boxed["errors_within"] as? String == "x from 0.4 to 0.6, y from 0.1 to 0.2")
        #expect(try error(whole) != error(boxed))
        #expect(whole["final_losses"] as? [String: Double] == boxed["final_losses"] as? [String: Double])
        let expectation = (boxed["expectations"] as? [[String: Any]])?.first
        #expect(try expectation?["value"] as? Double == error(boxed))

        // Rows of the history differ in their times and errors only; its last error is that of some of the points.
        func rows(_ folder: String) throws -> [[String]] {
            try #require(place.read(folder + "/history.csv")).split(separator: "\n").dropFirst().map {
                $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            }
        }
        let (all, part) = (try rows("whole"), try rows("out"))
        #expect(all.map { $0.prefix(2) + $0[3..<9] } == part.map { $0.prefix(2) + $0[3..<9] })
        #expect(zip(all, part).allSatisfy { $0[9] != $1[9] })
        let last = try #require(part.last.flatMap { Double($0[9]) })
        #expect(try abs(last / error(boxed) - 1) < 0.1)

        let shown = try place.run("show", "out").output
        #expect(shown.contains("\n  errors within      x from 0.4 to 0.6, y from 0.1 to 0.2\n"), "\(shown)")
        #expect(try !place.run("show", "whole").output.contains("within"))
        // Errors of another part do not go on in the same history.
        let other = try Program.run(["solve", "tiny.toml", "--resume"], in: place.path)
        #expect(other.status != 0 && other.errors.contains("reference.box"), "\(other.errors)")
    }

    @Test func checkSaysWhereErrorsAreMeasured() throws {
        let place = try Workplace(["tiny.toml": tiny])
        let result = try Program.run(["check", "tiny.toml"] + Self.box, in: place.path)
        #expect(result.status == 0 && result.errors.isEmpty)
        #expect(result.output.contains("measured for x from 0.4 to 0.6, y from 0.1 to 0.2"), "\(result.output)")
    }
}
