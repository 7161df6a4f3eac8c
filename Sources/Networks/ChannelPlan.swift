import Expressions

/// A set of derivatives that is closed under the chain rule, in a fixed order.
///
/// A *channel* is a derivative of a feature with respect to the coordinates. Channel 0 is the value, then follow the
/// first derivatives, then higher orders. The set contains, with every derivative, all those that the chain rule for
/// σ∘z needs: for a mixed derivative those along all sub-multisets of its coordinates, for a Laplacian the first
/// derivatives along its coordinates. A Laplacian is carried as one channel: u, u_x, u_y, Δu are four channels.
public struct ChannelPlan: Sendable, Equatable {
    /// A summand of the chain rule: coefficient · σ⁽ᵒʳᵈᵉʳ⁾(z₀) · Π z_f over the channels f in `factors`.
    public struct Term: Sendable, Equatable {
        /// The number of set partitions that give the same product.
        public var coefficient: Int
        /// The order of the derivative of the activation.
        public var order: Int
        /// The channels that are multiplied, in ascending order, at most `maximumOrder`.
        public var factors: [Int]
    }

    /// A summand of Leibniz' rule: coefficient · f_left · g_right.
    public struct Product: Sendable, Equatable {
        /// The number of ways to hand out the coordinates that give the same product.
        public var coefficient: Int
        /// The channel of the first factor.
        public var left: Int
        /// The channel of the second factor.
        public var right: Int
    }

    /// The highest order of derivatives that networks are evaluated with.
    public static let maximumOrder = 4

    /// The number of coordinates.
    public let coordinates: Int

    /// The derivatives, closed under the chain rule; the first is the value.
    public let channels: [Derivative]

    /// The summands of each channel of σ∘z; none for channel 0, which is σ(z₀) itself.
    public let terms: [[Term]]

    /// The summands of each channel of f g.
    public let products: [[Product]]

    private let indices: [Derivative: Int]

    /// The closure of the requested derivatives.
    ///
    /// - Throws: `ChannelPlanError` if a derivative has an order above `maximumOrder`.
    public init(_ derivatives: Set<Derivative>, coordinates: Int) throws(ChannelPlanError) {
        var closed: Set<Derivative> = [.value]
        for derivative in derivatives.sorted() {
            guard derivative.order <= Self.maximumOrder else { throw ChannelPlanError.orderTooHigh(derivative) }
            precondition(
                derivative.axes.allSatisfy { (0..<coordinates).contains($0) },
                "a derivative is along one of the coordinates")
            closed.insert(derivative)
            for term in derivative.chainRule { closed.formUnion(term.factors) }
        }
        let channels = closed.sorted()
        let indices = [Derivative: Int](uniqueKeysWithValues: channels.enumerated().map { ($1, $0) })
        self.coordinates = coordinates
        self.channels = channels
        self.indices = indices
        self.terms = channels.map { channel in
            channel.chainRule.map { term in
                Term(
                    coefficient: term.coefficient, order: term.factors.count,
                    factors: term.factors.map { indices[$0]! }.sorted())
            }
        }
        products = channels.map { channel in
            channel.productRule.map {
                Product(coefficient: $0.coefficient, left: indices[$0.left]!, right: indices[$0.right]!)
            }
        }
    }

    /// The number of channels.
    public var count: Int { channels.count }

    /// The highest order among the channels.
    public var order: Int { channels.map(\.order).max() ?? 0 }

    /// The channel that holds a derivative, if the plan has it.
    public func index(of derivative: Derivative) -> Int? { indices[derivative] }
}

/// A request that no channel plan can meet.
public enum ChannelPlanError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The derivative has an order above `ChannelPlan.maximumOrder`.
    case orderTooHigh(Derivative)

    /// A sentence that names the limit.
    public var description: String {
        switch self {
        case .orderTooHigh(let derivative):
            "derivatives of order \(derivative.order) are not available; the highest order is "
                + "\(ChannelPlan.maximumOrder)"
        }
    }
}
