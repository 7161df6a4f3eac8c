import Expressions
import LinearAlgebra
import Networks

/// Scalar expressions over the unknowns, compiled for evaluation at points: network, exact conditions, tape.
///
/// Forward: the network's channels, then `∂u = ∂g + Leibniz(φ, N)` where conditions are exact, then the tape.
/// Reverse runs the same way back, into a gradient over the network's parameters.
final class PointProgram<S: Scalar>: Sendable {
    let tape: Tape
    let network: NetworkPlan<S>
    let coordinateCount: Int
    /// How each field that the tape reads comes from network channels, in the order of `fieldInputs`.
    let compositions: [FieldComposition]
    let coordinateInputs: [(input: Int, coordinate: Int)]
    let normalInputs: [(input: Int, axis: Int)]
    /// Derivatives of g and φ at the points; empty where no condition is exact.
    let coefficients: [Expression]

    /// Compiles `expressions`.
    ///
    /// - Throws: `ExpressionErrors` when an expression cannot be evaluated pointwise, `ChannelPlanError` when it asks
    ///   for derivatives of too high an order.
    init(_ expressions: [Expression], network: Network, exact: ExactConditions, coordinateCount: Int) throws {
        let tape = try Tape(expressions)
        var coordinates: [(Int, Int)] = []
        var normals: [(Int, Int)] = []
        var fields: [(input: Int, field: FieldDerivative)] = []
        for (index, input) in tape.inputs.enumerated() {
            switch input {
            case .coordinate(let coordinate): coordinates.append((index, coordinate))
            case .normal(let axis): normals.append((index, axis))
            case .field(let field): fields.append((index, field))
            case .parameter, .trace:
                throw ExpressionErrors(
                    "a value taken elsewhere or an unknown parameter cannot be evaluated point by point yet")
            }
        }

        var requested: Set<Derivative> = [.value]
        var leibniz: [Int: LeibnizExpansion] = [:]
        for (index, entry) in fields.enumerated() {
            if let ansatz = exact.ansatz[entry.field.unknown] {
                let expansion = LeibnizExpansion(of: entry.field.derivative, ansatz: ansatz)
                leibniz[index] = expansion
                requested.formUnion(expansion.terms.map(\.channel))
            } else {
                requested.insert(entry.field.derivative)
            }
        }
        let plan = try ChannelPlan(requested, coordinates: coordinateCount)
        var slots = ExpressionSlots()
        self.compositions = fields.enumerated().map { index, entry in
            guard let expansion = leibniz[index] else {
                return FieldComposition(
                    input: entry.input, output: entry.field.unknown, lift: nil,
                    terms: [(plan.index(of: entry.field.derivative)!, 0)], isDirect: true)
            }
            return FieldComposition(
                input: entry.input, output: entry.field.unknown,
                lift: expansion.lift.constantValue == 0 ? nil : slots.index(of: expansion.lift),
                terms: expansion.terms.map { (plan.index(of: $0.channel)!, slots.index(of: $0.factor)) },
                isDirect: false)
        }
        self.coefficients = slots.expressions
        self.tape = tape
        self.network = NetworkPlan(network: network, channels: plan)
        self.coordinateCount = coordinateCount
        self.coordinateInputs = coordinates
        self.normalInputs = normals
    }
}

/// `∂u = lift + Σ factor · channel`, or the channel itself.
struct FieldComposition: Sendable {
    var input: Int
    var output: Int
    var lift: Int?
    var terms: [(channel: Int, factor: Int)]
    var isDirect: Bool
}

/// Distinct expressions, numbered in order of first use.
private struct ExpressionSlots {
    var expressions: [Expression] = []
    private var indices: [Expression: Int] = [:]

    mutating func index(of expression: Expression) -> Int {
        if let index = indices[expression] { return index }
        indices[expression] = expressions.count
        expressions.append(expression)
        return expressions.count - 1
    }
}

/// A derivative of `g + φ·N` as `lift + Σ factor · channel(N)` by Leibniz' rule.
struct LeibnizExpansion {
    var lift: Expression
    var terms: [(channel: Derivative, factor: Expression)]

    init(of derivative: Derivative, ansatz: ExactConditions.Ansatz) {
        switch derivative {
        case .partial(let indices):
            lift = ansatz.lift.derivative(along: indices)
            terms = Self.terms(of: indices, cutoff: ansatz.cutoff)
        case .laplacian(let coordinates):
            // Δ(φN) = φΔN + Σ 2 φ_i N_i + NΔφ
            lift = coordinates.map { ansatz.lift.derivative(along: [$0, $0]) }.reduce(0, +).simplified()
            let curvature = coordinates.map { ansatz.cutoff.derivative(along: [$0, $0]) }.reduce(0, +).simplified()
            terms = [(derivative, ansatz.cutoff), (.value, curvature)]
            terms += coordinates.map { (.partial([$0]), (2 * ansatz.cutoff.derivative(along: [$0])).simplified()) }
        }
        terms.removeAll { $0.factor.constantValue == 0 }
    }

    /// Sum over the subsets of the differentiations: those in the subset act on N, the others on φ.
    private static func terms(
        of indices: [Int], cutoff: Expression
    ) -> [(channel: Derivative, factor: Expression)] {
        var multiplicity: [[Int]: Int] = [:]
        for subset in 0..<(1 << indices.count) {
            let kept = indices.indices.filter { subset >> $0 & 1 == 1 }.map { indices[$0] }
            multiplicity[kept, default: 0] += 1
        }
        return multiplicity.keys.sorted { ($0.count, $0.description) < ($1.count, $1.description) }.map { kept in
            var rest = indices
            for index in kept { rest.remove(at: rest.firstIndex(of: index)!) }
            let factor = Expression(Double(multiplicity[kept]!)) * cutoff.derivative(along: rest)
            return (.partial(kept), factor.simplified())
        }
    }
}

extension Expression {
    /// The repeated partial derivative along flat coordinates.
    func derivative(along coordinates: [Int]) -> Expression {
        coordinates.reduce(self) { $0.derivative(along: $1).simplified() }
    }
}
