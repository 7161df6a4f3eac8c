import LinearAlgebra
import Optimizers

extension LossFunction: Stateful {
    /// Shows the weights of the terms, the causal weights and, for each set of points, where its random numbers stood before
    /// it was drawn, or the points themselves, and their weights.
    ///
    /// After restoring, ``redraw()`` brings the same points back, however long ago they were drawn.
    public func visitState(_ visitor: StateVisitor<S>) {
        for index in termNames.indices {
            visitor.below("weights") { visitor.number(termNames[index], &weights[index]) }
        }
        for group in groups {
            visitor.below("points") {
                visitor.below(termNames[group.terms[0].index]) { group.visitState(visitor, names: termNames) }
            }
        }
        if curriculum != nil { visitor.number("time share", &timeShare) }
        if let causality { visitor.below("causality") { causality.visitState(visitor) } }
    }

    /// Draws the points of the last draw again, after their state was restored.
    func redraw() throws(SamplingError) {
        for group in groups { try group.redraw(timeShare: timeShare) }
        arrangePoints()
    }
}
