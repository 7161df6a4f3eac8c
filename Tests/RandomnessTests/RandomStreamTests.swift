import Foundation
import Randomness
import Testing

@Suite struct PhiloxTests {
    struct Answer {
        var counter: SIMD4<UInt32>
        var key: SIMD2<UInt32>
        var block: SIMD4<UInt32>
    }

    /// The known answers that come with the authors' library Random123.
    static let published = [
        Answer(counter: [0, 0, 0, 0], key: [0, 0], block: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
        Answer(
            counter: [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], key: [0xffff_ffff, 0xffff_ffff],
            block: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
        Answer(
            counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], key: [0xa409_3822, 0x299f_31d0],
            block: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]),
    ]

    @Test(arguments: published)
    func blocksEqualThePublishedOnes(answer: Answer) {
        #expect(Philox.block(counter: answer.counter, key: answer.key) == answer.block)
    }
}

@Suite struct RandomStreamTests {
    struct Beginning {
        var seed: UInt64
        var name: String
        var index: UInt64
        var words: [UInt64]
    }

    /// Computed from the documented rule by a separate program in Python.
    static let beginnings = [
        Beginning(
            seed: 0, name: "", index: 0, words: [0x73cc_b63f_8c65_0b52, 0xbdb9_1329_bc4d_2ca5, 0xb359_bf76_0ba1_9554]),
        Beginning(
            seed: 42, name: "initial parameters", index: 0,
            words: [0x7814_27e4_ecd7_0456, 0xcaa6_afeb_63ad_1f47, 0xf017_3b75_6a65_6e0f]),
        Beginning(
            seed: .max, name: "Sobol’", index: 7,
            words: [0xb49c_c302_79a3_299b, 0x2642_a18b_70a3_0707, 0xeeb8_e3b4_d8e3_4ab3]),
    ]

    @Test(arguments: beginnings)
    func namesFollowTheDocumentedRule(beginning: Beginning) {
        var stream = RandomStream(seed: beginning.seed, name: beginning.name, index: beginning.index)
        #expect(beginning.words.map { _ in stream.next() } == beginning.words)
        #expect(stream.position == 3)
    }

    @Test func seedNameAndIndexEachMakeAnotherStream() {
        var firsts: Set<UInt64> = []
        for seed in UInt64(0)..<10 {
            for name in ["a", "b", "aa", ""] {
                for index in UInt64(0)..<10 {
                    var stream = RandomStream(seed: seed, name: name, index: index)
                    firsts.insert(stream.next())
                }
            }
        }
        #expect(firsts.count == 400)
    }

    @Test(arguments: [0, 1, 2, 5])
    func aStoredStreamContinuesWhereItStopped(drawn: Int) throws {
        var stream = RandomStream(seed: 9, name: "stored")
        for _ in 0..<drawn { _ = stream.next() }
        var restored = try JSONDecoder().decode(RandomStream.self, from: JSONEncoder().encode(stream))
        #expect(restored == stream)
        for _ in 0..<5 { #expect(restored.next() == stream.next()) }
    }

    @Test func buffersAreFilledInOrder() {
        var one = RandomStream(seed: 1, name: "fill")
        var other = one
        var values = [Double](repeating: 0, count: 7)
        values.withUnsafeMutableBufferPointer { one.fillUniform($0) }
        #expect(values == values.map { _ in other.uniform() })
        values.withUnsafeMutableBufferPointer { one.fillNormal($0) }
        #expect(values == values.map { _ in other.normal() })
    }

    /// χ² over 256 classes has mean 255 and variance 510: within four standard deviations.
    @Test func uniformNumbersFillAllClassesAlike() {
        var stream = RandomStream(seed: 5, name: "uniform")
        var counts = [Int](repeating: 0, count: 256)
        let n = 256_000
        for _ in 0..<n {
            let u = stream.uniform()
            guard u >= 0, u < 1 else {
                Issue.record("\(u) lies outside [0, 1)")
                return
            }
            counts[Int(u * 256)] += 1
        }
        let expected = Double(n) / 256
        let chiSquare = counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        #expect(abs(chiSquare - 255) < 4 * 510.0.squareRoot())
    }

    /// The first four moments 0, 1, 0, 3 and their standard errors √(1, 2, 15, 96)/√n: within four of them.
    @Test func normalNumbersHaveNormalMoments() {
        var stream = RandomStream(seed: 5, name: "normal")
        let n = 200_000
        var moments = [0.0, 0, 0, 0]
        for _ in 0..<n {
            let x = stream.normal()
            for power in 0..<4 { moments[power] += pow(x, Double(power + 1)) / Double(n) }
        }
        for (power, (mean, variance)) in [(0.0, 1.0), (1, 2), (0, 15), (3, 96)].enumerated() {
            #expect(abs(moments[power] - mean) < 4 * (variance / Double(n)).squareRoot())
        }
    }
}

@Suite struct NormalQuantileTests {
    /// Φ(Φ⁻¹(p)) = p, with Φ(x) = erfc(−x/√2)/2; an error in x is amplified by about 1 + x² in the tail.
    @Test func theQuantileInvertsTheDistribution() {
        for exponent in stride(from: -300.0, through: -0.31, by: 0.37) {
            let p = pow(10, exponent)
            let x = normalQuantile(p)
            #expect(abs(erfc(-x / 2.0.squareRoot()) / 2 / p - 1) < 1e-15 * (4 + 2 * x * x))
        }
    }

    @Test func theQuantileIsOddAroundOneHalf() {
        for k in 1..<512 {
            let p = Double(k) / 1_024
            #expect(normalQuantile(p) == -normalQuantile(1 - p))
        }
        #expect(normalQuantile(0.5) == 0)
    }

    @Test func theEdgesAreInfiniteAndBeyondIsNothing() {
        #expect(normalQuantile(0) == -.infinity)
        #expect(normalQuantile(1) == .infinity)
        #expect(normalQuantile(-0.1).isNaN)
        #expect(normalQuantile(1.1).isNaN)
        #expect(normalQuantile(.nan).isNaN)
    }
}
