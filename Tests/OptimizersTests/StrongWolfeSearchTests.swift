import Foundation
import Optimizers
import Testing

/// The test functions of Moré and Thuente, ACM Trans. Math. Software 20 (1994) 286, and others along a line.
@Suite struct StrongWolfeSearchTests {
    struct Line: Sendable, CustomTestStringConvertible {
        let name: String
        let sufficientDecrease: Double
        let curvature: Double
        let value: @Sendable (Double) -> Double
        let slope: @Sendable (Double) -> Double

        var testDescription: String { name }
        func sample(_ step: Double) -> StrongWolfeSearch.Sample {
            StrongWolfeSearch.Sample(step: step, value: value(step), slope: slope(step))
        }
    }

    /// The last three of the paper: two curved ends, joined by a nearly straight line.
    static func yanai(_ name: String, _ a: Double, _ b: Double) -> Line {
        func gamma(_ x: Double) -> Double { (1 + x * x).squareRoot() - x }
        let (first, second) = (gamma(a), gamma(b))
        return Line(
            name: name, sufficientDecrease: 1e-3, curvature: 1e-3,
            value: { t in
                first * ((1 - t) * (1 - t) + b * b).squareRoot() + second * (t * t + a * a).squareRoot()
            },
            slope: { t in
                -first * (1 - t) / ((1 - t) * (1 - t) + b * b).squareRoot() + second * t / (t * t + a * a).squareRoot()
            })
    }

    static let lines = [
        Line(
            name: "rational", sufficientDecrease: 1e-3, curvature: 0.1, value: { -$0 / ($0 * $0 + 2) },
            slope: { ($0 * $0 - 2) / (($0 * $0 + 2) * ($0 * $0 + 2)) }),
        Line(
            name: "quintic", sufficientDecrease: 0.1, curvature: 0.1,
            value: { pow($0 + 0.004, 5) - 2 * pow($0 + 0.004, 4) },
            slope: { 5 * pow($0 + 0.004, 4) - 8 * pow($0 + 0.004, 3) }),
        yanai("yanai 1", 1e-3, 1e-3),
        yanai("yanai 2", 1e-2, 1e-3),
        yanai("yanai 3", 1e-3, 1e-2),
        Line(
            name: "oscillation", sufficientDecrease: 1e-4, curvature: 0.1,
            value: { 0.5 * ($0 - 4) * ($0 - 4) + 3 * cos(3 * $0) }, slope: { $0 - 4 - 9 * sin(3 * $0) }),
        Line(
            name: "wall", sufficientDecrease: 1e-4, curvature: 0.1,
            value: { $0 < 5 ? -$0 - log(5 - $0) : .infinity }, slope: { $0 < 5 ? -1 + 1 / (5 - $0) : .nan }),
    ]

    /// From first steps that are far too short or too long.
    @Test(arguments: lines, [1e-3, 1e-1, 1, 10, 1e3])
    func findsAStrongWolfePoint(line: Line, first: Double) {
        var search = StrongWolfeSearch(resolution: 1e-14)
        search.sufficientDecrease = line.sufficientDecrease
        search.curvature = line.curvature
        var calls: [Double] = []
        let start = line.sample(0)
        let result = search.search(from: start, first: first) { step in
            calls.append(step)
            return line.sample(step)
        }
        #expect(result.acceptance == .strongWolfe)
        #expect(result.sample.value <= start.value + line.sufficientDecrease * result.sample.step * start.slope)
        #expect(abs(result.sample.slope) <= -line.curvature * start.slope)
        #expect(result.evaluations == calls.count && calls.count <= 25)
        #expect(calls.first == first && calls.last == result.sample.step)
        #expect(calls.allSatisfy { $0 > 0 })
    }

    /// A line without a lower bound has no such point; the search ends all the same, with what it gained.
    @Test func unboundedDescentEnds() {
        var search = StrongWolfeSearch(resolution: 1e-14)
        search.maximumEvaluations = 10
        let result = search.search(from: .init(step: 0, value: 0, slope: -1), first: 1) { step in
            StrongWolfeSearch.Sample(step: step, value: -step, slope: -1)
        }
        #expect(result.acceptance == .sufficientDecrease)
        #expect(result.evaluations == 10 && result.isLatest && result.sample.step > 1)
    }

    /// Values carry errors that hide the decrease; slopes still lead to the minimum at 1.
    @Test func slopesDecideWhereValuesAreRounded() {
        let search = StrongWolfeSearch(resolution: 1e-10)
        let start = StrongWolfeSearch.Sample(step: 0, value: 1, slope: -2e-14)
        for first in [1e-2, 0.3, 5.0, 50.0] {
            let result = search.search(from: start, first: first) { step in
                let error = 1e-12 * sin(1e3 * step)
                return StrongWolfeSearch.Sample(
                    step: step, value: 1 + 1e-14 * ((step - 1) * (step - 1) - 1) + error, slope: 2e-14 * (step - 1))
            }
            #expect(result.acceptance != nil && result.acceptance != .sufficientDecrease)
            #expect(abs(result.sample.slope) <= 0.9 * 2e-14 * (1 + 0.12))
        }
    }
}
