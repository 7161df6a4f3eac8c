import LinearAlgebra

/// C = A B or C += A B, cut so that what is used again stays near.
///
/// A panel of A, 128 bytes high, stays in the first-level cache while columns of B pass by; with all rows at once A would
/// be read from the second level for every few columns, which costs a fifth of the speed. Columns are taken in blocks of
/// B that stay in the second level while the panels pass by. Neither changes a bit of the result.
struct PanelProduct<S: Scalar> {
    /// One product for each combination of full or last panel and full or last block.
    private let kernels: (SmallProduct<S>, SmallProduct<S>, SmallProduct<S>, SmallProduct<S>)
    private let rows: Int
    private let columns: Int
    private let height: Int
    private let width: Int
    private let leadingB: Int
    private let leadingC: Int

    init(
        rows: Int, columns: Int, inner: Int, leadingA: Int, leadingB: Int, leadingC: Int, accumulate: Bool
    ) {
        let size = MemoryLayout<S>.size
        let height = min(rows, 128 / size)
        // A multiple of twelve columns, which the kernels take a few at a time.
        let width = min(columns, max(12, (160 * 1024) / (inner * size) / 12 * 12))
        func product(_ rows: Int, _ columns: Int) -> SmallProduct<S> {
            S.smallProduct(
                rows: rows, columns: columns, inner: inner,
                leadingA: leadingA, leadingB: leadingB, leadingC: leadingC, accumulate: accumulate)
        }
        let lastHeight = (rows - 1) % height + 1
        let lastWidth = (columns - 1) % width + 1
        kernels = (
            product(height, width), product(lastHeight, width),
            product(height, lastWidth), product(lastHeight, lastWidth)
        )
        self.rows = rows
        self.columns = columns
        self.height = height
        self.width = width
        self.leadingB = leadingB
        self.leadingC = leadingC
    }

    @inline(__always)
    func callAsFunction(_ a: UnsafePointer<S>, _ b: UnsafePointer<S>, _ c: UnsafeMutablePointer<S>) {
        var column = 0
        while column + width < columns {
            block(kernels.0, kernels.1, a, b + column * leadingB, c + column * leadingC)
            column += width
        }
        block(kernels.2, kernels.3, a, b + column * leadingB, c + column * leadingC)
    }

    @inline(__always)
    private func block(
        _ full: SmallProduct<S>, _ last: SmallProduct<S>,
        _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, _ c: UnsafeMutablePointer<S>
    ) {
        var row = 0
        while row + height < rows {
            full(a + row, b, c + row)
            row += height
        }
        last(a + row, b, c + row)
    }
}
