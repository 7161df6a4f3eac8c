/// The parts of a matrix that no entry joins, and those of them on which constants are mapped to zero.
///
/// A part whose every row adds up to zero, as in the Laplacian of a graph, has the constant on it in its null space. Systems are then made
/// solvable by taking the mean off the right-hand side, and the solution is the one whose mean is zero.
public struct NullSpaces: Sendable, Equatable {
    /// A part on which the matrix is singular.
    public struct Part: Sendable, Equatable {
        /// Its rows, rising.
        public var rows: [Int32]
    }

    /// How many parts the matrix falls into.
    public let parts: Int
    /// The singular ones, by their first rows.
    public let singular: [Part]

    /// Row sums count as zero up to this share of the sum of magnitudes.
    private static let tolerance = 1e-12

    /// Finds the parts.
    public init(_ matrix: SparseMatrix) {
        var part = [Int32](repeating: -1, count: matrix.rows)
        var count: Int32 = 0
        var isSingular: [Bool] = []
        var stack: [Int32] = []
        for start in 0..<matrix.rows where part[start] < 0 {
            var sumsToZero = true
            part[start] = count
            stack.append(Int32(start))
            while let row = stack.popLast() {
                var (sum, magnitude) = (0.0, 0.0)
                for place in matrix.range(of: Int(row)) {
                    let value = matrix.values.baseAddress[place]
                    sum += value
                    magnitude += abs(value)
                    let column = matrix.columns.baseAddress[place]
                    if value != 0, part[Int(column)] < 0 {
                        part[Int(column)] = count
                        stack.append(column)
                    }
                }
                sumsToZero = sumsToZero && abs(sum) <= Self.tolerance * magnitude
            }
            isSingular.append(sumsToZero)
            count += 1
        }
        parts = Int(count)
        var rows = [[Int32]](repeating: [], count: parts)
        if isSingular.contains(true) {
            for (row, part) in part.enumerated() where isSingular[Int(part)] { rows[Int(part)].append(Int32(row)) }
        }
        singular = zip(isSingular, rows).filter(\.0).map { Part(rows: $0.1) }
    }

    /// Whether constants are mapped to zero nowhere.
    public var isEmpty: Bool { singular.isEmpty }

    /// Takes the mean off on every singular part.
    func project(_ vector: UnsafeMutablePointer<Double>) {
        for part in singular {
            let mean = part.rows.reduce(0) { $0 + vector[Int($1)] } / Double(part.rows.count)
            for row in part.rows { vector[Int(row)] -= mean }
        }
    }

    /// A singular part on which a right-hand side does not add up to zero, so that there is no solution.
    public struct Incompatibility: Error, Sendable, Equatable, CustomStringConvertible {
        /// Which of the singular parts, from 0.
        public var part: Int
        /// How many there are.
        public var of: Int
        /// Its number of rows.
        public var rows: Int
        /// Its first row, from 0.
        public var firstRow: Int
        /// What the right-hand side adds up to.
        public var sum: Double

        /// One sentence.
        public var description: String {
            let which = of == 1 ? "the matrix maps constants to zero" : "singular part \(part + 1) of \(of)"
            return
                "\(which) (\(rows) rows, the first is row \(firstRow + 1)), and the right-hand side adds up to \(sum) "
                + "there, not to 0: there is no solution"
        }
    }

    /// The first part on which a right-hand side does not add up to zero.
    public func incompatibility(of right: [Double]) -> Incompatibility? {
        for (index, part) in singular.enumerated() {
            let sum = part.rows.reduce(0) { $0 + right[Int($1)] }
            let magnitude = part.rows.reduce(0) { $0 + abs(right[Int($1)]) }
            if abs(sum) > 1e-10 * magnitude {
                return Incompatibility(
                    part: index, of: singular.count, rows: part.rows.count, firstRow: Int(part.rows[0]), sum: sum)
            }
        }
        return nil
    }
}
