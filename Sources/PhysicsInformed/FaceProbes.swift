import Geometry
import Randomness

/// Random points on a face, after the corners of a side of a box if they are wanted (in up to ten dimensions).
struct FaceProbes: Sequence {
    private let points: [[Double]]

    init(_ face: SpaceTimeFace, withCorners: Bool, count: Int = 64) {
        var points: [[Double]] = []
        if withCorners, let side = face.boxFace, face.acceptsAll, side.dimensions <= 10 {
            let others = (0..<side.dimensions).filter { $0 != side.axis }
            for corner in 0..<(1 << others.count) {
                var point = side.isUpper ? side.box.upper : side.box.lower
                for (place, axis) in others.enumerated() {
                    point[axis] = corner >> place & 1 == 1 ? side.box.upper[axis] : side.box.lower[axis]
                }
                points.append(point)
            }
        }
        var stream = RandomStream(seed: 0, name: "face probes")
        // A face that hardly any point of its map lies on is probed at fewer points, or none.
        let drawn = (try? face.points(count, from: &stream)) ?? []
        points += stride(from: 0, to: drawn.count, by: face.dimensions).map { Array(drawn[$0..<$0 + face.dimensions]) }
        self.points = points
    }

    func makeIterator() -> IndexingIterator<[[Double]]> { points.makeIterator() }
}
