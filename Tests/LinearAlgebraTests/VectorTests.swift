import LinearAlgebra
import Testing

/// Lengths around the width of the loops, and a long one.
private let lengths = [0, 1, 2, 7, 31, 32, 33, 63, 64, 65, 100, 1_003]

/// Integers of both signs, small enough for every operation on them to be exact.
func integers<S: Scalar>(_ n: Int, seed: Int = 1) -> [S] {
    (0..<n).map { S(($0 * 37 + seed * 11) % 19 - 9) }
}

@Suite struct VectorTests {
    /// On small integers every order of summation gives the exact result, so the kernels must agree with plain loops.
    private func kernelsAgreeWithPlainLoops<S: Scalar>(_: S.Type) {
        for n in lengths {
            let x: [S] = integers(n, seed: 1)
            let y: [S] = integers(n, seed: 5)
            #expect(S.dot(n, x, y) == zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) })
            #expect(S.sumOfSquares(n, x) == x.reduce(0) { $0 + Double($1) * Double($1) })
            #expect(S.maximumMagnitude(n, x) == x.map { abs($0) }.max() ?? 0)
            #expect(S.isFinite(n, x))

            var z = y
            S.addScaled(n, 3, x, &z)
            #expect(z == zip(x, y).map { 3 * $0 + $1 })
            S.scale(n, -0.5, &z)
            #expect(z == zip(x, y).map { -0.5 * (3 * $0 + $1) })
            z = y
            S.add(n, x, &z)
            #expect(z == zip(x, y).map { $0 + $1 })
        }
    }

    @Test func inDoublePrecision() { kernelsAgreeWithPlainLoops(Double.self) }
    @Test func inSinglePrecision() { kernelsAgreeWithPlainLoops(Float.self) }

    @Test(arguments: lengths.dropFirst())
    func oneBadElementIsFoundAnywhere(n: Int) {
        for place in [0, n / 2, n - 1] {
            for bad in [Double.nan, -.nan, .infinity, -.infinity] {
                var x = [Double](repeating: 1, count: n)
                x[place] = bad
                #expect(!Double.isFinite(n, x))
                #expect(bad.isNaN ? Double.maximumMagnitude(n, x).isNaN : Double.maximumMagnitude(n, x) == .infinity)
                #expect(!Float.isFinite(n, x.map { Float($0) }))
            }
        }
    }

    @Test func largestFiniteNumbersAreFinite() {
        #expect(Double.isFinite(2, [.greatestFiniteMagnitude, -.greatestFiniteMagnitude]))
        #expect(Float.isFinite(2, [.greatestFiniteMagnitude, -.greatestFiniteMagnitude]))
    }

    /// In single precision 2²⁴ + 1 is lost; accumulated in double precision it is not.
    @Test func singlePrecisionSumsAreAccumulatedInDouble() {
        let n = 64
        let ones = [Float](repeating: 1, count: n)
        var x = ones
        x[0] = 16_777_216
        #expect(Float.dot(n, x, ones) == 16_777_216 + 63)
    }

    @Test func sumsDoNotDependOnAlignment() {
        let n = 1_001
        let values = (0..<n).map { 1 / Double($0 + 1) }
        let reference = Double.dot(n, values, values)
        for offset in 0..<8 {
            let shifted = [Double](repeating: 0, count: offset) + values
            shifted.withUnsafeBufferPointer { buffer in
                if let start = buffer.baseAddress {
                    #expect(Double.dot(n, start + offset, start + offset) == reference)
                }
            }
        }
    }

    @Test(arguments: lengths)
    func conversionRoundsToNearestAndIsExactBack(n: Int) {
        let x = (0..<n).map { 0.1 + Double($0) / 3 }
        var narrow = [Float](repeating: 0, count: n)
        Float.convert(n, from: x, to: &narrow)
        #expect(narrow == x.map { Float($0) })
        var wide = [Double](repeating: 0, count: n)
        Float.convert(n, from: narrow, to: &wide)
        #expect(wide == narrow.map { Double($0) })
        Double.convert(n, from: x, to: &wide)
        #expect(wide == x)
    }
}

@Suite struct AlignedBufferTests {
    @Test(arguments: [0, 1, 3, 8, 1_000])
    func memoryIsAlignedAndZero(count: Int) {
        let buffer = AlignedBuffer<Float>(count: count)
        #expect(Int(bitPattern: buffer.baseAddress) % AlignedBuffer<Float>.alignment == 0)
        #expect(buffer.count == count)
        #expect(buffer.elements.count == count)
        #expect(buffer.elements.allSatisfy { $0 == 0 })
    }
}
