import LinearAlgebra

extension LineSearchDescent {
    /// Limited-memory BFGS (Liu and Nocedal, Math. Programming 45 (1989) 503): H from the last `history` pairs.
    public static func limitedMemory(
        count: Int, history: Int = 50, settings: Settings = Settings()
    ) -> LineSearchDescent<S> {
        LineSearchDescent(
            count: count, settings: settings, memory: CurvatureMemory(dimension: count, capacity: history))
    }
}
