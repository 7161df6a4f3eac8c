import LinearAlgebra
import Testing

/// A column-major matrix with unused room below its columns.
private struct StoredMatrix<S: Scalar> {
    var rows: Int
    var columns: Int
    var leading: Int
    var values: [S]

    init(_ rows: Int, _ columns: Int, padding: Int, seed: Int) {
        self.rows = rows
        self.columns = columns
        leading = rows + padding
        values = integers(leading * columns, seed: seed)
    }

    subscript(i: Int, j: Int) -> S { values[i + j * leading] }
}

/// Entry (i, j) of op(A) op(B), term by term.
private func entry<S: Scalar>(
    _ i: Int, _ j: Int, _ inner: Int, _ a: StoredMatrix<S>, _ transposedA: Bool, _ b: StoredMatrix<S>,
    _ transposedB: Bool
) -> S {
    (0..<inner).reduce(0) { $0 + (transposedA ? a[$1, i] : a[i, $1]) * (transposedB ? b[j, $1] : b[$1, j]) }
}

@Suite struct ProductTests {
    private func products<S: Scalar>(_: S.Type) {
        for (m, n, k) in [(1, 1, 1), (3, 5, 4), (17, 2, 9), (64, 33, 20)] {
            for (transposedA, transposedB) in [(false, false), (true, false), (false, true), (true, true)] {
                let a = StoredMatrix<S>(transposedA ? k : m, transposedA ? m : k, padding: 2, seed: 1)
                let b = StoredMatrix<S>(transposedB ? n : k, transposedB ? k : n, padding: 1, seed: 2)
                let before = StoredMatrix<S>(m, n, padding: 3, seed: 3)
                var c = before
                S.product(
                    rows: m, columns: n, inner: k,
                    alpha: 2, a.values, leading: a.leading, transposed: transposedA,
                    b.values, leading: b.leading, transposed: transposedB,
                    beta: -1, &c.values, leading: c.leading)
                var expected = before
                for i in 0..<m {
                    for j in 0..<n {
                        expected.values[i + j * expected.leading] =
                            2 * entry(i, j, k, a, transposedA, b, transposedB) - before[i, j]
                    }
                }
                #expect(c.values == expected.values)
            }
        }
    }

    @Test func productInDoublePrecision() { products(Double.self) }
    @Test func productInSinglePrecision() { products(Float.self) }

    private func matrixVectors<S: Scalar>(_: S.Type) {
        for transposed in [false, true] {
            let a = StoredMatrix<S>(7, 4, padding: 2, seed: 1)
            let x: [S] = integers(transposed ? 7 : 4, seed: 4)
            let before: [S] = integers(transposed ? 4 : 7, seed: 6)
            var y = before
            S.matrixVector(
                rows: 7, columns: 4, alpha: 3, a.values, leading: a.leading, transposed: transposed, x, beta: 2, &y)
            let expected = before.indices.map { i in
                2 * before[i] + 3 * x.indices.reduce(S(0)) { $0 + (transposed ? a[$1, i] : a[i, $1]) * x[$1] }
            }
            #expect(y == expected)
        }
    }

    @Test func matrixVectorInDoublePrecision() { matrixVectors(Double.self) }
    @Test func matrixVectorInSinglePrecision() { matrixVectors(Float.self) }
}

@Suite struct SmallProductTests {
    /// Shapes of network layers (points × channels rows, features columns) and awkward ones.
    static let shapes = [
        (1, 1, 1), (5, 3, 2), (16, 1, 2), (64, 128, 128), (80, 50, 3), (96, 2, 64), (33, 17, 65), (256, 20, 20),
        (192, 128, 1),
        (640, 256, 256),
    ]

    private func smallProducts<S: Scalar>(_: S.Type) {
        for (m, n, k) in Self.shapes {
            for accumulate in [false, true] {
                let a = StoredMatrix<S>(m, k, padding: 16, seed: 1)
                let b = StoredMatrix<S>(k, n, padding: 4, seed: 2)
                let before = StoredMatrix<S>(m, n, padding: 8, seed: 3)
                let product = S.smallProduct(
                    rows: m, columns: n, inner: k, leadingA: a.leading, leadingB: b.leading, leadingC: before.leading,
                    accumulate: accumulate)
                var special = before
                product(a.values, b.values, &special.values)
                var general = before
                product.general(a.values, b.values, &general.values)
                #expect(special.values == general.values)
                let place = (i: m - 1, j: n - 1)
                #expect(
                    special[place.i, place.j] == entry(place.i, place.j, k, a, false, b, false)
                        + (accumulate ? before[place.i, place.j] : 0))
            }
        }
    }

    /// Integers make both results exact; the room between columns must stay untouched.
    @Test func kernelsAgreeWithGeneralProductsInDoublePrecision() { smallProducts(Double.self) }
    @Test func kernelsAgreeWithGeneralProductsInSinglePrecision() { smallProducts(Float.self) }

    /// Without accumulation C may hold anything, even what is not a number.
    @Test func oldContentIsNotRead() {
        let product = Double.smallProduct(
            rows: 8, columns: 2, inner: 3, leadingA: 8, leadingB: 3, leadingC: 8, accumulate: false)
        var c = [Double](repeating: .nan, count: 16)
        product([Double](repeating: 1, count: 24), [Double](repeating: 2, count: 6), &c)
        #expect(c == [Double](repeating: 6, count: 16))
    }
}
