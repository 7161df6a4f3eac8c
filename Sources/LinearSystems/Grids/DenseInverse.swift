import LinearAlgebra

/// The inverse of the operator of a small level, as a matrix; on a component without given values that of the operator plus a constant.
struct DenseInverse: Sendable {
    /// Places of the unknowns, relative to cell (0, 0, 0).
    private let places: [Int]
    /// The inverse, row by row.
    private let matrix: [Float]

    init(_ level: GridLevel) {
        let places = level.unknownPlaces
        self.places = places
        let n = places.count
        var index: [Int: Int] = [:]
        for (number, place) in places.enumerated() { index[place] = number }
        var a = [Double](repeating: 0, count: n * n)
        var component = Array(0..<n)
        func root(_ i: Int) -> Int {
            var i = i
            while component[i] != i { i = component[i] }
            return i
        }
        var ties = [Double](repeating: 0, count: n)
        for (row, place) in places.enumerated() {
            a[row * n + row] = level.diagonal(at: place)
            ties[row] += level.diagonal(at: place)
            for (axis, step) in [1, level.shape.row, level.shape.plane].enumerated() {
                let face = level.face(at: place, axis: axis)
                guard face > 0, let column = index[place + step] else { continue }
                a[row * n + column] -= face
                a[column * n + row] -= face
                ties[row] -= face
                ties[column] -= face
                component[max(root(row), root(column))] = min(root(row), root(column))
            }
        }
        // A component without ties gets a constant matrix, which leaves what is orthogonal to constants alone.
        var members: [Int: [Int]] = [:]
        for row in 0..<n { members[root(row), default: []].append(row) }
        for rows in members.values {
            let tie = rows.reduce(0) { $0 + ties[$1] }
            let scale = rows.reduce(0) { $0 + a[$1 * n + $1] } / Double(rows.count)
            guard tie <= 1e-6 * scale else { continue }
            for i in rows { for j in rows { a[i * n + j] += scale / Double(rows.count) } }
        }
        guard let inverse = positiveDefiniteInverse(a, count: n) else {
            preconditionFailure("the operator of the coarsest level is not positive definite")
        }
        matrix = inverse.map(Float.init)
    }

    /// e ← A⁻¹ r
    func apply(_ r: UnsafePointer<Float>, into e: UnsafeMutablePointer<Float>) {
        let n = places.count
        for row in 0..<n {
            var sum: Float = 0
            for column in 0..<n { sum += matrix[row * n + column] * r[places[column]] }
            e[places[row]] = sum
        }
    }
}
