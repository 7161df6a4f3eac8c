import CKernels
import LinearAlgebra
import Parallelism

/// The entries of a plan that matter, row by row in the blocks of the lanes that made them.
final class SparsePlan: PlanProducts {
    let blocks: [Block]
    let rows: Int
    let columns: Int
    /// Room for a bound of each column.
    let bounds: AlignedBuffer<Double>
    private let sums: [AlignedBuffer<Double>]
    private let ranges: [Range<Int>]
    private let pool: WorkerPool
    /// Entries from which on a product is worth waking other threads.
    private static let parallelCount = 30_000

    /// Neighbouring rows in compressed form.
    final class Block {
        private(set) var starts: [Int64] = [0]
        private(set) var indices: AlignedBuffer<Int32>
        private(set) var values: AlignedBuffer<Double>
        private(set) var count = 0

        init(capacity: Int) {
            indices = AlignedBuffer(count: capacity)
            values = AlignedBuffer(count: capacity)
        }

        func clear() {
            count = 0
            starts.removeAll(keepingCapacity: true)
            starts.append(0)
        }

        func appendEmpty() { starts.append(Int64(count)) }

        func append(
            _ entries: UnsafePointer<Double>, count columns: Int, above row: Double,
            and column: UnsafePointer<Double>
        ) {
            if count + columns > values.count { grow(to: 2 * (count + columns)) }
            count += ansatz_transport_keep_f64(
                columns, entries, row, column, indices.baseAddress + count, values.baseAddress + count)
            starts.append(Int64(count))
        }

        private func grow(to capacity: Int) {
            let (more, numbers) = (AlignedBuffer<Int32>(count: capacity), AlignedBuffer<Double>(count: capacity))
            more.baseAddress.update(from: indices.baseAddress, count: count)
            numbers.baseAddress.update(from: values.baseAddress, count: count)
            (indices, values) = (more, numbers)
        }
    }

    init(_ plan: PlanRows) {
        (rows, columns, pool) = (plan.rows, plan.columns, plan.pool)
        ranges = plan.laneRanges
        bounds = AlignedBuffer(count: columns)
        let columns = columns
        blocks = ranges.map { Block(capacity: columns + 16 * $0.count) }
        sums = ranges.map { _ in AlignedBuffer(count: columns) }
    }

    /// The number of entries.
    var count: Int { blocks.reduce(0) { $0 + $1.count } }

    /// out ← P z
    func product(_ z: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        for (block, range) in zip(blocks, ranges) {
            ansatz_transport_gather_rows(
                range.count, block.starts, block.indices.baseAddress, block.values.baseAddress, z,
                out + range.lowerBound)
        }
    }

    /// out ← Pᵀ w
    func transposedProduct(_ w: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        scatter(w, squares: false, out)
    }

    /// out_j ← Σ_i P_ij² w_i
    func transposedSquares(_ w: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        scatter(w, squares: true, out)
    }

    private func scatter(_ z: UnsafePointer<Double>, squares: Bool, _ out: UnsafeMutablePointer<Double>) {
        out.update(repeating: 0, count: columns)
        for (block, range) in zip(blocks, ranges) {
            ansatz_transport_scatter_rows(
                range.count, block.starts, block.indices.baseAddress, block.values.baseAddress, z + range.lowerBound,
                squares ? 1 : 0, out)
        }
    }

    /// out ← Pᵀ D P z with the diagonal D.
    func normalProduct(
        _ diagonal: UnsafePointer<Double>, _ z: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>
    ) {
        out.update(repeating: 0, count: columns)
        func add(_ index: Int, to sum: UnsafeMutablePointer<Double>) {
            let (block, range) = (blocks[index], ranges[index])
            ansatz_transport_schur_rows(
                range.count, block.starts, block.indices.baseAddress, block.values.baseAddress,
                diagonal + range.lowerBound, z, sum)
        }
        guard count >= Self.parallelCount else {
            for index in blocks.indices { add(index, to: out) }
            return
        }
        pool.forEach(blocks.count) { [self] index in
            sums[index].baseAddress.update(repeating: 0, count: columns)
            add(index, to: sums[index].baseAddress)
        }
        for sum in sums { Double.add(columns, sum.baseAddress, out) }
    }
}
