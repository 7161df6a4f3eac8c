import Expressions
import Glibc
import OptimalTransport
import ProblemFiles

/// The energy of a gradient flow, and the proof that the problem's equation is its flow.
struct FlowEquation: Sendable {
    let internalEnergy: FlowEnergy.Internal
    /// V
    let potential: Expression?
    /// U′(u) + V, in the unknown and the coordinates.
    let pressure: Expression
    /// What was proved, in a sentence.
    let proof: String

    init(_ problem: Problem, energy: ResolvedOptions, place: Origin) throws(ProblemErrors) {
        let equation = problem.equations[0]
        guard energy.has("internal") || energy.has("potential") else {
            throw ProblemErrors([
                place.diagnostic(
                    .error, "the energy has no part",
                    hint: "give method.energy.internal, such as 'u*(log(u) - 1)', or method.energy.potential")
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
        self.pressure = pressure
        proof = try Self.prove(equation, pressure, problem)
    }

    private static func resolve(
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
    /// By simplification where the difference vanishes symbolically; else by its value for forty choices of the point, of u and of
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
        for difference in [residual - flow, residual + flow] where difference.simplified().constantValue == 0 {
            return "\(statement), proved symbolically"
        }
        for number in 0..<40 {
            var jet = FlowJet(problem, number: number)
            let rate = FieldDerivative(unknown: 0, derivative: .partial([time]))
            let (first, other) = (jet.value(of: residual), jet.value(of: flow))
            jet.values[rate, default: 0] += 1
            // The factor in front of the derivative by time.
            let factor = jet.value(of: residual) - first
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
        return "\(statement), found so at forty random points of its derivatives"
    }

    /// V at the cells' centres; empty without V.
    func potentialValues(on grid: FlowGrid) -> [Double] {
        guard let potential else { return [] }
        return (0..<grid.count).map { potential.value(at: grid.point($0, time: grid.firstTime)).first ?? .nan }
    }
}

/// A point, and numbers for a positive field and all of its derivatives there: the same for the same number.
struct FlowJet {
    var point: [Double]
    var normals: [Double] = []
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
        return expression.value(at: point, normals: normals) { wanted, _ in
            var jet = copy
            return jet.number(for: wanted)
        }.first ?? .nan
    }
}
