import Expressions
import ProblemFiles

/// −∇·(k ∇u) + c u = f, read off an equation.
struct FiniteDifferenceEquation: Sendable {
    /// k, positive.
    let diffusion: Expression
    /// c, not negative.
    let reaction: Expression
    /// f
    let source: Expression
    /// What was recognised, in a sentence.
    let summary: String

    /// Recognises the equation: its residual at u = 0, 1, xᵢ and xᵢ²/2 gives all coefficients, exactly; that nothing else is in it is checked
    /// by forty random choices of u and its derivatives.
    ///
    /// - Throws: what is not of this form, with the place of the equation.
    init(_ problem: Problem) throws(ProblemErrors) {
        let equation = problem.equations[0]
        let name = problem.unknowns[0].name
        func refuse(_ message: String, _ hint: String? = nil) -> ProblemErrors {
            ProblemErrors([
                equation.origin.diagnostic(
                    .error, message,
                    hint: hint
                        ?? "finite differences solve '-div(k*grad(\(name))) + c*\(name) = f' with k > 0 and c >= 0")
            ])
        }
        let residual = equation.residual.components[0]
        let dimensions = problem.domain.coordinates.count
        func put(_ function: Expression) -> Expression { residual.substituting(unknowns: [function]).simplified() }
        let rest = put(Expression(0))
        let reaction = (put(Expression(1)) - rest).simplified()
        var first: [Expression] = [], second: [Expression] = []
        for axis in 0..<dimensions {
            let x = Expression.coordinate(axis)
            let slope = (put(x) - rest - reaction * x).simplified()
            first.append(slope)
            let half = Expression(0.5) * x * x
            second.append((put(half) - rest - reaction * half - slope * x).simplified())
        }
        // Nothing else may be in it: products of unknowns, mixed and higher derivatives.
        let u = Expression.field(0)
        var linear = rest + reaction * u
        for axis in 0..<dimensions {
            let slope = u.derivative(along: axis)
            linear = linear + first[axis] * slope + second[axis] * slope.derivative(along: axis)
        }
        let agrees = Agreement(problem)
        guard agrees.vanishes((residual - linear).simplified()) else {
            throw refuse("'\(equation.name)' is not a linear equation of second order without mixed derivatives")
        }
        guard agrees.isZero(rest) || !rest.usesTime else { throw refuse("'\(equation.name)' depends on the time") }
        for axis in 1..<max(dimensions, 1) where !agrees.isZero((second[axis] - second[0]).simplified()) {
            throw refuse(
                "'\(equation.name)' has different coefficients along \(problem.domain.coordinates[0].name) and \(problem.domain.coordinates[axis].name)"
            )
        }
        let value = agrees.value(second[0])
        guard value != 0, value.isFinite else {
            throw refuse(
                "'\(equation.name)' has no second derivatives of '\(name)' along \(problem.domain.coordinates[0].name)")
        }
        let sign = Expression(value > 0 ? -1 : 1)
        let k = (Expression(-1) * sign * second[0]).simplified()
        let isDivergence = (0..<dimensions).allSatisfy { axis in
            agrees.isZero((first[axis] - second[0].derivative(along: axis)).simplified())
        }
        if isDivergence {
            diffusion = k
            self.reaction = (sign * reaction).simplified()
            source = (Expression(-1) * sign * rest).simplified()
        } else {
            // k Δu without the gradient of k: divided by k it is the Laplacian.
            guard first.allSatisfy(agrees.isZero) else {
                throw refuse("'\(equation.name)' has first derivatives that are not those of -div(k*grad(\(name)))")
            }
            diffusion = Expression(1)
            self.reaction = (sign * reaction / k).simplified()
            source = (Expression(-1) * sign * rest / k).simplified()
        }
        for number in 0..<40 {
            let point = FlowJet(problem, number: number).point
            guard problem.domain.spaceTime.region.contains(point) else { continue }
            let (k, c) = (diffusion.value(at: point).first ?? .nan, self.reaction.value(at: point).first ?? .nan)
            guard k > 0, c >= -1e-12 else {
                let place = zip(problem.domain.coordinates, point).map {
                    "\($0.name) = \(NumberText.short($1, digits: 3))"
                }
                throw refuse(
                    (k > 0
                        ? "the coefficient of \(name) is \(NumberText.short(c))"
                        : "the coefficient k is \(NumberText.short(k))")
                        + " at \(place.joined(separator: ", ")), so the system is not positive definite")
            }
        }
        let hasReaction = self.reaction.constantValue != 0
        summary =
            "-div(k*grad(\(name)))\(hasReaction ? " + c*\(name)" : "") = f with k = \(diffusion)"
            + (hasReaction ? ", c = \(self.reaction)" : "")
    }

    /// Whether expressions vanish, symbolically or at forty random points and values.
    struct Agreement {
        let problem: Problem

        init(_ problem: Problem) { self.problem = problem }

        /// Of an expression with the unknown and its derivatives.
        func vanishes(_ expression: Expression) -> Bool {
            if expression.constantValue == 0 { return true }
            return (0..<40).allSatisfy { number in
                var jet = FlowJet(problem, number: number)
                let value = jet.value(of: expression)
                return abs(value) <= 1e-9 * max(1, jet.size * jet.size)
            }
        }

        /// Of an expression of coordinates.
        func isZero(_ expression: Expression) -> Bool {
            if expression.constantValue == 0 { return true }
            return (0..<40).allSatisfy {
                abs(expression.value(at: FlowJet(problem, number: $0).point).first ?? .nan) <= 1e-9
            }
        }

        /// At one of the points.
        func value(_ expression: Expression) -> Double {
            expression.constantValue ?? expression.value(at: FlowJet(problem, number: 3).point).first ?? .nan
        }
    }
}
