import Expressions
import Glibc
import ProblemFiles

/// A point, and numbers for a positive field and all of its derivatives there: the same for the same number.
struct FlowJet {
    var point: [Double]
    var normals: [Double] = []
    /// Values of integrals.
    var parameters: [Double] = []
    /// Values that were asked for, or set.
    var values: [FieldDerivative: Double] = [:]
    private let number: Int

    init(_ problem: Problem, number: Int) {
        self.number = number
        let box = problem.domain.box
        point = zip(box.lower, box.upper).enumerated().map { axis, ends in
            ends.0 + Self.fraction(number, axis) * (ends.1 - ends.0)
        }
        values[FieldDerivative(unknown: 0, derivative: .value)] = 0.3 + 1.7 * Self.fraction(number, 17)
    }

    /// Numbers for so many integrals.
    static func parameters(_ count: Int, number: Int) -> [Double] {
        (0..<count).map { 0.5 + Double((7 * number + 13 * $0) % 29) / 17 }
    }

    /// Equally spread over (0, 1), by multiples of irrational numbers.
    private static func fraction(_ number: Int, _ place: Int) -> Double {
        let value = Double(number + 1) * (Double(place) + 2).squareRoot() * 0.618_033_988_749_895 + 0.37 * Double(place)
        return min(max(value - value.rounded(.down), 1e-3), 1 - 1e-3)
    }

    /// The largest magnitude in use.
    var size: Double { values.values.reduce(1) { max($0, abs($1)) } }

    /// The number for a derivative; a sum of second derivatives is the sum of theirs.
    mutating func number(for wanted: FieldDerivative) -> Double {
        if let value = values[wanted] { return value }
        if case .laplacian(let axes) = wanted.derivative {
            return axes.reduce(0) {
                $0 + number(for: FieldDerivative(unknown: wanted.unknown, derivative: .partial([$1, $1])))
            }
        }
        var place = 31
        if case .partial(let axes) = wanted.derivative { for axis in axes { place = 7 * place + axis + 1 } }
        let value = 4 * Self.fraction(number, place % 9_973) - 2
        values[wanted] = value
        return value
    }

    mutating func value(of expression: Expression) -> Double {
        for wanted in expression.fieldDerivatives { _ = number(for: wanted) }
        let copy = self
        return expression.value(at: point, normals: normals, parameters: parameters) { wanted, _ in
            var jet = copy
            return jet.number(for: wanted)
        }.first ?? .nan
    }
}
