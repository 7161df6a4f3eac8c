import Glibc

/// An origin and orthonormal axes in space, the third of which is that of a body of revolution.
struct Frame: Hashable {
    let origin: SIMD3<Double>
    let first: SIMD3<Double>
    let second: SIMD3<Double>
    let axis: SIMD3<Double>

    /// The frame with a given third axis, which need not have unit length.
    init(origin: [Double], axis: [Double]) {
        let unit = Self.unit(axis)
        let others = Self.complement(of: unit)
        self.origin = SIMD3(origin[0], origin[1], origin[2])
        self.axis = SIMD3(unit[0], unit[1], unit[2])
        first = SIMD3(others[0], others[1], others[2])
        let product = SIMD3(
            unit[1] * others[2] - unit[2] * others[1], unit[2] * others[0] - unit[0] * others[2],
            unit[0] * others[1] - unit[1] * others[0])
        second = product
    }

    /// The distance of a point from the axis and its height along it.
    @inline(__always)
    func profile(_ point: UnsafePointer<Double>) -> (radius: Double, height: Double) {
        let step = SIMD3(point[0], point[1], point[2]) - origin
        let height = (step * axis).sum()
        let across = step - height * axis
        return ((across * across).sum().squareRoot(), height)
    }

    /// The unit vector from the axis to a point; any one for a point on the axis.
    @inline(__always)
    func radial(_ point: UnsafePointer<Double>) -> SIMD3<Double> {
        let step = SIMD3(point[0], point[1], point[2]) - origin
        let across = step - (step * axis).sum() * axis
        let length = (across * across).sum().squareRoot()
        return length > 0 ? across / length : first
    }

    /// The point at a distance from the axis, an angle around it, and a height.
    @inline(__always)
    func point(_ radius: Double, _ angle: Double, _ height: Double) -> SIMD3<Double> {
        let x = radius * cos(angle), y = radius * sin(angle)
        return origin + x * first + y * second + height * axis
    }

    /// How far a circle around the axis reaches along each coordinate: the radius times √(1 − axisᵢ²).
    func reach(_ radius: Double) -> SIMD3<Double> {
        let square = 1 - axis * axis
        return radius * pointwiseMax(square, SIMD3(repeating: 0)).squareRoot()
    }
}

extension Frame {
    /// The vector divided by its length, without overflow.
    static func unit(_ vector: [Double]) -> [Double] {
        let largest = vector.reduce(0) { max($0, abs($1)) }
        let scaled = vector.map { $0 / largest }
        let length = scaled.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return scaled.map { $0 / length }
    }

    /// Unit vectors that are normal to a unit vector and to each other: one less than there are coordinates, row-major.
    ///
    /// The Householder reflection that carries the vector to a coordinate axis carries the other axes to them.
    static func complement(of normal: [Double]) -> [Double] {
        let dimensions = normal.count
        let main = normal.indices.max { abs(normal[$0]) < abs(normal[$1]) } ?? 0
        var mirror = normal
        mirror[main] += normal[main] < 0 ? -1 : 1
        let square = mirror.reduce(0) { $0 + $1 * $1 }
        return (0..<dimensions).filter { $0 != main }.flatMap { axis in
            (0..<dimensions).map { ($0 == axis ? 1 : 0) - 2 * mirror[axis] * mirror[$0] / square }
        }
    }
}

extension UnsafeMutablePointer<Double> {
    /// Writes three numbers.
    @inline(__always)
    func store(_ vector: SIMD3<Double>) {
        self[0] = vector.x
        self[1] = vector.y
        self[2] = vector.z
    }
}

extension [Double] {
    /// The same as an array.
    init(_ vector: SIMD3<Double>) { self = [vector.x, vector.y, vector.z] }
}

/// The distance of two points, or the length of a difference.
func distance(_ first: [Double], _ second: [Double]) -> Double {
    zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
}

extension Double {
    /// A whole power, by repeated multiplication.
    func raised(to exponent: Int) -> Double {
        (0..<exponent).reduce(1) { product, _ in product * self }
    }
}
