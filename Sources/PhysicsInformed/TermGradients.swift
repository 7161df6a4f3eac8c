import LinearAlgebra

/// The gradients of the loss terms side by side, and what can be read off their scalar products.
public final class TermGradients<S: Scalar> {
    /// How many terms there are.
    public let termCount: Int
    /// The length of a gradient.
    public let parameterCount: Int
    /// Where the gradient of each term lies.
    let pointers: [UnsafeMutablePointer<S>]

    private let buffer: AlignedBuffer<S>
    private let products: AlignedBuffer<Double>

    /// Room for the gradients, all zero.
    public init(termCount: Int, parameterCount: Int) {
        self.termCount = termCount
        self.parameterCount = parameterCount
        let stride = (parameterCount + 15) / 16 * 16
        let buffer = AlignedBuffer<S>(count: termCount * stride)
        self.buffer = buffer
        pointers = (0..<termCount).map { buffer.baseAddress + $0 * stride }
        products = AlignedBuffer(count: termCount * termCount)
    }

    /// The gradient of a term.
    public subscript(term: Int) -> UnsafeMutablePointer<S> { pointers[term] }

    /// gᵢ·gⱼ as it was when ``multiply()`` was called.
    public func product(_ i: Int, _ j: Int) -> Double { products.baseAddress[i * termCount + j] }

    /// Takes all scalar products, accumulated in double precision.
    public func multiply() {
        for i in 0..<termCount {
            for j in i..<termCount {
                let product = S.dot(parameterCount, pointers[i], pointers[j])
                products.baseAddress[i * termCount + j] = product
                products.baseAddress[j * termCount + i] = product
            }
        }
    }

    /// Whether no entry, of one gradient or of all, is infinite or not a number.
    func areFinite(only term: Int?) -> Bool {
        for index in range(term) where !S.isFinite(parameterCount, pointers[index]) { return false }
        return true
    }

    /// gᵢ ← wᵢ gᵢ for one gradient or for all.
    func weigh(by weights: [Double], only term: Int?) {
        for index in range(term) where weights[index] != 1 {
            S.scale(parameterCount, S(weights[index]), pointers[index])
        }
    }

    private func range(_ term: Int?) -> Range<Int> { term.map { $0..<$0 + 1 } ?? 0..<termCount }

    /// Writes Σ cᵢ gᵢ, summed in the order of the terms.
    public func sum(_ coefficient: (Int) -> Double, into target: UnsafeMutablePointer<S>) {
        target.update(repeating: 0, count: parameterCount)
        for term in 0..<termCount {
            S.addScaled(parameterCount, S(coefficient(term)), pointers[term], target)
        }
    }
}
