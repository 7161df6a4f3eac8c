import Optimizers
import Parallelism
import Randomness

/// A rule whose points come from a density that learns where the residual is large, or move by themselves, rather than being
/// chosen among candidates.
protocol DensitySampling: AdaptiveSampling {
    /// What learns, for equations in `dimensions` coordinates with `points` points.
    ///
    /// - Parameter workers: threads to learn with.
    func makeDensity(
        dimensions: Int, points: Int, seed: UInt64, name: String, workers: WorkerPool
    ) -> any CollocationDensity
}

/// Points of the equations as a density on the unit cube, which learns from the squared residual.
///
/// At each redraw it says at which candidates it wants to know the residual, and answers with new points. What it remembers goes
/// through the checkpoint; random numbers are those of the redraw.
protocol CollocationDensity: AnyObject {
    /// At most `count` candidates, [point][axis].
    func candidates(
        _ count: Int, in domain: CubeDomain, from stream: inout RandomStream
    ) throws(SamplingError) -> [Double]

    /// Learns squared residuals at candidates, finite and not all 0, and makes points, or asks for more candidates.
    ///
    /// - Parameters:
    ///   - present: the points in place.
    ///   - wanted: how many points a set starts with.
    func respond(
        to candidates: [Double], squares: [Double], present: [Double], wanted: Int, in domain: CubeDomain,
        from stream: inout RandomStream
    ) throws(SamplingError) -> DensityResponse

    /// log of the density at points of the cube; nil where there is none.
    func logDensities(at points: [Double]) -> [Double]?

    /// Shows what is remembered.
    func visitState<S>(_ visitor: StateVisitor<S>)
}

/// New points of a density, and how well the residual was resolved.
struct DensityResponse {
    /// Whether the density wants to see the residual at new candidates before it makes points.
    var asksAgain = false
    /// [point][axis]
    var points: [Double]
    /// Whether they are added to those in place.
    var isAddition = false
    var balance = SampleBalance()
}
