import LinearSystems
import Parallelism
import Randomness

/// Matrices that tests share.
enum TestMatrices {
    /// The 7-point matrix on n³ unknowns with homogeneous Dirichlet values one cell out: diagonal 6.
    static func cube(_ n: Int) -> SparseMatrix {
        grid(n) { _, _, _ in
            true
        } wall: { _ in
            true
        }
    }

    /// n³ cells of the unit cube without a ball of radius 0.2, all faces closed but the high side of the second axis, which is Dirichlet.
    static func cubeWithBall(_ n: Int) -> SparseMatrix {
        grid(n) { i, j, k in
            let square = [i, j, k].reduce(0.0) {
                let distance = (Double($1) + 0.5) / Double(n) - 0.5
                return $0 + distance * distance
            }
            return square >= 0.04
        } wall: {
            $0 == 3
        }
    }

    /// A walled cube without openings: singular.
    static func closedCube(_ n: Int) -> SparseMatrix {
        grid(n) { _, _, _ in
            true
        } wall: { _ in
            false
        }
    }

    private static func grid(
        _ n: Int, fluid: (Int, Int, Int) -> Bool, wall isDirichlet: (_ face: Int) -> Bool
    ) -> SparseMatrix {
        var number = [Int32](repeating: -1, count: n * n * n)
        var count: Int32 = 0
        for k in 0..<n {
            for j in 0..<n {
                for i in 0..<n where fluid(i, j, k) {
                    number[i + n * (j + n * k)] = count
                    count += 1
                }
            }
        }
        var rows: [Int32] = [], columns: [Int32] = [], values: [Double] = []
        let steps = [(-1, 0, 0), (1, 0, 0), (0, -1, 0), (0, 1, 0), (0, 0, -1), (0, 0, 1)]
        for k in 0..<n {
            for j in 0..<n {
                for i in 0..<n where number[i + n * (j + n * k)] >= 0 {
                    let own = number[i + n * (j + n * k)]
                    var diagonal = 0.0
                    for (face, step) in steps.enumerated() {
                        let (a, b, c) = (i + step.0, j + step.1, k + step.2)
                        guard (0..<n).contains(a), (0..<n).contains(b), (0..<n).contains(c) else {
                            if isDirichlet(face) { diagonal += 1 }
                            continue
                        }
                        let other = number[a + n * (b + n * c)]
                        guard other >= 0 else { continue }
                        diagonal += 1
                        rows.append(own)
                        columns.append(other)
                        values.append(-1)
                    }
                    rows.append(own)
                    columns.append(own)
                    values.append(diagonal)
                }
            }
        }
        return SparseMatrix(rows: Int(count), rows, columns, values)
    }

    /// The 13-point matrix of the biharmonic operator on n × n clamped points: positive definite, with entries of both signs.
    static func plate(_ n: Int) -> SparseMatrix {
        var rows: [Int32] = [], columns: [Int32] = [], values: [Double] = []
        let stencil = [
            (0, 0, 20.0), (1, 0, -8), (-1, 0, -8), (0, 1, -8), (0, -1, -8), (1, 1, 2), (1, -1, 2), (-1, 1, 2),
            (-1, -1, 2), (2, 0, 1), (-2, 0, 1), (0, 2, 1), (0, -2, 1),
        ]
        for j in 0..<n {
            for i in 0..<n {
                for (a, b, value) in stencil where (0..<n).contains(i + a) && (0..<n).contains(j + b) {
                    rows.append(Int32(i + n * j))
                    columns.append(Int32(i + a + n * (j + b)))
                    values.append(value)
                }
            }
        }
        return SparseMatrix(rows: n * n, rows, columns, values)
    }

    /// A graph whose weights spread over six decades, in two parts, with some vertices grounded in the first part only.
    static func network(_ vertices: Int) -> SparseMatrix {
        var stream = RandomStream(seed: 3, name: "tests/network")
        var rows: [Int32] = [], columns: [Int32] = [], values: [Double] = []
        func add(_ row: Int, _ column: Int, _ value: Double) {
            rows.append(Int32(row))
            columns.append(Int32(column))
            values.append(value)
        }
        func join(_ one: Int, _ other: Int, _ weight: Double) {
            add(one, one, weight)
            add(other, other, weight)
            add(one, other, -weight)
            add(other, one, -weight)
        }
        for part in 0..<2 {
            let base = part * vertices
            for vertex in 1..<vertices {
                for _ in 0..<3 {
                    let other = Int(stream.uniform() * Double(vertex))
                    // Powers of two, so that rows of the second part add up to zero exactly.
                    join(
                        base + vertex, base + other,
                        Double(sign: .plus, exponent: Int(stream.uniform() * 20) - 10, significand: 1))
                }
            }
        }
        for vertex in stride(from: 0, to: vertices, by: 10) { add(vertex, vertex, 1) }
        return SparseMatrix(rows: 2 * vertices, rows, columns, values)
    }

    static func noise(_ count: Int, seed: UInt64 = 0) -> [Double] {
        var stream = RandomStream(seed: seed, name: "tests/noise")
        return (0..<count).map { _ in stream.normal() }
    }
}
