import LinearAlgebra

/// Points in structure-of-arrays form, with outward normals and per-point coefficients where they are needed.
///
/// Row `c` of `coordinates` holds coordinate `c` of all points; likewise `normals` and `coefficients`.
final class PointSet<S: Scalar> {
    let coordinateCount: Int
    /// How many points there are.
    let count: Int
    let coordinates: AlignedBuffer<S>
    let normals: AlignedBuffer<S>?
    let coefficients: AlignedBuffer<S>?

    init(coordinateCount: Int, count: Int, hasNormals: Bool, coefficientCount: Int) {
        self.coordinateCount = coordinateCount
        self.count = count
        coordinates = AlignedBuffer(count: max(1, coordinateCount * count))
        normals = hasNormals ? AlignedBuffer(count: max(1, coordinateCount * count)) : nil
        coefficients = coefficientCount > 0 ? AlignedBuffer(count: coefficientCount * count) : nil
    }

    func coordinate(_ axis: Int) -> UnsafeMutablePointer<S> { coordinates.baseAddress + axis * count }
    func normal(_ axis: Int) -> UnsafeMutablePointer<S> { normals!.baseAddress + axis * count }
    func coefficient(_ slot: Int) -> UnsafeMutablePointer<S> { coefficients!.baseAddress + slot * count }

    /// Stores points given one after another, `[point][coordinate]`, from index `start` on.
    func store(_ drawn: [Double], from start: Int, normal: [Double]?) {
        let added = drawn.count / coordinateCount
        precondition(start + added <= count, "no room for the points")
        withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, added)) { column in
            guard let values = column.baseAddress else { return }
            for axis in 0..<coordinateCount {
                for point in 0..<added { values[point] = drawn[point * coordinateCount + axis] }
                S.convert(added, from: values, to: coordinate(axis) + start)
                if normals != nil, let normal {
                    (self.normal(axis) + start).update(repeating: S(normal[axis]), count: added)
                }
            }
        }
    }
}
