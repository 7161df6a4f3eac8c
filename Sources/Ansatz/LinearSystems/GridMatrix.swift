import LinearSystems

/// The matrix of a grid, written out: for preconditioners that need entries.
struct GridMatrix {
    /// The matrix, a row for each fluid cell in the order of cells.
    let matrix: SparseMatrix
    /// The cells of the rows.
    let cells: [Int32]

    /// Writes out −∇·(k ∇u) + c u, as ``GridDomain`` states it; in single precision where a coefficient varies, as the matrix-free form.
    ///
    /// - Parameter reaction: c at each cell; nil for 0.
    init(_ domain: GridDomain, reaction: [Double]? = nil) {
        let (nx, ny, nz) = domain.cells
        let steps = [1, nx, nx * ny], lengths = [nx, ny, nz]
        let spacing = [domain.spacing.x, domain.spacing.y, domain.spacing.z]
        let walls = [domain.walls.x, domain.walls.y, domain.walls.z]
        let axes = domain.dimensions == 2 ? 0..<2 : 0..<3
        var number = [Int32](repeating: -1, count: domain.cellCount)
        var cells: [Int32] = []
        for cell in 0..<domain.cellCount where domain.kinds[cell] == GridDomain.Kind.fluid.rawValue {
            number[cell] = Int32(cells.count)
            cells.append(Int32(cell))
        }
        func k(_ cell: Int) -> Double { domain.coefficients?[cell] ?? 1 }
        var starts: [Int64] = [0], columns: [Int32] = [], values: [Double] = []
        for row in cells {
            let cell = Int(row)
            let place = [cell % nx, cell / nx % ny, cell / (nx * ny)]
            var diagonal = reaction?[cell] ?? 0
            var entries: [(Int32, Double)] = []
            for axis in axes {
                let inverse = 1 / (spacing[axis] * spacing[axis])
                for side in [-1, 1] {
                    let next = place[axis] + side
                    guard next >= 0, next < lengths[axis] else {
                        switch side < 0 ? walls[axis].low : walls[axis].high {
                        case .neumann: break
                        case .dirichlet: diagonal += k(cell) * inverse
                        case .dirichletFace: diagonal += 2 * k(cell) * inverse
                        }
                        continue
                    }
                    let other = cell + side * steps[axis]
                    guard domain.kinds[other] != GridDomain.Kind.solid.rawValue else { continue }
                    let (one, two) = (k(cell), k(other))
                    let weight = 2 * one * two / (one + two) * inverse
                    diagonal += weight
                    if number[other] >= 0 { entries.append((number[other], -weight)) }
                }
            }
            entries.append((number[cell], diagonal))
            for (column, value) in entries.sorted(by: { $0.0 < $1.0 }) {
                columns.append(column)
                values.append(value)
            }
            starts.append(Int64(columns.count))
        }
        self.cells = cells
        matrix = SparseMatrix(rows: cells.count, starts: starts, columns: columns, values: values)
    }

    /// The numbers of a vector over all cells at the rows.
    func rows(_ values: [Double]) -> [Double] { cells.map { values[Int($0)] } }

    /// A vector over all cells, 0 where there is no row.
    func spread(_ rows: [Double], cells count: Int) -> [Double] {
        var result = [Double](repeating: 0, count: count)
        for (row, cell) in cells.enumerated() { result[Int(cell)] = rows[row] }
        return result
    }
}
