import Geometry
import Randomness

/// Random points on a face, after its corners if they are wanted (in up to ten dimensions).
struct FaceProbes: Sequence {
    private let face: BoxFace

    private let corners: Int
    private let count: Int

    init(_ face: BoxFace, withCorners: Bool, count: Int = 64) {
        self.face = face
        self.count = count
        corners = withCorners && face.dimensions <= 10 ? 1 << (face.dimensions - 1) : 0
    }

    func makeIterator() -> AnyIterator<[Double]> {
        let box = face.box
        let others = (0..<box.dimensions).filter { $0 != face.axis }
        var stream = RandomStream(seed: 0, name: "face probes")
        var index = 0
        return AnyIterator {
            guard index < corners + count else { return nil }
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
