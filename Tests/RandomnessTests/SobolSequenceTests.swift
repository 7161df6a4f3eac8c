import Foundation
import Randomness
import Testing

/// Points as rows.
private func points(_ count: Int, of sequence: inout SobolSequence) -> [[Double]] {
    let dimensions = sequence.dimensions
    var flat = [Double](repeating: .nan, count: count * dimensions)
    flat.withUnsafeMutableBufferPointer { sequence.fill($0, count: count) }
    return (0..<count).map { Array(flat[$0 * dimensions..<($0 + 1) * dimensions]) }
}

/// All ways to write `total` as an ordered sum of `parts` numbers from zero on.
private func compositions(of total: Int, into parts: Int) -> [[Int]] {
    guard parts > 1 else { return [[total]] }
    return (0...total).flatMap { first in compositions(of: total - first, into: parts - 1).map { [first] + $0 } }
}

@Suite struct SobolSequenceTests {
    @Test func thePlaneBeginsAsInTheBooks() {
        var sequence = SobolSequence(dimensions: 2)
        #expect(
            points(8, of: &sequence) == [
                [0, 0], [0.5, 0.5], [0.75, 0.25], [0.25, 0.75], [0.375, 0.375], [0.875, 0.875], [0.625, 0.125],
                [0.125, 0.625],
            ])
    }

    /// Values of scipy.stats.qmc.Sobol(1024, scramble=False), in dimensions spread over the table.
    @Test func farDimensionsEqualThoseOfSciPy() {
        let dimensions = [0, 1, 2, 9, 99, 255, 1_023]
        var sequence = SobolSequence(dimensions: 1_024)
        let table = points(1_001, of: &sequence)
        #expect(dimensions.map { table[5][$0] } == [0.875, 0.875, 0.125, 0.125, 0.375, 0.875, 0.375])
        #expect(
            dimensions.map { table[1_000][$0] } == [
                0.2197265625, 0.0966796875, 0.5185546875, 0.0693359375, 0.1865234375, 0.2490234375, 0.7138671875,
            ])
        sequence.index = 4_095
        let last = points(1, of: &sequence)[0]
        #expect(
            dimensions.map { last[$0] } == [
                0.000244140625, 0.941162109375, 0.334228515625, 0.246337890625, 0.962646484375, 0.613037109375,
                0.354736328125,
            ])
    }

    /// A (t, m, s)-net: every dyadic box of volume 2ᵗ⁻ᵐ holds exactly 2ᵗ of 2ᵐ points. For Sobol' points t is at most the
    /// sum over the dimensions of the degree of the polynomial less one: 0, 0, 1, 2, 2 for the first five.
    @Test(arguments: [(1, 0), (2, 0), (3, 1), (4, 3), (5, 5)], [false, true])
    func pointsFormANet(net: (dimensions: Int, quality: Int), scrambled: Bool) {
        let m = 8
        var sequence = SobolSequence(
            dimensions: net.dimensions, scrambledBy: scrambled ? RandomStream(seed: 2, name: "net") : nil)
        for _ in 0..<3 {
            let block = points(1 << m, of: &sequence)
            for shape in compositions(of: m - net.quality, into: net.dimensions) {
                var counts = [Int](repeating: 0, count: 1 << (m - net.quality))
                for point in block {
                    let cell = zip(point, shape).reduce(0) { ($0 << $1.1) + Int($1.0 * Double(1 << $1.1)) }
                    counts[cell] += 1
                }
                #expect(counts.allSatisfy { $0 == 1 << net.quality })
            }
        }
    }

    @Test(arguments: [false, true])
    func everyDimensionIsStratified(scrambled: Bool) {
        var sequence = SobolSequence(
            dimensions: SobolSequence.maximumDimensions,
            scrambledBy: scrambled ? RandomStream(seed: 4, name: "strata") : nil)
        let block = points(64, of: &sequence)
        for dimension in 0..<SobolSequence.maximumDimensions {
            #expect(Set(block.map { Int($0[dimension] * 64) }).count == 64)
        }
    }

    @Test func scramblingsDifferAndRepeat() {
        func first(_ seed: UInt64) -> [[Double]] {
            var sequence = SobolSequence(dimensions: 3, scrambledBy: RandomStream(seed: seed, name: "s"))
            return points(4, of: &sequence)
        }
        #expect(first(1) == first(1))
        #expect(first(1) != first(2))
    }

    /// ∏ (1 + (uᵢ − ½)) over four coordinates has the mean 1. The root mean square error of scrambled points falls nearly
    /// as n^−1.5; half a power less is asked for here. Random points reach n^−0.5.
    @Test func meansOfSmoothFunctionsConvergeFast() {
        func error(_ count: Int) -> Double {
            let squares = (0..<16).map { copy in
                var sequence = SobolSequence(
                    dimensions: 4, scrambledBy: RandomStream(seed: 6, name: "mean", index: UInt64(copy)))
                let mean =
                    points(count, of: &sequence).reduce(0) { $0 + $1.reduce(1) { $0 * (0.5 + $1) } } / Double(count)
                return (mean - 1) * (mean - 1)
            }
            return (squares.reduce(0, +) / 16).squareRoot()
        }
        let slope = log2(error(4_096) / error(64)) / 6
        #expect(slope < -1)
    }

    @Test(arguments: [0, 1, 5, 1_000])
    func anyPlaceIsReachedAtOnceAndFromStorage(place: UInt64) throws {
        var sequence = SobolSequence(dimensions: 5, scrambledBy: RandomStream(seed: 8, name: "place"))
        var jumped = sequence
        _ = points(Int(place), of: &sequence)
        jumped.index = place
        #expect(jumped == sequence)
        var restored = try JSONDecoder().decode(SobolSequence.self, from: JSONEncoder().encode(sequence))
        #expect(restored == sequence)
        #expect(points(3, of: &restored) == points(3, of: &sequence))
    }

    @Test func storageOfAnImpossibleSequenceIsRefused() {
        let text = #"{"dimensions": 0, "index": 0}"#
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(SobolSequence.self, from: Data(text.utf8)) }
    }
}
