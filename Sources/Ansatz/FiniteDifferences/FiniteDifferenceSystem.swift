import Expressions
import LinearSystems
import ProblemFiles

/// The equations of all cells: a symmetric matrix and a right-hand side, by finite volumes.
///
/// For every cell Σ k (u_c − u_n)/h² over its neighbours, with the harmonic mean of k, plus c u_c equals f_c. Where a neighbour is missing, the
/// condition α u + β ∂u/∂n = γ on the boundary at distance d takes its place: the flux is k (u_b − u_c)/d with u_b from the condition. Values on
/// curved boundaries are met where the line between centres crosses them, to second order; slopes there to first order, the area of the steps
/// being that of the boundary by its normal.
struct FiniteDifferenceSystem {
    let matrix: SparseMatrix
    /// The right-hand side by rows.
    let right: [Double]
    /// The cell of each row.
    let rows: [Int32]
    /// Values on obstacles next to cells, where conditions give them: by cell the neighbour, the share of the way to it, and the value.
    let boundary: [Int: [(neighbour: Int, share: Double, value: Double)]]
    /// The same without a matrix, for multigrid; nil where it cannot be stated so.
    let domain: GridDomain?

    init(
        _ problem: Problem, _ grid: FiniteDifferenceGrid, _ equation: FiniteDifferenceEquation
    ) throws(ProblemErrors) {
        let origin = problem.equations[0].origin
        let conditions = try FiniteDifferenceBoundary(problem)
        let cells = grid.centres
        func values(_ expression: Expression, _ noun: String) throws(ProblemErrors) -> [Double] {
            if let constant = expression.constantValue { return [Double](repeating: constant, count: grid.count) }
            return try cells.values(of: expression, noun: noun, origin, isWanted: grid.isInside)
        }
        let k = try values(equation.diffusion, "the coefficient k")
        let c = try values(equation.reaction, "the coefficient c")
        let f = try values(equation.source, "the right-hand side")
        for cell in 0..<grid.count where grid.isInside[cell] {
            guard k[cell] > 0, c[cell] >= -1e-12 else {
                let place = zip(problem.domain.coordinates, grid.centre(cell)).map {
                    "\($0.name) = \(NumberText.short($1, digits: 3))"
                }.joined(separator: ", ")
                throw LinearSystemInput.complaint(
                    origin,
                    k[cell] > 0
                        ? "the coefficient of \(problem.unknowns[0].name) is \(NumberText.short(c[cell])) at \(place), so the system is not positive definite"
                        : "the coefficient k is \(NumberText.short(k[cell])) at \(place), and must be positive",
                    hint: "finite differences solve '-div(k*grad(u)) + c*u = f' with k > 0 and c >= 0")
            }
        }
        var number = [Int32](repeating: -1, count: grid.count)
        var rows: [Int32] = []
        for cell in 0..<grid.count where grid.isInside[cell] {
            number[cell] = Int32(rows.count)
            rows.append(Int32(cell))
        }
        var starts: [Int64] = [0], columns: [Int32] = [], entries: [Double] = []
        var right = rows.map { f[Int($0)] }
        var boundary: [Int: [(neighbour: Int, share: Double, value: Double)]] = [:]
        var walls = grid.cells.map { _ in [Set<UInt8>(), Set<UInt8>()] }
        var isPlain = c.allSatisfy { $0 == 0 }
        for (row, cell32) in rows.enumerated() {
            let cell = Int(cell32)
            var diagonal = c[cell]
            var found: [(column: Int32, value: Double)] = []
            for axis in 0..<grid.dimensions {
                let place = cell / grid.step(axis) % grid.cells[axis]
                let width = grid.widths[axis]
                for isUpper in [false, true] {
                    let isWall = isUpper ? place == grid.cells[axis] - 1 : place == 0
                    let other = cell + (isUpper ? 1 : -1) * grid.step(axis)
                    if !isWall, number[other] >= 0 {
                        let weight = 2 * k[cell] * k[other] / (k[cell] + k[other]) / (width * width)
                        diagonal += weight
                        found.append((number[other], -weight))
                        continue
                    }
                    guard
                        let crossing = isWall
                            ? grid.wall(cell, axis, isUpper: isUpper, problem)
                            : grid.obstacle(cell, axis, isUpper: isUpper, problem)
                    else {
                        throw LinearSystemInput.complaint(
                            problem.domain.regionSource?.region.origin ?? origin,
                            "finite differences are for a box minus shapes, and this region is none",
                            hint:
                                "region = \"box - ball\" with shapes in [domain.shapes], or choose another method.kind")
                    }
                    let law = try conditions.law(face: crossing.face, at: crossing.point, normal: crossing.normal)
                    var (perLength, conductivity) = (1 / (crossing.share * width), k[cell])
                    if law.slope != 0, equation.diffusion.constantValue == nil {
                        // A slope is a flux by the coefficient on the boundary; up to there it is the mean of both.
                        conductivity = equation.diffusion.value(at: crossing.point).first ?? .nan
                        perLength *= (k[cell] + conductivity) / (2 * conductivity)
                    }
                    let total = law.value + law.slope * perLength
                    // The steps of a staircase have more area than what they stand for.
                    let area = crossing.isWall || law.slope == 0 ? 1 : abs(crossing.normal[axis])
                    let weight = area * conductivity * perLength / (total * width)
                    diagonal += weight * law.value
                    right[row] += weight * law.right
                    if !crossing.isWall, law.slope == 0 {
                        boundary[cell, default: []].append((other, crossing.share, law.right / law.value))
                    }
                    if crossing.isWall, law.value == 0 || law.slope == 0 {
                        walls[axis][isUpper ? 1 : 0].insert(law.slope == 0 ? 3 : 0)
                    } else if law.value != 0 {
                        isPlain = false
                    }
                }
            }
            found.append((Int32(row), diagonal))
            for (column, value) in found.sorted(by: { $0.column < $1.column }) {
                columns.append(column)
                entries.append(value)
            }
            starts.append(Int64(columns.count))
        }
        matrix = SparseMatrix(rows: rows.count, starts: starts, columns: columns, values: entries)
        self.right = right
        self.rows = rows
        self.boundary = boundary
        isPlain = isPlain && grid.dimensions > 1 && walls.allSatisfy { $0.allSatisfy { $0.count <= 1 } }
        domain = isPlain ? Self.domain(grid, k, equation, walls) : nil
    }

    private static func domain(
        _ grid: FiniteDifferenceGrid, _ k: [Double], _ equation: FiniteDifferenceEquation, _ walls: [[Set<UInt8>]]
    ) -> GridDomain? {
        func ends(_ axis: Int) -> (low: GridDomain.Wall, high: GridDomain.Wall) {
            guard axis < walls.count else { return (.neumann, .neumann) }
            return (
                walls[axis][0].first == 3 ? .dirichletFace : .neumann,
                walls[axis][1].first == 3 ? .dirichletFace : .neumann
            )
        }
        let constant = equation.diffusion.constantValue
        // A grid's own coefficient is 1 where none is given.
        let coefficients = constant == 1 ? nil : zip(k, grid.isInside).map { $1 ? $0 : 1 }
        let widths = grid.widths
        return try? GridDomain(
            cells: (grid.cells[0], grid.cells[1], grid.dimensions == 3 ? grid.cells[2] : 1),
            kinds: grid.isInside.map { $0 ? GridDomain.Kind.fluid.rawValue : GridDomain.Kind.solid.rawValue },
            walls: GridDomain.Walls(x: ends(0), y: ends(1), z: ends(2)),
            spacing: (widths[0], widths[1], grid.dimensions == 3 ? widths[2] : widths[1]), coefficients: coefficients)
    }
}
