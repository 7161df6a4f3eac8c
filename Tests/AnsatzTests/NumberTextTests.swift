import Ansatz
import Testing

@Suite struct NumberTextTests {
    @Test(arguments: [
        (0.0, "0"), (3.14e-4, "3.1e-4"), (-2.5e6, "-2.5e6"), (0.1, "0.10"), (0.99, "0.99"), (0.999, "1.0"),
        (1, "1.0"), (9.96, "10"), (12.3, "12"), (123, "120"), (999.9, "1.0e3"), (0.0996, "0.10"),
        (.leastNonzeroMagnitude, "4.9e-324"),
        (.infinity, "inf"), (-.infinity, "-inf"), (.nan, "nan"),
    ]) func shortNumbers(value: Double, text: String) {
        #expect(NumberText.short(value) == text)
    }

    @Test func oneDigitHasNoPoint() {
        #expect(NumberText.short(3.4e-14, digits: 1) == "3e-14")
        #expect(NumberText.short(42, digits: 1) == "40")
    }

    /// Reading a short number back gives the value within half a unit of its last digit.
    @Test(arguments: [1, 2, 3, 6]) func shortNumbersReadBack(digits: Int) throws {
        var value = 1.2345678e-9
        while value < 1e9 {
            let back = try #require(Double(NumberText.short(value, digits: digits)))
            var unit = 1.0
            for _ in 1..<digits { unit /= 10 }
            #expect(abs(back - value) <= 0.5 * unit * value * (1 + 1e-9))
            value *= 2.718281828
        }
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (40_000, "40,000"), (-1_234_567, "-1,234,567")])
    func groups(value: Int, text: String) {
        #expect(NumberText.grouped(value) == text)
    }

    @Test(arguments: [(0, "0 B"), (999, "999 B"), (1300, "1.3 kB"), (999_600, "1.0 MB"), (1_300_000_000, "1.3 GB")])
    func sizes(count: Int, text: String) {
        #expect(NumberText.bytes(count) == text)
    }

    @Test(arguments: [
        (0.026, "26 ms"), (0.305, "0.30 s"), (42, "42 s"), (357, "5:57"), (3725, "1:02:05"), (-1, "?"), (.nan, "?"),
    ])
    func times(value: Double, text: String) {
        #expect(NumberText.seconds(value) == text)
    }

    @Test(arguments: [(0.25, "0.25"), (1.0, "1"), (0.0, "0"), (-0.33333, "-0.3333"), (12345.6, "1.235e+04")])
    func placesHaveNoZerosBehind(value: Double, text: String) {
        #expect(NumberText.place(value) == text)
    }
}

@Suite struct SHA256Tests {
    /// The examples of FIPS 180-4 and the empty text.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]) func standardExamples(text: String, digest: String) {
        #expect(SHA256.hexadecimal(of: text) == digest)
    }
}
