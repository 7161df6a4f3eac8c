/// How a vector on a box of cells lies in memory: x runs fastest, and a ring of zeros surrounds the cells.
///
/// Cell (i, j, k) is at `origin + i + row·j + plane·k`. The zero to the right of a row serves the next row as the zero on its left, and
/// likewise for planes, so that neighbours of any cell can be read without a branch. A box of two dimensions has one plane.
public struct GridShape: Sendable, Equatable {
    /// Cells along x, y and z.
    public let cells: (x: Int, y: Int, z: Int)
    /// Distance between neighbours along y.
    public let row: Int
    /// Distance between neighbours along z.
    public let plane: Int
    /// The place of cell (0, 0, 0).
    public let origin: Int
    /// Elements in all.
    public let count: Int

    /// Lays out a box.
    ///
    /// - Precondition: at least one cell along each axis.
    public init(_ x: Int, _ y: Int, _ z: Int = 1) {
        precondition(x >= 1 && y >= 1 && z >= 1, "a box has cells along each axis")
        cells = (x, y, z)
        // At least one zero between rows; not a power of two, which would fill few lines of the cache.
        row = (x + 1 + 7) / 8 * 8
        plane = row * (y + 1)
        origin = plane + row + 16
        count = plane * (z + 2) + row * 2 + 32
    }

    /// Cells in the box.
    public var cellCount: Int { cells.x * cells.y * cells.z }

    /// The place of a cell.
    public func place(_ i: Int, _ j: Int, _ k: Int) -> Int { origin + i + row * j + plane * k }

    public static func == (left: GridShape, right: GridShape) -> Bool { left.cells == right.cells }
}
