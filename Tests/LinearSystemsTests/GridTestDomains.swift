import LinearSystems
import Randomness

/// Domains that tests go through.
enum TestDomain: String, CaseIterable {
    case box, sphere, porous, plates, air, odd, flat, layers, checkers, stretched

    func domain(_ n: Int) throws -> GridDomain {
        switch self {
        case .box: return try make((n, n, n), .init(.dirichlet)) { _ in 1 }
        case .sphere:
            return try make((n, n, n), Self.closed) { p in
                let r = p.map { $0 - 0.5 }
                return r[0] * r[0] + r[1] * r[1] + r[2] * r[2] < 0.04 ? 0 : 1
            }
        case .porous:
            var stream = RandomStream(seed: 3, name: "porous")
            return try make((n, n, n), Self.closed) { _ in stream.uniform() < 0.3 ? 0 : 1 }
        case .plates:
            return try make((n, n, n), Self.closed) { p in
                (0.3..<0.34).contains(p[0]) && p[1] < 0.8 || (0.6..<0.64).contains(p[0]) && p[1] > 0.2 ? 0 : 1
            }
        case .air: return try make((n, n, n), .init(.neumann)) { p in p[1] > 0.6 + 0.2 * p[0] ? 2 : 1 }
        case .odd:
            return try make((n + 1, n - 3, n + 5), .init(.dirichletFace)) { p in p[0] < 0.3 && p[2] < 0.3 ? 0 : 1 }
        case .flat:
            return try make((4 * n, 4 * n, 1), Self.closed) { p in
                (p[0] - 0.5) * (p[0] - 0.5) + (p[1] - 0.4) * (p[1] - 0.4) < 0.05 ? 0 : 1
            }
        case .layers:
            return try make((n, n, n), Self.closed, coefficient: { p in p[2] > 0.5 ? 1 : 1000 }) { _ in 1 }
        case .checkers:
            // Blocks that touch along edges only.
            return try make(
                (n, n, n), .init(.dirichlet),
                coefficient: { p in p.reduce(0) { $0 + Int(4 * $1) } % 2 == 0 ? 1000 : 1 }
            ) { _ in 1 }
        case .stretched: return try make((2 * n, n, n), .init(.dirichlet), spacing: (0.5, 1, 4)) { _ in 1 }
        }
    }

    /// Closed but for one wall.
    static var closed: GridDomain.Walls {
        var walls = GridDomain.Walls(.neumann)
        walls.y.high = .dirichlet
        return walls
    }

    private func make(
        _ cells: (x: Int, y: Int, z: Int), _ walls: GridDomain.Walls, spacing: (x: Double, y: Double, z: Double)? = nil,
        coefficient: (([Double]) -> Double)? = nil, _ kind: ([Double]) -> UInt8
    ) throws -> GridDomain {
        var kinds: [UInt8] = []
        var coefficients: [Double] = []
        for k in 0..<cells.z {
            for j in 0..<cells.y {
                for i in 0..<cells.x {
                    let p = [
                        (Double(i) + 0.5) / Double(cells.x), (Double(j) + 0.5) / Double(cells.y),
                        (Double(k) + 0.5) / Double(cells.z),
                    ]
                    kinds.append(kind(p))
                    if let coefficient { coefficients.append(coefficient(p)) }
                }
            }
        }
        return try GridDomain(
            cells: cells, kinds: kinds, walls: walls, spacing: spacing,
            coefficients: coefficient == nil ? nil : coefficients)
    }
}

/// Random numbers, one for each cell.
func noise(_ count: Int, seed: UInt64 = 1) -> [Double] {
    var stream = RandomStream(seed: seed, name: "noise")
    return (0..<count).map { _ in stream.normal() }
}
