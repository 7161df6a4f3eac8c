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

    /// Puts the exact expressions for the unknowns, takes their derivatives exactly, and evaluates what remains.
    init(_ problem: Problem, exact: [String: Expression]) {
        var findings: [Finding] = []
        var stream = RandomStream(seed: 1, name: "check")
        let sampler = PointSampler(problem, exact: exact)
        for equation in problem.equations {
            findings += sampler.finding(
                equation.name, equation.left, equation.right, at: [.init(face: nil)], &stream)
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

    init(_ problem: Problem, exact: [String: Expression]) {
        self.problem = problem
        self.exact = problem.unknowns.map { exact[$0.name] }
    }

    /// Nothing when an unknown without reference takes part, or when no point lies where the equation holds.
    func finding(
        _ name: String, _ left: Expression, _ right: Expression, at pieces: [ConditionLocation.Piece],
        _ stream: inout RandomStream
    ) -> [ReferenceCheck.Finding] {
        let used = Set((left - right).fieldDerivatives.map(\.unknown))
        guard !pieces.isEmpty, used.allSatisfy({ exact[$0] != nil }) else { return [] }
        let unknowns = exact.map { $0 ?? 0 }
        var finding = ReferenceCheck.Finding(name: name, residual: 0, scale: 1, points: 0)
        let share = (ReferenceCheck.pointCount + pieces.count - 1) / pieces.count
        func known(_ side: Expression, _ normals: [Expression]?) -> Expression {
            let placed = normals.map { side.substituting(normals: $0) } ?? side
            return placed.substituting(unknowns: unknowns).simplified()
        }
        let usesNormal = left.usesNormal || right.usesNormal
        var sides = usesNormal ? (left, right) : (known(left, nil), known(right, nil))
        for piece in pieces {
            if usesNormal {
                let normals = piece.face.map { $0.outwardNormal.map { Expression($0) } }
                sides = (known(left, normals), known(right, normals))
            }
            for point in points(of: piece, count: share, &stream) {
                for (first, second) in zip(sides.0.value(at: point), sides.1.value(at: point)) {
                    let residual = abs(first - second)
                    finding.residual = residual.isNaN ? .infinity : max(finding.residual, residual)
                    for side in [first, second] where side.isFinite { finding.scale = max(finding.scale, abs(side)) }
                }
                finding.points += 1
            }
        }
        return finding.points > 0 ? [finding] : []
    }

    /// Random points inside the box or on the face; with a filter, those of a hundred times as many that pass it.
    private func points(
        of piece: ConditionLocation.Piece, count: Int, _ stream: inout RandomStream
    ) -> [[Double]] {
        let box = problem.domain.box
        var points: [[Double]] = []
        for _ in 0..<(piece.filter == nil ? count : 100 * count) where points.count < count {
            var point = zip(box.lower, box.upper).map { $0 + ($1 - $0) * stream.uniform() }
            if let face = piece.face { point[face.axis] = face.position }
            if let filter = piece.filter, filter.value(at: point) == [0] { continue }
            points.append(point)
        }
        return points
    }
}
