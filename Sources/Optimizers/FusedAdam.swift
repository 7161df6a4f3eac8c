import CKernels
import Glibc
import LinearAlgebra

/// Adam's rule in one pass over memory: the same bits as the composition of a moment over a second moment.
public final class FusedAdam<S: Scalar>: BlockRule {
    private let first: AlignedBuffer<S>
    private let second: AlignedBuffer<S>
    private var constants: ansatz_adam_constants
    private let decoupledDecay: Double
    private var calls = 0

    /// A rule for one block; of the ways of weight decay, only none, coupled and before can be had.
    public init(_ block: BlockShape, beta1: Double, beta2: Double, epsilon: Double, decay: WeightDecay) {
        constants = ansatz_adam_constants()
        constants.beta1 = beta1
        constants.beta2 = beta2
        constants.epsilon = epsilon
        switch decay {
        case .none: decoupledDecay = 0
        case .coupled(let strength):
            constants.coupled_decay = strength
            decoupledDecay = 0
        case .before(let strength): decoupledDecay = strength
        case .after, .proximal: preconditionFailure("the fused rule does not know this weight decay")
        }
        first = AlignedBuffer(count: block.count)
        second = AlignedBuffer(count: block.count)
    }

    /// Moves the block once.
    public func step(_ step: BlockStep<S>) {
        calls += 1
        constants.rate = step.rate
        constants.first_correction = 1 / (1 - pow(constants.beta1, Double(calls)))
        constants.second_correction = 1 / (1 - pow(constants.beta2, Double(calls)))
        constants.shrinkage = 1 - step.rate * decoupledDecay
        Kernels.adam(
            first.count, &constants, gradient: step.gradient, parameters: step.parameters,
            first: first.baseAddress, second: second.baseAddress)
    }

    /// Shows both moments and the counter.
    public func visitState(_ visitor: StateVisitor<S>) {
        visitor.counter("calls", &calls)
        visitor.array("first moment", first)
        visitor.array("second moment", second)
    }
}
