import Results

/// A case of a benchmark set: its name, and what measures it.
struct BenchmarkCase {
    /// What is asked of a measurement.
    struct Request {
        /// Threads at work.
        var threads: Int
        /// Seconds that one case may take, roughly.
        var seconds: Double
    }

    /// The key in the report: `allen-cahn-4096-double`.
    let name: String
    /// Measures; the members start with `median_ms`.
    let measure: (Request) throws -> Measurement
}

/// What a case came to.
struct Measurement {
    /// The report of the case.
    var members: [JSONValue.Member]
    /// The same in a few words.
    var text: String
    /// Whether a stated expectation was missed.
    var isMissed = false
}

/// Times of repeated calls.
struct Timing {
    /// Milliseconds per call, sorted.
    let milliseconds: [Double]

    /// Calls `body` a few times to warm up, then at least `least` times and until `seconds` are spent.
    init(seconds: Double, warmUp: Int = 3, least: Int = 15, _ body: () -> Void) {
        for _ in 0..<warmUp { body() }
        let clock = ContinuousClock()
        let start = clock.now
        var times: [Double] = []
        while times.count < least || clock.now - start < .seconds(seconds) && times.count < 100_000 {
            let elapsed = clock.measure(body)
            times.append(elapsed / .milliseconds(1))
        }
        milliseconds = times.sorted()
    }

    var median: Double { milliseconds[milliseconds.count / 2] }
    var best: Double { milliseconds[0] }

    var members: [JSONValue.Member] {
        [
            .init("median_ms", .number(median)), .init("best_ms", .number(best)),
            .init("repetitions", .integer(milliseconds.count)),
        ]
    }
}
