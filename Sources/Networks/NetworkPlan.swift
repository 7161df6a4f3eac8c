import LinearAlgebra

/// A network bound to a set of derivatives and a size of tiles: all that threads share.
///
/// A plan is read-only between calls of `prepare`, so any number of workspaces may run at the same time.
public final class NetworkPlan<S: Scalar>: @unchecked Sendable {
    /// The network that is evaluated.
    public let network: Network
    /// The derivatives that are computed.
    public let channels: ChannelPlan
    /// The number of points that a workspace takes at a time: a multiple of 16 that depends on shapes and precision only.
    public let tilePoints: Int

    /// A plan for a network and a set of derivatives with respect to its coordinates.
    public convenience init(network: Network, channels: ChannelPlan) {
        self.init(network: network, channels: channels, tilePoints: nil, fusesActivations: true)
    }

    package init(network: Network, channels: ChannelPlan, tilePoints: Int?, fusesActivations: Bool) {
        self.network = network
        self.channels = channels
        self.tilePoints = tilePoints ?? 32
    }

    /// Takes the parameters of the following evaluations; not to be called while a workspace of this plan is at work.
    public func prepare(parameters: UnsafePointer<S>) {}

    /// Memory for one thread, to be made before the work starts.
    public func makeWorkspace() -> NetworkWorkspace<S> { NetworkWorkspace(plan: self) }
}
