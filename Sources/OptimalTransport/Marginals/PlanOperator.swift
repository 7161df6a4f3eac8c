import LinearAlgebra

/// Products with a plan, or with what is kept of it.
protocol PlanProducts: AnyObject {
    var rows: Int { get }
    var columns: Int { get }

    /// out ← P z
    func product(_ z: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>)
    /// out ← Pᵀ w
    func transposedProduct(_ w: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>)
    /// out_j ← Σ_i P_ij² w_i, w ≥ 0
    func transposedSquares(_ w: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>)
    /// out ← Pᵀ D P z with the diagonal D
    func normalProduct(
        _ diagonal: UnsafePointer<Double>, _ z: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>)
}

/// Passes over a plan P_ij = exp((x_i + y_j − c_ij)/ε) that Newton's method needs, whether or not the plan is stored.
protocol PlanOperator: PlanProducts {
    /// Sums of the plan that was measured last.
    var rowSums: AlignedBuffer<Double> { get }
    var columnSums: AlignedBuffer<Double> { get }
    /// Entries that products work with.
    var entries: Int { get }
    /// Whether measuring moves x first so that rows have their masses: what is maximised is then a function of y alone, in which
    /// no exponential overflows.
    var balancesRows: Bool { get }

    /// Computes the sums; returns the mass Σ P, infinite when an entry overflows.
    func measure(_ x: UnsafeMutablePointer<Double>, _ y: UnsafePointer<Double>, epsilon: Double) -> Double

    /// Gets ready for products with the plan that was measured last; up to the fraction δ of each row and column may be dropped.
    func prepare(_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, epsilon: Double, dropping delta: Double)

    /// out_i ← log Σ_j exp((y_j − c_ij)/ε)
    func rowLogSums(_ y: UnsafePointer<Double>, epsilon: Double, _ out: UnsafeMutablePointer<Double>)
    /// out_j ← log Σ_i exp((x_i − c_ij)/ε)
    func columnLogSums(_ x: UnsafePointer<Double>, epsilon: Double, _ out: UnsafeMutablePointer<Double>)

    /// The masses that the plan moves between groups of rows and groups of columns, row groups first; nil where a plan cannot tell
    /// them in one pass.
    func groupSums(
        _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, epsilon: Double, rowGroups: [Int32],
        columnGroups: [Int32], count: Int
    ) -> [Double]?
}
