/// A function known on a grid, or a derivative of it, read at a place that depends on the point alone.
public struct TableReading: Hashable, Sendable {
    /// The function.
    public let function: TabulatedFunction
    /// The order of the derivative along each of its axes.
    public let orders: [Int]
    /// The reading itself.
    public let expression: Expression
    /// Where the function is read: one expression of coordinates for each axis.
    private let places: [Expression]

    init(_ table: Node.Table, at places: [Node]) throws(ExpressionErrors) {
        guard places.allSatisfy({ $0.features.isSubset(of: [.coordinate, .name]) && $0.freeIndices.isEmpty }) else {
            throw ExpressionErrors(
                "'\(table.function.name)', which is known from data, can be read at fixed places only")
        }
        function = table.function
        orders = table.orders
        self.places = places.map { Expression($0, names: .empty) }
        expression = Expression(Node(.tabulated(table), places), names: .empty)
    }

    /// The values at points, of which `points[c]` holds flat coordinate `c`; not a number where a coordinate is.
    public func values(at points: [[Double]]) -> [Double] {
        let columns = places.map { place -> [Double] in
            if case .coordinate(let flat) = place.node.unnamed.kind { return points[flat] }
            if let constant = place.constantValue {
                return [Double](repeating: constant, count: points.first?.count ?? 0)
            }
            return (0..<(points.first?.count ?? 0)).map { index in place.value(at: points.map { $0[index] })[0] }
        }
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: places.count) { place in
            columns[0].indices.map { index in
                for axis in columns.indices { place[axis] = columns[axis][index] }
                return function.value(place.baseAddress!, orders: orders)
            }
        }
    }
}

extension Node {
    /// A function of coordinates that is known on a grid.
    static func tabulated(_ function: TabulatedFunction, coordinates: [Int]) -> Node {
        Node(
            .tabulated(
                Table(function: function, coordinates: coordinates, orders: coordinates.map { _ in 0 })),
            coordinates.map { Node(.coordinate($0)) })
    }
}

extension Node.Table {
    /// The terms of the chain rule, Σ ∂f/∂xₖ xₖ′; derivatives above the degree of the pieces vanish.
    func gradient(at places: [Node], _ inner: [Node]) -> [Node] {
        coordinates.indices.compactMap { axis in
            guard !inner[axis].isLiteral(0), orders[axis] < function.bases[axis].degree else { return nil }
            var raised = self
            raised.orders[axis] += 1
            return .product([Node(.tabulated(raised), places), inner[axis]])
        }
    }
}

extension Expression {
    /// A function of coordinates, by flat index, that is known on a grid: one coordinate for each of its axes.
    public static func table(_ function: TabulatedFunction, coordinates: [Int]) -> Expression {
        precondition(coordinates.count == function.axes.count, "a coordinate for each axis")
        return Expression(.tabulated(function, coordinates: coordinates), names: .empty)
    }

    /// A number that is given at each point, by its place among those of the point: a measurement, a noise level.
    public static func datum(_ place: Int) -> Expression {
        Expression(Node(.datum(place)), names: .empty)
    }
}
