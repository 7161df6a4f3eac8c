extension GridDomain {
    /// n³ cells, zero at the centre of the cells beyond all walls: the matrix with 6 on the diagonal.
    ///
    /// - Throws: nothing for n ≥ 1.
    public static func box(_ n: Int) throws(LinearSystemError) -> GridDomain {
        try GridDomain(
            cells: (n, n, n), kinds: [UInt8](repeating: Kind.fluid.rawValue, count: n * n * n),
            walls: Walls(.dirichlet),
            spacing: cube(n))
    }

    /// n³ cells of a cube, without those whose centre is within 0.2 of its centre; no flux through all walls but the high one along y, beyond which the
    /// solution is zero. It stands for smoke around an obstacle.
    ///
    /// - Throws: nothing for n ≥ 2.
    public static func obstacle(_ n: Int) throws(LinearSystemError) -> GridDomain {
        var kinds = [UInt8](repeating: Kind.fluid.rawValue, count: n * n * n)
        func square(_ i: Int) -> Double {
            let x = (Double(i) + 0.5) / Double(n) - 0.5
            return x * x
        }
        for k in 0..<n {
            for j in 0..<n {
                for i in 0..<n where square(i) + square(j) + square(k) < 0.04 { kinds[i + n * (j + n * k)] = 0 }
            }
        }
        var walls = Walls(.neumann)
        walls.y.high = .dirichlet
        return try GridDomain(cells: (n, n, n), kinds: kinds, walls: walls, spacing: cube(n))
    }

    private static func cube(_ n: Int) -> (x: Double, y: Double, z: Double) {
        let h = 1 / Double(n)
        return (h, h, h)
    }
}
