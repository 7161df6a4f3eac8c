import LinearAlgebra

/// A piece of an optimizer: turns the update of one block into another, with a state of its own.
///
/// A transform never changes parameters; the rule that holds it does.
public protocol Transform<S>: Stateful {
    /// Looks at all blocks before any of them moves; most transforms need not.
    func prepare(_ group: BlockGroup<S>)

    /// Replaces the update, which at first is the block's gradient.
    func apply(_ update: UnsafeMutablePointer<S>, _ context: inout TransformContext<S>)
}

extension Transform {
    /// Looks at nothing.
    public func prepare(_ group: BlockGroup<S>) {}
}

/// What a transform may read besides the update, and what it may decide for its rule.
public struct TransformContext<S: Scalar> {
    /// Name and shape.
    public let block: BlockShape
    /// The optimizer's step, from 1; transforms that may skip or restart count for themselves.
    public let step: Int
    /// The learning rate.
    public let rate: Double
    /// The block's parameters before the step.
    public let parameters: UnsafePointer<S>
    /// The block's gradient as it came.
    public let gradient: UnsafePointer<S>
    /// A factor on the rule's weight decay.
    public var decayFactor = 1.0
    /// Whether the block stays where it is in this step.
    public var skipsStep = false

    init(_ step: BlockStep<S>) {
        block = step.block
        self.step = step.step
        rate = step.rate
        parameters = UnsafePointer(step.parameters)
        gradient = step.gradient
    }
}
