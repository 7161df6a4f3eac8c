import Expressions
import ProblemFiles

/// Values at the centres of cells, read anywhere by interpolation.
///
/// By cubic polynomials through four neighbours along each coordinate, whose derivatives up to the third are those of the field. Cells without
/// unknown hold an extension of the field, so that it can be read up to the boundary.
struct FiniteDifferenceFields: FieldEvaluator {
    /// Cells along each coordinate.
    let cells: [Int]
    let lower: [Double]
    let widths: [Double]
    /// The first coordinate fastest.
    let values: [Double]

    func evaluate(_ expressions: [Expression], at points: [[Double]], normals: [[Double]]?) throws -> [[Double]] {
        for expression in expressions {
            if expression.usesMean || expression.usesIntegral {
                throw ExpressionErrors("means and integrals cannot be evaluated at points")
            }
            if expression.usesNormal, normals == nil { throw ExpressionErrors("the normal is known on faces only") }
            for wanted in expression.fieldDerivatives where wanted.derivative.order > 3 {
                throw ExpressionErrors("values on a grid have derivatives up to the third")
            }
        }
        let total = points.first?.count ?? 0
        return expressions.map { expression in
            (0..<total).map { index in
                let point = points.map { $0[index] }
                let normal = normals?.map { $0[index] } ?? []
                return expression.value(at: point, normals: normal) { wanted, trace in
                    var place = point
                    for entry in trace.entries { place[entry.coordinate] = entry.value }
                    return value(wanted.derivative, at: place)
                }.first ?? .nan
            }
        }
    }

    private func value(_ derivative: Derivative, at point: [Double]) -> Double {
        switch derivative {
        case .laplacian(let axes): return axes.reduce(0) { $0 + value(.partial([$1, $1]), at: point) }
        case .partial(let axes):
            var orders = [Int](repeating: 0, count: point.count)
            for axis in axes { orders[axis] += 1 }
            let stencils = cells.indices.map { stencil($0, point[$0], orders[$0]) }
            return sum(cells.count - 1, 0, stencils)
        }
    }

    private func sum(_ axis: Int, _ start: Int, _ stencils: [(first: Int, weights: [Double])]) -> Double {
        guard axis >= 0 else { return values[start] }
        let step = cells[..<axis].reduce(1, *)
        var result = 0.0
        for (offset, weight) in stencils[axis].weights.enumerated() {
            result += weight * sum(axis - 1, start + (stencils[axis].first + offset) * step, stencils)
        }
        return result
    }

    private func stencil(_ axis: Int, _ x: Double, _ order: Int) -> (first: Int, weights: [Double]) {
        let width = min(4, cells[axis])
        let place = (x - lower[axis]) / widths[axis] - 0.5
        let first = min(max(Int(place.rounded(.down)) - width / 2 + 1, 0), cells[axis] - width)
        let nodes = (first..<first + width).map { lower[axis] + widths[axis] * (Double($0) + 0.5) }
        return (first, FlowFields.weights(nodes, at: x, order: order))
    }

    /// Puts values into cells that have none: from the boundary where it is given, else from neighbours; five layers deep, 0 beyond.
    static func extended(
        _ values: [Double], _ grid: FiniteDifferenceGrid,
        _ boundary: [Int: [(neighbour: Int, share: Double, value: Double)]]
    ) -> [Double] {
        var values = values
        guard grid.isInside.contains(false) else { return values }
        var isKnown = grid.isInside
        for layer in 0..<5 {
            var found: [(cell: Int, value: Double)] = []
            for cell in 0..<grid.count where !isKnown[cell] {
                var (sum, count) = (0.0, 0.0)
                for axis in 0..<grid.dimensions {
                    let step = grid.step(axis)
                    let place = cell / step % grid.cells[axis]
                    for side in [-1, 1] where (0..<grid.cells[axis]).contains(place + side) {
                        let other = cell + side * step
                        guard isKnown[other] else { continue }
                        // Beyond a given value the field goes on with the slope that it has there, elsewhere with that between two cells.
                        let given = layer == 0 ? boundary[other]?.first { $0.neighbour == cell } : nil
                        let further = other + side * step
                        if let given {
                            let share = max(given.share, 0.25)
                            sum += given.value + (given.value - values[other]) * (1 - share) / share
                        } else if (0..<grid.cells[axis]).contains(place + 2 * side), isKnown[further] {
                            sum += 2 * values[other] - values[further]
                        } else {
                            sum += values[other]
                        }
                        count += 1
                    }
                }
                if count > 0 { found.append((cell, sum / count)) }
            }
            if found.isEmpty { break }
            for (cell, value) in found {
                values[cell] = value
                isKnown[cell] = true
            }
        }
        return values
    }
}
