import LinearAlgebra

/// The values of the unknown parameters as tapes read them: one row for each, the same number at all points of a tile.
///
/// One tile serves all lanes of a loss: it is filled before they start and only read while they run.
final class ParameterTile<S: Scalar> {
    /// Points that a row holds, no fewer than any tile has.
    static var width: Int { 64 }

    let parameters: [SearchedParameter]
    /// Where the search variables lie in the optimization vector.
    let offset: Int
    private let rows: AlignedBuffer<S>
    private let slopes: AlignedBuffer<Double>

    init(_ parameters: [SearchedParameter], offset: Int) {
        self.parameters = parameters
        self.offset = offset
        rows = AlignedBuffer(count: max(1, parameters.count * Self.width))
        slopes = AlignedBuffer(count: max(1, parameters.count))
    }

    /// Takes the search variables out of an optimization vector.
    func prepare(_ vector: UnsafePointer<S>) {
        for index in parameters.indices {
            let (value, slope) = parameters[index].value(at: Double(vector[offset + index]))
            row(index).update(repeating: S(value), count: Self.width)
            slopes.baseAddress[index] = slope
        }
    }

    /// The value of a parameter at every point of a tile.
    func row(_ index: Int) -> UnsafeMutablePointer<S> {
        precondition(parameters.indices.contains(index), "there is no such parameter")
        return rows.baseAddress + index * Self.width
    }

    /// The derivative of a parameter by its search variable.
    func slope(_ index: Int) -> Double { slopes.baseAddress[index] }
}
