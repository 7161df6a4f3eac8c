import Expressions
import Glibc
import OptimalTransport
import ProblemFiles

/// The energy of a gradient flow, and the proof that the problem's equation is its flow.
struct FlowEquation: Sendable {
    let internalEnergy: FlowEnergy.Internal
    /// V
    let potential: Expression?
    /// W, in coordinates that stand for differences.
    let interaction: Expression?
    /// U′(u) + V + W∗u, in the unknown, the coordinates and integrals of the unknown.
    let pressure: Expression
    /// What was proved, in a sentence.
    let proof: String

    init(_ problem: Problem, energy: ResolvedOptions, place: Origin) throws(ProblemErrors) {
        let equation = problem.equations[0]
        guard energy.has("internal") || energy.has("potential") || energy.has("interaction") else {
            throw ProblemErrors([
                place.diagnostic(
                    .error, "the energy has no part",
                    hint: "give method.energy.internal, such as 'u*(log(u) - 1)', .potential or .interaction")
            ])
        }
        var pressure = Expression(0)
        if energy.has("internal") {
            let origin = energy.origin(of: "internal")
            let density = try Self.resolve(energy.text("internal"), .equation, problem, origin)
            let value = FieldDerivative(unknown: 0, derivative: .value)
            guard density.fieldDerivatives.allSatisfy({ $0 == value }), density.usedCoordinates.isEmpty else {
                throw ProblemErrors([
                    origin.diagnostic(
                        .error, "the internal energy must depend on '\(problem.unknowns[0].name)' alone",
                        hint: "what depends on the coordinates belongs to method.energy.potential")
                ])
            }
            // The unknown takes the place of a coordinate, along which can be differentiated.
            let derivative = density.substituting(unknowns: [.coordinate(0)]).derivative(along: 0)
            internalEnergy = try Self.classify(derivative.derivative(along: 0), problem, origin)
            pressure = derivative.substituting(coordinate: 0, by: .field(0))
        } else {
            internalEnergy = .none
        }
        if energy.has("potential") {
            let origin = energy.origin(of: "potential")
            let potential = try Self.resolve(energy.text("potential"), .coefficient, problem, origin)
            guard !potential.usesTime else {
                throw ProblemErrors([
                    origin.diagnostic(
                        .error, "the potential depends on the time", hint: "energies of gradient flows do not")
                ])
            }
            self.potential = potential
            pressure = pressure + potential
        } else {
            potential = nil
        }
        if energy.has("interaction") {
            let origin = energy.origin(of: "interaction")
            let kernel = try Self.resolve(energy.text("interaction"), .coefficient, problem, origin)
            interaction = kernel
            pressure = pressure + (try FlowInteraction.convolution(kernel, problem, origin))
        } else {
            interaction = nil
        }
        self.pressure = pressure
        proof = try Self.prove(equation, pressure, problem)
    }

    static func resolve(
        _ text: String, _ context: Context, _ problem: Problem, _ origin: Origin
    ) throws(ProblemErrors) -> Expression {
        do throws(ExpressionErrors) {
            let expression = try problem.scope.resolve(Syntax.parse(text), in: context)
            guard expression.shape == .scalar else {
                throw ExpressionErrors("an energy is a scalar, not \(expression.shape)")
            }
            return expression
        } catch {
            throw ProblemErrors(
                error.issues.map { origin.diagnostic(.error, $0.message, at: $0.range, hint: $0.hint) })
        }
    }

    /// The kind of an internal energy, by u U″(u): the constant D for D u (log u − 1), κ m u^(m−1) for κ u^m/(m − 1).
    private static func classify(
        _ second: Expression, _ problem: Problem, _ origin: Origin
    ) throws(ProblemErrors) -> FlowEnergy.Internal {
        let blank = [Double](repeating: 0, count: problem.domain.coordinates.count)
        func rate(_ u: Double) -> Double {
            var point = blank
            point[0] = u
            return u * (second.value(at: point).first ?? .nan)
        }
        let (one, two) = (rate(1), rate(2))
        let order = one > 0 && two > 0 ? log2(two / one) : .nan
        let rounded = abs(order - order.rounded()) < 1e-9 ? order.rounded() : order
        let isPower = [0.01, 0.3, 0.7, 1.9, 5, 40].allSatisfy { u in
            abs(rate(u) - one * pow(u, rounded)) <= 1e-9 * one * pow(u, rounded)
        }
        if isPower, rounded == 0 { return .entropy(diffusion: one) }
        if isPower, rounded > 0 { return .power(exponent: rounded + 1, coefficient: one / (rounded + 1)) }
        throw ProblemErrors([
            origin.diagnostic(
                .error, "the internal energy is neither an entropy nor a power above 1",
                hint:
                    "gradient flows know D*u*(log(u) - 1) with D > 0, and k*u^m/(m - 1) with k > 0 and m > 1, up to multiples of u"
            )
        ])
    }

    /// Proves that the equation is a multiple of ∂u/∂t − ∇·(u ∇p) = 0.
    ///
    /// By expansion where the difference cancels symbolically; else by its value for forty choices of the point, of u and of
    /// all of its derivatives, at which an analytic difference that is not zero everywhere vanishes with probability 0.
    private static func prove(
        _ equation: Equation, _ pressure: Expression, _ problem: Problem
    ) throws(ProblemErrors) -> String {
        let density = Expression.field(0)
        let time = problem.domain.coordinates.count - 1
        var flow = density.derivative(along: time)
        for axis in 0..<time { flow = flow - (density * pressure.derivative(along: axis)).derivative(along: axis) }
        let residual = equation.residual.components[0]
        let name = problem.unknowns[0].name
        let statement = "'\(equation.name)' is the gradient flow of the energy"
        for difference in [residual - flow, residual + flow] where difference.vanishesByExpansion {
            return "\(statement), proved symbolically"
        }
        // Integrals are numbers of their own.
        var separator = IntegralSeparator(firstParameter: 0)
        let (plainResidual, plainFlow): (Expression, Expression)
        do throws(ExpressionErrors) {
            plainResidual = try separator.separate(residual)
            plainFlow = try separator.separate(flow)
        } catch {
            throw ProblemErrors(error.issues.map { equation.origin.diagnostic(.error, $0.message, hint: $0.hint) })
        }
        for number in 0..<40 {
            var jet = FlowJet(problem, number: number)
            jet.parameters = FlowJet.parameters(separator.integrals.count, number: number)
            let rate = FieldDerivative(unknown: 0, derivative: .partial([time]))
            let (first, other) = (jet.value(of: plainResidual), jet.value(of: plainFlow))
            jet.values[rate, default: 0] += 1
            // The factor in front of the derivative by time.
            let factor = jet.value(of: plainResidual) - first
            let size = max(1, abs(first), abs(factor * other), jet.size)
            guard abs(first - factor * other) <= 1e-8 * size, abs(factor) > 1e-12 else {
                throw ProblemErrors([
                    equation.origin.diagnostic(
                        .error, "the equation is not the gradient flow of the energy in [method.energy]",
                        hint:
                            "that flow is \(name)_t = div(\(name)*grad(p)) with p = \(pressure.simplified())"
                    )
                ])
            }
        }
        return "\(statement), not decided symbolically, but found so at forty points of its derivatives"
    }

    /// W as a function of differences; nil without W.
    var kernel: (@Sendable ([Double]) -> Double)? {
        guard let interaction else { return nil }
        // The time, which W does not depend on, takes a place, too.
        return { (difference: [Double]) -> Double in interaction.value(at: difference + [0]).first ?? .nan }
    }

    /// V at the cells' centres; empty without V.
    func potentialValues(on grid: FlowGrid) -> [Double] {
        guard let potential else { return [] }
        return (0..<grid.count).map { potential.value(at: grid.point($0, time: grid.firstTime)).first ?? .nan }
    }
}
