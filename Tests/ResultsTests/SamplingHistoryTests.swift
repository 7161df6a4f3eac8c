import Foundation
import Results
import Testing

/// `sampling.h5` and its figure.
@Suite struct SamplingHistoryTests {
    private static func history(_ coordinates: [String], hasDensity: Bool) -> SamplingHistory {
        let probes = (0..<7).map { index in coordinates.indices.map { Double(index * ($0 + 2) % 7) / 7 } }
        return SamplingHistory(
            coordinates: coordinates, probes: probes,
            rows: (0..<4).map { look in
                SamplingHistory.Row(
                    step: 100 * look,
                    points: (0..<look + 2).map { index in coordinates.map { _ in Double(index) / 8 } },
                    residuals: probes.map { $0[0] + Double(look) },
                    densities: hasDensity && look > 0 ? probes.map { 2 * $0[0] } : [])
            })
    }

    @Test(arguments: [["x"], ["x", "t"], ["x[1]", "x[2]", "x[3]"]], [true, false])
    func whatIsWrittenIsRead(coordinates: [String], hasDensity: Bool) throws {
        let folder = try TemporaryFolder()
        let history = Self.history(coordinates, hasDensity: hasDensity)
        try history.write(to: folder.file("sampling.h5"))
        #expect(try SamplingHistory(contentsOf: folder.file("sampling.h5")) == history)
        let script = try Figure.sampling(history, title: "a").files(picture: "a.svg").script
        #expect(script.contains("residual"))
        #expect(script.contains("density") == (hasDensity && coordinates.count > 1))
    }

    @Test func damageIsSaid() throws {
        let folder = try TemporaryFolder()
        #expect(throws: ResultsError.self) { try SamplingHistory(contentsOf: folder.file("none.h5")) }
        try Data("no HDF5".utf8).write(to: URL(fileURLWithPath: folder.file("text.h5")))
        #expect(throws: ResultsError.self) { try SamplingHistory(contentsOf: folder.file("text.h5")) }
    }
}
