import LinearAlgebra

/// The loss of a direction f for a residual r: what an exact line search along it leaves, L = ‖r − α A f‖² with α = rᵀf/fᵀA f.
///
/// A is the operator of an empty box, 6 on the diagonal and −1 for each neighbour, with zeros one cell outside. For
/// the derivative, with q = A f, s = rᵀf and e = fᵀq:
///
///     ∂L/∂f = 2(α qᵀq − rᵀq)(r/e − 2 s q/e²) + 2α(α A q − A r).
///
/// A direction with fᵀA f = 0 leaves ‖r‖² and has no derivative: zero is given.
package final class DirectionLoss {
    private let volume: ConvolutionVolume
    private let r: AlignedBuffer<Double>
    private let f: AlignedBuffer<Double>
    private let q: AlignedBuffer<Double>
    private let ar: AlignedBuffer<Double>
    private let aq: AlignedBuffer<Double>

    package init(on volume: ConvolutionVolume) {
        self.volume = volume
        r = AlignedBuffer(count: volume.count)
        f = AlignedBuffer(count: volume.count)
        q = AlignedBuffer(count: volume.count)
        ar = AlignedBuffer(count: volume.count)
        aq = AlignedBuffer(count: volume.count)
    }

    /// L; the derivative, times `scale`, goes into `gradient` where there is one. All are plain volumes.
    package func evaluate(
        residual: UnsafePointer<Float>, direction: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>?
    ) -> Double {
        let count = volume.count
        Float.convert(count, from: residual, to: r.baseAddress)
        Float.convert(count, from: direction, to: f.baseAddress)
        volume.applyLaplacian(f.baseAddress, into: q.baseAddress)
        let energy = Double.dot(count, f.baseAddress, q.baseAddress)
        let slope = Double.dot(count, r.baseAddress, f.baseAddress)
        let square = Double.sumOfSquares(count, r.baseAddress)
        guard energy > 0 else {
            gradient?.update(repeating: 0, count: count)
            return energy == 0 ? square : .nan
        }
        let alpha = slope / energy
        let rq = Double.dot(count, r.baseAddress, q.baseAddress)
        let qq = Double.sumOfSquares(count, q.baseAddress)
        if let gradient {
            volume.applyLaplacian(r.baseAddress, into: ar.baseAddress)
            volume.applyLaplacian(q.baseAddress, into: aq.baseAddress)
            let outer = 2 * (alpha * qq - rq)
            let (toR, toQ) = (outer / energy, -2 * outer * alpha / energy)
            let (toAr, toAq) = (-2 * alpha, 2 * alpha * alpha)
            let (r, q, ar, aq) = (r.baseAddress, q.baseAddress, ar.baseAddress, aq.baseAddress)
            for place in 0..<count {
                let sum = toR * r[place] + toQ * q[place] + (toAr * ar[place] + toAq * aq[place])
                gradient[place] = Float(sum)
            }
        }
        return square - 2 * alpha * rq + alpha * alpha * qq
    }
}

extension ConvolutionVolume {
    /// y ← A x on plain volumes: 6 on the diagonal, −1 for each neighbour. The rings of both hold zeros.
    package func applyLaplacian(_ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>) {
        let (row, plane, width) = (row, plane, self.x)
        forEachRow { start, _ in
            for place in start..<start + width {
                let sides = (x[place - 1] + x[place + 1]) + (x[place - row] + x[place + row])
                y[place] = 6 * x[place] - (sides + (x[place - plane] + x[place + plane]))
            }
        }
    }
}
