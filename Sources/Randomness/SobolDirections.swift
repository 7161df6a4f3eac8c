/// The direction numbers of S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional projections",
/// SIAM J. Sci. Comput. 30 (2008), in the set named new-joe-kuo-6.
package enum SobolDirections {
    /// The number of binary digits of a coordinate.
    package static let digits = 53

    /// The number of dimensions that the table covers.
    package static let dimensions = 1_024

    /// The directions of the first dimensions, [dimension][digit of the index], as integers below 2⁵³.
    ///
    /// Dimension 0 is van der Corput's sequence. Every other one has a primitive polynomial of some degree s over the
    /// field of two elements, with inner coefficients a₁ … a₍ₛ₋₁₎, and odd numbers m₁ … mₛ; the rest follow from
    /// mₖ = 2a₁ mₖ₋₁ ⊕ … ⊕ 2ˢ⁻¹a₍ₛ₋₁₎ mₖ₋ₛ₊₁ ⊕ 2ˢ mₖ₋ₛ ⊕ mₖ₋ₛ, and direction k is mₖ 2⁻ᵏ.
    package static func directions(dimensions: Int) -> [UInt64] {
        precondition((1...Self.dimensions).contains(dimensions), "no direction numbers for this dimension")
        var result: [UInt64] = []
        result.reserveCapacity(dimensions * digits)
        result += (1...digits).map { 1 << (digits - $0) }
        for row in sobolTable.utf8.split(separator: UInt8(ascii: "\n"), maxSplits: dimensions - 1).prefix(
            dimensions - 1)
        {
            let numbers = row.split(separator: UInt8(ascii: " ")).map { digits in
                digits.reduce(UInt64(0)) { 10 * $0 + UInt64($1 - UInt8(ascii: "0")) }
            }
            var m = Array(numbers.dropFirst())
            let degree = m.count
            for k in degree..<digits {
                var next = m[k - degree] ^ m[k - degree] << degree
                for i in 1..<degree where numbers[0] >> (degree - 1 - i) & 1 == 1 {
                    next ^= m[k - i] << i
                }
                m.append(next)
            }
            result += m.enumerated().map { $1 << (digits - 1 - $0) }
        }
        return result
    }
}
