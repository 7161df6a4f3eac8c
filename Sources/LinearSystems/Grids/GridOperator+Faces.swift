import CKernels
import LinearAlgebra

extension GridOperator {
    /// Writes faces and ties of a domain with coefficients or unequal edges, in units of `scale`.
    static func fillFaces(
        _ domain: GridDomain, _ shape: GridShape, _ kinds: AlignedBuffer<UInt8>, _ scale: Double,
        _ parts: ansatz_cells_coarse
    ) {
        let isFlat = domain.dimensions == 2
        let edges =
            isFlat
            ? [domain.spacing.x, 1, domain.spacing.y] : [domain.spacing.x, domain.spacing.y, domain.spacing.z]
        let faces = [parts.x, parts.y, parts.z]
        for axis in isFlat ? [0, 2] : [0, 1, 2] {
            guard let face = faces[axis], let ties = parts.excess else { continue }
            let unit = scale / (edges[axis] * edges[axis])
            let step = [1, shape.row, shape.plane][axis]
            let length = [shape.cells.x, shape.cells.y, shape.cells.z][axis]
            let distance = [1, shape.cells.x, shape.cells.x * shape.cells.y][axis]
            withCoefficients(domain) { coefficients in
                eachFluidCell(shape, kinds) { place, cell in
                    let kind = kinds.baseAddress + shape.origin + place
                    let own = coefficients?[cell] ?? 1
                    /// Twice the product over the sum of both coefficients, for a cell or a wall beyond.
                    func mean(_ side: Int) -> Double {
                        // Walls have no coefficient: the cell's own holds there.
                        guard let coefficients else { return unit }
                        let next = cell / distance % length + side
                        let other = next < 0 || next >= length ? own : coefficients[cell + side * distance]
                        return 2 * own * other / (own + other) * unit
                    }
                    if kind[step] == GridDomain.Kind.fluid.rawValue { face[place] = Float(mean(1)) }
                    for side in stride(from: -1, through: 1, by: 2) {
                        switch kind[side * step] {
                        case GridDomain.Kind.dirichlet.rawValue: ties[place] += Float(mean(side))
                        case GridDomain.Wall.dirichletFace.rawValue: ties[place] += Float(2 * mean(side))
                        default: break
                        }
                    }
                }
            }
        }
    }

    private static func withCoefficients(_ domain: GridDomain, _ body: (UnsafePointer<Double>?) -> Void) {
        guard let coefficients = domain.coefficients else { return body(nil) }
        coefficients.withUnsafeBufferPointer { body($0.baseAddress) }
    }

    /// Calls `body` with the place, relative to cell (0, 0, 0), and the number of every fluid cell.
    @inline(__always)
    private static func eachFluidCell(
        _ shape: GridShape, _ kinds: AlignedBuffer<UInt8>, _ body: (_ place: Int, _ cell: Int) -> Void
    ) {
        let (nx, ny, nz) = shape.cells
        let fluid = GridDomain.Kind.fluid.rawValue
        for k in 0..<nz {
            for j in 0..<ny {
                let (row, first) = (shape.row * j + shape.plane * k, nx * (j + ny * k))
                for i in 0..<nx where kinds.baseAddress[shape.origin + row + i] == fluid { body(row + i, first + i) }
            }
        }
    }
}
