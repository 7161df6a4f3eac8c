/// How a vector on a box of cells lies in memory: x runs fastest, and a ring of zeros surrounds the cells.
///
/// Cell (i, j, k) is at `origin + i + row·j + plane·k`. Neighbours of any cell can be read without a branch, and rows in groups of eight. A
/// box of two dimensions has one cell along y and its second axis along z, so that work can be split along it.
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
        // Zeros on both sides; seldom a power of two, which would fill few lines of the cache.
        row = (x + 2 + 7) / 8 * 8
        plane = row * (y + 2)
        origin = plane + row + 16
        count = plane * (z + 2) + row * 2 + 32
    }

    /// Cells in the box.
    public var cellCount: Int { cells.x * cells.y * cells.z }

    /// The place of a cell.
    public func place(_ i: Int, _ j: Int, _ k: Int) -> Int { origin + i + row * j + plane * k }

    /// The number of the cell at a place, x fastest.
    func cell(at place: Int) -> Int {
        let (k, rest) = (place - origin).quotientAndRemainder(dividingBy: plane)
        return rest % row + cells.x * (rest / row + cells.y * k)
    }

    /// Whether the boxes have the same cells.
    public static func == (left: GridShape, right: GridShape) -> Bool { left.cells == right.cells }
}
