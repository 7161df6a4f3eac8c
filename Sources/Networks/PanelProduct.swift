import LinearAlgebra

/// C = A B or C += A B by panels of a few rows.
///
/// A panel of A, 128 bytes high, stays in the first-level cache while all columns of B pass by; with all rows at once A
/// would be read from the second level for every few columns, which costs a fifth of the speed.
struct PanelProduct<S: Scalar> {
    private let panel: SmallProduct<S>
    private let remainder: SmallProduct<S>?
    private let height: Int
    private let fullRows: Int

    init(
        rows: Int, columns: Int, inner: Int, leadingA: Int, leadingB: Int, leadingC: Int, accumulate: Bool
    ) {
        func product(_ rows: Int) -> SmallProduct<S> {
            S.smallProduct(
                rows: rows, columns: columns, inner: inner,
                leadingA: leadingA, leadingB: leadingB, leadingC: leadingC, accumulate: accumulate)
        }
        height = min(rows, 128 / MemoryLayout<S>.size)
        fullRows = rows / height * height
        panel = product(height)
        remainder = rows > fullRows ? product(rows - fullRows) : nil
    }

    @inline(__always)
    func callAsFunction(_ a: UnsafePointer<S>, _ b: UnsafePointer<S>, _ c: UnsafeMutablePointer<S>) {
        var row = 0
        while row < fullRows {
            panel(a + row, b, c + row)
            row += height
        }
        if let remainder { remainder(a + row, b, c + row) }
    }
}
