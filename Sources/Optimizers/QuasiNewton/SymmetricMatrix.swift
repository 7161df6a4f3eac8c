import CKernels
import LinearAlgebra

/// A symmetric matrix H of which one half is stored, with an update that waits for the next time H is read.
///
/// A product with the updated matrix needs no pass of its own: the products wanted next, H x and H z, are formed while
/// the waiting update is written. So a quasi-Newton step reads and writes H once.
final class SymmetricMatrix<S: Scalar>: Stateful {
    /// Rows.
    let dimension: Int
    /// Entries of vectors that are handed over: the dimension, filled up to whole bands of 8.
    let paddedDimension: Int
    private let entries: AlignedBuffer<S>
    private let first: AlignedBuffer<S>
    private let second: AlignedBuffer<S>
    private var waiting = SelfScaledUpdate.Coefficients(keep: 0)
    private var isWaiting = 0
    /// 0 stands for the identity, whatever is stored; so a state of zeros is the initial one.
    private var isFilled = 0

    /// Numbers that a matrix with so many rows takes, as a floating-point number because it may be out of range.
    static func storedCount(dimension: Int) -> Double {
        let bands = Double((dimension + 7) / 8)
        return 32 * bands * (bands + 1)
    }

    /// The identity.
    init(dimension: Int) {
        self.dimension = dimension
        let bands = (dimension + 7) / 8
        paddedDimension = 8 * bands
        entries = AlignedBuffer(count: 32 * bands * (bands + 1))
        first = AlignedBuffer(count: paddedDimension)
        second = AlignedBuffer(count: paddedDimension)
    }

    /// H ← I.
    func becomeIdentity() {
        isFilled = 0
        isWaiting = 0
    }

    private func fill() {
        entries.elements.update(repeating: 0)
        for row in 0..<dimension { entries.baseAddress[place(row, row)] = 1 }
        isFilled = 1
        isWaiting = 0
    }

    /// H ← keep H + ss s sᵀ + sw (s wᵀ + w sᵀ) + ww w wᵀ, done when H is next read.
    func update(_ coefficients: SelfScaledUpdate.Coefficients, _ s: UnsafePointer<S>, _ w: UnsafePointer<S>) {
        precondition(isWaiting == 0, "products come between two updates")
        waiting = coefficients
        isWaiting = 1
        first.baseAddress.update(from: s, count: dimension)
        second.baseAddress.update(from: w, count: dimension)
    }

    /// hx ← H x and hz ← H z, all padded with zeros and apart from one another.
    func multiply(
        _ x: UnsafePointer<S>, _ z: UnsafePointer<S>, into hx: UnsafeMutablePointer<S>,
        _ hz: UnsafeMutablePointer<S>
    ) {
        if isFilled == 0 { fill() }
        let update = isWaiting == 1 ? waiting : .init()
        let bands = paddedDimension / 8
        let (s, w) = (UnsafePointer(first.baseAddress), UnsafePointer(second.baseAddress))
        let h = entries.baseAddress
        switch S.precision {
        case .double:
            ansatz_symmetric_update_multiply_f64(
                bands, Kernels.cast(h), update.keep, update.ss, update.sw, update.ww, Kernels.cast(s),
                Kernels.cast(w), Kernels.cast(x), Kernels.cast(z), Kernels.cast(hx), Kernels.cast(hz))
        case .single:
            ansatz_symmetric_update_multiply_f32(
                bands, Kernels.cast(h), update.keep, update.ss, update.sw, update.ww, Kernels.cast(s),
                Kernels.cast(w), Kernels.cast(x), Kernels.cast(z), Kernels.cast(hx), Kernels.cast(hz))
        }
        isWaiting = 0
    }

    /// One entry, the waiting update included: for tests.
    subscript(row: Int, column: Int) -> Double {
        if isFilled == 0 { fill() }
        let (row, column) = (max(row, column), min(row, column))
        let waiting = isWaiting == 1 ? waiting : .init()
        let (s, w) = (first.elements, second.elements)
        let (si, sj) = (Double(s[row]), Double(s[column]))
        let (wi, wj) = (Double(w[row]), Double(w[column]))
        let stored = Double(entries.baseAddress[place(row, column)])
        return waiting.keep * stored + waiting.ss * si * sj + waiting.sw * (si * wj + wi * sj) + waiting.ww * wi * wj
    }

    private func place(_ row: Int, _ column: Int) -> Int {
        let band = row / 8
        return 32 * band * (band + 1) + (row % 8) * 8 * (band + 1) + column
    }

    /// Shows the stored half and the waiting update.
    func visitState(_ visitor: StateVisitor<S>) {
        visitor.counter("filled", &isFilled)
        visitor.counter("waiting", &isWaiting)
        visitor.array("entries", entries)
        visitor.array("waiting s", first)
        visitor.array("waiting w", second)
        visitor.number("waiting keep", &waiting.keep)
        visitor.number("waiting ss", &waiting.ss)
        visitor.number("waiting sw", &waiting.sw)
        visitor.number("waiting ww", &waiting.ww)
    }
}
