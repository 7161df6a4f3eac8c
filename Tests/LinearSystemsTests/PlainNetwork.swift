import LinearSystems

/// The published network and its loss in plain loops, in double precision: what the fast code is compared with.
struct PlainNetwork {
    let architecture: ConjugateDirectionArchitecture
    let x: Int
    let y: Int
    let z: Int

    /// A field of channels: `[((k · y + j) · x + i) · channels + c]`.
    typealias Field = [Double]

    struct Box {
        var x: Int
        var y: Int
        var z: Int
        var half: Box { Box(x: x / 2, y: y / 2, z: z / 2) }
    }

    var box: Box { Box(x: x, y: y, z: z) }

    static func convolve(
        _ box: Box, _ field: Field, _ inputs: Int, _ outputs: Int, _ parameters: ArraySlice<Double>
    ) -> Field {
        let start = parameters.startIndex
        var result = Field(repeating: 0, count: box.x * box.y * box.z * outputs)
        for k in 0..<box.z {
            for j in 0..<box.y {
                for i in 0..<box.x {
                    for to in 0..<outputs {
                        var sum = parameters[start + 27 * inputs * outputs + to]
                        for tap in 0..<27 {
                            let (a, b, c) = (i + tap % 3 - 1, j + tap / 3 % 3 - 1, k + tap / 9 - 1)
                            guard a >= 0, b >= 0, c >= 0, a < box.x, b < box.y, c < box.z else { continue }
                            for from in 0..<inputs {
                                sum +=
                                    field[((c * box.y + b) * box.x + a) * inputs + from]
                                    * parameters[start + (tap * inputs + from) * outputs + to]
                            }
                        }
                        result[((k * box.y + j) * box.x + i) * outputs + to] = sum
                    }
                }
            }
        }
        return result
    }

    func rectified(_ box: Box, _ field: Field, _ layer: Int, _ parameters: [Double]) -> Field {
        let start = 27 * 16 + 16 + (layer - 1) * (27 * 256 + 16)
        return Self.convolve(box, field, 16, 16, parameters[start..<start + 27 * 256 + 16]).map { max(0, $0) }
    }

    /// f(r), written out as the published model is: `a` and `b` take turns, and every second convolution adds `a`.
    func direction(_ r: [Double], _ parameters: [Double]) -> [Double] {
        func plus(_ u: Field, _ v: Field) -> Field { zip(u, v).map { $0 + $1 } }
        var layer = 0
        func next(_ box: Box, _ field: Field) -> Field {
            layer += 1
            return rectified(box, field, layer, parameters)
        }
        let first = Self.convolve(box, r, 1, 16, parameters[0..<27 * 16 + 16])
        var a = next(box, first)
        var b = next(box, a)
        for _ in 0..<(architecture.before - 2) / 2 {
            a = plus(next(box, b), a)
            b = next(box, a)
        }
        let half = box.half
        var coarse = Field(repeating: 0, count: half.x * half.y * half.z * 16)
        for k in 0..<z {
            for j in 0..<y {
                for i in 0..<x {
                    for c in 0..<16 {
                        coarse[((k / 2 * half.y + j / 2) * half.x + i / 2) * 16 + c] +=
                            b[((k * y + j) * x + i) * 16 + c] / 8
                    }
                }
            }
        }
        for _ in 0..<architecture.coarse / 2 {
            let inner = next(half, coarse)
            coarse = plus(next(half, inner), coarse)
        }
        for k in 0..<z {
            for j in 0..<y {
                for i in 0..<x {
                    for c in 0..<16 {
                        b[((k * y + j) * x + i) * 16 + c] +=
                            coarse[((k / 2 * half.y + j / 2) * half.x + i / 2) * 16 + c]
                    }
                }
            }
        }
        for _ in 0..<architecture.after / 2 {
            let inner = next(box, b)
            b = plus(next(box, inner), b)
        }
        let offset = parameters.count - 17
        return (0..<x * y * z).map { cell in
            (0..<16).reduce(parameters[offset + 16]) { $0 + parameters[offset + $1] * b[cell * 16 + $1] }
        }
    }

    func laplacian(_ f: [Double]) -> [Double] {
        func at(_ i: Int, _ j: Int, _ k: Int) -> Double {
            i < 0 || j < 0 || k < 0 || i >= x || j >= y || k >= z ? 0 : f[(k * y + j) * x + i]
        }
        return (0..<x * y * z).map { cell in
            let (i, j, k) = (cell % x, cell / x % y, cell / x / y)
            return 6 * at(i, j, k) - at(i - 1, j, k) - at(i + 1, j, k) - at(i, j - 1, k) - at(i, j + 1, k)
                - at(i, j, k - 1) - at(i, j, k + 1)
        }
    }

    /// ‖r − α A f(r)‖², as a sum of squares.
    func loss(_ r: [Double], direction f: [Double]) -> Double {
        let q = laplacian(f)
        let alpha = zip(r, f).reduce(0) { $0 + $1.0 * $1.1 } / zip(f, q).reduce(0) { $0 + $1.0 * $1.1 }
        return zip(r, q).reduce(0) { $0 + ($1.0 - alpha * $1.1) * ($1.0 - alpha * $1.1) }
    }
}
