import Expressions
import LinearSystems
import Parallelism
import ProblemFiles
import Randomness
import Results

/// Reads the matrices and vectors that a statement names.
enum LinearSystemInput {
    /// A complaint at a place of the problem file.
    static func complaint(_ origin: Origin, _ message: String, hint: String? = nil) -> ProblemErrors {
        ProblemErrors([origin.diagnostic(.error, message, hint: hint)])
    }

    static func complaint(_ file: LinearSystemStatement.FileReference, _ message: String, hint: String? = nil)
        -> ProblemErrors
    { complaint(file.origin, "\(file.path): \(message)", hint: hint) }

    private static func complaint(_ file: LinearSystemStatement.FileReference, _ error: ResultsError) -> ProblemErrors {
        guard error.kind == .missingFile else { return complaint(file, error.message) }
        return complaint(
            file.origin, "the file cannot be read: there is no such file", hint: "looked for \(file.path)")
    }

    // MARK: Matrices

    /// The matrix of a file, checked.
    ///
    /// - Throws: what is wrong with it, with the first offending entry.
    static func matrix(
        _ file: LinearSystemStatement.FileReference, pool: WorkerPool
    ) throws(ProblemErrors) -> SparseMatrix {
        let read: MatrixMarket
        do throws(ResultsError) {
            read = try MatrixMarket(contentsOf: file.path)
        } catch {
            throw complaint(file, error)
        }
        guard read.rows == read.columns else {
            throw complaint(file, "the matrix is not square: it has \(read.rows) rows and \(read.columns) columns")
        }
        let matrix: SparseMatrix
        switch read.content {
        case .entries(let rows, let columns, let values):
            try checkMemory(entries: values.count * (read.isSymmetric ? 2 : 1), rows: read.rows, file.origin)
            matrix = SparseMatrix(rows: read.rows, rows, columns, values, mirrored: read.isSymmetric)
        case .array(let values):
            var rows: [Int32] = [], columns: [Int32] = [], entries: [Double] = []
            var place = 0
            for column in 0..<read.columns {
                for row in (read.isSymmetric ? column : 0)..<read.rows {
                    if values[place] != 0 {
                        rows.append(Int32(row))
                        columns.append(Int32(column))
                        entries.append(values[place])
                    }
                    place += 1
                }
            }
            matrix = SparseMatrix(rows: read.rows, rows, columns, entries, mirrored: read.isSymmetric)
        }
        do throws(MatrixFault) {
            try matrix.checkIsPositive(pool: pool)
        } catch {
            throw complaint(file, error.description)
        }
        return matrix
    }

    /// Refuses what does not fit: the matrix, a factor in single precision, and the vectors.
    static func checkMemory(entries: Int, rows: Int, _ origin: Origin) throws(ProblemErrors) {
        try checkMemory(
            bytes: entries * (12 + 8 + 16) + rows * 24 + MatrixSystem.bytes(rows: rows, directions: 2), origin)
    }

    /// Refuses what does not fit.
    static func checkMemory(bytes: Int, _ origin: Origin) throws(ProblemErrors) {
        let available = availableMemory()
        guard bytes > available else { return }
        throw complaint(
            origin,
            "the system takes about \(NumberText.bytes(bytes)), and \(NumberText.bytes(available)) are available",
            hint: "a smaller system, or a machine with more memory")
    }

    // MARK: Vectors

    /// The vectors of a section, each with a number for every row or cell.
    ///
    /// - Parameter cells: cells along each axis of a grid, nil for a matrix; grids have x fastest.
    static func vectors(
        _ vector: LinearSystemStatement.Vector, noun: String, rows: Int, cells: [Int]?, lengths: [Double],
        stream name: String, seed: UInt64
    ) throws(ProblemErrors) -> [[Double]] {
        switch vector {
        case .noise(let count):
            return (0..<count).map { index in
                var stream = RandomStream(seed: seed, name: name, index: UInt64(index))
                return (0..<rows).map { _ in stream.normal() }
            }
        case .expression(let expression, let origin):
            guard let cells else {
                let places = [(1...rows).map(Double.init)]
                let values = try evaluated(expression, at: places, origin)
                if let row = values.firstIndex(where: { !$0.isFinite }) {
                    throw complaint(origin, "the \(noun) is \(values[row]) at row \(row + 1)")
                }
                return [values]
            }
            return [try GridCells(cells, lengths).values(of: expression, noun: "the \(noun)", origin)]
        case .file(let file):
            return try read(file, noun: noun, rows: rows, cells: cells)
        }
    }

    /// Values of an expression at points, one list a coordinate.
    static func evaluated(
        _ expression: Expression, at points: [[Double]], _ origin: Origin
    ) throws(ProblemErrors) -> [Double] {
        do throws(ExpressionErrors) {
            return try Expression.values(of: [expression], at: points)[0]
        } catch {
            throw complaint(origin, "\(error)")
        }
    }

    private static func read(
        _ file: LinearSystemStatement.FileReference, noun: String, rows: Int, cells: [Int]?
    ) throws(ProblemErrors) -> [[Double]] {
        let shape: [Int]
        let columns: [[Double]]
        do throws(ResultsError) {
            if MatrixMarket.isRecognised(file.path) {
                let read = try MatrixMarket(contentsOf: file.path)
                shape = [read.rows, read.columns]
                columns = read.columnVectors
            } else {
                let data = try DataFile(file.path)
                let named = file.values.map { [$0] }
                let names = named == nil ? try data.names() : named ?? []
                guard data.format == .csv || names.count == 1 else {
                    throw ResultsError(
                        .missingDataset, path: file.path,
                        "holds several arrays, \(names.prefix(30).joined(separator: ", ")); 'values' names one")
                }
                let arrays = try data.arrays(names)
                shape = data.format == .csv ? [arrays.first?.values.count ?? 0, arrays.count] : arrays[0].shape
                columns = data.format == .csv ? arrays.map(\.values) : Self.columns(arrays[0], cells: cells)
            }
        } catch {
            throw complaint(file, error)
        }
        let shapeText = shape.map(String.init).joined(separator: " x ")
        if let cells {
            guard shape == cells else {
                throw complaint(
                    file,
                    "the \(noun) is \(shapeText), but the grid has \(cells.map(String.init).joined(separator: " x ")) cells"
                )
            }
        } else {
            guard !columns.isEmpty, columns[0].count == rows else {
                throw complaint(
                    file, "the \(noun) has \(columns.first?.count ?? 0) numbers, but the matrix has \(rows) rows")
            }
        }
        for (index, column) in columns.enumerated() {
            if let row = column.firstIndex(where: { !$0.isFinite }) {
                throw complaint(
                    file, "number \(row + 1)\(columns.count > 1 ? " of column \(index + 1)" : "") is \(column[row])")
            }
        }
        return columns
    }

    /// Columns of a table, the one vector there is, or an array with x fastest.
    private static func columns(_ array: DataArray, cells: [Int]?) -> [[Double]] {
        if let cells { return array.shape == cells ? [GridCells.reordered(array.values, cells)] : [array.values] }
        guard array.shape.count == 2, array.shape[0] > 0, array.shape[1] > 0 else { return [array.values] }
        let (rows, columns) = (array.shape[0], array.shape[1])
        return (0..<columns).map { column in (0..<rows).map { array.values[$0 * columns + column] } }
    }
}

extension MatrixMarket {
    /// The columns of an array of numbers, or the one vector that entries stand for.
    fileprivate var columnVectors: [[Double]] {
        if let vector { return [vector] }
        var result = [[Double]](repeating: [Double](repeating: 0, count: rows), count: columns)
        switch content {
        case .array(let values):
            for column in 0..<columns { for row in 0..<rows { result[column][row] = values[column * rows + row] } }
        case .entries(let rows, let columns, let values):
            for (place, value) in zip(zip(rows, columns), values) { result[Int(place.1)][Int(place.0)] += value }
        }
        return result
    }
}
