/// A diffusion problem on a box of cells in two or three dimensions: which cells hold unknowns, what its walls do, and the coefficients.
///
/// It stands for −∇·(k ∇u) = f by finite volumes: for every fluid cell c
///
///     Σ_n k_cn (u_c − u_n)/h_n² = f_c
///
/// over the neighbours n. A solid neighbour contributes nothing (zero flux); a Dirichlet cell, or a wall of kind `dirichlet`, stands for u = 0 at the centre
/// of the neighbour, one of kind `dirichletFace` for u = 0 on the face, half as far. k_cn is the harmonic mean of the two cells.
public struct GridDomain: Sendable {
    /// What lies in a cell.
    public enum Kind: UInt8, Sendable {
        /// No unknown, and no flux.
        case solid = 0
        /// An unknown.
        case fluid = 1
        /// The solution is given: zero.
        case dirichlet = 2
    }

    /// What happens at a side of the box.
    public enum Wall: UInt8, Sendable {
        /// No flux.
        case neumann = 0
        /// Zero at the centre of the missing neighbour.
        case dirichlet = 2
        /// Zero on the side itself.
        case dirichletFace = 3
    }

    /// The walls at the low and the high end of each axis.
    public struct Walls: Sendable, Equatable {
        /// Low and high end along x.
        public var x: (low: Wall, high: Wall)
        /// Low and high end along y.
        public var y: (low: Wall, high: Wall)
        /// Low and high end along z; of no account in two dimensions.
        public var z: (low: Wall, high: Wall)

        /// All six.
        public init(x: (low: Wall, high: Wall), y: (low: Wall, high: Wall), z: (low: Wall, high: Wall)) {
            self.x = x
            self.y = y
            self.z = z
        }

        /// The same on all sides.
        public init(_ wall: Wall) { self.init(x: (wall, wall), y: (wall, wall), z: (wall, wall)) }

        /// Whether the walls are the same.
        public static func == (left: Walls, right: Walls) -> Bool {
            left.x == right.x && left.y == right.y && left.z == right.z
        }
    }

    /// Cells along x, y and z; one along z in two dimensions.
    public let cells: (x: Int, y: Int, z: Int)
    /// The kind of every cell, x fastest, then y: raw values of ``Kind``.
    public let kinds: [UInt8]
    /// The sides of the box.
    public let walls: Walls
    /// Edge lengths of a cell.
    public let spacing: (x: Double, y: Double, z: Double)
    /// k of every cell; nil for 1 everywhere.
    public let coefficients: [Double]?

    /// Describes a domain.
    ///
    /// - Throws: `LinearSystemError` for a mask without fluid, kinds other than 0, 1 and 2, and coefficients or spacings that are not positive.
    public init(
        cells: (x: Int, y: Int, z: Int), kinds: [UInt8], walls: Walls,
        spacing: (x: Double, y: Double, z: Double)? = nil,
        coefficients: [Double]? = nil
    ) throws(LinearSystemError) {
        precondition(cells.x >= 1 && cells.y >= 1 && cells.z >= 1, "a box has cells along each axis")
        let count = cells.x * cells.y * cells.z
        precondition(kinds.count == count, "a kind for each cell")
        precondition(coefficients == nil || coefficients?.count == count, "a coefficient for each cell")
        let spacing = spacing ?? (1, 1, 1)
        for step in [spacing.x, spacing.y, spacing.z] where !(step > 0 && step.isFinite) { throw .spacing(step) }
        if let cell = kinds.firstIndex(where: { $0 > 2 }) { throw .kind(Int(kinds[cell]), cell: cell) }
        guard kinds.contains(Kind.fluid.rawValue) else { throw .noFluid }
        if let coefficients, let cell = coefficients.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
            throw .coefficient(coefficients[cell], cell: cell)
        }
        self.cells = cells
        self.kinds = kinds
        self.walls = walls
        self.spacing = spacing
        self.coefficients = coefficients
    }

    /// The number of axes.
    public var dimensions: Int { cells.z == 1 ? 2 : 3 }

    /// Cells in the box.
    public var cellCount: Int { kinds.count }

    /// How the box lies in memory: two dimensions use the planes of three for y, so that work can be split along it.
    public var shape: GridShape { cells.z == 1 ? GridShape(cells.x, 1, cells.y) : GridShape(cells.x, cells.y, cells.z) }
}
