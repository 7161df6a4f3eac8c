import Glibc

/// An unknown number of a problem that is found together with the fields.
///
/// Optimizers move a search variable s of order one that is 0 at the start; the number is a smooth, monotone function
/// of it. With r the factor `rate`:
///
/// | range | scale | value |
/// | --- | --- | --- |
/// | none | linear | start + r s · (\|start\|, or 1 where the start is 0) |
/// | none | logarithmic | start · exp(r s) |
/// | (a, b) | linear | a + (b − a) σ(s₀ + r s) |
/// | (a, b) | logarithmic | exp(log a + (log b − log a) σ(s₀ + r s)) |
///
/// σ is the logistic function, and s₀ is such that s = 0 gives the start.
public struct SearchedParameter: Sendable, Equatable {
    /// What is searched in.
    public enum Scale: String, Sendable, CaseIterable {
        /// The number itself.
        case linear
        /// Its logarithm; the number is positive.
        case logarithmic = "log"
    }

    /// The name.
    public let name: String
    /// The value at the start.
    public let start: Double
    /// The ends between which the value stays; nil without.
    public let range: ClosedRange<Double>?
    /// What is searched in.
    public let scale: Scale
    /// How far a unit of the search variable goes, relative to others.
    public let rate: Double

    /// Joins the parts.
    ///
    /// - Precondition: the start lies inside the range, not on its ends; on a logarithmic scale start and range are
    ///   positive; the rate is positive.
    public init(
        _ name: String, start: Double, range: ClosedRange<Double>? = nil, scale: Scale = .linear, rate: Double = 1
    ) {
        precondition(start.isFinite && rate > 0 && rate.isFinite, "start and rate are finite, the rate is positive")
        precondition(range.map { $0.lowerBound < start && start < $0.upperBound } ?? true, "the start is in the range")
        precondition(
            scale == .linear || start > 0 && range?.lowerBound ?? 1 > 0, "a number with a logarithm is positive")
        self.name = name
        self.start = start
        self.range = range
        self.scale = scale
        self.rate = rate
    }

    /// The value for a search variable, and its derivative by it.
    public func value(at search: Double) -> (value: Double, slope: Double) {
        let moved = rate * search
        // Rounding must not change the start.
        func from(_ value: Double) -> Double { moved == 0 ? start : value }
        guard let range else {
            switch scale {
            case .linear:
                let size = start == 0 ? 1 : abs(start)
                return (start + size * moved, size * rate)
            case .logarithmic:
                let value = start * exp(moved)
                return (value, value * rate)
            }
        }
        let lower = coordinate(range.lowerBound), width = coordinate(range.upperBound) - lower
        let fraction = (coordinate(start) - lower) / width
        // σ(s₀ + m) with s₀ = log(f / (1 − f)), without cancellation at either end.
        let near = fraction * exp(min(moved, 0)), far = (1 - fraction) * exp(min(-moved, 0))
        let share = near / (near + far)
        let slope = width * share * (far / (near + far)) * rate
        let position = lower + width * share
        switch scale {
        case .linear: return (from(min(max(position, range.lowerBound), range.upperBound)), slope)
        case .logarithmic:
            let value = min(max(exp(position), range.lowerBound), range.upperBound)
            return (from(value), value * slope)
        }
    }

    /// The search variable that gives a value; the inverse of `value(at:)`.
    ///
    /// - Precondition: the value lies inside the range, and is positive on a logarithmic scale.
    public func search(for value: Double) -> Double {
        let difference: Double
        if let range {
            func logit(_ value: Double) -> Double {
                let x = coordinate(value)
                return log(
                    (x - coordinate(range.lowerBound)) / (coordinate(range.upperBound) - x))
            }
            difference = logit(value) - logit(start)
        } else {
            difference =
                scale == .linear ? (value - start) / (start == 0 ? 1 : abs(start)) : log(value) - log(start)
        }
        return difference / rate
    }

    /// The number, or its logarithm.
    private func coordinate(_ value: Double) -> Double { scale == .linear ? value : log(value) }
}

extension [SearchedParameter] {
    /// The values at search variables given one after another.
    public func values(at search: some Sequence<Double>) -> [Double] {
        zip(self, search).map { $0.value(at: $1).value }
    }
}
