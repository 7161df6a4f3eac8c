import CKernels
import LinearAlgebra
import Parallelism

/// A square matrix in compressed rows: 32-bit columns, 64-bit row pointers, double precision.
///
/// The entries of a row are in the order of their columns, each column once. The numbers lie in buffers that are shared and never change.
public struct SparseMatrix: Sendable {
    /// The number of rows, and of columns.
    public let rows: Int
    /// Where the entries of each row start, and where the last one's end.
    let starts: AlignedBuffer<Int64>
    let columns: AlignedBuffer<Int32>
    let values: AlignedBuffer<Double>
    /// Where stretches of rows begin that are worked on together, and where the last one ends; a matter of the matrix, not of threads.
    let blocks: [Int]

    /// A power of two near the largest number of the diagonal: preconditioners in single precision approximate the inverse of A over this.
    public let unit: Double

    /// About so many rows and entries make a block.
    private static let blockSize = 1 << 16
    /// The most rows: a column is a number of 32 bits.
    public static let mostRows = Int(Int32.max)

    /// The number of stored entries.
    public var entryCount: Int { values.count }

    /// Sorts entries into rows; entries at the same place are added up.
    ///
    /// - Parameters:
    ///   - mirrored: also stores every entry off the diagonal at its transposed place, as files of symmetric matrices want it.
    /// - Precondition: indices lie in 0..<rows, and there are as many of each as values.
    public init(
        rows: Int, _ entryRows: [Int32], _ entryColumns: [Int32], _ entryValues: [Double], mirrored: Bool = false
    ) {
        precondition(rows >= 1 && rows <= Self.mostRows, "a matrix has between 1 and 2^31 - 1 rows")
        precondition(
            entryRows.count == entryValues.count && entryColumns.count == entryValues.count, "lists differ in length")
        let size = Int32(rows)
        for (row, column) in zip(entryRows, entryColumns) {
            precondition(row >= 0 && row < size && column >= 0 && column < size, "an entry lies outside the matrix")
        }
        // Two passes of counting: by column, then by row, which keeps the columns of a row in order.
        let byColumn = Self.order(entryColumns, entryRows, mirrored, rows)
        let sorted = Self.rowOrder(byColumn, entryRows, entryColumns, rows)
        var starts = [Int64](repeating: 0, count: rows + 1)
        var columns: [Int32] = []
        var values: [Double] = []
        columns.reserveCapacity(sorted.count)
        values.reserveCapacity(sorted.count)
        var last: (row: Int32, column: Int32) = (-1, -1)
        for place in sorted {
            let isMirror = place < 0
            let entry = Int(isMirror ? ~place : place)
            let row = isMirror ? entryColumns[entry] : entryRows[entry]
            let column = isMirror ? entryRows[entry] : entryColumns[entry]
            if last == (row, column) {
                values[values.count - 1] += entryValues[entry]
            } else {
                columns.append(column)
                values.append(entryValues[entry])
                starts[Int(row) + 1] += 1
                last = (row, column)
            }
        }
        for row in 0..<rows { starts[row + 1] += starts[row] }
        self.init(rows: rows, starts: starts, columns: columns, values: values)
    }

    /// Takes rows as they are.
    ///
    /// - Precondition: pointers rise from 0 to the number of entries, and columns rise within each row.
    public init(rows: Int, starts: [Int64], columns: [Int32], values: [Double]) {
        precondition(
            starts.count == rows + 1 && starts.first == 0 && starts.last == Int64(values.count), "bad pointers")
        precondition(columns.count == values.count, "lists differ in length")
        self.rows = rows
        self.starts = AlignedBuffer(count: rows + 1)
        self.columns = AlignedBuffer(count: columns.count)
        self.values = AlignedBuffer(count: values.count)
        for row in starts.indices { self.starts.baseAddress[row] = starts[row] }
        for place in columns.indices {
            self.columns.baseAddress[place] = columns[place]
            self.values.baseAddress[place] = values[place]
        }
        blocks = Self.blocks(rows, starts)
        var largest = 0.0
        for row in 0..<rows {
            for place in Int(starts[row])..<Int(starts[row + 1]) where columns[place] == Int32(row) {
                largest = max(largest, abs(values[place]))
            }
        }
        unit = largest > 0 && largest.isFinite ? Double(sign: .plus, exponent: largest.exponent, significand: 1) : 1
    }

    /// The entries of a row, in the order of columns.
    public func row(_ row: Int) -> [(column: Int, value: Double)] {
        range(of: row).map { (Int(columns.baseAddress[$0]), values.baseAddress[$0]) }
    }

    /// The value at a place; 0 where nothing is stored.
    public subscript(row: Int, column: Int) -> Double {
        place(row, column).map { values.baseAddress[$0] } ?? 0
    }

    /// The diagonal.
    public var diagonal: [Double] { (0..<rows).map { self[$0, $0] } }

    /// The diagonal, with ``unit`` where it is 0: an unknown of a grid that is tied to nothing is in no equation, and kept at 0.
    var scalingDiagonal: [Double] {
        let unit = unit
        return diagonal.map { $0 == 0 ? unit : $0 }
    }

    /// y ← A x; xᵀA x.
    ///
    /// The same bits for any number of threads.
    /// - Precondition: both vectors have a number for each row, and are not the same.
    @discardableResult
    public func multiply(
        _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, pool: WorkerPool
    ) -> Double {
        sum(pool) {
            ansatz_sparse_product_f64($0, $1, starts.baseAddress, columns.baseAddress, values.baseAddress, x, y)
        }
    }

    /// A x
    public func product(_ x: [Double], pool: WorkerPool) -> [Double] {
        precondition(x.count == rows, "a vector has a number for each row")
        var y = [Double](repeating: 0, count: rows)
        x.withUnsafeBufferPointer { x in
            y.withUnsafeMutableBufferPointer { y in
                _ = multiply(x.baseAddress!, into: y.baseAddress!, pool: pool)
            }
        }
        return y
    }

    // MARK: Within the module

    /// The places of a row's entries.
    func range(of row: Int) -> Range<Int> { Int(starts.baseAddress[row])..<Int(starts.baseAddress[row + 1]) }

    /// Where an entry is stored.
    func place(_ row: Int, _ column: Int) -> Int? {
        var range = range(of: row)
        let end = range.upperBound
        let wanted = Int32(column)
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if columns.baseAddress[middle] < wanted {
                range = middle + 1..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        return range.lowerBound < end && columns.baseAddress[range.lowerBound] == wanted ? range.lowerBound : nil
    }

    /// The sum of what `part` gives for every block of rows, added in the order of blocks.
    func sum(_ pool: WorkerPool, _ part: @escaping (_ first: Int64, _ end: Int64) -> Double) -> Double {
        let blocks = blocks
        let parts = AlignedBuffer<Double>(count: blocks.count - 1)
        pool.forEach(blocks.count - 1) { block in
            parts.baseAddress[block] = part(Int64(blocks[block]), Int64(blocks[block + 1]))
        }
        return parts.elements.reduce(0, +)
    }

    /// Runs `part` for every block of rows.
    func forEachBlock(_ pool: WorkerPool, _ part: @escaping (_ first: Int, _ end: Int) -> Void) {
        let blocks = blocks
        pool.forEach(blocks.count - 1) { part(blocks[$0], blocks[$0 + 1]) }
    }

    private static func blocks(_ rows: Int, _ starts: [Int64]) -> [Int] {
        var blocks = [0]
        var work = 0
        for row in 0..<rows {
            work += Int(starts[row + 1] - starts[row]) + 8
            if work >= blockSize {
                blocks.append(row + 1)
                work = 0
            }
        }
        if blocks[blocks.count - 1] < rows { blocks.append(rows) }
        return blocks
    }

    /// Entries in the order of their columns; the complement of an entry's number stands for its mirror image.
    private static func order(_ columns: [Int32], _ rows: [Int32], _ mirrored: Bool, _ count: Int) -> [Int] {
        var next = [Int](repeating: 0, count: count + 1)
        for entry in columns.indices {
            next[Int(columns[entry]) + 1] += 1
            if mirrored, columns[entry] != rows[entry] { next[Int(rows[entry]) + 1] += 1 }
        }
        for column in 0..<count { next[column + 1] += next[column] }
        var result = [Int](repeating: 0, count: next[count])
        func put(_ entry: Int, at column: Int32) {
            result[next[Int(column)]] = entry
            next[Int(column)] += 1
        }
        for entry in columns.indices {
            put(entry, at: columns[entry])
            if mirrored, columns[entry] != rows[entry] { put(~entry, at: rows[entry]) }
        }
        return result
    }

    private static func rowOrder(_ places: [Int], _ rows: [Int32], _ columns: [Int32], _ count: Int) -> [Int] {
        func row(_ place: Int) -> Int { Int(place < 0 ? columns[~place] : rows[place]) }
        var next = [Int](repeating: 0, count: count + 1)
        for place in places { next[row(place) + 1] += 1 }
        for row in 0..<count { next[row + 1] += next[row] }
        var result = [Int](repeating: 0, count: places.count)
        for place in places {
            result[next[row(place)]] = place
            next[row(place)] += 1
        }
        return result
    }
}
