/// The points between two concentric spheres, in any dimension: a ring, a shell.
public struct Annulus: Shape {
    /// The center.
    public let center: [Double]
    /// The radius of the hollow.
    public let inner: Double
    /// The radius of the whole.
    public let outer: Double

    /// An annulus about a finite center, with radii 0 < inner < outer.
    public init(center: [Double], inner: Double, outer: Double) throws(GeometryError) {
        try GeometryError.check(center, "center", of: "an annulus")
        precondition(!center.isEmpty, "an annulus needs a coordinate")
        try GeometryError.check(positive: inner, "inner", of: "an annulus")
        try GeometryError.check(positive: outer, "outer", of: "an annulus")
        guard inner < outer else {
            throw .degenerate(
                shape: "an annulus", parameter: "inner",
                problem: "is \(GeometryError.text(inner)), not below the outer radius \(GeometryError.text(outer))",
                hint: "write an inner radius below the outer one")
        }
        self.center = center
        self.inner = inner
        self.outer = outer
    }

    /// The number of coordinates.
    public var dimensions: Int { center.count }

    /// The cube around it.
    public var bounds: Box? { .ifPossible(lower: center.map { $0 - outer }, upper: center.map { $0 + outer }) }

    /// The difference of two balls.
    public var measure: Double { shell.measure }

    /// "inner" and "outer".
    public var faces: [SphereFace] {
        [
            SphereFace(center: center, radius: inner, name: "inner", isOuter: false),
            SphereFace(center: center, radius: outer, name: "outer", isOuter: true),
        ]
    }

    /// Spheres in proportion to the volume within them.
    public var interior: (any SampledSet)? { shell }

    private var shell: ShellSet { ShellSet(center: center, inner: inner, outer: outer) }

    /// The greater of ρ − outer and inner − ρ for the distance ρ from the center.
    public func signedDistances(
        _ points: UnsafePointer<Double>, count: Int, to distances: UnsafeMutablePointer<Double>
    ) {
        Sphere.distances(points, from: center, count: count, to: distances)
        for row in 0..<count { distances[row] = max(distances[row] - outer, inner - distances[row]) }
    }
}
