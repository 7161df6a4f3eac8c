import CKernels

extension GridOperator {
    /// Writes faces and ties of a domain with coefficients or unequal edges, in units of `scale`.
    static func fillFaces(_ domain: GridDomain, _ shape: GridShape, _ scale: Double, _ parts: ansatz_cells_coarse) {
        let (nx, ny, nz) = shape.cells
        let steps =
            domain.dimensions == 2
            ? [domain.spacing.x, 1, domain.spacing.y] : [domain.spacing.x, domain.spacing.y, domain.spacing.z]
        let units = steps.map { scale / ($0 * $0) }
        let walls =
            domain.dimensions == 2
            ? [domain.walls.x, (.neumann, .neumann), domain.walls.y] : [domain.walls.x, domain.walls.y, domain.walls.z]
        let fluid = GridDomain.Kind.fluid.rawValue
        func cell(_ i: Int, _ j: Int, _ k: Int) -> Int { i + nx * (j + ny * k) }
        func coefficient(_ cell: Int) -> Double { domain.coefficients?[cell] ?? 1 }
        /// The kind beyond a cell along an axis, and the cell there, if any.
        func beyond(_ position: [Int], _ axis: Int, _ sign: Int) -> (kind: UInt8, cell: Int?) {
            var next = position
            next[axis] += sign
            guard next[axis] >= 0 else { return (walls[axis].low.rawValue, nil) }
            guard next[axis] < [nx, ny, nz][axis] else { return (walls[axis].high.rawValue, nil) }
            let other = cell(next[0], next[1], next[2])
            return (domain.kinds[other], other)
        }
        let faces = [parts.x, parts.y, parts.z]
        for k in 0..<nz {
            for j in 0..<ny {
                for i in 0..<nx {
                    let own = cell(i, j, k)
                    guard domain.kinds[own] == fluid else { continue }
                    let place = i + shape.row * j + shape.plane * k
                    var ties = 0.0
                    for axis in 0..<3 {
                        for sign in [-1, 1] {
                            let (kind, other) = beyond([i, j, k], axis, sign)
                            let mine = coefficient(own)
                            let theirs = other.map(coefficient) ?? mine
                            let mean = 2 * mine * theirs / (mine + theirs) * units[axis]
                            switch kind {
                            case fluid:
                                if sign > 0 { faces[axis].unsafelyUnwrapped[place] = Float(mean) }
                            case GridDomain.Kind.dirichlet.rawValue: ties += mean
                            case GridDomain.Wall.dirichletFace.rawValue: ties += 2 * mean
                            default: break
                            }
                        }
                    }
                    parts.excess[place] = Float(ties)
                }
            }
        }
    }
}
