/// All methods.
public enum TransportMethods {
    /// In the order in which they are listed; the first is the default.
    public static let all: [any TransportSolver.Type] = [
        SafeSinkhornNewton.self, SinkhornNewtonSparse.self, RegularisedSparseNewton.self, Sinkhorn.self,
        OverRelaxedSinkhorn.self,
    ]
}
