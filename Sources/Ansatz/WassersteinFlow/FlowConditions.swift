import Expressions
import ProblemFiles

/// What a problem's conditions mean for a gradient flow: the density at the first time, and walls without flux.
enum FlowConditions {
    /// Accepts one condition on the whole region at the first time, and conditions on walls that say that nothing flows through.
    static func check(_ problem: Problem, _ equation: FlowEquation) throws(ProblemErrors) {
        var diagnostics: [Diagnostic] = []
        for condition in problem.conditions where !isStart(condition) {
            let faces = condition.location.faces
            guard !faces.isEmpty, condition.location.pieces.count == faces.count,
                faces.allSatisfy({ $0.wall != nil && $0.boxFace != nil }), condition.residual.components.count == 1
            else {
                diagnostics.append(
                    condition.origin.diagnostic(
                        .error, "gradient flows have no place for the condition '\(condition.name)'",
                        hint: "give the density at the first time, and nothing else"))
                continue
            }
            for face in faces {
                guard let side = face.boxFace else { continue }
                if !followsFromNoFlux(condition.residual.components[0], side.axis, side.isUpper, problem, equation) {
                    diagnostics.append(
                        condition.origin.diagnostic(
                            .error,
                            "nothing flows through the walls of a gradient flow, and '\(condition.name)' says something else",
                            hint:
                                "leave it out on a domain so large that the density vanishes there, or choose another method.kind"
                        ))
                    break
                }
            }
        }
        guard diagnostics.isEmpty else { throw ProblemErrors(diagnostics) }
    }

    private static func isStart(_ condition: Condition) -> Bool {
        condition.location.faces.count == 1 && condition.location.isWholeFaces
            && condition.location.faces.allSatisfy { $0.kind == .start }
    }

    /// Whether a residual vanishes for all u and derivatives at which the flux u ∂p/∂x through a wall does.
    private static func followsFromNoFlux(
        _ residual: Expression, _ axis: Int, _ isUpper: Bool, _ problem: Problem, _ equation: FlowEquation
    ) -> Bool {
        // Integrals are numbers of their own, the same in both.
        var separator = IntegralSeparator(firstParameter: 0)
        guard
            let flux = try? separator.separate(Expression.field(0) * equation.pressure.derivative(along: axis)),
            let residual = try? separator.separate(residual)
        else { return false }
        let slope = FieldDerivative(unknown: 0, derivative: .partial([axis]))
        let box = problem.domain.box
        return (0..<20).allSatisfy { number in
            var jet = FlowJet(problem, number: number)
            jet.point[axis] = isUpper ? box.upper[axis] : box.lower[axis]
            jet.parameters = FlowJet.parameters(separator.integrals.count, number: number)
            jet.normals = [Double](repeating: 0, count: box.dimensions)
            jet.normals[axis] = isUpper ? 1 : -1
            // The flux is linear in the slope.
            jet.values[slope] = 0
            let rest = jet.value(of: flux)
            jet.values[slope] = 1
            let factor = jet.value(of: flux) - rest
            guard factor != 0 else { return false }
            jet.values[slope] = -rest / factor
            return abs(jet.value(of: residual)) <= 1e-9 * jet.size
        }
    }

    /// The density at the first time, from the condition there.
    static func startingDensity(_ problem: Problem, on grid: FlowGrid) throws(ProblemErrors) -> [Double] {
        let starts = problem.conditions.filter(isStart)
        guard starts.count == 1, let condition = starts.first, condition.residual.components.count == 1 else {
            throw ProblemErrors([
                (starts.last?.origin ?? .none).diagnostic(
                    .error,
                    starts.isEmpty
                        ? "the density at the first time is missing" : "the density at the first time is given twice",
                    hint: "give one condition with on = \"t = 0\" and an equation such as 'u = exp(-x^2)'")
            ])
        }
        let residual = condition.residual.components[0]
        var densities: [Double] = []
        for cell in 0..<grid.count {
            let point = grid.point(cell, time: grid.firstTime)
            func value(_ density: Double) -> Double {
                residual.value(at: point) { wanted, _ in wanted.derivative == .value ? density : .nan }.first ?? .nan
            }
            let (zero, one, two) = (value(0), value(1), value(2))
            let slope = one - zero
            guard slope != 0, abs(two - one - slope) <= 1e-9 * max(abs(zero), abs(slope)) else {
                throw ProblemErrors([
                    condition.origin.diagnostic(
                        .error, "the density at the first time cannot be read off this equation",
                        hint: "write it as '\(problem.unknowns[0].name) = ...' with an expression in the coordinates")
                ])
            }
            let density = -zero / slope
            guard density >= 0, density.isFinite else {
                let place = zip(problem.domain.coordinates, point).map { "\($0.name) = \(NumberText.short($1))" }
                throw ProblemErrors([
                    condition.origin.diagnostic(
                        .error,
                        "the density is \(NumberText.short(density)) at \(place.joined(separator: ", ")); densities are finite and not negative",
                        hint: "cut it off, as in 'u = max(f, 0)'")
                ])
            }
            densities.append(density)
        }
        guard densities.contains(where: { $0 > 0 }) else {
            throw ProblemErrors([
                condition.origin.diagnostic(
                    .error, "the density at the first time has no mass", hint: "give one that is positive somewhere")
            ])
        }
        return densities
    }
}
