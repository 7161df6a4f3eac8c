import CKernels
import Glibc

/// From a conditioner's outputs to the knots of splines, and back with derivatives.
///
/// For a coordinate there are K outputs for widths, K for heights and K + 1 for slopes, each for a whole block of points. Widths
/// and heights are softmax shares of [0, 1], none below a hundredth of 1/K; slopes are softplus values above 1/1000. Outputs
/// of zero give the identity.
struct SplineKnots {
    let bins: Int
    /// Points of a block: the distance between rows.
    let block: Int

    private static let leastSlope = 1e-3
    /// softplus of this is 1 − `leastSlope`.
    private static let slopeShift = log(expm1(1 - leastSlope))

    private var least: Double { 0.01 / Double(bins) }
    /// What softmax shares are multiplied with.
    private var free: Double { 1 - 0.01 }

    init(bins: Int, block: Int) {
        self.bins = bins
        self.block = block
    }

    /// Turns rows of outputs into softmax shares and slopes, in place.
    func prepare(_ rows: UnsafeMutablePointer<Double>, count: Int) {
        for part in 0..<2 {
            let first = rows + part * bins * block
            for point in 0..<count {
                var largest = first[point]
                for bin in 1..<bins { largest = max(largest, first[bin * block + point]) }
                for bin in 0..<bins { first[bin * block + point] -= largest }
            }
            for bin in 0..<bins { ansatz_vector_exp_f64(count, first + bin * block, first + bin * block) }
            for point in 0..<count {
                var sum = 0.0
                for bin in 0..<bins { sum += first[bin * block + point] }
                let scale = 1 / sum
                for bin in 0..<bins { first[bin * block + point] *= scale }
            }
        }
        for knot in 0...bins {
            let row = rows + (2 * bins + knot) * block
            for point in 0..<count { row[point] += Self.slopeShift }
            ansatz_vector_softplus_f64(count, row, row)
            for point in 0..<count { row[point] += Self.leastSlope }
        }
    }

    /// The piece that holds a place, from prepared rows at one point, and its number.
    @inline(__always)
    func piece(_ rows: UnsafePointer<Double>, holding place: Double) -> (piece: SplinePiece, bin: Int) {
        find(rows, part: 0, place)
    }

    /// The piece whose values hold a value.
    @inline(__always)
    func piece(_ rows: UnsafePointer<Double>, reaching value: Double) -> (piece: SplinePiece, bin: Int) {
        find(rows, part: 1, value)
    }

    @inline(__always)
    private func find(_ rows: UnsafePointer<Double>, part: Int, _ target: Double) -> (piece: SplinePiece, bin: Int) {
        let (widths, heights) = (rows, rows + bins * block)
        var x = 0.0, y = 0.0
        var bin = 0
        while true {
            let width = least + free * widths[bin * block], height = least + free * heights[bin * block]
            if bin == bins - 1 || target < (part == 0 ? x + width : y + height) {
                let slopes = rows + (2 * bins + bin) * block
                return (
                    SplinePiece(
                        x: x, y: y, width: width, height: height, leftSlope: slopes[0], rightSlope: slopes[block]), bin
                )
            }
            x += width
            y += height
            bin += 1
        }
    }

    /// Writes the derivatives by a conditioner's outputs at one point, given prepared rows and those by its piece.
    @inline(__always)
    func reverse(
        _ rows: UnsafePointer<Double>, bin: Int, _ adjoint: SplinePiece.Adjoint,
        into outputs: UnsafeMutablePointer<Double>
    ) {
        // The corner of the piece is the sum of the pieces before it.
        reverse(shares: rows, bin: bin, before: adjoint.x, own: adjoint.width, into: outputs)
        reverse(
            shares: rows + bins * block, bin: bin, before: adjoint.y, own: adjoint.height, into: outputs + bins * block)
        let slopes = rows + 2 * bins * block, target = outputs + 2 * bins * block
        for knot in 0...bins { target[knot * block] = 0 }
        target[bin * block] = adjoint.leftSlope * slopeDerivative(slopes[bin * block])
        target[(bin + 1) * block] = adjoint.rightSlope * slopeDerivative(slopes[(bin + 1) * block])
    }

    @inline(__always)
    private func reverse(
        shares: UnsafePointer<Double>, bin: Int, before: Double, own: Double, into outputs: UnsafeMutablePointer<Double>
    ) {
        var mean = own * shares[bin * block]
        for index in 0..<bin { mean += before * shares[index * block] }
        for index in 0..<bins {
            let adjoint = index < bin ? before : index == bin ? own : 0
            outputs[index * block] = free * shares[index * block] * (adjoint - mean)
        }
    }

    /// The derivative of softplus where its value, above the least slope, is given.
    @inline(__always)
    private func slopeDerivative(_ slope: Double) -> Double { -expm1(-(slope - Self.leastSlope)) }
}
