import Ansatz
import Geometry
import Randomness
import Results

/// A million points of a region of ten shapes: of its inside, and of its faces.
enum GeometryCases {
    static var all: [BenchmarkCase] {
        [
            BenchmarkCase(name: "ten-shapes-interior") { request in
                let region = try region()
                return try measure(request) { stream in _ = try region.points(pointCount, from: &stream) }
            },
            BenchmarkCase(name: "ten-shapes-faces") { request in
                let faces = try region().faces
                return try measure(request) { stream in
                    for face in faces { _ = try face.points(pointCount / faces.count, from: &stream) }
                }
            },
        ]
    }

    private static let pointCount = 1_000_000

    /// A plate with two shapes added, seven cut out, and one that cuts off a slanting piece.
    private static func region() throws(GeometryError) -> Region {
        func part(_ shape: any Shape, _ name: String) -> Construction { Construction(shape, name: name) }
        let added =
            part(Box(lower: [0, 0], upper: [4, 2]), "plate") + part(try Ball(center: [4, 1], radius: 0.6), "bump")
            + part(try Ellipse(center: [0, 1], radii: [0.5, 0.3]), "nose")
        let slot = try Ellipse(center: [1.5, 1.2], radii: [0.3, 0.15]).rotated(by: 0.5, about: [1.5, 1.2])
        let cutout = try Polygon([[2.2, 0.3], [2.8, 0.4], [2.6, 0.8], [2.5, 0.55], [2.3, 0.7]])
        let slit = try Sector(center: [3.2, 1.4], radius: 0.35, from: 0.3, to: 4, inner: 0.1)
        let cut =
            added - part(try Ball(center: [0.6, 0.5], radius: 0.2), "hole") - part(slot, "slot")
            - part(cutout, "cutout") - part(slit, "slit")
            - part(try Annulus(center: [0.7, 1.4], inner: 0.15, outer: 0.3), "groove")
            - part(Box(lower: [3, 0], upper: [3.4, 0.3]), "notch")
        return try Region(cut & part(try HalfSpace(point: [0, 1.9], normal: [0.1, 1]), "edge"))
    }

    private static func measure(
        _ request: BenchmarkCase.Request, _ draw: (inout RandomStream) throws -> Void
    ) throws -> Measurement {
        var stream = RandomStream(seed: 1, name: "bench/geometry")
        var failure: (any Error)?
        let timing = Timing(seconds: request.seconds, warmUp: 1, least: 5) {
            do { try draw(&stream) } catch { failure = error }
        }
        if let failure { throw failure }
        return Measurement(
            members: timing.members + [.init("points", .integer(pointCount))],
            text: "median \(NumberText.short(timing.median, digits: 3)) ms, "
                + "best \(NumberText.short(timing.best, digits: 3)) ms, \(NumberText.grouped(pointCount)) points, 1 thread"
        )
    }
}
