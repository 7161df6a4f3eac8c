/// The SHA-256 digest of FIPS 180-4, by which a result file identifies its problem text.
package enum SHA256 {
    /// The digest of a text's UTF-8 bytes as 64 hexadecimal digits.
    package static func hexadecimal(of text: String) -> String {
        digest(Array(text.utf8)).map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    private static func digest(_ bytes: [UInt8]) -> [UInt32] {
        var message = bytes
        message.append(0x80)
        while message.count % 64 != 56 { message.append(0) }
        let bitCount = UInt64(bytes.count) * 8
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            message.append(UInt8(truncatingIfNeeded: bitCount >> shift))
        }

        var state = fractions(ofRootsOfPrimes: 8) { $0.squareRoot() }
        let constants = fractions(ofRootsOfPrimes: 64, cubeRoot)
        for start in stride(from: 0, to: message.count, by: 64) {
            compress(message[start..<start + 64], constants, &state)
        }
        return state
    }

    private static func compress(_ block: ArraySlice<UInt8>, _ constants: [UInt32], _ state: inout [UInt32]) {
        var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { index in
            block[index..<index + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        func turned(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }
        for index in 16..<64 {
            let early = words[index - 15]
            let late = words[index - 2]
            let first = turned(early, 7) ^ turned(early, 18) ^ early >> 3
            let second = turned(late, 17) ^ turned(late, 19) ^ late >> 10
            words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
        }
        var v = state
        for index in 0..<64 {
            let first = turned(v[4], 6) ^ turned(v[4], 11) ^ turned(v[4], 25)
            let choice = v[4] & v[5] ^ ~v[4] & v[6]
            let sum = v[7] &+ first &+ choice &+ constants[index] &+ words[index]
            let second = turned(v[0], 2) ^ turned(v[0], 13) ^ turned(v[0], 22)
            let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]
            v = [sum &+ second &+ majority, v[0], v[1], v[2], v[3] &+ sum, v[4], v[5], v[6]]
        }
        for index in 0..<8 { state[index] &+= v[index] }
    }

    /// The first 32 bits behind the point of a root of each of the first primes: the standard's constants.
    ///
    /// A double has 53 bits, of which the integer part takes at most 5.
    private static func fractions(ofRootsOfPrimes count: Int, _ root: (Double) -> Double) -> [UInt32] {
        var primes: [Int] = []
        var candidate = 2
        while primes.count < count {
            if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
            candidate += 1
        }
        return primes.map { prime in
            let value = root(Double(prime))
            return UInt32((value - value.rounded(.down)) * 0x1p32)
        }
    }

    /// The cube root by Newton's method from above, where it converges monotonically.
    private static func cubeRoot(_ value: Double) -> Double {
        var root = value
        while true {
            let next = root - (root * root * root - value) / (3 * root * root)
            if next >= root { return root }
            root = next
        }
    }
}
