import Expressions
import Geometry
import Randomness

/// Lift and cutoff for values on walls that have a smooth function φ vanishing on them: planes and spheres.
///
/// The cutoff is the product of the φ, scaled to a maximum of about one. The lift is the data itself where all walls have
/// the same, otherwise Σ w h over groups of walls with equal data, with the weights w_a = Π_{b ≠ a} φ_b / Σ_a Π_{b ≠ a} φ_b,
/// where φ_a is the product over the group: smooth as long as walls of different groups do not touch. Rvachev and Sheiko, "R-functions in boundary value problems in mechanics", Appl. Mech. Rev. 48 (1995).
struct LevelSetBasis {
    let lift: Expression
    let cutoff: Expression

    private static let probeCount = 1_000

    /// - Throws: `ExactConditionError` for a wall without such a function, for one whose surface, continued, runs through
    ///   the region, for derivatives, and for different data on walls that touch.
    init(_ data: [FaceData], in domain: SpaceTime) throws(ExactConditionError) {
        var stream = RandomStream(seed: 0, name: "level sets")
        let width = domain.region.dimensions
        let drawn = (try? domain.region.points(Self.probeCount, from: &stream)) ?? []
        let inside = stride(from: 0, to: drawn.count, by: width).map { Array(drawn[$0..<$0 + width]) }
        var functions: [Expression] = []
        for entry in data {
            guard entry.kind == .value, let wall = entry.face.wall else {
                throw ExactConditionError(
                    condition: entry.condition,
                    reason: "its unknown has exact data on a curved face, beside which only values can be exact")
            }
            if let other = data.first(where: { $0.face == entry.face && $0.condition != entry.condition }) {
                throw ExactConditionError(
                    condition: entry.condition, reason: "condition '\(other.condition)' prescribes the same there")
            }
            guard let level = wall.levelSet else {
                throw ExactConditionError(
                    condition: entry.condition, reason: "no smooth function is known that vanishes on this face alone")
            }
            let function = level.expression
            let values = inside.map { function.value(at: $0)[0] }
            guard let largest = values.max(), values.allSatisfy({ $0 > 0 }) else {
                throw ExactConditionError(
                    condition: entry.condition, reason: "the face's surface, continued, runs through the region")
            }
            functions.append((function * Expression(1 / largest)).simplified())
        }
        let product = functions.reduce(1) { $0 * $1 }
        let peak = inside.map { product.value(at: $0)[0] }.max() ?? 1
        cutoff = (product * Expression(1 / peak)).simplified()

        var groups: [(data: Expression, function: Expression)] = []
        for (entry, function) in zip(data, functions) {
            if let index = groups.firstIndex(where: { $0.data == entry.data }) {
                groups[index].function = groups[index].function * function
            } else {
                groups.append((entry.data, function))
            }
        }
        guard groups.count > 1 else {
            lift = data.first?.data ?? 0
            return
        }
        try Self.requireDistance(data, functions)
        let weights = groups.indices.map { own in
            groups.indices.filter { $0 != own }.reduce(Expression(1)) { $0 * groups[$1].function }
        }
        let total = weights.reduce(0) { $0 + $1 }
        lift = zip(weights, groups).reduce(Expression(0)) { $0 + $1.0 / total * $1.1.data }.simplified()
    }

    /// Walls with different data must not touch: there the weights are not smooth.
    private static func requireDistance(_ data: [FaceData], _ functions: [Expression]) throws(ExactConditionError) {
        for (index, entry) in data.enumerated() {
            let probes = Array(FaceProbes(entry.face, withCorners: true, count: 256))
            for (other, function) in functions.enumerated() where other != index {
                guard data[other].data != entry.data else { continue }
                let nearest = probes.map { function.value(at: $0)[0] }.min() ?? 0
                if nearest < 1e-2 {
                    throw ExactConditionError(
                        condition: entry.condition,
                        reason: "its data differ from those of '\(data[other].condition)' on a face that it touches")
                }
            }
        }
    }
}

extension LevelSet {
    /// The function over the coordinates.
    fileprivate var expression: Expression {
        func differences(_ from: [Double]) -> [Expression] {
            from.enumerated().map { Expression.coordinate($0.offset) - Expression($0.element) }
        }
        func signed(_ square: Expression, _ radius: Double, _ isOutside: Bool) -> Expression {
            let ratio = square * Expression(1 / (radius * radius))
            return isOutside ? ratio - 1 : 1 - ratio
        }
        switch self {
        case .plane(let point, let normal):
            return zip(differences(point), normal).reduce(Expression(0)) { $0 - $1.0 * Expression($1.1) }
        case .sphere(let center, let radius, let isOutside):
            return signed(differences(center).reduce(0) { $0 + $1 * $1 }, radius, isOutside)
        }
    }
}
