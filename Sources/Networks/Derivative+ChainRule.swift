import Expressions

extension Derivative {
    /// The coordinates that the derivative is taken along, with repetition.
    var axes: [Int] {
        switch self {
        case .partial(let coordinates), .laplacian(let coordinates): coordinates
        }
    }

    /// Faà di Bruno's formula: ∂(σ∘z) = Σ coefficient · σ⁽ᵏ⁾(z) · Π factors(z), k being the number of factors.
    ///
    /// The summands belong to the partitions of the coordinates into non-empty blocks; equal ones are counted in the
    /// coefficient. The value has no summands.
    var chainRule: [(coefficient: Int, factors: [Derivative])] {
        switch self {
        case .partial(let coordinates):
            var summands: [(coefficient: Int, factors: [Derivative])] = []
            for partition in setPartitions(coordinates) where !partition.isEmpty {
                let factors = partition.map { Derivative.partial($0.sorted()) }.sorted()
                if let known = summands.firstIndex(where: { $0.factors == factors }) {
                    summands[known].coefficient += 1
                } else {
                    summands.append((1, factors))
                }
            }
            return summands
        case .laplacian(let coordinates):
            return [(1, [self])] + coordinates.map { (1, [.partial([$0]), .partial([$0])]) }
        }
    }
}

/// All partitions of a list into non-empty blocks, equal elements counting as different ones.
func setPartitions(_ elements: [Int]) -> [[[Int]]] {
    guard let last = elements.last else { return [[]] }
    return setPartitions(elements.dropLast()).flatMap { partition in
        partition.indices.map { index in
            var grown = partition
            grown[index].append(last)
            return grown
        } + [partition + [[last]]]
    }
}
