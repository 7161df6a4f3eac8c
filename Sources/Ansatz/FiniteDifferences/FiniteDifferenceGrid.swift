import Expressions
import Geometry
import LinearSystems
import ProblemFiles

/// The cells of a problem's region: a box, without those whose centres lie in obstacles.
struct FiniteDifferenceGrid: Sendable {
    /// Cells along each coordinate.
    let cells: [Int]
    /// The box.
    let box: Box
    /// Lengths of a cell.
    let widths: [Double]
    /// Whether each cell holds an unknown, the first coordinate fastest.
    let isInside: [Bool]
    /// The box among the shapes of the region.
    private let region: Region

    /// Makes the cells.
    ///
    /// - Throws: a region that is no box with obstacles, or one that no cell's centre lies in.
    init(_ problem: Problem, nodes: ResolvedOptions) throws(ProblemErrors) {
        func refuse(_ origin: Origin, _ message: String, _ hint: String) -> ProblemErrors {
            ProblemErrors([
                origin.line > 0
                    ? origin.diagnostic(.error, message, hint: hint)
                    : Diagnostic(.error, message, hint: hint, file: problem.source?.name)
            ])
        }
        let domain = problem.domain.spaceTime
        let place = problem.domain.regionSource?.region.origin ?? .none
        guard domain.time == nil else {
            throw refuse(
                place, "finite differences solve for a steady state, and this problem has a time",
                "leave out domain.time, or choose another method.kind")
        }
        guard (1...3).contains(domain.region.dimensions) else {
            throw refuse(
                place,
                "finite differences are for one to three dimensions, and the region has \(domain.region.dimensions)",
                "choose another method.kind")
        }
        guard domain.periodicAxes.isEmpty else {
            throw refuse(
                place, "finite differences do not know periodic coordinates",
                "leave out domain.periodic, or choose another method.kind")
        }
        region = domain.region
        let bounds = region.bounds
        guard let box = region.parts.lazy.compactMap({ $0.shape as? Box }).first(where: { $0 == bounds }) else {
            throw refuse(
                place, "finite differences are for boxes, with obstacles or not, and this region is none",
                "region = \"box - ball\" with shapes in [domain.shapes], or choose another method.kind")
        }
        self.box = box
        cells = problem.domain.coordinates.map { nodes.integer($0.name) }
        widths = zip(box.sides, cells).map { $0 / Double($1) }
        let count = cells.reduce(1, *)
        guard region.parts.count > 1 else {
            isInside = [Bool](repeating: true, count: count)
            return
        }
        var inside: [Bool] = []
        inside.reserveCapacity(count)
        let layer = count / cells[cells.count - 1]
        let centres = GridCells(cells, box.sides, lower: box.lower)
        var flags = [Bool](repeating: false, count: layer)
        for number in 0..<cells[cells.count - 1] {
            let columns = centres.layerPoints(number)
            let rows = (0..<layer).flatMap { cell in columns.map { $0[cell] } }
            region.contains(rows, count: layer, to: &flags)
            inside += flags
        }
        isInside = inside
        guard inside.contains(true) else {
            throw refuse(place, "no centre of a cell lies in the region", "raise method.nodes")
        }
    }

    var count: Int { isInside.count }
    var dimensions: Int { cells.count }
    var centres: GridCells { GridCells(cells, box.sides, lower: box.lower) }

    /// The centre of a cell.
    func centre(_ cell: Int) -> [Double] {
        var rest = cell
        return cells.indices.map { axis in
            defer { rest /= cells[axis] }
            return box.lower[axis] + widths[axis] * (Double(rest % cells[axis]) + 0.5)
        }
    }

    /// Distance between neighbours along an axis in the list of cells.
    func step(_ axis: Int) -> Int { cells[..<axis].reduce(1, *) }

    /// Where the line from a cell's centre to its neighbour's leaves the region.
    struct Crossing {
        /// Its share of the way.
        var share: Double
        var point: [Double]
        /// Outward.
        var normal: [Double]
        /// The face of the domain.
        var face: Int
        /// Whether it is a side of the box.
        var isWall: Bool
    }

    /// The crossing on the side of the box next to a cell.
    func wall(_ cell: Int, _ axis: Int, isUpper: Bool, _ problem: Problem) -> Crossing {
        var point = centre(cell)
        point[axis] = isUpper ? box.upper[axis] : box.lower[axis]
        var normal = [Double](repeating: 0, count: dimensions)
        normal[axis] = isUpper ? 1 : -1
        let face = problem.domain.spaceTime.faces.firstIndex { face in
            guard let side = face.wall?.shapeFace as? BoxFace else { return false }
            return side.box == box && side.axis == axis && side.isUpper == isUpper
        }
        guard let face else { preconditionFailure("a side of the box is no face of the region") }
        return Crossing(share: 0.5, point: point, normal: normal, face: face, isWall: true)
    }

    /// The crossing into an obstacle between two neighbours; nil where no single obstacle holds the second.
    func obstacle(_ cell: Int, _ axis: Int, isUpper: Bool, _ problem: Problem) -> Crossing? {
        let from = centre(cell)
        var to = from
        to[axis] += isUpper ? widths[axis] : -widths[axis]
        func distance(_ shape: any Shape, _ point: [Double]) -> Double {
            var result = 0.0
            shape.signedDistances(point, count: 1, to: &result)
            return result
        }
        guard let part = region.parts.first(where: { !isBox($0) && distance($0.shape, to) <= 0 }) else { return nil }
        func point(_ share: Double) -> [Double] { zip(from, to).map { $0 + share * ($1 - $0) } }
        var low = 0.0, high = 1.0
        for _ in 0..<50 {
            let middle = (low + high) / 2
            if distance(part.shape, point(middle)) > 0 { low = middle } else { high = middle }
        }
        // A cell must not be tied to its neighbourhood with an infinite weight.
        let share = max(high, 1e-3)
        let crossing = point(high)
        let step = 1e-6 * (widths.min() ?? 1)
        var normal = crossing.indices.map { axis in
            var (ahead, behind) = (crossing, crossing)
            ahead[axis] += step
            behind[axis] -= step
            return (distance(part.shape, behind) - distance(part.shape, ahead)) / (2 * step)
        }
        let length = normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 0 else { return nil }
        normal = normal.map { $0 / length }
        let faces = problem.domain.spaceTime.faces.enumerated().filter { $0.element.wall?.part == part }
        let main = normal.indices.max { abs(normal[$0]) < abs(normal[$1]) } ?? 0
        let face = faces.first { face in
            guard let side = face.element.wall?.shapeFace as? BoxFace else { return true }
            return side.axis == main && side.isUpper == (normal[main] < 0)
        }
        return face.map { Crossing(share: share, point: crossing, normal: normal, face: $0.offset, isWall: false) }
    }

    private func isBox(_ part: RegionPart) -> Bool { (part.shape as? Box) == box }
}
