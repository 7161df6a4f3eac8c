import LinearAlgebra

/// The values of a term's integrals at the points where the residual reads them, and the loss's derivatives by them.
///
/// Row k holds integral k at all points of the term.
final class IntegralRows<S: Scalar> {
    private let count: Int
    private let values: AlignedBuffer<S>
    private let adjoints: AlignedBuffer<S>

    init(integrals: Int, count: Int) {
        self.count = count
        values = AlignedBuffer(count: integrals * count)
        adjoints = AlignedBuffer(count: integrals * count)
    }

    func value(_ integral: Int) -> UnsafeMutablePointer<S> { values.baseAddress + integral * count }
    func adjoint(_ integral: Int) -> UnsafeMutablePointer<S> { adjoints.baseAddress + integral * count }
}
