import Expressions
import Geometry
import ProblemFiles

/// What the conditions of a problem say on its boundary: α u + β ∂u/∂n = γ, face by face.
struct FiniteDifferenceBoundary: Sendable {
    /// α u + β ∂u/∂n = γ at a point.
    struct Law {
        var value: Double
        var slope: Double
        var right: Double
    }

    private let problem: Problem
    /// Conditions by face of the domain.
    private let rules: [Int: [(condition: Int, filter: Expression?)]]
    private let names: [String]

    /// Sorts the conditions by faces.
    ///
    /// - Throws: conditions that are not on faces of the region, or not of one equation.
    init(_ problem: Problem) throws(ProblemErrors) {
        self.problem = problem
        var diagnostics: [Diagnostic] = []
        var rules: [Int: [(Int, Expression?)]] = [:]
        for (number, condition) in problem.conditions.enumerated() {
            let isOnWalls =
                !condition.location.pieces.isEmpty
                && condition.location.pieces.allSatisfy { $0.place.face?.wall != nil }
            guard isOnWalls, condition.residual.components.count == 1 else {
                diagnostics.append(
                    condition.origin.diagnostic(
                        .error, "finite differences have no place for the condition '\(condition.name)'",
                        hint: "give values or normal derivatives on faces of the region"))
                continue
            }
            for piece in condition.location.pieces {
                if let face = piece.place.face { rules[face.index, default: []].append((number, piece.filter)) }
            }
        }
        guard diagnostics.isEmpty else { throw ProblemErrors(diagnostics) }
        self.rules = rules.mapValues { $0.map { (condition: $0.0, filter: $0.1) } }
        names = problem.domain.spaceTime.faces.map { problem.domain.name(of: $0) }
    }

    /// The law at a point of a face with its outward normal.
    ///
    /// - Throws: a face without a condition, or with one that is not of this form.
    func law(face: Int, at point: [Double], normal: [Double]) throws(ProblemErrors) -> Law {
        let rule = rules[face]?.first { rule in
            rule.filter.map { ($0.value(at: point).first ?? 0) > 0 } ?? true
        }
        let place = zip(problem.domain.coordinates, point).map { "\($0.name) = \(NumberText.short($1, digits: 3))" }
            .joined(separator: ", ")
        guard let rule else {
            throw ProblemErrors([
                Diagnostic(
                    .error, "no condition holds on '\(names[face])' at \(place)",
                    hint:
                        "finite differences need one everywhere on the boundary: a value, or 'dn(\(problem.unknowns[0].name)) = 0'",
                    file: problem.source?.name)
            ])
        }
        let condition = problem.conditions[rule.condition]
        func residual(_ value: Double, _ slopes: [Double]) -> Double {
            condition.residual.components[0].value(at: point, normals: normal) { wanted, _ in
                switch wanted.derivative {
                case .value: value
                case .partial(let axes) where axes.count == 1: slopes[axes[0]]
                default: .nan
                }
            }.first ?? .nan
        }
        let none = [Double](repeating: 0, count: point.count)
        let rest = residual(0, none)
        let value = residual(1, none) - rest
        let slope = residual(0, normal) - rest
        // Directions along the boundary must not matter, and both parts must be linear.
        var tangent = (0..<point.count).map { 0.3 + 0.4 * Double($0) }
        let along = zip(tangent, normal).reduce(0) { $0 + $1.0 * $1.1 }
        tangent = zip(tangent, normal).map { $0 - along * $1 }
        let other = residual(2, zip(tangent, normal).map { $0 + 3 * $1 }) - rest
        let size = max(1, abs(rest), abs(value), abs(slope))
        guard rest.isFinite, value.isFinite, slope.isFinite, abs(other - 2 * value - 3 * slope) <= 1e-9 * size,
            value != 0 || slope != 0
        else {
            throw ProblemErrors([
                condition.origin.diagnostic(
                    .error, "'\(condition.name)' is not a linear condition on value and normal derivative at \(place)",
                    hint: "finite differences take 'a*u + b*dn(u) = g'")
            ])
        }
        // The flux must not feed itself.
        guard value * slope >= 0 else {
            throw ProblemErrors([
                condition.origin.diagnostic(
                    .error, "'\(condition.name)' lets more flow in where u is larger, at \(place)",
                    hint: "in 'a*u + b*dn(u) = g', a and b must not have different signs")
            ])
        }
        return Law(value: value, slope: slope, right: -rest)
    }
}
