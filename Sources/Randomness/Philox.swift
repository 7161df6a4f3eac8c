/// Philox4x32-10: a bijection of 128-bit blocks for each 64-bit key, whose outputs for successive counters are random.
///
/// Ten rounds, each: two 32 × 32 → 64-bit products, their halves exchanged and combined with the key, which then advances
/// by constants. J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3",
/// SC'11 (2011).
package enum Philox {
    /// The block that belongs to `counter` under `key`; the words are in the paper's order.
    package static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        // Plain words: the compiler keeps them in registers, which it does not for the elements of a vector.
        var (x0, x1, x2, x3) = (counter[0], counter[1], counter[2], counter[3])
        var (k0, k1) = (key[0], key[1])
        for _ in 0..<10 {
            let p = UInt64(x0) * 0xD251_1F53
            let q = UInt64(x2) * 0xCD9E_8D57
            (x0, x1, x2, x3) = (
                UInt32(truncatingIfNeeded: q >> 32) ^ x1 ^ k0, UInt32(truncatingIfNeeded: q),
                UInt32(truncatingIfNeeded: p >> 32) ^ x3 ^ k1, UInt32(truncatingIfNeeded: p)
            )
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
        }
        return SIMD4(x0, x1, x2, x3)
    }
}
