import Randomness
import Results

/// Small symmetric matrices of three kinds, as Matrix Market files.
enum SampleMatrices {
    /// The lower triangle of a symmetric matrix as it is added up.
    private struct Lower {
        private var values: [Int: Double] = [:]
        let rows: Int

        init(rows: Int) { self.rows = rows }

        mutating func add(_ row: Int, _ column: Int, _ value: Double) {
            guard row >= column else { return }
            values[row * rows + column, default: 0] += value
        }

        var matrix: MatrixMarket {
            let places = values.keys.filter { abs(values[$0] ?? 0) > 1e-12 }.sorted()
            return MatrixMarket(
                rows: rows, columns: rows,
                .entries(
                    rows: places.map { Int32($0 / rows) }, columns: places.map { Int32($0 % rows) },
                    values: places.compactMap { values[$0] }), isSymmetric: true)
        }
    }

    // MARK: Elasticity

    /// Plane stress of a cantilever of 24 × 8 square bilinear elements, clamped at the left: Young's modulus 1, Poisson's ratio 0.3.
    static var elasticity: MatrixMarket {
        let (nx, ny) = (24, 8)
        let element = squareStiffness(poisson: 0.3)
        // Nodes of the left side have no unknowns; the others have two each.
        var lower = Lower(rows: 2 * nx * (ny + 1))
        func unknown(_ i: Int, _ j: Int, _ component: Int) -> Int? {
            i == 0 ? nil : 2 * ((i - 1) * (ny + 1) + j) + component
        }
        for i in 0..<nx {
            for j in 0..<ny {
                let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
                let places = corners.flatMap { corner in (0..<2).map { unknown(corner.0, corner.1, $0) } }
                for (a, row) in places.enumerated() {
                    for (b, column) in places.enumerated() {
                        if let row, let column { lower.add(row, column, element[8 * a + b]) }
                    }
                }
            }
        }
        return lower.matrix
    }

    /// The stiffness matrix of a unit square with four corners, by 2 × 2 Gauss points.
    private static func squareStiffness(poisson: Double) -> [Double] {
        let factor = 1 / (1 - poisson * poisson)
        let law = [
            [factor, factor * poisson, 0], [factor * poisson, factor, 0], [0, 0, factor * (1 - poisson) / 2],
        ]
        let signs: [(Double, Double)] = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
        let point = 1 / 3.0.squareRoot()
        var result = [Double](repeating: 0, count: 64)
        for (xi, eta) in signs.map({ ($0.0 * point, $0.1 * point) }) {
            // Derivatives of the shape functions by x and y; the square has side 1, its image side 2.
            let slopes = signs.map { (0.5 * $0.0 * (1 + eta * $0.1), 0.5 * $0.1 * (1 + xi * $0.0)) }
            var strain = [[Double]](repeating: [Double](repeating: 0, count: 8), count: 3)
            for (corner, slope) in slopes.enumerated() {
                strain[0][2 * corner] = slope.0
                strain[1][2 * corner + 1] = slope.1
                strain[2][2 * corner] = slope.1
                strain[2][2 * corner + 1] = slope.0
            }
            for a in 0..<8 {
                for b in 0..<8 {
                    for i in 0..<3 {
                        for j in 0..<3 { result[8 * a + b] += 0.25 * strain[i][a] * law[i][j] * strain[j][b] }
                    }
                }
            }
        }
        return result
    }

    // MARK: A graph

    /// The Laplacian of a graph: 600 random points of the unit square, each joined to its four nearest. It is singular.
    static var graph: MatrixMarket {
        let count = 600
        var stream = RandomStream(seed: 6, name: "generate-data/graph")
        let points = (0..<count).map { _ in (stream.uniform(), stream.uniform()) }
        var edges: Set<Int> = []
        for one in 0..<count {
            let near = (0..<count).filter { $0 != one }.sorted {
                square(points[one], points[$0]) < square(points[one], points[$1])
            }
            for other in near.prefix(4) { edges.insert(max(one, other) * count + min(one, other)) }
        }
        var lower = Lower(rows: count)
        for edge in edges {
            let (one, other) = (edge / count, edge % count)
            lower.add(one, one, 1)
            lower.add(other, other, 1)
            lower.add(one, other, -1)
        }
        return lower.matrix
    }

    private static func square(_ one: (Double, Double), _ other: (Double, Double)) -> Double {
        let (x, y) = (one.0 - other.0, one.1 - other.1)
        return x * x + y * y
    }

    // MARK: A plate

    /// The 13-point matrix of the biharmonic operator on 28 × 28 inner points of a clamped square plate, in units of h⁻⁴.
    static var plate: MatrixMarket {
        let n = 28
        var lower = Lower(rows: n * n)
        let stencil: [(Int, Int, Double)] = [
            (1, 0, -8), (-1, 0, -8), (0, 1, -8), (0, -1, -8), (1, 1, 2), (1, -1, 2), (-1, 1, 2), (-1, -1, 2),
            (2, 0, 1), (-2, 0, 1), (0, 2, 1), (0, -2, 1),
        ]
        for j in 0..<n {
            for i in 0..<n {
                // The slope is zero at the edge: the point one out is the mirror image of the one inside.
                let near = [i == 0, i == n - 1, j == 0, j == n - 1].count { $0 }
                lower.add(i + n * j, i + n * j, 20 + Double(near))
                for (a, b, value) in stencil where (0..<n).contains(i + a) && (0..<n).contains(j + b) {
                    lower.add(i + n * j, i + a + n * (j + b), value)
                }
            }
        }
        return lower.matrix
    }
}
