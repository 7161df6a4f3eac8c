/// Finds out whether points lie inside a polygon, by counting the edges that a ray to the right crosses.
///
/// The height is cut into slabs, each with the edges that reach into it, so that an outline of thousands of corners costs
/// little more per point than a triangle.
struct CrossingTable: Sendable {
    private struct Edge {
        var x: Double
        var y: Double
        var end: Double
        /// dx / dy.
        var slope: Double
    }

    private let edges: [Edge]
    /// The first place in `edges` of each slab, and one more.
    private let starts: [Int]
    private let bottom: Double
    /// Slabs per height.
    private let density: Double

    init(_ corners: [SIMD2<Double>]) {
        let all = corners.indices.map { index -> Edge in
            let start = corners[index], end = corners[(index + 1) % corners.count]
            return Edge(x: start.x, y: start.y, end: end.y, slope: (end.x - start.x) / (end.y - start.y))
        }.filter { $0.y != $0.end }
        let bottom = corners.map(\.y).min() ?? 0, top = corners.map(\.y).max() ?? 0
        let count = max(1, min(4_096, corners.count))
        let density = Double(count) / (top - bottom)
        var slabs = [[Edge]](repeating: [], count: count)
        for edge in all {
            let first = Self.slab(min(edge.y, edge.end), bottom, density, count)
            let last = Self.slab(max(edge.y, edge.end), bottom, density, count)
            for slab in first...last { slabs[slab].append(edge) }
        }
        self.bottom = bottom
        self.density = density
        edges = Array(slabs.joined())
        starts = slabs.reduce(into: [0]) { starts, slab in starts.append((starts.last ?? 0) + slab.count) }
    }

    private static func slab(_ y: Double, _ bottom: Double, _ density: Double, _ count: Int) -> Int {
        let place = (y - bottom) * density
        return place > 0 ? min(count - 1, Int(min(place, Double(count)))) : 0
    }

    /// −1 for points inside, 1 for others.
    func sides(_ points: UnsafePointer<Double>, count: Int, to sides: UnsafeMutablePointer<Int8>) {
        let slabCount = starts.count - 1
        edges.withUnsafeBufferPointer { edges in
            starts.withUnsafeBufferPointer { starts in
                for row in 0..<count {
                    let x = points[2 * row], y = points[2 * row + 1]
                    let slab = Self.slab(y, bottom, density, slabCount)
                    var isInside = false
                    for place in starts[slab]..<starts[slab + 1] {
                        let edge = edges[place]
                        if (edge.y <= y) != (edge.end <= y) {
                            isInside = isInside != (x < edge.x + (y - edge.y) * edge.slope)
                        }
                    }
                    sides[row] = isInside ? -1 : 1
                }
            }
        }
    }
}
