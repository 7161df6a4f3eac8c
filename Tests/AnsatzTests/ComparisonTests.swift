import Ansatz
import Foundation
import Results
import Testing

@Suite struct ComparisonTests {
    /// Members whose curves can be told apart; `u` falls as 1, 1/10, 1/100, …
    private static func member(_ label: String, _ seed: UInt64, rows: Int, pace: Double = 1) -> Comparison.Member {
        let steps = (0..<rows).map { Double(10 * $0) }
        let errors = (0..<rows).map { pow(10, -Double($0)) }
        return Comparison.Member(
            label: label, seed: seed, steps: steps, seconds: steps.map { pace * $0 }, losses: errors.map { 2 * $0 },
            errors: [errors, errors.map { 3 * $0 }], finalErrors: [errors[rows - 1], 3 * errors[rows - 1]],
            parameters: [Double(seed)], stepCount: steps[rows - 1], time: pace * steps[rows - 1], isFailed: false,
            isMissed: seed == 3)
    }

    private static let comparison = Comparison(
        name: "both", labels: ["a", "b, c"], seeds: [1, 3, 18_446_744_073_709_551_615], unknowns: ["u", "v"],
        parameters: ["nu"],
        members: [
            member("a", 1, rows: 4), member("a", 3, rows: 6, pace: 2), member("a", 18_446_744_073_709_551_615, rows: 2),
            member("b, c", 3, rows: 3),
        ])

    @Test func readsBackWhatWasWritten() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/" + Comparison.fileName
        try Self.comparison.fieldFile(command: "", date: "").write(to: path)
        let read = try #require(try Comparison(folder: folder.path))
        #expect(read == Self.comparison)
        #expect(!read.isComplete)
        #expect(try Comparison(folder: folder.path + "/absent") == nil)
        let file = try FieldFile(contentsOf: path)
        #expect(file.axes.map(\.name) == ["variant", "seed", "row"])
        #expect(file.variable("relative_l2_v")?.values.count == 2 * 3 * 6)
        #expect(file.variable("final_relative_l2_v")?.axes == ["variant", "seed"])
    }

    @Test func theTableHoldsMediansTheWorstAndTimes() throws {
        let rows = Self.comparison.csv.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let names = rows[0].map(String.init)
        func cell(_ name: String, _ row: Int = 1) throws -> String {
            String(rows[row][try #require(names.firstIndex(of: name)) + (row == 2 ? 1 : 0)])
        }
        // Finals of a: 1e-3, 1e-5, 0.1.
        #expect(try cell("relative_l2_u_median") == "0.001" && cell("relative_l2_u_worst") == "0.1")
        #expect(try cell("loss_median") == "0.002" && cell("steps_median") == "30")
        // The larger error, that of v, is 3e-2 at step 20: after 20 and 40 seconds, and never.
        #expect(try cell("reached_1e-1") == "2" && cell("seconds_to_1e-1_median") == "40")
        #expect(try cell("reached_1e-3") == "1" && cell("seconds_to_1e-3_median") == "")
        #expect(try cell("parameter_nu_least") == "1" && cell("members") == "3" && cell("missed") == "1")
        // A label with a comma is quoted, which splitting at commas cuts in two.
        #expect(rows[2][0] == "\"b" && rows[2][1] == " c\"")
        #expect(try cell("parameter_nu_deviation", 2) == "0" && cell("relative_l2_u_median", 2) == "0.01")
        let text = Self.comparison.text
        #expect(text.contains("to 1e-1") && text.contains("40 s (2/3)") && text.contains("- (1/3)"))
        #expect(text.contains("2 of 6 members are not finished"))
    }

    @Test func bandsGoFromTheLeastToTheLargest() throws {
        guard case .bands(let panels) = Self.comparison.figure.content else {
            Issue.record("not a figure of bands")
            return
        }
        #expect(panels.map(\.horizontal) == ["steps", "seconds", "steps", "seconds"])
        let band = try #require(panels[0].bands.first { $0.name == "a" })
        #expect(band.x == [0, 10, 20, 30, 40, 50])
        // The members end at steps 30, 50 and 10 and keep their last values.
        let largest = [1, 0.1, 0.1, 0.1, 0.1, 0.1]
        let middle = [1, 0.1, 0.01, 1e-3, 1e-3, 1e-3]
        let least = [1, 0.1, 0.01, 1e-3, 1e-4, 1e-5]
        for (values, wanted) in [(band.upper, largest), (band.middle, middle), (band.lower, least)] {
            #expect(zip(values, wanted).allSatisfy { abs($0 - $1) < 1e-12 * $1 }, "\(values)")
        }
        // Halfway between two rows the logarithm is halfway.
        let seconds = try #require(panels[1].bands.first { $0.name == "a" })
        let index = try #require(seconds.x.firstIndex(of: 10))
        #expect(abs(seconds.upper[index] - pow(10, -0.5)) < 1e-12)
    }

    @Test func foreignFilesAreNoComparisons() throws {
        let folder = try TemporaryFolder()
        try FieldFile(axes: [.init("x", [0, 1])], variables: [.init("u", [0, 1])])
            .write(to: folder.path + "/" + Comparison.fileName)
        let error = #expect(throws: ResultsError.self) { try Comparison(folder: folder.path) }
        #expect(error?.message.contains("not a comparison") == true)
    }

    @Test func labelsBecomeFoldersOfTheirOwn() {
        #expect(ComparisonPlan.folderNames(["a", "b c", "b/c", "..", "θ"]) == ["a", "b_c", "b_c-2", "_.", "θ"])
    }
}
