import LinearAlgebra

/// Points in structure-of-arrays form, with outward normals and per-point coefficients where they are needed.
///
/// Row `c` of `coordinates` holds coordinate `c` of all points; likewise `normals` and `coefficients`.
final class PointSet<S: Scalar> {
    let coordinateCount: Int
    let capacity: Int
    let coordinates: AlignedBuffer<S>
    let normals: AlignedBuffer<S>?
    let coefficients: AlignedBuffer<S>?
    var count: Int

    init(coordinateCount: Int, capacity: Int, hasNormals: Bool, coefficientCount: Int) {
        self.coordinateCount = coordinateCount
        self.capacity = capacity
        self.count = capacity
        coordinates = AlignedBuffer(count: max(1, coordinateCount * capacity))
        normals = hasNormals ? AlignedBuffer(count: max(1, coordinateCount * capacity)) : nil
        coefficients = coefficientCount > 0 ? AlignedBuffer(count: coefficientCount * capacity) : nil
    }

    func coordinate(_ axis: Int) -> UnsafeMutablePointer<S> { coordinates.baseAddress + axis * capacity }
    func normal(_ axis: Int) -> UnsafeMutablePointer<S> { normals!.baseAddress + axis * capacity }
    func coefficient(_ slot: Int) -> UnsafeMutablePointer<S> { coefficients!.baseAddress + slot * capacity }

    /// Stores points given one after another, `[point][coordinate]`, from index `start` on.
    func store(_ drawn: [Double], from start: Int, normal: [Double]?) {
        let added = drawn.count / coordinateCount
        precondition(start + added <= capacity, "no room for the points")
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
