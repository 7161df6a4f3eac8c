import Geometry
import Randomness

/// The shapes that the theorems are tried on.
enum ShapeSamples {
    /// Their names, to choose from.
    static let names = [
        "interval", "box", "turned box", "disk", "ball", "ball of dimension 5", "ring", "shell", "ellipse",
        "thin ellipse", "triangle", "clockwise square", "star", "comb", "sector", "wide sector", "ring sector",
        "cylinder", "leaning cylinder", "cone", "truncated cone", "widening cone", "torus", "turned ellipse",
        "moved torus",
    ]

    static func shape(_ name: String) throws -> any Shape {
        switch name {
        case "interval": return Box(lower: [-1], upper: [2.5])
        case "box": return Box(lower: [-1, 0, 2], upper: [1, 3, 2.5])
        case "turned box":
            return try Box(lower: [0, 0], upper: [2, 1]).rotated(by: 0.4, about: [1, 1]).scaled(by: 1.5)
        case "disk": return try Ball(center: [0.5, -1], radius: 0.7)
        case "ball": return try Ball(center: [1, 2, 3], radius: 2)
        case "ball of dimension 5": return try Ball(center: [0, 1, 0, -1, 0.5], radius: 1.5)
        case "ring": return try Annulus(center: [0.3, 0.2], inner: 0.5, outer: 1)
        case "shell": return try Annulus(center: [0, 0, 1], inner: 1, outer: 1.3)
        case "ellipse": return try Ellipse(center: [1, 1], radii: [2, 0.8])
        case "thin ellipse": return try Ellipse(center: [0, 0], radii: [0.1, 3])
        case "triangle": return try Polygon([[0, 0], [2, 0.5], [0.7, 1.8]])
        case "clockwise square": return try Polygon([[0, 0], [0, 1], [1, 1], [1, 0]])
        case "star":
            return try Polygon([
                [0, -1], [0.3, -0.3], [1, -0.2], [0.45, 0.25], [0.6, 1], [0, 0.55], [-0.6, 1], [-0.45, 0.25],
                [-1, -0.2],
                [-0.3, -0.3],
            ])
        case "comb":
            return try Polygon([
                [0, 0], [5, 0], [5, 2], [4, 2], [4, 1], [3, 1], [3, 2], [2, 2], [2, 1], [1, 1], [1, 2], [0, 2],
            ])
        case "sector": return try Sector(center: [0, 0], radius: 2, from: 0.3, to: 1.9)
        case "wide sector": return try Sector(center: [1, -1], radius: 1, from: -0.5, to: 4.2)
        case "ring sector": return try Sector(center: [0, 1], radius: 2, from: 2, to: 5.5, inner: 0.8)
        case "cylinder": return try Cylinder(base: [0, 0, 0], axis: [0, 0, 1], radius: 1, height: 2)
        case "leaning cylinder": return try Cylinder(base: [1, 0, -1], axis: [1, 2, -2], radius: 0.6, height: 1.5)
        case "cone": return try Cone(base: [0, 1, 0], axis: [0, 1, 1], radius: 1, height: 1.6)
        case "truncated cone": return try Cone(base: [0, 0, 0], axis: [0, 0, -3], radius: 1, height: 1, top: 0.4)
        case "widening cone": return try Cone(base: [0, 0, 0], axis: [1, 0, 0], radius: 0.3, height: 1, top: 1.1)
        case "torus": return try Torus(center: [0, 0, 0], axis: [0, 0, 1], radius: 1, thickness: 0.4)
        case "turned ellipse":
            return try Ellipse(center: [0, 0], radii: [2, 1]).rotated(by: 1).scaled(by: 0.5).moved(by: [3, -1])
        case "moved torus":
            return try Torus(center: [0, 0, 0], axis: [1, 1, 0], radius: 1, thickness: 0.3)
                .rotated(by: 2, axis: [0, 1, 1], about: [1, 0, 0]).moved(by: [0, 0, 2])
        default: throw Unknown(name: name)
        }
    }

    struct Unknown: Error {
        var name: String
    }
}

/// Points in rows.
struct Points {
    let dimensions: Int
    let values: [Double]

    init(_ values: [Double], dimensions: Int) {
        self.values = values
        self.dimensions = dimensions
    }

    var count: Int { values.count / dimensions }

    subscript(row: Int) -> [Double] { Array(values[row * dimensions..<(row + 1) * dimensions]) }

    var rows: [[Double]] { (0..<count).map { self[$0] } }
}

extension SampledSet {
    /// Points of this set from a stream named after it.
    func draw(_ count: Int, _ name: String = "draw") throws -> Points {
        var stream = RandomStream(seed: 5, name: name)
        return Points(try points(count, from: &stream), dimensions: dimensions)
    }
}

extension Shape {
    /// The box around it, larger by a part of its size.
    var surroundings: Box? {
        bounds.map { box in
            Box(
                lower: zip(box.lower, box.sides).map { $0 - 0.3 * $1 },
                upper: zip(box.upper, box.sides).map { $0 + 0.3 * $1 })
        }
    }

    func signedDistances(_ points: Points) -> [Double] {
        var distances = [Double](repeating: 0, count: points.count)
        signedDistances(points.values, count: points.count, to: &distances)
        return distances
    }

    /// Central differences.
    func gradient(at point: [Double], step: Double = 1e-5) -> [Double] {
        point.indices.map { axis in
            var ahead = point, behind = point
            ahead[axis] += step
            behind[axis] -= step
            return (signedDistance(ahead) - signedDistance(behind)) / (2 * step)
        }
    }
}

extension ShapeFace {
    func normals(at points: Points) -> Points {
        var normals = [Double](repeating: 0, count: points.values.count)
        outwardNormals(at: points.values, count: points.count, to: &normals)
        return Points(normals, dimensions: dimensions)
    }
}

func length(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
func gap(_ first: [Double], _ second: [Double]) -> Double { length(zip(first, second).map(-)) }
func dot(_ first: [Double], _ second: [Double]) -> Double { zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } }

/// The mean of some numbers and its standard error.
struct Estimate {
    let mean: Double
    let error: Double

    init(_ values: [Double]) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        self.mean = mean
        error = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) / count).squareRoot()
    }
}
