import Glibc

/// Numbers on the faces of a box's cells across one axis: face (i, j, k) is between the cells before it along the axis and (i, j, k).
struct StaggeredField: Sendable {
    let axis: Int
    let count: (x: Int, y: Int, z: Int)
    private var values: [Double]

    init(cells: (x: Int, y: Int, z: Int), axis: Int) {
        self.axis = axis
        count = (cells.x + (axis == 0 ? 1 : 0), cells.y + (axis == 1 ? 1 : 0), cells.z + (axis == 2 ? 1 : 0))
        values = Array(repeating: 0, count: count.x * count.y * count.z)
    }

    subscript(_ i: Int, _ j: Int, _ k: Int) -> Double {
        get { values[(k * count.y + j) * count.x + i] }
        set { values[(k * count.y + j) * count.x + i] = newValue }
    }

    /// Sets every face's number.
    mutating func fill(_ body: (SIMD3<Int>) -> Double) { update { face, _ in body(face) } }

    /// Sets every face's number from the one it has.
    mutating func update(_ body: (SIMD3<Int>, Double) -> Double) {
        for k in 0..<count.z {
            for j in 0..<count.y {
                for i in 0..<count.x { self[i, j, k] = body(SIMD3(i, j, k), self[i, j, k]) }
            }
        }
    }

    /// The value at a point in units of cells, trilinear, constant beyond the outermost faces.
    func value(at point: SIMD3<Double>) -> Double {
        var place = point - 0.5
        place[axis] += 0.5
        return Self.interpolate(values, count, place)
    }

    /// Trilinear interpolation of values at the points (i, j, k).
    static func interpolate(
        _ values: [Double], _ count: (x: Int, y: Int, z: Int), _ place: SIMD3<Double>
    ) -> Double {
        let last = SIMD3(Double(count.x - 1), Double(count.y - 1), Double(count.z - 1))
        let inside = place.clamped(lowerBound: SIMD3(repeating: 0), upperBound: last)
        let corner = inside.rounded(.down)
        let (i, j, k) = (Int(corner.x), Int(corner.y), Int(corner.z))
        let part = inside - corner
        let (right, back) = (i + 1 < count.x ? 1 : 0, j + 1 < count.y ? count.x : 0)
        let up = k + 1 < count.z ? count.x * count.y : 0
        return values.withUnsafeBufferPointer { values in
            func line(_ start: Int) -> Double {
                values[start] + part.x * (values[start + right] - values[start])
            }
            func square(_ start: Int) -> Double {
                let low = line(start)
                return low + part.y * (line(start + back) - low)
            }
            let start = (k * count.y + j) * count.x + i
            let low = square(start)
            return low + part.z * (square(start + up) - low)
        }
    }
}
