import Expressions
import LinearAlgebra
import Networks

/// Where a program evaluates the network: at its points, or at its points with some coordinates held, as `u(t = 0)` asks.
struct NetworkSite<S: Scalar>: Sendable {
    /// The coordinates that are replaced by constants; none at the points themselves.
    let trace: Trace
    let network: NetworkPlan<S>
    /// How each field that the tape reads here comes from network channels.
    let compositions: [FieldComposition]
}

/// `∂u = lift + Σ factor · channel`, or the channel itself.
struct FieldComposition: Sendable {
    var input: Int
    var output: Int
    var lift: Int?
    var terms: [(channel: Int, factor: Int)]
    var isDirect: Bool
}

/// What the tape reads at one site, before the network's channels are laid out.
struct SiteRequest {
    let trace: Trace
    private var fields: [(input: Int, field: FieldDerivative)] = []
    private var leibniz: [Int: LeibnizExpansion] = [:]
    private var requested: Set<Derivative> = [.value]

    init(_ trace: Trace) {
        self.trace = trace
    }

    /// Adds a field that the tape reads.
    mutating func add(input: Int, _ field: FieldDerivative, _ exact: ExactConditions) {
        if let ansatz = exact.ansatz[field.unknown] {
            let expansion = LeibnizExpansion(of: field.derivative, ansatz: ansatz).held(trace)
            leibniz[fields.count] = expansion
            requested.formUnion(expansion.terms.map(\.channel))
        } else {
            requested.insert(field.derivative)
        }
        fields.append((input, field))
    }

    /// The derivatives of the network's outputs that are needed.
    ///
    /// - Throws: `ChannelPlanError` when an order is too high.
    func channels(coordinateCount: Int) throws(ChannelPlanError) -> ChannelPlan {
        try ChannelPlan(requested, coordinates: coordinateCount)
    }

    /// How the fields come from channels; the coefficients are numbered in `slots`.
    func compositions(_ plan: ChannelPlan, _ slots: inout ExpressionSlots) -> [FieldComposition] {
        fields.enumerated().map { index, entry in
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
    }
}

/// Distinct expressions, numbered in order of first use.
struct ExpressionSlots {
    private(set) var expressions: [Expression] = []
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

    /// The expansion with coordinates held in its coefficients; the channels are then those of the network held there.
    func held(_ trace: Trace) -> LeibnizExpansion {
        guard trace != .none else { return self }
        func hold(_ expression: Expression) -> Expression {
            trace.entries.reduce(expression) { $0.substituting(coordinate: $1.coordinate, by: Expression($1.value)) }
                .simplified()
        }
        var result = self
        result.lift = hold(lift)
        result.terms = terms.map { ($0.channel, hold($0.factor)) }
        result.terms.removeAll { $0.factor.constantValue == 0 }
        return result
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
