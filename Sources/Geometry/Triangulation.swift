/// Cuts polygons into triangles.
enum Triangulation {
    /// The triangles of a simple polygon with counterclockwise corners, by cutting off ears: corners that stick out and
    /// whose triangle holds no other corner. Takes a time of the order of the square of the number of corners.
    static func triangles(_ corners: [SIMD2<Double>]) -> [(SIMD2<Double>, SIMD2<Double>, SIMD2<Double>)] {
        var rest = corners
        var triangles: [(SIMD2<Double>, SIMD2<Double>, SIMD2<Double>)] = []
        var place = 0, misses = 0
        while rest.count > 3 {
            let count = rest.count
            place %= count
            let before = (place + count - 1) % count, after = (place + 1) % count
            // With exact arithmetic there is always an ear; should rounding hide it, the next convex corner is cut.
            let isEar = isEar(rest, before, place, after)
            let isConvex = PolygonChecks.cross(rest[place] - rest[before], rest[after] - rest[place]) >= 0
            guard isEar || misses > count && isConvex || misses > 2 * count else {
                place += 1
                misses += 1
                continue
            }
            triangles.append((rest[before], rest[place], rest[after]))
            rest.remove(at: place)
            misses = 0
            // The next corner but one, so that the triangles do not fan out from one corner.
            place += 1
        }
        triangles.append((rest[0], rest[1], rest[2]))
        return triangles
    }

    private static func isEar(_ corners: [SIMD2<Double>], _ before: Int, _ tip: Int, _ after: Int) -> Bool {
        let a = corners[before], b = corners[tip], c = corners[after]
        let turn = PolygonChecks.cross(b - a, c - b)
        guard turn >= 0 else { return false }
        // A straight corner is an ear of no area, unless the chain turns back.
        if turn == 0 { return PolygonChecks.dot(b - a, c - b) >= 0 }
        for (index, point) in corners.enumerated() where index != before && index != tip && index != after {
            guard point != a, point != b, point != c else { continue }
            if PolygonChecks.cross(b - a, point - a) >= 0, PolygonChecks.cross(c - b, point - b) >= 0,
                PolygonChecks.cross(a - c, point - c) >= 0
            {
                return false
            }
        }
        return true
    }
}

/// The inside of some triangles, drawn uniformly.
struct TriangleSet: SampledSet {
    /// A corner and the two sides from it.
    private struct Triangle {
        var corner: SIMD2<Double>
        var first: SIMD2<Double>
        var second: SIMD2<Double>
    }

    private let triangles: [Triangle]
    /// The share of the area up to each triangle, from 0 to 1.
    private let shares: [Double]
    let measure: Double

    init(corners: [SIMD2<Double>], triangles: [(SIMD2<Double>, SIMD2<Double>, SIMD2<Double>)]) {
        var sum = 0.0
        var sums = [0.0]
        var kept: [Triangle] = []
        for (a, b, c) in triangles {
            let area = 0.5 * PolygonChecks.cross(b - a, c - a)
            guard area > 0 else { continue }
            sum += area
            sums.append(sum)
            kept.append(Triangle(corner: a, first: b - a, second: c - a))
        }
        self.triangles = kept
        shares = sums.map { $0 / sum }
        measure = abs(PolygonChecks.signedArea(corners))
    }

    var dimensions: Int { 2 }
    var sampleDimensions: Int { 2 }

    /// The first coordinate chooses the triangle; what is left of it and the second one lead into it.
    func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        triangles.withUnsafeBufferPointer { triangles in
            shares.withUnsafeBufferPointer { shares in
                for row in 0..<count {
                    var low = 0, high = triangles.count
                    while high - low > 1 {
                        let middle = (low + high) / 2
                        if shares[middle] <= unit[2 * row] { low = middle } else { high = middle }
                    }
                    let rest = (unit[2 * row] - shares[low]) / (shares[low + 1] - shares[low])
                    let root = min(1, rest).squareRoot()
                    let triangle = triangles[low]
                    let point =
                        triangle.corner + root * (1 - unit[2 * row + 1]) * triangle.first
                        + root * unit[2 * row + 1] * triangle.second
                    points[2 * row] = point.x
                    points[2 * row + 1] = point.y
                }
            }
        }
    }
}
