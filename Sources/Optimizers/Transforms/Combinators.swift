import LinearAlgebra

/// u ↦ u.
public final class Identity<S: Scalar>: Transform {
    /// The transform that changes nothing.
    public init() {}

    /// Leaves the update as it is.
    public func apply(_ update: UnsafeMutablePointer<S>, _ context: inout TransformContext<S>) {}

    /// Shows nothing: there is no state.
    public func visitState(_ visitor: StateVisitor<S>) {}
}

/// u ↦ …b(a(u)).
public final class Chain<S: Scalar>: Transform {
    private let links: [any Transform<S>]

    /// Applies the links in order.
    public init(_ links: [any Transform<S>]) {
        self.links = links
    }

    /// Lets the links look at all blocks.
    public func prepare(_ group: BlockGroup<S>) {
        for link in links { link.prepare(group) }
    }

    /// Applies the links in order; one that skips the step ends the chain.
    public func apply(_ update: UnsafeMutablePointer<S>, _ context: inout TransformContext<S>) {
        for link in links {
            link.apply(update, &context)
            if context.skipsStep { return }
        }
    }

    /// Shows the links' state by place.
    public func visitState(_ visitor: StateVisitor<S>) {
        for (place, link) in links.enumerated() { visitor.visit("\(place + 1)", link) }
    }
}

/// u ↦ a(u) / b(u), element by element; both see the same u.
public final class Ratio<S: Scalar>: Transform {
    private let numerator: any Transform<S>
    private let denominator: any Transform<S>
    private let copy: AlignedBuffer<S>

    /// A ratio for one block; the denominator's values are positive.
    public init(_ block: BlockShape, _ numerator: any Transform<S>, over denominator: any Transform<S>) {
        self.numerator = numerator
        self.denominator = denominator
        copy = AlignedBuffer(count: block.count)
    }

    /// Lets both parts look at all blocks.
    public func prepare(_ group: BlockGroup<S>) {
        numerator.prepare(group)
        denominator.prepare(group)
    }

    /// Applies both parts to the same update and divides.
    public func apply(_ update: UnsafeMutablePointer<S>, _ context: inout TransformContext<S>) {
        copy.baseAddress.update(from: update, count: copy.count)
        numerator.apply(update, &context)
        denominator.apply(copy.baseAddress, &context)
        if context.skipsStep { return }
        Kernels.divide(copy.count, update, by: UnsafePointer(copy.baseAddress))
    }

    /// Shows the state of both parts.
    public func visitState(_ visitor: StateVisitor<S>) {
        visitor.visit("numerator", numerator)
        visitor.visit("denominator", denominator)
    }
}

/// u ↦ Σ wᵢ aᵢ(u); all parts see the same u.
public final class Mix<S: Scalar>: Transform {
    private let parts: [(weight: Double, transform: any Transform<S>)]
    private let copy: AlignedBuffer<S>
    private let sum: AlignedBuffer<S>

    /// A weighted sum for one block.
    public init(_ block: BlockShape, _ parts: [(weight: Double, transform: any Transform<S>)]) {
        self.parts = parts
        copy = AlignedBuffer(count: block.count)
        sum = AlignedBuffer(count: block.count)
    }

    /// Lets the parts look at all blocks.
    public func prepare(_ group: BlockGroup<S>) {
        for part in parts { part.transform.prepare(group) }
    }

    /// Applies all parts to the same update and adds them up in order.
    public func apply(_ update: UnsafeMutablePointer<S>, _ context: inout TransformContext<S>) {
        sum.elements.update(repeating: 0)
        for part in parts {
            copy.baseAddress.update(from: update, count: copy.count)
            part.transform.apply(copy.baseAddress, &context)
            Kernels.combine(copy.count, 1, sum.baseAddress, part.weight, UnsafePointer(copy.baseAddress))
        }
        if context.skipsStep { return }
        update.update(from: sum.baseAddress, count: sum.count)
    }

    /// Shows the parts' state by place.
    public func visitState(_ visitor: StateVisitor<S>) {
        for (place, part) in parts.enumerated() { visitor.visit("\(place + 1)", part.transform) }
    }
}
