/// A ≈ Uᵀ D U, where the unit upper triangle U has entries only where A has, and what falls elsewhere is dropped or, in a given share, added to
/// the two diagonal entries it stands for.
///
/// A share of 0 is IC(0), near 1 it is MIC(0), which keeps row sums (Gustafsson 1978). Where a pivot is not positive the factorisation starts again with
/// a larger diagonal, A + shift · diag A (Manteuffel 1980); a pivot that vanishes as the last of a singular part, or a modified one that falls below a
/// quarter of the diagonal, is replaced by the diagonal's number. The factor is computed in double precision and kept in single.
struct IncompleteFactor {
    /// The entries of U right of the diagonal, by rows.
    private let starts: [Int]
    private let columns: [Int32]
    private let values: [Float]
    private let inversePivots: [Float]
    /// What was added to the diagonal, as a share of it.
    let shift: Double
    /// Pivots that were replaced.
    let replaced: Int

    /// A pivot below this share of the diagonal counts as zero.
    private static let zeroPivot = 1e-8
    /// A pivot below this share makes a factor whose entries grow without bound.
    private static let leastPivot = 0.02
    /// Below this share a modified pivot has taken up more than it can bear, as in corners of closed walls (Bridson 2008).
    private static let leastModifiedPivot = 0.25
    /// A solution with U or its transpose that is so much larger than the right-hand side makes a factor that is no approximation.
    private static let mostGrowth = 100.0
    private static let firstShift = 1e-3

    init(_ matrix: SparseMatrix, relaxation: Double, singularParts: Int) {
        var starts = [0], columns: [Int32] = [], upper: [Double] = []
        for row in 0..<matrix.rows {
            for place in matrix.range(of: row) where matrix.columns.baseAddress[place] > Int32(row) {
                columns.append(matrix.columns.baseAddress[place])
                upper.append(matrix.values.baseAddress[place] / matrix.unit)
            }
            starts.append(columns.count)
        }
        let unit = matrix.unit
        let diagonal = matrix.scalingDiagonal.map { $0 / unit }
        // Without positive entries beside the diagonal nothing can grow but what the inverse itself lets grow.
        let isStable = matrix.hasNonpositiveOffDiagonal
        var shift = 0.0
        while true {
            if let result = Self.factor(starts, columns, upper, diagonal, shift, relaxation, singularParts),
                isStable || relaxation > 0 || Self.growth(starts, columns, result.upper) < Self.mostGrowth
            {
                values = result.upper.map { Float($0) }
                inversePivots = result.pivots.map { Float(1 / $0) }
                replaced = result.replaced
                break
            }
            shift = shift == 0 ? Self.firstShift : 2 * shift
        }
        self.starts = starts
        self.columns = columns
        self.shift = shift
    }

    /// The largest number in the solutions with U and its transpose for a right-hand side of ones.
    private static func growth(_ starts: [Int], _ columns: [Int32], _ upper: [Double]) -> Double {
        let rows = starts.count - 1
        var (back, forth) = ([Double](repeating: 1, count: rows), [Double](repeating: 1, count: rows))
        for row in 0..<rows {
            for place in starts[row]..<starts[row + 1] { forth[Int(columns[place])] -= upper[place] * forth[row] }
        }
        for row in (0..<rows).reversed() {
            for place in starts[row]..<starts[row + 1] { back[row] -= upper[place] * back[Int(columns[place])] }
        }
        return max(back.reduce(0) { max($0, abs($1)) }, forth.reduce(0) { max($0, abs($1)) })
    }

    /// U and D, or nil where a pivot is not positive.
    private static func factor(
        _ starts: [Int], _ columns: [Int32], _ upper: [Double], _ diagonal: [Double], _ shift: Double,
        _ relaxation: Double, _ singularParts: Int
    ) -> (upper: [Double], pivots: [Double], replaced: Int)? {
        var upper = upper
        var pivots = diagonal.map { $0 * (1 + shift) }
        var replaced = 0
        let isBroken = upper.withUnsafeMutableBufferPointer { upper in
            for row in pivots.indices {
                if relaxation > 0, pivots[row] < leastModifiedPivot * diagonal[row] {
                    pivots[row] = diagonal[row]
                    replaced += 1
                } else if !(pivots[row] > leastPivot * diagonal[row]) {
                    guard abs(pivots[row]) <= zeroPivot * diagonal[row], replaced < singularParts else { return true }
                    pivots[row] = diagonal[row]
                    replaced += 1
                }
                let own = starts[row]..<starts[row + 1]
                for first in own {
                    let one = Int(columns[first])
                    let share = upper[first] / pivots[row]
                    pivots[one] -= share * upper[first]
                    // What is left of this row, against the row of U that it meets.
                    var place = starts[one]
                    let end = starts[one + 1]
                    for second in first + 1..<max(own.upperBound, first + 1) {
                        let other = columns[second]
                        let change = share * upper[second]
                        while place < end, columns[place] < other { place += 1 }
                        if place < end, columns[place] == other {
                            upper[place] -= change
                        } else if relaxation != 0 {
                            pivots[one] -= relaxation * change
                            pivots[Int(other)] -= relaxation * change
                        }
                    }
                }
            }
            return false
        }
        guard !isBroken else { return nil }
        for row in pivots.indices {
            for place in starts[row]..<starts[row + 1] { upper[place] /= pivots[row] }
        }
        return upper.allSatisfy(\.isFinite) ? (upper, pivots, replaced) : nil
    }

    /// z ← (Uᵀ D U)⁻¹ r; rᵀz.
    func solve(_ residual: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) -> Double {
        let rows = inversePivots.count
        for row in 0..<rows { result[row] = residual[row] }
        starts.withUnsafeBufferPointer { starts in
            columns.withUnsafeBufferPointer { columns in
                values.withUnsafeBufferPointer { values in
                    for row in 0..<rows {
                        let own = result[row]
                        for place in starts[row]..<starts[row + 1] {
                            result[Int(columns[place])] -= values[place] * own
                        }
                    }
                    for row in (0..<rows).reversed() {
                        var sum = result[row] * inversePivots[row]
                        for place in starts[row]..<starts[row + 1] {
                            sum -= values[place] * result[Int(columns[place])]
                        }
                        result[row] = sum
                    }
                }
            }
        }
        var product = 0.0
        for row in 0..<rows { product += Double(residual[row]) * Double(result[row]) }
        return product
    }

    /// The share of pivots that were replaced.
    var replacedShare: Double { Double(replaced) / Double(inversePivots.count) }

    /// What is worth saying.
    var remarks: [String] {
        var remarks: [String] = []
        if shift > 0 {
            remarks.append("the factor was not stable; the diagonal was raised by a share of \(shift)")
        }
        if replacedShare > Self.manyReplaced {
            remarks.append("\(replaced) pivots that nearly vanished were replaced by the diagonal")
        }
        return remarks
    }

    /// Beyond this share the factor is not what it is meant to be.
    static let manyReplaced = 0.02
}
