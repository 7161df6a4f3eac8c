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
        let coordinates = AlignedBuffer<Double>(count: max(1, tape.inputs.count * block))
        var axes: [Int] = []
        for (input, kind) in tape.inputs.enumerated() {
            guard case .coordinate(let axis) = kind else {
                throw ExpressionErrors("only coordinates and parameters have a value here")
            }
            axes.append(axis)
            workspace.setInput(input, coordinates.baseAddress + input * block)
        }
        var values = expressions.map { _ in [Double]() }
        for start in stride(from: 0, to: count, by: block) {
            let length = min(block, count - start)
            for (input, axis) in axes.enumerated() {
                points[axis].withUnsafeBufferPointer { row in
                    guard let source = row.baseAddress else { return }
                    (coordinates.baseAddress + input * block).update(from: source + start, count: length)
                }
            }
            // Pointers into the buffer and the workspace do not keep them alive.
            withExtendedLifetime((coordinates, workspace)) {
                workspace.forward(count: length)
                for index in values.indices {
                    values[index].append(contentsOf: UnsafeBufferPointer(start: workspace.output(index), count: length))
                }
            }
        }
        return values
    }
}
