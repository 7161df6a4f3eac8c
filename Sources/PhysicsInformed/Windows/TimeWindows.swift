import Expressions
import Geometry
import Networks

/// Equal parts of the time, in which a problem is solved one after another, each by a network of its own.
///
/// The end of a window belongs to it, not to the next. All networks have one form; the time that each sees is scaled to its
/// own window.
public struct TimeWindows: Sendable, Equatable {
    /// The whole time.
    public let span: ClosedRange<Double>
    /// The index of the time among the coordinates.
    public let timeAxis: Int
    /// How many there are.
    public let count: Int

    /// Parts of a time that is not empty.
    public init(of span: ClosedRange<Double>, timeAxis: Int, count: Int) {
        precondition(count > 0 && span.lowerBound < span.upperBound, "time needs a length, and windows a number")
        self.span = span
        self.timeAxis = timeAxis
        self.count = count
    }

    /// The time of a window, from 0.
    public func span(of window: Int) -> ClosedRange<Double> { start(of: window)...start(of: window + 1) }

    /// The window of a time; the first or last one for times outside.
    public func index(of time: Double) -> Int {
        var (low, high) = (0, count - 1)
        while low < high {
            let middle = (low + high) / 2
            if time <= start(of: middle + 1) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The network of a window, from one whose scaling is that of the whole time.
    public func network(_ network: Network, in window: Int) -> Network {
        var result = network
        let time = span(of: window)
        result.inputScaling.center[timeAxis] = (time.lowerBound + time.upperBound) / 2
        result.inputScaling.halfWidth[timeAxis] /= Double(count)
        return result
    }

    /// The layouts of all windows behind one another, with names such as `window.1.layer.1.weight`.
    public func layout(_ single: ParameterLayout) -> ParameterLayout {
        var layout = ParameterLayout()
        for window in 0..<count {
            for block in single.blocks {
                layout.append(name: "window.\(window + 1).\(block.name)", rows: block.rows, columns: block.columns)
            }
        }
        return layout
    }

    private func start(of window: Int) -> Double {
        guard window < count else { return span.upperBound }
        return span.lowerBound + (span.upperBound - span.lowerBound) * Double(window) / Double(count)
    }
}

/// Why a problem cannot be solved in windows.
public struct TimeWindowError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The loss term that stands in the way; nil if it is the problem as a whole.
    public var term: String?
    /// The reason, as the second half of a sentence.
    public var reason: String

    /// Joins the two.
    public init(term: String?, reason: String) {
        self.term = term
        self.reason = reason
    }

    /// One sentence.
    public var description: String { "the problem cannot be solved in windows of time: \(reason)" }
}
