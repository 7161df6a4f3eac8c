import Geometry
import Randomness

/// The corners of a face (in up to ten dimensions) and random points on it.
struct FaceProbes: Sequence {
    private let face: BoxFace

    init(_ face: BoxFace) {
        self.face = face
    }

    func makeIterator() -> AnyIterator<[Double]> {
        let box = face.box
        let others = (0..<box.dimensions).filter { $0 != face.axis }
        let corners = others.count <= 9 ? 1 << others.count : 0
        var stream = RandomStream(seed: 0, name: "face probes")
        var index = 0
        return AnyIterator {
            guard index < corners + 64 else { return nil }
            var point = face.isUpper ? box.upper : box.lower
            for (place, axis) in others.enumerated() {
                let fraction = index < corners ? Double(index >> place & 1) : stream.uniform()
                point[axis] = box.lower[axis] + fraction * (box.upper[axis] - box.lower[axis])
            }
            index += 1
            return point
        }
    }
}
