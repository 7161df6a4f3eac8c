import Randomness

/// Random domains to train and test on: what obstacles in boxes look like, at sizes where a solve takes a millisecond.
public struct DomainFamily: Sendable {
    /// Kinds of masks.
    public enum Kind: String, CaseIterable, Sendable {
        /// No obstacle.
        case empty
        /// One to eight balls.
        case balls
        /// One to eight boxes.
        case boxes
        /// Plates one or two cells thick.
        case plates
        /// Channels one to three cells wide.
        case channels
        /// A random share of cells is solid.
        case porous
        /// A half-space where the solution is given, with balls.
        case air
    }

    /// The kinds to draw from.
    public var kinds: [Kind] = [.balls, .empty, .boxes, .air, .balls, .plates, .boxes, .channels, .balls, .porous]
    /// Least and most cells along an axis.
    public var cells = 14...26
    /// The same for about one domain in seven: numbers that suit few levels may not suit many.
    public var largeCells = 40...64
    /// Two or three axes.
    public var dimensions = 3

    /// All kinds, 14 to 26 cells or 40 to 64, three axes.
    public init() {}

    /// The most cells along an axis.
    public var largestEdge: Int { (dimensions == 2 ? 4 : 1) * max(cells.upperBound, largeCells.upperBound) }

    /// Domain number `index` of a seed.
    public func domain(_ index: Int, seed: UInt64) -> GridDomain {
        var stream = RandomStream(seed: seed, name: "domains", index: UInt64(index))
        let kind = kinds[index % kinds.count]
        let cells = stream.uniform() < 0.15 ? largeCells : cells
        let most = dimensions == 2 ? 4 * cells.upperBound : cells.upperBound
        let least = dimensions == 2 ? 2 * cells.lowerBound : cells.lowerBound
        func side() -> Int { least + Int(stream.uniform() * Double(most - least + 1)) }
        let size = (x: side(), y: side(), z: dimensions == 2 ? 1 : side())
        var mask = Mask(size)
        switch kind {
        case .empty: break
        case .balls: for _ in 0...Int(8 * stream.uniform()) { mask.ball(&stream) }
        case .boxes: for _ in 0...Int(8 * stream.uniform()) { mask.box(&stream, thickness: nil) }
        case .plates:
            for _ in 0...Int(4 * stream.uniform()) { mask.box(&stream, thickness: 1 + Int(2 * stream.uniform())) }
        case .channels: mask.channels(&stream)
        case .porous:
            let share = 0.05 + 0.25 * stream.uniform()
            for cell in mask.kinds.indices where stream.uniform() < share { mask.kinds[cell] = 0 }
        case .air:
            mask.air(&stream)
            if stream.uniform() < 0.5 { mask.ball(&stream) }
        }
        // Half of the boxes have one open wall, as with smoke; the others draw each wall.
        var walls = GridDomain.Walls(.neumann)
        if stream.uniform() < 0.5 {
            walls.y.high = .dirichlet
        } else {
            func wall() -> GridDomain.Wall { stream.uniform() < 0.5 ? .neumann : .dirichlet }
            walls = GridDomain.Walls(x: (wall(), wall()), y: (wall(), wall()), z: (wall(), wall()))
        }
        if !mask.kinds.contains(1) { mask.kinds[0] = 1 }
        do { return try GridDomain(cells: size, kinds: mask.kinds, walls: walls) } catch {
            preconditionFailure("a mask with fluid is a domain: \(error)")
        }
    }

    /// Kinds of cells that shapes are cut from.
    private struct Mask {
        let size: (x: Int, y: Int, z: Int)
        var kinds: [UInt8]

        init(_ size: (x: Int, y: Int, z: Int)) {
            self.size = size
            kinds = Array(repeating: 1, count: size.x * size.y * size.z)
        }

        private var shortest: Int { size.z == 1 ? min(size.x, size.y) : min(size.x, size.y, size.z) }
        private var sides: [Int] { [size.x, size.y, size.z] }

        private mutating func fill(_ kind: UInt8, where isInside: (Int, Int, Int) -> Bool) {
            let size = size
            for k in 0..<size.z {
                for j in 0..<size.y {
                    for i in 0..<size.x where isInside(i, j, k) { kinds[i + size.x * (j + size.y * k)] = kind }
                }
            }
        }

        mutating func ball(_ stream: inout RandomStream) {
            let centre = sides.map { Double($0) * stream.uniform() }
            let radius = Double(shortest) * (0.05 + 0.25 * stream.uniform())
            let isFlat = size.z == 1
            fill(0) { i, j, k in
                let r = zip([i, j, k], centre).map { Double($0) + 0.5 - $1 }
                return r[0] * r[0] + r[1] * r[1] + (isFlat ? 0 : r[2] * r[2]) < radius * radius
            }
        }

        /// A box; a plate of so many cells across one axis where a thickness is given.
        mutating func box(_ stream: inout RandomStream, thickness: Int?) {
            let axis = Int(Double(size.z == 1 ? 2 : 3) * stream.uniform())
            let spans = sides.indices.map { side -> Range<Int> in
                if let thickness, side == axis {
                    let low = Int(stream.uniform() * Double(sides[side]))
                    return low..<low + thickness
                }
                let length = thickness == nil ? 0.1 + 0.3 * stream.uniform() : 0.3 + 0.6 * stream.uniform()
                let low = Int((1 - length) * stream.uniform() * Double(sides[side]))
                return low..<low + max(1, Int(length * Double(sides[side])))
            }
            let isFlat = size.z == 1
            fill(0) { spans[0].contains($0) && spans[1].contains($1) && (isFlat || spans[2].contains($2)) }
        }

        /// A block of solid that channels in all directions go through.
        mutating func channels(_ stream: inout RandomStream) {
            let low = Int(0.25 * Double(size.x)), high = Int(0.75 * Double(size.x))
            let isFlat = size.z == 1
            fill(0) { i, _, _ in i >= low && i < high }
            for _ in 0..<2 + Int(6 * stream.uniform()) {
                let width = 1 + Int(3 * stream.uniform())
                let y = Int(stream.uniform() * Double(size.y)), z = Int(stream.uniform() * Double(size.z))
                fill(1) { _, j, k in (y..<y + width).contains(j) && (isFlat || (z..<z + width).contains(k)) }
            }
        }

        mutating func air(_ stream: inout RandomStream) {
            let tilt = sides.map { (stream.uniform() - 0.5) / Double($0) }
            let level = 0.5 + 0.3 * stream.uniform()
            let (height, isFlat) = (Double(size.y), size.z == 1)
            fill(2) { i, j, k in
                Double(j) / height + tilt[0] * Double(i) + (isFlat ? 0 : tilt[2] * Double(k)) > level
            }
        }
    }
}
