import Glibc

/// A plume of smoke that rises in a box of cells, past obstacles: a small fluid step on staggered velocities, which gives the right-hand sides
/// that pressure solvers meet.
///
/// A step adds buoyancy, carries the velocities along (semi-Lagrangian, trilinear), and needs the pressure p with A p = −div u* to
/// make them free of divergence, where A u sums u − u_n over the neighbours n that are not solid; closed sides of the box count as solid, behind open
/// ones p is zero. Lengths are in cells, times in steps.
public struct SmokePlume: Sendable {
    /// Cells along x, y and z, which points up.
    public let cells: (x: Int, y: Int, z: Int)
    /// For each cell, x fastest.
    public let isSolid: [Bool]
    /// Whether each side is open: x low, x high, y low, …
    public let isOpen: [Bool]
    /// How much smoke there is.
    public private(set) var density: [Double]
    /// Velocities on the faces across each axis.
    private var velocity: [StaggeredField]

    /// Upward acceleration where the density is one.
    static let buoyancy = 0.1

    /// Air at rest.
    ///
    /// - Precondition: an entry for each cell, six sides.
    public init(cells: (x: Int, y: Int, z: Int), isSolid: [Bool], isOpen: [Bool] = Array(repeating: true, count: 6)) {
        precondition(
            isSolid.count == cells.x * cells.y * cells.z && isOpen.count == 6, "an entry for each cell and side")
        self.cells = cells
        self.isSolid = isSolid
        self.isOpen = isOpen
        density = Array(repeating: 0, count: isSolid.count)
        velocity = (0..<3).map { StaggeredField(cells: cells, axis: $0) }
    }

    private func cell(_ i: Int, _ j: Int, _ k: Int) -> Int { (k * cells.y + j) * cells.x + i }

    /// Whether a neighbour takes part: inside the box one that is not solid, outside an open side.
    private func isPassable(_ place: SIMD3<Int>) -> Bool {
        let count = [cells.x, cells.y, cells.z]
        for axis in 0..<3 {
            if place[axis] < 0 { return isOpen[2 * axis] }
            if place[axis] >= count[axis] { return isOpen[2 * axis + 1] }
        }
        return !isSolid[cell(place.x, place.y, place.z)]
    }

    /// The velocities up to the pressure; −div u*, zero in solid cells.
    ///
    /// Follow it with ``project(_:)``.
    public mutating func advance() -> [Double] {
        addSmoke()
        let before = velocity
        for axis in 0..<3 {
            velocity[axis].fill { face in
                var point = SIMD3(Double(face.x) + 0.5, Double(face.y) + 0.5, Double(face.z) + 0.5)
                point[axis] -= 0.5
                return before[axis].value(at: Self.traced(point, before))
            }
        }
        let (old, cells, solid) = (density, cells, isSolid)
        for k in 0..<cells.z {
            for j in 0..<cells.y {
                for i in 0..<cells.x {
                    let point = Self.traced(SIMD3(Double(i) + 0.5, Double(j) + 0.5, Double(k) + 0.5), before)
                    let place = cell(i, j, k)
                    density[place] = solid[place] ? 0 : StaggeredField.interpolate(old, cells, point - 0.5)
                }
            }
        }
        for k in 0...cells.z {
            for j in 0..<cells.y {
                for i in 0..<cells.x {
                    let below = k > 0 ? density[cell(i, j, k - 1)] : 0
                    let above = k < cells.z ? density[cell(i, j, k)] : 0
                    velocity[2][i, j, k] += Self.buoyancy * 0.5 * (below + above)
                }
            }
        }
        closeFaces()
        return negativeDivergence()
    }

    /// Takes the pressure of what ``advance()`` returned: u ← u* − grad p.
    public mutating func project(_ pressure: [Double]) {
        precondition(pressure.count == isSolid.count, "a number for each cell")
        let count = [cells.x, cells.y, cells.z]
        func value(_ place: SIMD3<Int>) -> Double {
            for axis in 0..<3 where place[axis] < 0 || place[axis] >= count[axis] { return 0 }
            return pressure[cell(place.x, place.y, place.z)]
        }
        for axis in 0..<3 {
            var field = velocity[axis]
            field.update { face, velocity in
                var before = face
                before[axis] -= 1
                return isPassable(before) && isPassable(face) ? velocity - (value(face) - value(before)) : 0
            }
            velocity[axis] = field
        }
    }

    /// max |div u| over the cells: small after a projection.
    public var largestDivergence: Double { negativeDivergence().map(\.magnitude).max() ?? 0 }

    /// A round source near the bottom, off the middle so that nothing is symmetric.
    private mutating func addSmoke() {
        let (centre, radius) = (
            SIMD3(0.45 * Double(cells.x), 0.52 * Double(cells.y), 0.12 * Double(cells.z)), 0.1 * Double(cells.x)
        )
        for k in 0..<cells.z {
            for j in 0..<cells.y {
                for i in 0..<cells.x where !isSolid[cell(i, j, k)] {
                    let offset = SIMD3(Double(i) + 0.5, Double(j) + 0.5, Double(k) + 0.5) - centre
                    if (offset * offset).sum() < radius * radius { density[cell(i, j, k)] = 1 }
                }
            }
        }
    }

    /// Where the air at a point was a step ago, to second order.
    private static func traced(_ point: SIMD3<Double>, _ velocity: [StaggeredField]) -> SIMD3<Double> {
        func at(_ point: SIMD3<Double>) -> SIMD3<Double> {
            SIMD3(velocity[0].value(at: point), velocity[1].value(at: point), velocity[2].value(at: point))
        }
        return point - at(point - 0.5 * at(point))
    }

    private mutating func closeFaces() {
        for axis in 0..<3 {
            var field = velocity[axis]
            field.update { face, velocity in
                var before = face
                before[axis] -= 1
                return isPassable(before) && isPassable(face) ? velocity : 0
            }
            velocity[axis] = field
        }
    }

    private func negativeDivergence() -> [Double] {
        var result = [Double](repeating: 0, count: isSolid.count)
        for k in 0..<cells.z {
            for j in 0..<cells.y {
                for i in 0..<cells.x where !isSolid[cell(i, j, k)] {
                    let across = velocity[0][i + 1, j, k] - velocity[0][i, j, k]
                    let along = velocity[1][i, j + 1, k] - velocity[1][i, j, k]
                    result[cell(i, j, k)] = -(across + along + velocity[2][i, j, k + 1] - velocity[2][i, j, k])
                }
            }
        }
        return result
    }
}
