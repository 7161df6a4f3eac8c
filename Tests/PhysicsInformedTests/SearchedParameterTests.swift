import Foundation
import PhysicsInformed
import Testing

/// The maps from search variables to unknown parameters.
@Suite struct SearchedParameterTests {
    static let parameters = [
        SearchedParameter("plain", start: 3), SearchedParameter("negative", start: -0.02, rate: 2),
        SearchedParameter("zero", start: 0), SearchedParameter("log", start: 1e-6, scale: .logarithmic, rate: 0.3),
        SearchedParameter("range", start: 0.25, range: -1...1),
        SearchedParameter("wide", start: 0.01, range: 1e-8...1e4, scale: .logarithmic),
        SearchedParameter("edge", start: 1 - 1e-9, range: 0...1, rate: 5),
    ]

    @Test(arguments: parameters) func zeroIsTheStart(parameter: SearchedParameter) {
        #expect(parameter.value(at: 0).value == parameter.start)
    }

    @Test(arguments: parameters) func theSlopeIsTheDerivative(parameter: SearchedParameter) {
        for search in [-1.5, -0.3, 0, 0.2, 1.1] {
            let h = 1e-4
            // Fourth order, so that rounding and truncation are both far below the tolerance.
            func value(_ k: Double) -> Double { parameter.value(at: search + k * h).value }
            let difference = (8 * (value(1) - value(-1)) - (value(2) - value(-2))) / (12 * h)
            let slope = parameter.value(at: search).slope
            #expect(slope > 0)
            #expect(abs(slope - difference) <= 1e-8 * abs(slope) + 1e-11 * abs(parameter.start) / h)
        }
    }

    @Test(arguments: parameters) func searchingForAValueGivesItBack(parameter: SearchedParameter) {
        for search in [-2.0, -0.4, 0, 0.7, 2.5] {
            let (value, slope) = parameter.value(at: search)
            let difference = parameter.search(for: value) - search
            // The search variable is known as well as rounding of the value lets it be.
            let rounding = 4 * value.ulp / slope
            #expect(abs(difference) < 1e-12 + rounding)
        }
    }

    @Test(arguments: parameters) func theRangeIsNeverLeft(parameter: SearchedParameter) throws {
        guard let range = parameter.range else { return }
        for search in [-1e6, -800, -40, 40, 800, 1e6] {
            let (value, slope) = parameter.value(at: search)
            #expect(range.contains(value) && slope >= 0 && slope.isFinite)
        }
        #expect(parameter.value(at: 1e6).value == range.upperBound)
        #expect(abs(parameter.value(at: -1e6).value - range.lowerBound) <= 1e-15 * abs(range.upperBound))
    }

    /// A step of the optimizer moves a parameter with twice the rate twice as far, to first order.
    @Test func theRateIsAFactor() {
        let slow = SearchedParameter("k", start: 2, range: 1...5)
        let fast = SearchedParameter("k", start: 2, range: 1...5, rate: 2)
        #expect(fast.value(at: 0.1).value == slow.value(at: 0.2).value)
        #expect(fast.value(at: 0).slope == 2 * slow.value(at: 0).slope)
    }
}
