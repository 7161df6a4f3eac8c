import Foundation
import Results
import Testing

/// `kill -9` at random moments of a run: the folder opens, the run goes on, and the end is that of a run nobody touched.
///
/// `scripts/kill-test N` asks for N moments by the variable `ANSATZ_KILL_MOMENTS`.
@Suite(.serialized) struct KillTests {
    private static let moments = Int(ProcessInfo.processInfo.environment["ANSATZ_KILL_MOMENTS"] ?? "") ?? 10

    /// Moments spread at random over a run, the same at each call.
    private struct Moments {
        var state: UInt64
        /// A number from [0, 1).
        mutating func next() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) * 0x1p-53
        }
    }

    /// Runs until the end or a share of the time that a run takes; true if it was killed.
    ///
    /// A whole run that ends before says how long one takes now: the machine may have been busier before.
    private func solve(
        _ place: Workplace, _ arguments: [String], killedAfter share: Double, of seconds: inout Double
    ) throws -> Bool {
        let start = ContinuousClock.now
        let wait = share * seconds
        let result = try Program.run(["solve", "tiny.toml", "-q"] + arguments, in: place.path) { process in
            let end = Date(timeIntervalSinceNow: wait)
            while Date.now < end, process.isRunning { Thread.sleep(forTimeInterval: 0.000_5) }
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
        #expect(result.status == SIGKILL || result.status == 0, "\(result.errors)")
        if result.status == 0, !arguments.contains("--resume") {
            seconds = min(seconds, (ContinuousClock.now - start) / .seconds(1))
        }
        return result.status != 0
    }

    private func open(_ place: Workplace, _ folder: String) throws {
        // Before a run has made its folder there is nothing to open.
        guard place.exists(folder + "/problem.toml") else { return }
        let summary = try place.run("show", folder)
        #expect(summary.status == 0, "\(summary.errors)")
    }

    /// The whole run, and how long it takes.
    private func whole(_ place: Workplace) throws -> (bits: RunBits, seconds: Double) {
        let start = ContinuousClock.now
        let result = try place.run("solve", "tiny.toml", "-q", "-o", "whole")
        #expect(result.status == 0, "\(result.errors)")
        return (try RunBits(place, "whole"), (ContinuousClock.now - start) / .seconds(1))
    }

    @Test func aNewRun() throws {
        let place = try Workplace(["tiny.toml": resumable])
        let (bits, first) = try whole(place)
        var seconds = first
        var moments = Moments(state: 1)
        var kills = 0
        var round = 0
        while kills < Self.moments {
            // Each run is killed up to three times before it may end.
            let folder = "run\(round)"
            round += 1
            var isKilled = try solve(place, ["-o", folder], killedAfter: moments.next(), of: &seconds)
            for _ in 0..<2 where isKilled {
                kills += 1
                try open(place, folder)
                isKilled = try solve(place, ["-o", folder, "--resume"], killedAfter: moments.next(), of: &seconds)
            }
            if isKilled {
                kills += 1
                try open(place, folder)
            }
            let result = try place.run("solve", "tiny.toml", "-q", "-o", folder, "--resume")
            #expect(result.status == 0, "\(result.errors)")
            #expect(try RunBits(place, folder) == bits, "round \(round)")
            #expect(
                place.names(folder) == ["checkpoint.h5", "fields.h5", "history.csv", "log.jsonl", "problem.toml"])
            try FileManager.default.removeItem(atPath: place.path + "/" + folder)
        }
    }

    @Test func aRunThatReplacesAnother() throws {
        let place = try Workplace(["tiny.toml": resumable])
        let (bits, first) = try whole(place)
        var seconds = first
        _ = try place.run("solve", "tiny.toml", "-q", "-o", "earlier", "--seed", "2", "--steps", "30")
        let earlier = try RunBits(place, "earlier")
        var moments = Moments(state: 2)
        var kills = 0
        while kills < max(2, Self.moments / 2) {
            try FileManager.default.copyItem(atPath: place.path + "/earlier", toPath: place.path + "/out")
            // Also shortly before the end, where files are moved.
            let moment = kills % 2 == 0 ? moments.next() : 0.9 + 0.2 * moments.next()
            if try solve(place, ["--overwrite"], killedAfter: moment, of: &seconds) {
                kills += 1
                try open(place, "out")
                let part =
                    place.names("out").first { $0.hasPrefix(".unfinished") }.map { place.names("out/" + $0) } ?? []
                let isMoving = part.contains(".moving")
                if !part.isEmpty, !isMoving { #expect(try RunBits(place, "out") == earlier) }
                // A part without files was killed before it began, or when it was over.
                let option = part.isEmpty ? "--overwrite" : "--resume"
                let result = try place.run("solve", "tiny.toml", "-q", option)
                #expect(result.status == 0, "\(result.errors)")
            }
            #expect(try RunBits(place, "out") == bits, "kill \(kills)")
            #expect(place.names("out").allSatisfy { !$0.hasPrefix(".") })
            try FileManager.default.removeItem(atPath: place.path + "/out")
        }
    }
}
