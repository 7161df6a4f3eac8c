import LinearAlgebra

extension AlignedBuffer {
    /// A copy of the elements; the buffer lives until it is made, also where nothing else holds it.
    var copied: [Element] { withExtendedLifetime(self) { Array(elements) } }
}
