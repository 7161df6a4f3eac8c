import Foundation
import Results
import Testing

@Suite struct CheckpointTests {
    private static let heading = Checkpoint.Heading(
        programVersion: "1.2.3", problemName: "tiny", problemText: "name = \"tiny\"\nβ = 1\n",
        problemPath: "/a/tiny.toml", problemSHA256: "abc",
        method: "pinn", precision: "float64", resumeCommand: "ansatz solve 'a b.toml' --resume", stage: 2, stageStep: 7,
        steps: 1_007, seconds: 0.1 + 0.2, end: "stalled", endSentence: "no step lowers the loss",
        files: .init(historyRows: 12, historyBytes: 3_456, logBytes: 7_890))

    private static var sample: Checkpoint {
        Checkpoint(
            heading: heading,
            weights: [
                .init(
                    name: "layer.2.weight", rows: 2, columns: 3,
                    values: [1, -0.0, .pi, .leastNormalMagnitude / 3, .infinity, 5]),
                .init(name: "layer.1.bias", rows: 2, columns: 1, values: [0.5, -2]),
                .init(name: "parameters", rows: 0, columns: 1, values: []),
            ],
            state: Checkpoint.State(
                arrays: [
                    "parameters": (0..<1_000).map { sin(Double($0)) }, "optimizer/W/first moment": [1.5, -0.0, 0.25],
                    "optimizer/odd": [.nan, -.infinity, .leastNonzeroMagnitude], "empty": [],
                ],
                counters: ["optimizer/steps": 12, "loss/points/walls/piece 1": .max, "minimum": .min],
                numbers: ["rate": 1e-3, "loss/weights/walls": -0.0, "optimizer/scale": .nan]))
    }

    private func path(_ folder: TemporaryFolder) -> String { folder.path + "/checkpoint.h5" }

    @Test func everyBitComesBack() throws {
        let folder = try TemporaryFolder()
        try Self.sample.write(to: path(folder))
        let read = try Checkpoint(contentsOf: path(folder))
        #expect(read.heading == Self.heading)
        #expect(read.state == Self.sample.state)
        #expect(read.weights.map(\.name) == Self.sample.weights.map(\.name))
        for (left, right) in zip(read.weights, Self.sample.weights) {
            #expect((left.rows, left.columns) == (right.rows, right.columns))
            #expect(left.values.map(\.bitPattern) == right.values.map(\.bitPattern))
        }
        #expect(try Checkpoint.Heading(contentsOf: path(folder)) == Self.heading)
    }

    @Test func secondsOfRedrawsComeBack() throws {
        let folder = try TemporaryFolder()
        var sample = Self.sample
        (sample.heading.samplingSeconds, sample.heading.samplingRuleSeconds) = (0.25, 0.1)
        try sample.write(to: path(folder))
        #expect(try Checkpoint(contentsOf: path(folder)).heading == sample.heading)
        #expect(try Checkpoint.Heading(contentsOf: path(folder)).samplingSeconds == 0.25)
    }

    @Test func vectorsInSinglePrecisionTakeHalfTheRoom() throws {
        let folder = try TemporaryFolder()
        func size(_ values: [Double]) throws -> Int {
            let checkpoint = Checkpoint(
                heading: Self.heading, weights: [.init(name: "w", rows: 1, columns: values.count, values: values)],
                state: .init())
            try checkpoint.write(to: path(folder))
            #expect(try Checkpoint(contentsOf: path(folder)).weights[0].values == values)
            return try #require(FileManager.default.contents(atPath: path(folder))).count
        }
        let values = (0..<100_000).map { Double(Float(sin(Double($0)))) }
        let single = try size(values)
        let double = try size(values.map { $0 + 1e-12 })
        #expect(double - single == 400_000)
    }

    @Test func damagedFilesAreTold() throws {
        let folder = try TemporaryFolder()
        let path = path(folder)
        try Self.sample.write(to: path)
        let bytes = try #require(FileManager.default.contents(atPath: path))
        for length in [0, 1, 7, 100, bytes.count / 3, bytes.count / 2, bytes.count - 1] {
            try bytes.prefix(length).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: ResultsError.self) { try Checkpoint(contentsOf: path) }
            #expect(error?.kind == .unreadable && error?.path == path, "\(length): \(error?.message ?? "")")
        }
        // A flipped bit in a vector is found by the hash.
        let vector = Self.sample.state.arrays["parameters"]?[500] ?? 0
        let pattern = withUnsafeBytes(of: vector) { Data($0) }
        let place = try #require(bytes.range(of: pattern))
        var flipped = bytes
        flipped[place.lowerBound] ^= 1
        try flipped.write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: ResultsError.self) { try Checkpoint(contentsOf: path) }
        #expect(error?.message.contains("damaged") == true)
    }

    @Test func foreignFilesAreTold() throws {
        let folder = try TemporaryFolder()
        let path = path(folder)
        try FieldFile(
            axes: [.init("x", [0, 1])], variables: [.init("u", [1, 2])], attributes: []
        ).write(to: path)
        let foreign = #expect(throws: ResultsError.self) { try Checkpoint(contentsOf: path) }
        #expect(foreign?.message.contains("no checkpoint") == true, "\(foreign?.message ?? "")")
        try FieldFile(
            axes: [.init("x", [0, 1])], variables: [.init("u", [1, 2])], attributes: [.init("ansatz_checkpoint", 9)]
        ).write(to: path)
        let newer = #expect(throws: ResultsError.self) { try Checkpoint.Heading(contentsOf: path) }
        #expect(newer?.message.contains("version 9") == true, "\(newer?.message ?? "")")
        try FieldFile(
            axes: [.init("x", [0, 1])], variables: [.init("u", [1, 2])], attributes: [.init("ansatz_checkpoint", 1)]
        ).write(to: path)
        let empty = #expect(throws: ResultsError.self) { try Checkpoint(contentsOf: path) }
        #expect(empty?.message.contains("damaged") == true, "\(empty?.message ?? "")")
        let absent = #expect(throws: ResultsError.self) { try Checkpoint(contentsOf: path + "x") }
        #expect(absent?.kind == .missingFile)
    }

    @Test func contradictionsAreRefused() throws {
        let folder = try TemporaryFolder()
        var checkpoint = Self.sample
        checkpoint.weights[0].rows = 5
        #expect(throws: ResultsError.self) { try checkpoint.write(to: path(folder)) }
        checkpoint = Self.sample
        checkpoint.state.numbers["parameters/below a vector"] = 1
        let error = #expect(throws: ResultsError.self) { try checkpoint.write(to: path(folder)) }
        #expect(error?.kind == .inconsistent)
        #expect(FileManager.default.contents(atPath: path(folder)) == nil)
    }

    @Test func equalStatesGiveEqualFiles() throws {
        let folder = try TemporaryFolder()
        var files: [Data?] = []
        for name in ["/a.h5", "/b.h5"] {
            try Self.sample.write(to: folder.path + name)
            files.append(FileManager.default.contents(atPath: folder.path + name))
        }
        #expect(files[0] != nil && files[0] == files[1])
    }

    @Test func writersGoOnBehindWhatCounts() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/history.csv"
        func row(_ step: Int) -> History.Row {
            History.Row(step: step, stage: 1, seconds: 0.5, loss: 2, rate: 1e-3, losses: [2], weights: [1])
        }
        let header = History(terms: ["heat"], unknowns: [])
        let writer = try HistoryWriter(path: path, terms: ["heat"], unknowns: [])
        try writer.append(row(0))
        let position = writer.position
        try writer.append(row(1))
        try writer.append(row(2))
        let next = try HistoryWriter(path: path, header: header, continuingAt: position.bytes, rows: position.rows)
        try next.append(row(7))
        #expect(try History(contentsOf: path).rows.map(\.step) == [0, 7])
        #expect(next.position.rows == 2)
        #expect(next.position.bytes == FileManager.default.contents(atPath: path)?.count)
        // Not the file that was written: shorter, cut within a row, other columns.
        for (bytes, columns) in [
            (10_000, header), (position.bytes - 3, header), (position.bytes, History(terms: ["wave"], unknowns: [])),
        ] {
            #expect(throws: ResultsError.self) {
                try HistoryWriter(path: path, header: columns, continuingAt: bytes, rows: 1)
            }
        }
        #expect(try History(contentsOf: path).rows.count == 2)
    }

    @Test func aLogIsInUseWhileItsWriterLives() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/log.jsonl"
        #expect(!LogWriter.isInUse(path))
        do {
            let log = try LogWriter(path: path)
            try log.write(.start, [])
            #expect(LogWriter.isInUse(path))
            let size = log.size
            #expect(size > 0)
        }
        #expect(!LogWriter.isInUse(path))
    }
}
