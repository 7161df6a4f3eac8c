import Results

/// Numbers over seeds.
struct SeedStatistics {
    /// The numbers, those that are none at the end as the worst.
    private let sorted: [Double]

    init(_ values: [Double]) { sorted = values.map { $0.isNaN ? .infinity : $0 }.sorted() }

    /// The middle one, or the mean of the two in the middle; NaN if there is none.
    var median: Double {
        guard !sorted.isEmpty else { return .nan }
        let middle = sorted.count / 2
        if sorted.count % 2 == 1 { return finite(sorted[middle]) }
        return finite(0.5 * (sorted[middle - 1] + sorted[middle]))
    }

    /// The smallest.
    var least: Double { finite(sorted.first ?? .nan) }

    /// The largest; NaN if any is not a number.
    var worst: Double { finite(sorted.last ?? .nan) }

    /// The standard deviation of a sample, 0 for one number.
    var deviation: Double {
        guard let worst = sorted.last, worst.isFinite else { return .nan }
        guard sorted.count > 1 else { return 0 }
        let mean = sorted.reduce(0, +) / Double(sorted.count)
        let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(sorted.count - 1)).squareRoot()
    }

    private func finite(_ value: Double) -> Double { value.isFinite ? value : .nan }
}

extension Comparison {
    /// Errors that members are timed to: powers of ten from 0.1 down to the best that any member reached, at least three.
    var thresholds: [Double] {
        guard !unknowns.isEmpty else { return [] }
        let best = members.flatMap { $0.largestErrors }.filter { $0 > 0 }.min() ?? 1
        return (1...8).map { Double("1e-\($0)") ?? 0 }.enumerated()
            .filter { $0.offset < 3 || $0.element >= best }.map(\.element)
    }

    /// Seconds until all errors of a member were at most `threshold`; infinite if they never were.
    func time(_ member: Member, to threshold: Double) -> Double {
        zip(member.seconds, member.largestErrors).first { $0.1 <= threshold }?.0 ?? .infinity
    }
}

extension Comparison.Member {
    /// The largest of the unknowns' errors at each row; NaN where one was not computed.
    var largestErrors: [Double] {
        steps.indices.map { row in
            errors.map { $0[row] }.reduce(0) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
        }
    }
}
