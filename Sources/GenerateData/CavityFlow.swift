import Foundation

/// Steady flow in the unit square whose lid moves with unit speed, by differences of second order for streamfunction and
/// vorticity on a graded grid.
///
/// What is computed is the remainder beside `SingularFlow`, whose vorticity is bounded: with ψ = ψₛ + ψᵣ and ω = ωₛ + ωᵣ,
///
///     ∇²ψᵣ + ωᵣ = 0,   ν ∇²ωᵣ = u · ∇(ωₛ + ωᵣ),   u = ψ_y, v = −ψ_x,
///
/// with ω on walls by A. Thom's formula. Newton's method with an exact matrix of derivatives.
struct CavityFlow {
    /// The grid along both coordinates.
    let grid: GradedGrid
    /// ν
    let viscosity: Double
    /// ψᵣ and ωᵣ at the nodes, `[x][y]`.
    private(set) var psi: [[Double]]
    private(set) var vorticity: [[Double]]
    private let singular: [[SingularFlow]]

    /// Solves the equations; `start` is a flow on another grid to begin from.
    init(intervals: Int, viscosity: Double, start: CavityFlow?) throws {
        let grid = GradedGrid(intervals)
        self.grid = grid
        self.viscosity = viscosity
        singular = grid.nodes.map { x in grid.nodes.map { SingularFlow(x, $0) } }
        let none = [[Double]](repeating: [Double](repeating: 0, count: intervals + 1), count: intervals + 1)
        psi = start?.interpolated(\.psi, to: grid) ?? none
        vorticity = start?.interpolated(\.vorticity, to: grid) ?? none
        for node in 0...intervals {
            psi[0][node] = -singular[0][node].psi
            psi[intervals][node] = -singular[intervals][node].psi
            psi[node][0] = -singular[node][0].psi
            psi[node][intervals] = -singular[node][intervals].psi
        }
        for _ in 0..<20 {
            setWallVorticity()
            let change = try newtonStep()
            if change < 1e-11 {
                setWallVorticity()
                return
            }
            guard change.isFinite else { break }
        }
        throw NoConvergenceError(intervals: intervals)
    }

    private func interpolated(_ field: KeyPath<CavityFlow, [[Double]]>, to other: GradedGrid) -> [[Double]] {
        grid.interpolate(self[keyPath: field], to: other.nodes)
    }

    /// Derivatives of a field at an inner node.
    private func slope(_ field: [[Double]], _ i: Int, _ j: Int) -> (x: Double, y: Double) {
        (
            grid.first(i) * (field[i + 1][j] - field[i - 1][j]),
            grid.first(j) * (field[i][j + 1] - field[i][j - 1])
        )
    }

    private func laplacian(_ field: [[Double]], _ i: Int, _ j: Int) -> Double {
        let (left, right) = grid.second(i), (below, above) = grid.second(j)
        let value = field[i][j]
        return left * (field[i - 1][j] - value) + right * (field[i + 1][j] - value)
            + below * (field[i][j - 1] - value) + above * (field[i][j + 1] - value)
    }

    /// The velocity at an inner node.
    func velocity(_ i: Int, _ j: Int) -> (u: Double, v: Double) {
        let (x, y) = slope(psi, i, j)
        return (singular[i][j].u + y, singular[i][j].v - x)
    }

    /// The factor of 2 (ψ(next to the wall) − ψ(wall)) in the second derivative across a wall.
    private var wallFactor: Double {
        1 / (grid.slopes[0] * grid.halfSlopes[0] * grid.spacing * grid.spacing)
    }

    /// ω on a wall from ψ beside it, a mirrored node beyond the wall bringing in the slope there.
    private mutating func setWallVorticity() {
        let last = grid.intervals
        let step = grid.spacing * grid.slopes[0]
        for node in 1..<last {
            let (before, next) = grid.second(node)
            func wall(_ here: Double, _ beside: Double, inward slope: Double, along: (Double, Double)) -> Double {
                let across = 2 * wallFactor * (beside - here - step * slope)
                return -across - before * (along.0 - here) - next * (along.1 - here)
            }
            vorticity[0][node] = wall(
                psi[0][node], psi[1][node], inward: singular[0][node].v,
                along: (psi[0][node - 1], psi[0][node + 1]))
            vorticity[last][node] = wall(
                psi[last][node], psi[last - 1][node], inward: -singular[last][node].v,
                along: (psi[last][node - 1], psi[last][node + 1]))
            vorticity[node][0] = wall(
                psi[node][0], psi[node][1], inward: -singular[node][0].u,
                along: (psi[node - 1][0], psi[node + 1][0]))
            vorticity[node][last] = wall(
                psi[node][last], psi[node][last - 1], inward: -(1 - singular[node][last].u),
                along: (psi[node - 1][last], psi[node + 1][last]))
        }
    }

    /// One step of Newton's method; returns the largest change of ψ.
    private mutating func newtonStep() throws -> Double {
        let last = grid.intervals, inner = last - 1
        var matrix = BandedSystem(count: 2 * inner * inner, lower: 2 * inner + 1, upper: 2 * inner)
        var right = [Double](repeating: 0, count: 2 * inner * inner)
        func index(_ i: Int, _ j: Int) -> Int { 2 * ((i - 1) * inner + j - 1) }
        for i in 1..<last {
            for j in 1..<last {
                let row = index(i, j)
                let (u, v) = velocity(i, j)
                let slope = slope(vorticity, i, j)
                let vorticityX = slope.x + singular[i][j].vorticityX
                let vorticityY = slope.y + singular[i][j].vorticityY
                right[row] = -(laplacian(psi, i, j) + vorticity[i][j])
                right[row + 1] = -(viscosity * laplacian(vorticity, i, j) - u * vorticityX - v * vorticityY)
                matrix.add(1, row: row, column: row + 1)
                let (left, next) = grid.second(i), (below, above) = grid.second(j)
                let (firstX, firstY) = (grid.first(i), grid.first(j))
                for (di, dj, second, dx, dy) in [
                    (-1, 0, left, -firstX, 0), (1, 0, next, firstX, 0), (0, -1, below, 0, -firstY),
                    (0, 1, above, 0, firstY),
                ] {
                    matrix.add(-second, row: row, column: row)
                    matrix.add(-viscosity * second, row: row + 1, column: row + 1)
                    let transport = viscosity * second - u * dx - v * dy
                    guard (1..<last).contains(i + di), (1..<last).contains(j + dj) else {
                        // ω on the wall follows ψ at this node.
                        matrix.add(-2 * wallFactor * transport, row: row + 1, column: row)
                        continue
                    }
                    let column = index(i + di, j + dj)
                    matrix.add(second, row: row, column: column)
                    matrix.add(transport, row: row + 1, column: column + 1)
                    matrix.add(vorticityY * dx - vorticityX * dy, row: row + 1, column: column)
                }
            }
        }
        let change = try matrix.solution(right)
        var largest = 0.0
        for i in 1..<last {
            for j in 1..<last {
                psi[i][j] += change[index(i, j)]
                vorticity[i][j] += change[index(i, j) + 1]
                largest = max(largest, abs(change[index(i, j)]))
            }
        }
        return change.allSatisfy(\.isFinite) ? largest : .infinity
    }

    /// p + (u² + v²)/2 without the part ν P of the singular flow, at inner nodes, 0 in the middle.
    ///
    /// Its gradient is (v ω − ν ωᵣ_y, −u ω + ν ωᵣ_x), which is summed along the middle row and from there along columns.
    private var head: [[Double]] {
        let last = grid.intervals, middle = last / 2
        func gradient(_ i: Int, _ j: Int) -> (x: Double, y: Double) {
            let (u, v) = velocity(i, j)
            let (x, y) = slope(vorticity, i, j)
            let whole = singular[i][j].vorticity + vorticity[i][j]
            return (v * whole - viscosity * y, viscosity * x - u * whole)
        }
        var head = psi
        head[middle][middle] = 0
        func rise(_ a: (Int, Int), _ b: (Int, Int)) -> Double {
            let horizontal = a.1 == b.1
            let first = gradient(a.0, a.1), second = gradient(b.0, b.1)
            let sum =
                horizontal
                ? first.x * grid.slopes[a.0] + second.x * grid.slopes[b.0]
                : first.y * grid.slopes[a.1] + second.y * grid.slopes[b.1]
            return grid.spacing / 2 * sum
        }
        for i in (middle + 1)..<last { head[i][middle] = head[i - 1][middle] + rise((i - 1, middle), (i, middle)) }
        for i in (1..<middle).reversed() { head[i][middle] = head[i + 1][middle] - rise((i, middle), (i + 1, middle)) }
        for i in 1..<last {
            for j in (middle + 1)..<last { head[i][j] = head[i][j - 1] + rise((i, j - 1), (i, j)) }
            for j in (1..<middle).reversed() { head[i][j] = head[i][j + 1] - rise((i, j), (i, j + 1)) }
        }
        return head
    }

    /// Streamfunction, velocity and pressure at the tensor product of inner places, `[field][x][y]`; p = 0 at the first place,
    /// in the lower left corner, where the fluid hardly moves and p is that of the corner to 10⁻⁵.
    func fields(at places: [Double]) -> [[[Double]]] {
        let last = grid.intervals
        var slopes = (x: psi, y: psi)
        for i in 1..<last {
            for j in 1..<last { (slopes.x[i][j], slopes.y[i][j]) = slope(psi, i, j) }
        }
        let parts = [psi, slopes.y, slopes.x, head].map { grid.interpolate($0, to: places) }
        var fields = parts
        for (i, x) in places.enumerated() {
            for (j, y) in places.enumerated() {
                let flow = SingularFlow(x, y)
                let u = flow.u + parts[1][i][j], v = flow.v - parts[2][i][j]
                fields[0][i][j] += flow.psi
                fields[1][i][j] = u
                fields[2][i][j] = v
                fields[3][i][j] += viscosity * flow.pressure - (u * u + v * v) / 2
            }
        }
        let corner = fields[3][0][0]
        for i in places.indices {
            for j in places.indices { fields[3][i][j] -= corner }
        }
        return fields
    }
}

/// Newton's method does not converge.
struct NoConvergenceError: Error, CustomStringConvertible {
    /// Of the grid.
    var intervals: Int
    var description: String { "Newton's method does not converge on a grid of \(intervals) intervals" }
}
