import Foundation
import Results

extension Comparison {
    /// The name of the figure.
    public static let figureName = "comparison.svg"
    /// Points of a curve that is drawn.
    private static let mostPoints = 400

    /// Relative L2 errors (the loss without a reference) against steps and seconds: the median over seeds, in a band from the
    /// least to the largest.
    public var figure: Figure {
        let quantities: [(name: String, values: (Member) -> [Double])] =
            unknowns.isEmpty
            ? [("loss", { $0.losses })]
            : unknowns.indices.map { index in
                ("relative L2 error of \(unknowns[index])", { $0.errors[index] })
            }
        let panels = quantities.flatMap { quantity in
            [("steps", { (member: Member) in member.steps }), ("seconds", { $0.seconds })].map { axis in
                Figure.BandPanel(
                    bands: labels.compactMap { label in
                        Self.band(label, members(label).map { (axis.1($0), quantity.values($0)) })
                    }, horizontal: axis.0, vertical: quantity.name)
            }
        }
        return Figure(.bands(panels), title: name)
    }

    /// A member's curve ends where the member does; from there on it counts with its last value, so that a band does not
    /// jump where one ends before the others.
    private static func band(_ label: String, _ curves: [(x: [Double], y: [Double])]) -> Figure.Band? {
        let known = curves.map { curve in
            zip(curve.x, curve.y).filter { $0.1.isFinite && $0.1 > 0 }.map { (x: $0.0, y: $0.1) }
        }.filter { !$0.isEmpty }
        guard let start = known.compactMap(\.first?.x).max() else { return nil }
        var grid = Array(Set(known.flatMap { $0.map(\.x) }.filter { $0 >= start })).sorted()
        if grid.count > mostPoints {
            let last = grid.count - 1
            grid = (0..<mostPoints).map { grid[$0 * last / (mostPoints - 1)] }
        }
        var band = Figure.Band(label, x: grid)
        for x in grid {
            let values = SeedStatistics(known.map { value(of: $0, at: x) })
            band.middle.append(values.median)
            band.lower.append(values.least)
            band.upper.append(values.worst)
        }
        return band
    }

    /// Between two rows the logarithm is linear.
    private static func value(of curve: [(x: Double, y: Double)], at x: Double) -> Double {
        guard let next = curve.firstIndex(where: { $0.x >= x }) else { return curve[curve.count - 1].y }
        guard next > 0, curve[next].x > x else { return curve[next].y }
        let (before, after) = (curve[next - 1], curve[next])
        let share = (x - before.x) / (after.x - before.x)
        return exp((1 - share) * log(before.y) + share * log(after.y))
    }
}
