import Glibc

/// Numbers as people read them in reports and progress lines.
package enum NumberText {
    /// Two (or `digits`) significant digits: `3.1e-4`, `0.53`, `12`, `2.5e6`.
    ///
    /// Plain notation is used for 0.1 ≤ |value| < 1000, and for zero.
    package static func short(_ value: Double, digits: Int = 2) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        guard value != 0 else { return "0" }
        let (significant, exponent) = scientific(value.magnitude, digits: digits)
        let sign = value < 0 ? "-" : ""
        switch exponent {
        case -1: return sign + "0." + significant
        case 0...2:
            let padded = significant + String(repeating: "0", count: max(0, exponent + 1 - significant.count))
            let fraction = padded.dropFirst(exponent + 1)
            return sign + padded.prefix(exponent + 1) + (fraction.isEmpty ? "" : "." + fraction)
        default:
            let fraction = significant.dropFirst()
            return sign + significant.prefix(1) + (fraction.isEmpty ? "" : "." + fraction) + "e\(exponent)"
        }
    }

    /// A coordinate with four significant digits and no zeros behind them: `0.25`, `1`, `-0.3333`.
    package static func place(_ value: Double) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            _ = withVaList([value]) { vsnprintf(buffer.baseAddress, 64, "%.4g", $0) }
            return String(cString: buffer.baseAddress!)
        }
    }

    /// Digits in groups of three: `40,000`.
    package static func grouped(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var result = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { result += "," }
            result.append(digit)
        }
        return result
    }

    /// A size in bytes with two significant digits: `850 B`, `1.3 MB`.
    package static func bytes(_ count: Int) -> String {
        guard count >= 1000 else { return "\(count) B" }
        var value = Double(count) / 1000
        for unit in ["kB", "MB", "GB"] {
            if value < 999.5 { return short(value) + " " + unit }
            value /= 1000
        }
        return short(value) + " TB"
    }

    /// A time for people: `2.6 ms`, `0.31 s`, `42 s`, `5:57`, `1:02:05`.
    package static func seconds(_ value: Double) -> String {
        guard value.isFinite, value >= 0 else { return "?" }
        if value < 0.0995 { return short(1000 * value) + " ms" }
        return value < 59.5 ? short(value) + " s" : clock(value)
    }

    /// Hours, minutes and seconds with colons, whatever the size: `0:07`, `5:57`, `1:02:05`.
    package static func clock(_ value: Double) -> String {
        guard value.isFinite, value >= 0, value < 1e9 else { return "?" }
        return Duration.seconds(value.rounded()).formatted
    }

    /// `digits` correctly rounded decimal digits, and the decimal exponent of the first.
    private static func scientific(_ value: Double, digits: Int) -> (digits: String, exponent: Int) {
        let printed = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            _ = withVaList([Int32(digits - 1), value]) { vsnprintf(buffer.baseAddress, 64, "%.*e", $0) }
            return String(cString: buffer.baseAddress!)
        }
        let parts = printed.split(separator: "e")
        return (String(parts[0].filter { $0 != "." }), Int(parts[1]) ?? 0)
    }
}
