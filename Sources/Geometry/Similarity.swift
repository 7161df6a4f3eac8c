import Glibc

/// A map x ↦ s R x + t that keeps all angles: a scale s > 0, a rotation R, an offset t.
public struct Similarity: Sendable, Hashable {
    /// The number of coordinates.
    public let dimensions: Int
    /// How much longer distances become.
    public let scale: Double
    /// The rotation, row-major; empty if there is none.
    public let rotation: [Double]
    /// The offset, added last.
    public let offset: [Double]

    private init(scale: Double, rotation: [Double], offset: [Double]) {
        dimensions = offset.count
        self.scale = scale
        self.rotation = rotation
        self.offset = offset
    }

    /// The identity.
    public init(dimensions: Int) {
        self.init(scale: 1, rotation: [], offset: Array(repeating: 0, count: dimensions))
    }

    /// x ↦ x + offset.
    public init(moving offset: [Double], dimensions: Int) throws(GeometryError) {
        try GeometryError.check(offset, "offset", of: "a movement", count: dimensions)
        self.init(scale: 1, rotation: [], offset: offset)
    }

    /// x ↦ c + factor (x − c); c is the origin by default.
    public init(scaling factor: Double, about point: [Double]? = nil, dimensions: Int) throws(GeometryError) {
        try GeometryError.check(positive: factor, "factor", of: "a scaling")
        let center = point ?? Array(repeating: 0, count: dimensions)
        try GeometryError.check(center, "about", of: "a scaling", count: dimensions)
        self.init(scale: factor, rotation: [], offset: center.map { $0 - factor * $0 })
    }

    /// The rotation of the plane about a point, the origin by default, counterclockwise by an angle in radians.
    public init(rotating angle: Double, about point: [Double]? = nil, dimensions: Int) throws(GeometryError) {
        guard dimensions == 2 else {
            throw .degenerate(
                shape: "a rotation", parameter: "axis", problem: "is missing",
                hint: dimensions == 3
                    ? "a shape of space turns about an axis, { angle = …, axis = [0, 0, 1] }"
                    : "shapes can be turned in two and three dimensions only")
        }
        try GeometryError.check([angle], "angle", of: "a rotation")
        let cosine = cos(angle), sine = sin(angle)
        try self.init(rotation: [cosine, -sine, sine, cosine], about: point)
    }

    /// The rotation of space about an axis through a point, the origin by default, by an angle in radians:
    /// counterclockwise seen from the axis' tip.
    public init(
        rotating angle: Double, axis: [Double], about point: [Double]? = nil, dimensions: Int
    ) throws(GeometryError) {
        guard dimensions == 3 else {
            throw .degenerate(
                shape: "a rotation", parameter: "axis", problem: "is given in \(dimensions) dimensions",
                hint: dimensions == 2
                    ? "a shape of the plane turns about a point, { angle = …, about = [0, 0] }"
                    : "shapes can be turned in two and three dimensions only")
        }
        try GeometryError.check([angle], "angle", of: "a rotation")
        try GeometryError.check(direction: axis, "axis", of: "a rotation", count: 3)
        let k = Frame.unit(axis)
        let c = cos(angle), s = sin(angle), v = 1 - c
        // Rodrigues' formula.
        try self.init(
            rotation: [
                c + k[0] * k[0] * v, k[0] * k[1] * v - k[2] * s, k[0] * k[2] * v + k[1] * s,
                k[1] * k[0] * v + k[2] * s, c + k[1] * k[1] * v, k[1] * k[2] * v - k[0] * s,
                k[2] * k[0] * v - k[1] * s, k[2] * k[1] * v + k[0] * s, c + k[2] * k[2] * v,
            ], about: point)
    }

    private init(rotation: [Double], about point: [Double]?) throws(GeometryError) {
        let dimensions = rotation.count == 4 ? 2 : 3
        let center = point ?? Array(repeating: 0, count: dimensions)
        try GeometryError.check(center, "about", of: "a rotation", count: dimensions)
        let turned = Similarity(scale: 1, rotation: rotation, offset: Array(repeating: 0, count: dimensions))
            .apply(center)
        self.init(scale: 1, rotation: rotation, offset: zip(center, turned).map(-))
    }

    /// Whether nothing is turned.
    public var isUnturned: Bool { rotation.isEmpty }

    /// This map after another one.
    public func after(_ first: Similarity) -> Similarity {
        precondition(first.dimensions == dimensions, "the dimensions differ")
        let product: [Double]
        if rotation.isEmpty || first.rotation.isEmpty {
            product = rotation + first.rotation
        } else {
            product = (0..<dimensions * dimensions).map { place in
                let row = place / dimensions, column = place % dimensions
                return (0..<dimensions).reduce(0) {
                    $0 + rotation[row * dimensions + $1] * first.rotation[$1 * dimensions + column]
                }
            }
        }
        return Similarity(scale: scale * first.scale, rotation: product, offset: apply(first.offset))
    }

    /// The image of a point.
    public func apply(_ point: [Double]) -> [Double] {
        var image = point
        map(point, to: &image, count: 1)
        return image
    }

    /// The point whose image this is.
    public func invert(_ point: [Double]) -> [Double] {
        var original = point
        unmap(point, to: &original, count: 1)
        return original
    }

    /// Images of points, row-major, into another array.
    func map(_ points: UnsafePointer<Double>, to images: UnsafeMutablePointer<Double>, count: Int) {
        turn(points, to: images, count: count)
        for row in 0..<count {
            let image = images + row * dimensions
            for axis in 0..<dimensions { image[axis] = scale * image[axis] + offset[axis] }
        }
    }

    /// The images' points, row-major, into another array.
    func unmap(_ images: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        let inverse = 1 / scale
        for row in 0..<count {
            let image = images + row * dimensions, point = points + row * dimensions
            if dimensions == 2, !rotation.isEmpty {
                let x = image[0] - offset[0], y = image[1] - offset[1]
                point[0] = inverse * (rotation[0] * x + rotation[2] * y)
                point[1] = inverse * (rotation[1] * x + rotation[3] * y)
            } else if !rotation.isEmpty {
                let x = image[0] - offset[0], y = image[1] - offset[1], z = image[2] - offset[2]
                for axis in 0..<3 {
                    point[axis] = inverse * (rotation[axis] * x + rotation[3 + axis] * y + rotation[6 + axis] * z)
                }
            } else {
                for axis in 0..<dimensions { point[axis] = inverse * (image[axis] - offset[axis]) }
            }
        }
    }

    /// Turned vectors, row-major, into another array or in place.
    func turn(_ vectors: UnsafePointer<Double>, to turned: UnsafeMutablePointer<Double>, count: Int) {
        for row in 0..<count {
            let vector = vectors + row * dimensions, target = turned + row * dimensions
            if dimensions == 2, !rotation.isEmpty {
                let x = vector[0], y = vector[1]
                target[0] = rotation[0] * x + rotation[1] * y
                target[1] = rotation[2] * x + rotation[3] * y
            } else if !rotation.isEmpty {
                let x = vector[0], y = vector[1], z = vector[2]
                for axis in 0..<3 {
                    target[axis] = rotation[3 * axis] * x + rotation[3 * axis + 1] * y + rotation[3 * axis + 2] * z
                }
            } else {
                for axis in 0..<dimensions { target[axis] = vector[axis] }
            }
        }
    }
}
