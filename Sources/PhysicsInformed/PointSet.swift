import LinearAlgebra

/// Points in structure-of-arrays form, with outward normals, per-point coefficients and data where they are needed.
///
/// Row `c` of `coordinates` holds coordinate `c` of all points; likewise `normals`, `coefficients` and `data`. Rows have
/// room for `capacity` points, so that points can be added.
final class PointSet<S: Scalar> {
    let coordinateCount: Int
    /// How many points there are.
    var count: Int
    /// How many points there can be: the distance between rows.
    let capacity: Int
    let coordinates: AlignedBuffer<S>
    let normals: AlignedBuffer<S>?
    let coefficients: AlignedBuffer<S>?
    /// Integrals that are read at the points.
    var integrals: IntegralRows<S>?
    private let data: AlignedBuffer<S>?

    init(
        coordinateCount: Int, count: Int, capacity: Int? = nil, hasNormals: Bool, coefficientCount: Int,
        dataCount: Int = 0
    ) {
        let capacity = max(count, capacity ?? count)
        self.coordinateCount = coordinateCount
        self.count = count
        self.capacity = capacity
        coordinates = AlignedBuffer(count: max(1, coordinateCount * capacity))
        normals = hasNormals ? AlignedBuffer(count: max(1, coordinateCount * capacity)) : nil
        coefficients = coefficientCount > 0 ? AlignedBuffer(count: coefficientCount * capacity) : nil
        data = dataCount > 0 ? AlignedBuffer(count: dataCount * capacity) : nil
    }

    /// The points, normals and data of another set, with room for other coefficients.
    init(copying source: PointSet<S>, coefficientCount: Int) {
        func copy(_ buffer: AlignedBuffer<S>) -> AlignedBuffer<S> {
            let result = AlignedBuffer<S>(count: buffer.count)
            result.baseAddress.update(from: buffer.baseAddress, count: buffer.count)
            return result
        }
        coordinateCount = source.coordinateCount
        count = source.count
        capacity = source.capacity
        coordinates = copy(source.coordinates)
        normals = source.normals.map(copy)
        coefficients = coefficientCount > 0 ? AlignedBuffer(count: coefficientCount * capacity) : nil
        data = source.data.map(copy)
    }

    func coordinate(_ axis: Int) -> UnsafeMutablePointer<S> { coordinates.baseAddress + axis * capacity }
    func normal(_ axis: Int) -> UnsafeMutablePointer<S> { normals!.baseAddress + axis * capacity }
    var hasNormals: Bool { normals != nil }
    func datum(_ column: Int) -> UnsafeMutablePointer<S> { data!.baseAddress + column * capacity }
    func coefficient(_ slot: Int) -> UnsafeMutablePointer<S> { coefficients!.baseAddress + slot * capacity }

    /// The coordinates of some points in double precision, `[coordinate][point]`.
    func coordinates(_ start: Int, _ count: Int) -> [[Double]] {
        (0..<coordinateCount).map { axis in
            [Double](unsafeUninitializedCapacity: count) { column, initialized in
                if let target = column.baseAddress { S.convert(count, from: coordinate(axis) + start, to: target) }
                initialized = count
            }
        }
    }

    /// Stores points, and their normals if there is room for them, given row by row, `[point][coordinate]`, from index
    /// `start` on.
    func store(_ drawn: [Double], from start: Int, normals rows: [Double]?) {
        let added = drawn.count / coordinateCount
        precondition(start + added <= count, "no room for the points")
        for axis in 0..<coordinateCount {
            store(drawn, axis, to: coordinate(axis) + start, count: added)
            if normals != nil, let rows { store(rows, axis, to: normal(axis) + start, count: added) }
        }
    }

    /// Stores the points of the given indices in `source`, which have no normals, from index `start` on.
    func store(_ indices: [Int], of source: PointSet, from start: Int) {
        precondition(start + indices.count <= capacity, "no room for the points")
        precondition(normals == nil, "chosen points have no normals")
        for axis in 0..<coordinateCount {
            let (from, to) = (source.coordinate(axis), coordinate(axis) + start)
            for (place, index) in indices.enumerated() { to[place] = from[index] }
        }
        count = start + indices.count
    }

    /// Stores given points with their data, one column after another.
    func store(_ given: PointData) {
        for (axis, values) in given.points.enumerated() { store(values, to: coordinate(axis)) }
        for (column, values) in given.columns.enumerated() { store(values, to: datum(column)) }
    }

    private func store(_ values: [Double], to target: UnsafeMutablePointer<S>) {
        precondition(values.count == count, "a number for each point")
        values.withUnsafeBufferPointer { if let source = $0.baseAddress { S.convert(count, from: source, to: target) } }
    }

    private func store(_ rows: [Double], _ axis: Int, to target: UnsafeMutablePointer<S>, count: Int) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, count)) { column in
            guard let values = column.baseAddress else { return }
            for point in 0..<count { values[point] = rows[point * coordinateCount + axis] }
            S.convert(count, from: values, to: target)
        }
    }
}
