import LinearAlgebra

extension Expression {
    /// Values of scalar expressions that read coordinates and known parameters only, `[expression][point]`.
    ///
    /// `points[c]` holds flat coordinate `c` of all points. The work is done in blocks, in double precision.
    ///
    /// - Throws: when an expression holds a mean or an integral, or reads anything besides coordinates.
    public static func values(of expressions: [Expression], at points: [[Double]]) throws(ExpressionErrors)
        -> [[Double]]
    {
        let tape = try Tape(expressions)
        let count = points.first?.count ?? 0
        let block = 256
        let workspace = TapeWorkspace<Double>(tape, blockSize: block)
        let rows = AlignedBuffer<Double>(count: max(1, tape.inputs.count * block))
        for (input, kind) in tape.inputs.enumerated() {
            switch kind {
            case .coordinate, .table: workspace.setInput(input, rows.baseAddress + input * block)
            default: throw ExpressionErrors("only coordinates and parameters have a value here")
            }
        }
        var values = expressions.map { _ in [Double]() }
        for start in stride(from: 0, to: count, by: block) {
            let length = min(block, count - start)
            let part = points.map { Array($0[start..<start + length]) }
            for (input, kind) in tape.inputs.enumerated() {
                let row = rows.baseAddress + input * block
                switch kind {
                case .coordinate(let axis): row.update(from: part[axis], count: length)
                case .table(let table):
                    let values = table.values(at: part)
                    row.update(from: values, count: length)
                default: break
                }
            }
            // Pointers into the buffer and the workspace do not keep them alive.
            withExtendedLifetime((rows, workspace)) {
                workspace.forward(count: length)
                for index in values.indices {
                    values[index].append(contentsOf: UnsafeBufferPointer(start: workspace.output(index), count: length))
                }
            }
        }
        return values
    }
}
