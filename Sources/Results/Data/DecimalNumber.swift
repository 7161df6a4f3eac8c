/// Decimal numbers in text, correctly rounded.
enum DecimalNumber {
    private static let powers: [Double] = (0...22).map { exponent in
        (0..<exponent).reduce(1.0) { power, _ in power * 10 }
    }

    /// Reads a number with spaces around it: `1`, `-2.5e-3`, `nan`, `inf`; nil for anything else.
    static func parse(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
        let bytes = UnsafeBufferPointer(rebasing: text)
        var (start, end) = (0, bytes.count)
        while start < end, isBlank(bytes[start]) { start += 1 }
        while end > start, isBlank(bytes[end - 1]) { end -= 1 }
        guard start < end else { return nil }
        var index = start
        let isNegative = bytes[index] == UInt8(ascii: "-")
        if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
        var mantissa: UInt64 = 0
        var digits = 0, significant = 0, exponent = 0
        func take(_ byte: UInt8) {
            digits += 1
            if significant > 0 || byte != UInt8(ascii: "0") { significant += 1 }
            if significant <= 19 { mantissa = mantissa &* 10 &+ UInt64(byte &- UInt8(ascii: "0")) }
        }
        while index < end, isDigit(bytes[index]) {
            take(bytes[index])
            index += 1
        }
        if index < end, bytes[index] == UInt8(ascii: ".") {
            index += 1
            while index < end, isDigit(bytes[index]) {
                take(bytes[index])
                exponent -= 1
                index += 1
            }
        }
        guard digits > 0 else { return word(bytes[index..<end], isNegative) }
        if index < end, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            var sign = 1, value = 0, count = 0
            if index < end, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
                sign = bytes[index] == UInt8(ascii: "-") ? -1 : 1
                index += 1
            }
            while index < end, isDigit(bytes[index]) {
                value = min(100_000, value * 10 + Int(bytes[index] &- UInt8(ascii: "0")))
                count += 1
                index += 1
            }
            guard count > 0 else { return nil }
            exponent += sign * value
        }
        guard index == end else { return nil }
        // Both numbers are exact, so the one operation rounds correctly (W. D. Clinger 1990).
        if significant <= 19, mantissa < 1 << 53, abs(exponent) <= 22 {
            let value = Double(mantissa)
            let scaled = exponent < 0 ? value / powers[-exponent] : value * powers[exponent]
            return isNegative ? -scaled : scaled
        }
        if significant <= 19, exponent < 0, exponent >= -21 {
            let value = quotient(mantissa, by: integerPowers[-exponent])
            return isNegative ? -value : value
        }
        // The standard library rounds any number of digits, and ignores the locale of the process.
        return Double(String(decoding: bytes[start..<end], as: UTF8.self))
    }

    private static let integerPowers: [UInt128] = (0...21).map { exponent in
        (0..<exponent).reduce(UInt128(1)) { power, _ in power * 10 }
    }

    /// m/d, correctly rounded, for 2⁵³ ≤ m and d ≤ 10²¹ < 2⁷⁰.
    ///
    /// The quotient of m·2ˢ, taken to at least 56 bits, has its last bit set if anything is left over: rounding it to 53
    /// bits then rounds m/d.
    private static func quotient(_ mantissa: UInt64, by divisor: UInt128) -> Double {
        let shift = 63 + mantissa.leadingZeroBitCount
        let (quotient, remainder) = (UInt128(mantissa) << UInt128(shift)).quotientAndRemainder(dividingBy: divisor)
        return Double(sign: .plus, exponent: -shift, significand: Double(remainder == 0 ? quotient : quotient | 1))
    }

    private static func word(_ text: Slice<UnsafeBufferPointer<UInt8>>, _ isNegative: Bool) -> Double? {
        switch String(decoding: text, as: UTF8.self).lowercased() {
        case "nan", "na": .nan
        case "inf", "infinity": isNegative ? -.infinity : .infinity
        default: nil
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
