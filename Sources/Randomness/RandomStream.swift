/// An independent, named sequence of random numbers, one of very many that follow from one seed.
///
/// ```swift
/// var stream = RandomStream(seed: 0, name: "collocation/interior", index: step)
/// let x = stream.uniform()
/// ```
///
/// Streams are counter-based (Philox4x32-10), so whoever needs numbers makes its own stream and gets the same ones
/// whatever else runs, on however many threads; and a stored stream continues exactly where it stopped.
///
/// The stream of (seed, name, index) is found by the 128-bit FNV-1a hash of the bytes of seed and index (eight each, least
/// significant first) and then the name in UTF-8. The low half of the hash is Philox's key, the high half is the upper
/// half of its counter; the lower half counts blocks from zero. A block of words w₀ w₁ w₂ w₃ gives w₀ + 2³² w₁, then
/// w₂ + 2³² w₃. Two streams coincide only if their hashes do.
public struct RandomStream: RandomNumberGenerator, Sendable, Codable, Equatable {
    private let key: UInt64
    private let nonce: UInt64
    /// How many 64-bit words have been drawn.
    public private(set) var position: UInt64 = 0
    private var secondHalf: UInt64 = 0

    /// The stream of this seed, name and index, at its beginning.
    public init(seed: UInt64, name: String, index: UInt64 = 0) {
        var hash: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
        func absorb(_ byte: UInt8) {
            hash = (hash ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013B
        }
        for number in [seed, index] {
            for place in 0..<8 { absorb(UInt8(truncatingIfNeeded: number >> (8 * place))) }
        }
        for byte in name.utf8 { absorb(byte) }
        key = UInt64(truncatingIfNeeded: hash)
        nonce = UInt64(truncatingIfNeeded: hash >> 64)
    }

    /// Moves to any place at once: the next word is the one that a new stream gives after `position` words.
    public mutating func move(to position: UInt64) {
        self.position = position & ~1
        // Words come in pairs, and the second one is kept from the drawing of the first.
        if position & 1 == 1 { _ = next() }
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        defer { position &+= 1 }
        guard position & 1 == 0 else { return secondHalf }
        let words = Philox.block(
            counter: SIMD4(low(position >> 1), high(position >> 1), low(nonce), high(nonce)),
            key: SIMD2(low(key), high(key)))
        secondHalf = UInt64(words[3]) << 32 | UInt64(words[2])
        return UInt64(words[1]) << 32 | UInt64(words[0])
    }

    /// A number from [0, 1): k 2⁻⁵³, where k is the upper 53 bits of the next word.
    public mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A number from the standard normal distribution: the normal quantile of (k + ½) 2⁻⁵², where k is the upper 52 bits
    /// of the next word.
    ///
    /// One word gives one number, symmetrically about zero, and the largest magnitude is 8.2.
    public mutating func normal() -> Double {
        normalQuantile((Double(next() >> 12) + 0.5) * 0x1p-52)
    }

    /// Fills the buffer in order, as repeated calls of ``uniform()`` would.
    public mutating func fillUniform(_ values: UnsafeMutableBufferPointer<Double>) {
        for i in values.indices { values[i] = uniform() }
    }

    /// Fills the buffer in order, as repeated calls of ``normal()`` would.
    public mutating func fillNormal(_ values: UnsafeMutableBufferPointer<Double>) {
        for i in values.indices { values[i] = normal() }
    }
}

private func low(_ word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word) }
private func high(_ word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word >> 32) }
