import Expressions
import Geometry
import ProblemFiles
import Randomness

/// How well an exact reference satisfies the equations and conditions of its problem.
struct ReferenceCheck: Sendable {
    /// What was found for one equation or condition.
    struct Finding: Sendable, Equatable {
        var name: String
        /// The largest magnitude of the residual.
        var residual: Double
        /// The largest magnitude of either side, at least one.
        var scale: Double
        var points: Int
        /// Residuals above the rounding of doubles with room for cancellation mean a slip, not arithmetic.
        var isSatisfied: Bool { residual <= 1e-6 * scale }
    }

    /// Points per equation and condition.
    static let pointCount = 64

    /// One for each equation and condition whose unknowns all have a reference.
    let findings: [Finding]

    /// Puts the exact expressions for the unknowns, takes their derivatives exactly, and evaluates what remains: of equations
    /// in the box of the reference, where one is given.
    init(_ problem: Problem, exact: [String: Expression]) {
        var findings: [Finding] = []
        var stream = RandomStream(seed: 1, name: "check")
        let sampler = PointSampler(problem, exact: exact)
        for equation in problem.equations {
            findings += sampler.finding(
                equation.name, equation.left, equation.right, at: [.init(.interior)], within: problem.referenceBox?.box,
                &stream)
        }
        for condition in problem.conditions {
            findings += sampler.finding(
                condition.name, condition.left, condition.right, at: condition.location.pieces, &stream)
        }
        self.findings = findings
    }
}

/// Evaluates sides of equations for known fields at random points of a region's parts.
private struct PointSampler {
    private let problem: Problem
    private let exact: [Expression?]
    /// True values of unknown parameters, by index.
    private let parameters: [Int: Double]

    init(_ problem: Problem, exact: [String: Expression]) {
        self.problem = problem
        self.exact = problem.unknowns.map { exact[$0.name] }
        let known = problem.unknownParameters.enumerated().compactMap { index, parameter in
            parameter.reference.map { (index, $0) }
        }
        parameters = Dictionary(uniqueKeysWithValues: known)
    }

    /// Nothing when an unknown field or parameter without reference takes part, or when no point lies where the equation holds.
    func finding(
        _ name: String, _ left: Expression, _ right: Expression, at pieces: [ConditionLocation.Piece],
        within box: Box? = nil, _ stream: inout RandomStream
    ) -> [ReferenceCheck.Finding] {
        let used = Set((left - right).fieldDerivatives.map(\.unknown))
        guard !pieces.isEmpty, used.allSatisfy({ exact[$0] != nil }),
            !left.usesIntegral, !right.usesIntegral,
            (left - right).unknownParameters.allSatisfy({ parameters[$0] != nil })
        else { return [] }
        let unknowns = exact.map { $0 ?? 0 }
        var finding = ReferenceCheck.Finding(name: name, residual: 0, scale: 1, points: 0)
        let share = (ReferenceCheck.pointCount + pieces.count - 1) / pieces.count
        func known(_ side: Expression, _ normals: [Expression]?) -> Expression {
            let placed = normals.map { side.substituting(normals: $0) } ?? side
            return placed.substituting(unknowns: unknowns).substituting(parameters: parameters).simplified()
        }
        let usesNormal = left.usesNormal || right.usesNormal
        // A flat face has one normal, so that its sides are worked out once.
        var sides: [[Double]: (Expression, Expression)] = [:]
        for piece in pieces {
            for point in points(of: piece, within: box, count: share, &stream) {
                let normal = usesNormal ? piece.place.face?.outwardNormal(at: point) ?? [] : []
                let normals = normal.isEmpty ? nil : normal.map { Expression($0) }
                let (first, second) = sides[normal] ?? (known(left, normals), known(right, normals))
                sides[normal] = (first, second)
                for (first, second) in zip(first.value(at: point), second.value(at: point)) {
                    let residual = abs(first - second)
                    finding.residual = residual.isNaN ? .infinity : max(finding.residual, residual)
                    for side in [first, second] where side.isFinite { finding.scale = max(finding.scale, abs(side)) }
                }
                finding.points += 1
            }
        }
        return finding.points > 0 ? [finding] : []
    }

    /// Random points of a place; with a filter, those of a hundred times as many that pass it.
    ///
    /// None where hardly any point of a place can be found: training says so.
    private func points(
        of piece: ConditionLocation.Piece, within box: Box?, count: Int, _ stream: inout RandomStream
    ) -> [[Double]] {
        if let box {
            var found: [[Double]] = []
            for _ in 0..<1_000 * count where found.count < count {
                let point = zip(box.lower, box.upper).map { $0 + ($1 - $0) * stream.uniform() }
                if problem.domain.spaceTime.contains(point) { found.append(point) }
            }
            return found
        }
        let set = problem.domain.spaceTime.set(of: piece.place)
        let width = set.dimensions
        guard let drawn = try? set.points(piece.filter == nil ? count : 100 * count, from: &stream) else { return [] }
        let points = stride(from: 0, to: drawn.count, by: width).lazy.map { Array(drawn[$0..<$0 + width]) }
        guard let filter = piece.filter else { return Array(points) }
        return Array(points.filter { filter.value(at: $0) != [0] }.prefix(count))
    }
}
