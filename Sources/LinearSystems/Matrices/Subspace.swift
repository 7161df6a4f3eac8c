/// Vectors that a deflated iteration solves for exactly at every step, such as approximate eigenvectors or constants on blocks of rows.
///
/// They are kept by rows: for each row the vectors that are not zero there.
public struct Subspace: Sendable {
    /// How many vectors.
    public let count: Int
    /// The length of a vector.
    public let rows: Int
    let starts: [Int]
    let vectors: [Int32]
    let values: [Double]

    /// Vectors in full.
    ///
    /// - Precondition: at least one, all of the same length.
    public init(_ vectors: [[Double]]) {
        precondition(!vectors.isEmpty && vectors.allSatisfy { $0.count == vectors[0].count }, "vectors of one length")
        count = vectors.count
        rows = vectors[0].count
        starts = (0...rows).map { $0 * vectors.count }
        self.vectors = (0..<rows).flatMap { _ in (0..<Int32(vectors.count)) }
        values = (0..<rows).flatMap { row in vectors.map { $0[row] } }
    }

    /// The constants on so many parts of the graph of a matrix, or as many as there are rows.
    ///
    /// The parts are compact: each starts from the row that is farthest from those before it, and rows belong to the nearest start, counted in
    /// entries along the way.
    public init(constantsOn parts: Int, partsOf matrix: SparseMatrix) {
        precondition(parts >= 1, "at least one part")
        rows = matrix.rows
        var distance = [Int32](repeating: .max, count: rows)
        var part = [Int32](repeating: 0, count: rows)
        var count = 0
        while count < min(parts, matrix.rows), let start = distance.indices.max(by: { distance[$0] < distance[$1] }) {
            distance[start] = 0
            part[start] = Int32(count)
            var front = [Int32(start)]
            while !front.isEmpty {
                var next: [Int32] = []
                for row in front {
                    let reached = distance[Int(row)] + 1
                    for place in matrix.range(of: Int(row)) {
                        let column = Int(matrix.columns.baseAddress[place])
                        guard reached < distance[column] else { continue }
                        distance[column] = reached
                        part[column] = Int32(count)
                        next.append(Int32(column))
                    }
                }
                front = next
            }
            count += 1
        }
        self.count = count
        starts = Array(0...rows)
        vectors = part
        values = [Double](repeating: 1, count: rows)
    }
}

/// A system whose residual can be kept orthogonal to a subspace.
public protocol DeflatingPasses: SystemPasses {
    /// From now on the preconditioner gives (I − Q A) B r + Q r with Q = W (Wᵀ A W)⁻¹ Wᵀ, and a recomputed residual is made
    /// orthogonal to W by a step along it; nil ends that.
    func deflate(by subspace: Subspace?)
}
