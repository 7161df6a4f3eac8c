import Expressions
import Geometry
import Glibc

/// Looks for points of a place that satisfy a truth value.
struct PointProbe {
    private static let pointCount = 4_096
    private static let blockSize = 256

    private let box: Box
    private let face: BoxFace?
    /// The place, unless it is a box or a side of one, where only the coordinates that are read need to vary.
    private let set: (any SampledSet)?

    init(_ domain: SpaceTime, at place: SpaceTimePlace) {
        box = domain.box
        face = place.face?.boxFace
        let isBox = domain.region.box != nil && (place == .interior || face != nil)
        set = isBox ? nil : domain.set(of: place)
    }

    /// Whether any of some thousand evenly spread points, or a point next to a corner of a box, satisfies it.
    ///
    /// `used` are the coordinates that the truth value reads.
    func finds(_ filter: Expression, of used: [Int]) -> Bool {
        guard let set else { return findsInBox(filter, of: used) }
        let width = set.sampleDimensions
        let steps = evenSteps(width)
        for block in 0..<(width == 0 ? 1 : Self.pointCount / Self.blockSize) {
            var unit: [Double] = []
            for number in 1...Self.blockSize {
                for step in steps {
                    let place = 0.5 + Double(block * Self.blockSize + number) * step
                    unit.append(place - place.rounded(.down))
                }
            }
            var points = [Double](repeating: 0, count: Self.blockSize * set.dimensions)
            var flags = [Bool](repeating: true, count: Self.blockSize)
            set.map(unit, to: &points, count: Self.blockSize)
            if !set.acceptsAll { set.accept(points, count: Self.blockSize, to: &flags) }
            for index in flags.indices where flags[index] {
                let point = Array(points[index * set.dimensions..<(index + 1) * set.dimensions])
                if filter.value(at: point).first.map({ $0 != 0 }) ?? false { return true }
            }
        }
        return false
    }

    private func findsInBox(_ filter: Expression, of used: [Int]) -> Bool {
        var point = box.center
        if let face { point[face.axis] = face.position }
        let free = used.filter { $0 != face?.axis }
        func holds() -> Bool { filter.value(at: point).first.map { $0 != 0 } ?? false }
        if free.isEmpty { return holds() }
        // Near the ends, but not on them: a part of a face that is only its edge catches nothing.
        if free.count <= 8 {
            for corner in 0..<(1 << free.count) {
                for (bit, axis) in free.enumerated() {
                    point[axis] = value(axis, (corner >> bit) & 1 == 0 ? 1e-6 : 1 - 1e-6)
                }
                if holds() { return true }
            }
        }
        let steps = evenSteps(free.count)
        for number in 1...Self.pointCount {
            for (axis, step) in zip(free, steps) {
                let place = 0.5 + Double(number) * step
                point[axis] = value(axis, place - place.rounded(.down))
            }
            if holds() { return true }
        }
        return false
    }

    /// Fractions advance by the powers of the root of z^(m+1) = z + 1, which spreads points evenly in m dimensions.
    private func evenSteps(_ count: Int) -> [Double] {
        var root = 2.0
        for _ in 0..<64 { root = pow(1 + root, 1 / Double(count + 1)) }
        var steps = [Double](), fraction = 1.0
        for _ in 0..<count {
            fraction /= root
            steps.append(fraction)
        }
        return steps
    }

    private func value(_ axis: Int, _ fraction: Double) -> Double {
        box.lower[axis] + fraction * (box.upper[axis] - box.lower[axis])
    }
}
