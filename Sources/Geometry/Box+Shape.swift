extension Box: Shape {
    /// The box itself.
    public var bounds: Box? { self }

    /// The box itself.
    public var interior: (any SampledSet)? { self }

    /// Outside the length of what is missing to the box, inside the distance to the nearest side.
    public func signedDistances(
        _ points: UnsafePointer<Double>, count: Int, to distances: UnsafeMutablePointer<Double>
    ) {
        let dimensions = dimensions
        lower.withUnsafeBufferPointer { lower in
            upper.withUnsafeBufferPointer { upper in
                for row in 0..<count {
                    let point = points + row * dimensions
                    var square = 0.0, inside = -Double.infinity
                    for axis in 0..<dimensions {
                        let beyond = max(lower[axis] - point[axis], point[axis] - upper[axis])
                        inside = max(inside, beyond)
                        let outside = max(beyond, 0)
                        square += outside * outside
                    }
                    distances[row] = inside > 0 ? square.squareRoot() : inside
                }
            }
        }
    }

    /// A box remains one unless it is turned.
    public func transformed(by similarity: Similarity) -> any Shape {
        guard similarity.isUnturned,
            let box = Box.ifPossible(lower: similarity.apply(lower), upper: similarity.apply(upper))
        else { return Transformed(self, by: similarity) }
        return box
    }
}

extension BoxFace: ShapeFace {
    /// The outward normal, the same at every point.
    public func outwardNormals(
        at points: UnsafePointer<Double>, count: Int, to normals: UnsafeMutablePointer<Double>
    ) {
        let dimensions = dimensions, axis = axis
        normals.update(repeating: 0, count: count * dimensions)
        for row in 0..<count { normals[row * dimensions + axis] = isUpper ? 1 : -1 }
    }

    /// The point's coordinates, brought into the bounds.
    public func closestPoint(to point: [Double]) -> [Double] {
        precondition(point.count == dimensions, "the point has another dimension")
        var closest = zip(point, zip(box.lower, box.upper)).map { min(max($0, $1.0), $1.1) }
        closest[axis] = position
        return closest
    }
}
