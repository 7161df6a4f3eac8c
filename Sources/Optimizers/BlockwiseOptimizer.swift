import LinearAlgebra

/// A first-order optimizer that walks over named blocks, each with a rule and a state of its own.
public final class BlockwiseOptimizer<S: Scalar>: FirstOrderOptimizer {
    /// The blocks, in the order in which they are visited.
    public let blocks: [BlockShape]
    private let rules: [any BlockRule<S>]
    private let extent: Int
    private var steps = 0

    /// Asks `rule` once for each block; parameters outside all blocks never change.
    public init(blocks: [BlockShape], rule: (BlockShape) -> any BlockRule<S>) {
        precondition(Set(blocks.map(\.name)).count == blocks.count, "block names are unique")
        let sorted = blocks.sorted { $0.offset < $1.offset }
        for (block, next) in zip(sorted, sorted.dropFirst()) {
            precondition(block.offset + block.count <= next.offset, "blocks do not overlap")
        }
        self.blocks = blocks
        extent = sorted.last.map { $0.offset + $0.count } ?? 0
        rules = blocks.map(rule)
    }

    /// Moves the parameters once.
    public func step(
        parameters: UnsafeMutablePointer<S>, gradient: UnsafePointer<S>, rate: Double
    ) -> FirstOrderOutcome {
        guard S.isFinite(extent, gradient) else { return .notFinite }
        steps += 1
        let group = BlockGroup(
            blocks: blocks, step: steps, rate: rate, parameters: parameters, gradient: gradient)
        // By index: iterators over pairs and existentials allocate.
        for index in rules.indices { rules[index].prepare(group) }
        for index in rules.indices {
            let block = blocks[index]
            rules[index].step(
                BlockStep(
                    block: block, step: steps, rate: rate, parameters: parameters + block.offset,
                    gradient: gradient + block.offset))
        }
        return .progressed
    }

    /// Shows the counter of steps and the state of every block.
    public func visitState(_ visitor: StateVisitor<S>) {
        visitor.counter("steps", &steps)
        for (block, rule) in zip(blocks, rules) { visitor.visit(block.name, rule) }
    }
}

/// What is done to one block in one step.
///
/// A `Composition` of transforms suits nearly all methods; a fused kernel or an update of another form is a rule of its
/// own.
public protocol BlockRule<S>: Stateful {
    /// Looks at all blocks before any of them moves; most rules need not.
    func prepare(_ group: BlockGroup<S>)

    /// Moves the block once.
    func step(_ step: BlockStep<S>)
}

extension BlockRule {
    /// Looks at nothing.
    public func prepare(_ group: BlockGroup<S>) {}
}

/// All blocks at the beginning of a step, for quantities that involve the whole model.
public struct BlockGroup<S: Scalar> {
    /// The blocks, whose offsets point into the vectors.
    public let blocks: [BlockShape]
    /// The step's number, from 1.
    public let step: Int
    /// The learning rate.
    public let rate: Double
    /// The whole parameter vector.
    public let parameters: UnsafePointer<S>
    /// The whole gradient.
    public let gradient: UnsafePointer<S>

    init(
        blocks: [BlockShape], step: Int, rate: Double, parameters: UnsafeMutablePointer<S>,
        gradient: UnsafePointer<S>
    ) {
        self.blocks = blocks
        self.step = step
        self.rate = rate
        self.parameters = UnsafePointer(parameters)
        self.gradient = gradient
    }
}

/// One block in one step.
public struct BlockStep<S: Scalar> {
    /// Name and shape.
    public let block: BlockShape
    /// The step's number, from 1.
    public let step: Int
    /// The learning rate.
    public let rate: Double
    /// The block's parameters, which the rule changes.
    public let parameters: UnsafeMutablePointer<S>
    /// The block's gradient.
    public let gradient: UnsafePointer<S>
}
