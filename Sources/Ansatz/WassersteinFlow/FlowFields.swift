import Expressions
import ProblemFiles

/// Densities on a grid at some times, read anywhere by interpolation.
///
/// By cubic polynomials through four neighbours along each coordinate and in time, whose derivatives up to the third are those of
/// the field; later than the last time nothing is known, and values are not numbers.
struct FlowFields: FieldEvaluator {
    let grid: FlowGrid
    let times: [Double]
    /// [time][cell]
    let densities: [Double]
    /// Cells.
    let count: Int

    func evaluate(_ expressions: [Expression], at points: [[Double]], normals: [[Double]]?) throws -> [[Double]] {
        var separator = IntegralSeparator(firstParameter: 0)
        let expressions = try expressions.map { expression in
            guard expression.usesIntegral else { return expression }
            return try separator.separate(expression)
        }
        let integrals = try integrals(separator.integrals, at: points.last ?? [])
        for expression in expressions {
            if expression.usesMean { throw ExpressionErrors("means cannot be evaluated at points") }
            if expression.usesNormal, normals == nil { throw ExpressionErrors("the normal is known on faces only") }
            for wanted in expression.fieldDerivatives where wanted.derivative.order > 3 {
                throw ExpressionErrors("densities on a grid have derivatives up to the third")
            }
        }
        let total = points.first?.count ?? 0
        return expressions.map { expression in
            (0..<total).map { index in
                let point = points.map { $0[index] }
                let normal = normals?.map { $0[index] } ?? []
                return expression.value(
                    at: point, normals: normal, parameters: integrals[point[point.count - 1]] ?? []
                ) { wanted, trace in
                    var place = point
                    for entry in trace.entries { place[entry.coordinate] = entry.value }
                    return value(wanted.derivative, at: place)
                }.first ?? .nan
            }
        }
    }

    /// Integrals over the region at each of some times: sums over the cells.
    private func integrals(_ wanted: [IntegralExpression], at times: [Double]) throws -> [Double: [Double]] {
        guard !wanted.isEmpty else { return [:] }
        for integral in wanted where integral.place != "region" {
            throw ExpressionErrors("gradient flows have integrals over the region only, not over '\(integral.place)'")
        }
        let cells = (0..<count).map { grid.point($0, time: 0) }
        var values: [Double: [Double]] = [:]
        for time in times where values[time] == nil {
            let places = (0...grid.axes.count).map { axis in
                axis < grid.axes.count ? cells.map { $0[axis] } : [Double](repeating: time, count: count)
            }
            let bodies = try evaluate(wanted.map(\.body), at: places, normals: nil)
            values[time] = zip(wanted, bodies).map { integral, body in
                let sum = body.reduce(0, +)
                return integral.isAverage ? sum / Double(count) : sum * grid.cellVolume
            }
        }
        return values
    }

    private func value(_ derivative: Derivative, at point: [Double]) -> Double {
        switch derivative {
        case .laplacian(let axes): return axes.reduce(0) { $0 + value(.partial([$1, $1]), at: point) }
        case .partial(let axes):
            var orders = [Int](repeating: 0, count: point.count)
            for axis in axes { orders[axis] += 1 }
            return value(orders, at: point)
        }
    }

    private func value(_ orders: [Int], at point: [Double]) -> Double {
        let last = point.count - 1
        guard let end = times.last, point[last] <= end + 1e-9 * grid.duration else { return .nan }
        let inTime = stencil(times, point[last], orders[last])
        var sum = 0.0
        for (time, weight) in inTime { sum += weight * inSpace(0, time * count, orders, point) }
        return sum
    }

    /// Sums over the axes from one on, in the fields that begin at some place.
    private func inSpace(_ axis: Int, _ start: Int, _ orders: [Int], _ point: [Double]) -> Double {
        guard axis < grid.axes.count else { return densities[start] }
        let nodes = grid.axes[axis].sources
        let after = grid.axes[(axis + 1)...].reduce(1) { $0 * $1.sources.count }
        let weights =
            grid.axes[axis].period > 0
            ? periodicStencil(nodes, grid.axes[axis].period, point[axis], orders[axis])
            : stencil(nodes, point[axis], orders[axis])
        return weights.reduce(0) { $0 + $1.weight * inSpace(axis + 1, start + $1.index * after, orders, point) }
    }

    /// Up to four nodes around a place, with the weights of a derivative.
    private func stencil(_ nodes: [Double], _ x: Double, _ order: Int) -> [(index: Int, weight: Double)] {
        let width = min(4, nodes.count)
        var low = 0, high = nodes.count
        while low < high {
            let middle = (low + high) / 2
            if nodes[middle] <= x { low = middle + 1 } else { high = middle }
        }
        let first = min(max(low - width / 2, 0), nodes.count - width)
        let weights = Self.weights(Array(nodes[first..<first + width]), at: x, order: order)
        return weights.enumerated().map { (first + $0.offset, $0.element) }
    }

    private func periodicStencil(
        _ nodes: [Double], _ period: Double, _ x: Double, _ order: Int
    ) -> [(index: Int, weight: Double)] {
        let width = period / Double(nodes.count)
        let first = Int(((x - nodes[0]) / width).rounded(.down)) - 1
        let places = (first..<first + 4).map { nodes[0] + Double($0) * width }
        return Self.weights(places, at: x, order: order).enumerated().map { offset, weight in
            let index = (first + offset) % nodes.count
            return (index < 0 ? index + nodes.count : index, weight)
        }
    }

    /// Weights of a derivative at a place from values at nodes (Fornberg, Math. Comp. 1988).
    static func weights(_ nodes: [Double], at x: Double, order: Int) -> [Double] {
        guard order < nodes.count else { return [Double](repeating: 0, count: nodes.count) }
        var table = [[Double]](repeating: [Double](repeating: 0, count: order + 1), count: nodes.count)
        table[0][0] = 1
        var before = 1.0
        for i in nodes.indices.dropFirst() {
            var product = 1.0
            for j in 0..<i {
                let distance = nodes[i] - nodes[j]
                product *= distance
                if j == i - 1 {
                    for k in (0...order).reversed() {
                        let lower = k > 0 ? Double(k) * table[i - 1][k - 1] : 0
                        table[i][k] = before * (lower - (nodes[i - 1] - x) * table[i - 1][k]) / product
                    }
                }
                for k in (0...order).reversed() {
                    let lower = k > 0 ? Double(k) * table[j][k - 1] : 0
                    table[j][k] = ((nodes[i] - x) * table[j][k] - lower) / distance
                }
            }
            before = product
        }
        return table.map { $0[order] }
    }
}
