extension GridOperator {
    /// Why a right-hand side, given for every cell, x fastest, has no solution: the first component without given values on which it does not
    /// add up to zero; nil where it has one.
    public func incompatibility(of f: [Double]) -> LinearSystemError? {
        precondition(f.count == domain.cellCount, "a number for each cell")
        for (number, component) in untiedComponents.enumerated() {
            var (sum, magnitudes) = (0.0, 0.0)
            for run in component.runs {
                let first = shape.cell(at: run.place)
                for cell in first..<first + run.count {
                    sum += f[cell]
                    magnitudes += abs(f[cell])
                }
            }
            guard abs(sum) > Self.leastImbalance * magnitudes else { continue }
            return .incompatible(
                component: number + 1, cells: component.cells, cell: shape.cell(at: component.runs[0].place), sum: sum)
        }
        return nil
    }

    /// A component is compatible if its sum is below this share of the sum of magnitudes.
    private static let leastImbalance = 1e-10

    /// How many components have no given values.
    public var untiedCount: Int { untiedComponents.count }
}
