import Glibc

/// Small vector arithmetic.
enum Frame {
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
