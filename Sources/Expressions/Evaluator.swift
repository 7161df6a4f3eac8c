/// Plain evaluation of graphs in double precision, the reference that tapes are compared with.
struct Evaluator {
    var point: [Double] = []
    var normals: [Double] = []
    var parameters: [Double] = []
    /// The value of a derivative of an unknown; not a number where nothing is given.
    var field: (FieldDerivative, Trace) -> Double = { _, _ in .nan }
    /// Operations left before evaluation gives up, so that nested sums cannot run for ever.
    var budget = Int.max

    private var indices: [Int: Double] = [:]
    private var plans: [ObjectIdentifier: Plan] = [:]

    init() {}

    /// The nodes of a body in order, with the places of their operands.
    private final class Plan {
        let nodes: [Node]
        let operands: [[Int]]

        init(_ root: Node) {
            nodes = root.postorder(enteringBinders: false)
            var places: [ObjectIdentifier: Int] = [:]
            for (place, node) in nodes.enumerated() { places[ObjectIdentifier(node)] = place }
            operands = nodes.map { node in node.isBinder ? [] : node.children.map { places[ObjectIdentifier($0)]! } }
        }
    }

    /// The value of a number made of numbers and known parameters only, if it is one and can be computed quickly.
    static func constant(_ node: Node) -> Double? {
        if let number = node.number { return number }
        let varying: Node.Features = [.coordinate, .field, .normal, .parameter, .mean, .integral, .datum]
        guard node.features.isDisjoint(with: varying), node.freeIndices.isEmpty else { return nil }
        var evaluator = Evaluator()
        evaluator.budget = 1_000_000
        let value = evaluator.value(node)
        return value.isNaN ? nil : value
    }

    mutating func value(_ root: Node) -> Double {
        let plan: Plan
        if let known = plans[ObjectIdentifier(root)] {
            plan = known
        } else {
            plan = Plan(root)
            plans[ObjectIdentifier(root)] = plan
        }
        budget -= plan.nodes.count
        guard budget > 0 else { return .nan }
        var values = [Double](repeating: 0, count: plan.nodes.count)
        for (place, node) in plan.nodes.enumerated() {
            values[place] = value(node, plan.operands[place], values)
        }
        return values[values.count - 1]
    }

    private mutating func value(_ node: Node, _ operands: [Int], _ values: [Double]) -> Double {
        func operand(_ k: Int) -> Double { values[operands[k]] }
        switch node.kind {
        case .constant(let value, _): return value
        case .parameter(let index): return index < parameters.count ? parameters[index] : .nan
        case .coordinate(let flat): return flat < point.count ? point[flat] : .nan
        case .member(let first, _):
            let flat = first + Int(operand(0)) - 1
            return flat < point.count ? point[flat] : .nan
        case .index(let index, _, _): return indices[index] ?? .nan
        case .field(let data):
            var derivative = data.derivative
            if case .partial(let coordinates) = derivative {
                let more = data.families.indices.map { data.families[$0].first + Int(operand($0)) - 1 }
                derivative = .partial((coordinates + more).sorted())
            }
            return field(FieldDerivative(unknown: data.unknown, derivative: derivative), data.trace)
        case .tabulated(let table):
            return table.function.value(at: operands.map { values[$0] }, orders: table.orders)
        case .datum: return .nan
        case .normal(let axis): return axis < normals.count ? normals[axis] : .nan
        case .normalMember: return Int(operand(0)) <= normals.count ? normals[Int(operand(0)) - 1] : .nan
        case .sum: return operands.reduce(0) { $0 + values[$1] }
        case .product: return operands.reduce(1) { $0 * values[$1] }
        case .quotient: return operand(0) / operand(1)
        case .power: return raised(operand(0), to: operand(1))
        case .call(let function): return function.value(operand(0), operands.count > 1 ? operand(1) : 0)
        case .choice: return operand(0) != 0 ? operand(1) : operand(2)
        case .comparison(let comparison): return comparison.holds(operand(0), operand(1)) ? 1 : 0
        case .not: return operand(0) == 0 ? 1 : 0
        case .and: return operands.allSatisfy { values[$0] != 0 } ? 1 : 0
        case .or: return operands.contains { values[$0] != 0 } ? 1 : 0
        case .element: return operand(Int(operand(0)))
        case .named: return operand(0)
        case .reduction(let isProduct, let index, let lower, let upper):
            let outer = indices[index]
            defer { indices[index] = outer }
            var result = isProduct ? 1.0 : 0.0
            for i in lower...upper {
                indices[index] = Double(i)
                let term = value(node.children[0])
                result = isProduct ? result * term : result + term
                if budget <= 0 { return .nan }
            }
            return result
        case .sample, .mean, .integral: return .nan
        }
    }
}

extension Expression {
    /// The components at a point, given by all flat coordinates, when only coordinates and known parameters are read.
    ///
    /// What an unknown field, an unknown parameter, the normal, a mean or an integral enters is not a number.
    public func value(at point: [Double]) -> [Double] {
        var evaluator = Evaluator()
        evaluator.point = point
        return nodes.map { evaluator.value($0) }
    }

    /// The components at a point with everything that may be read given by the caller.
    public func value(
        at point: [Double], normals: [Double] = [], parameters: [Double] = [],
        field: @escaping (FieldDerivative, Trace) -> Double
    ) -> [Double] {
        var evaluator = Evaluator()
        evaluator.point = point
        evaluator.normals = normals
        evaluator.parameters = parameters
        evaluator.field = field
        return nodes.map { evaluator.value($0) }
    }

    /// The value, if this is a scalar made of numbers and known parameters.
    public var constantValue: Double? {
        guard case .list(let nodes) = storage, nodes.count == 1, shape == .scalar else { return nil }
        return Evaluator.constant(nodes[0])
    }
}
