import Expressions

extension Derivative {
    /// Leibniz' rule: ∂(f g) = Σ coefficient · left(f) · right(g).
    ///
    /// The summands belong to the ways to hand the coordinates out to the two functions; equal ones are counted in the
    /// coefficient. Every derivative that appears is also among those of the chain rule.
    var productRule: [(coefficient: Int, left: Derivative, right: Derivative)] {
        switch self {
        case .partial(let coordinates):
            var summands: [(coefficient: Int, left: Derivative, right: Derivative)] = []
            for choice in 0..<(1 << coordinates.count) {
                let chosen = coordinates.indices.filter { choice >> $0 & 1 == 1 }.map { coordinates[$0] }
                let others = coordinates.indices.filter { choice >> $0 & 1 == 0 }.map { coordinates[$0] }
                let (left, right) = (Derivative.partial(chosen.sorted()), Derivative.partial(others.sorted()))
                if let known = summands.firstIndex(where: { $0.left == left && $0.right == right }) {
                    summands[known].coefficient += 1
                } else {
                    summands.append((1, left, right))
                }
            }
            return summands
        case .laplacian(let coordinates):
            return [(1, self, .value), (1, .value, self)] + coordinates.map { (2, .partial([$0]), .partial([$0])) }
        }
    }
}
