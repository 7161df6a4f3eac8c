import LinearAlgebra
import Randomness
import Testing

@Suite struct LeastSquaresTests {
    @Test(arguments: [(7, 3, 2), (40, 40, 1), (3, 5, 1)])
    func theResidualIsNormalToTheColumns(_ rows: Int, _ columns: Int, _ sides: Int) throws {
        var stream = RandomStream(seed: 1, name: "least squares")
        let matrix = (0..<rows * columns).map { _ in stream.normal() }
        let right = (0..<rows * sides).map { _ in stream.normal() }
        let solution = try #require(
            leastSquares(
                rows: rows, columns: columns, rightSides: sides, matrix: matrix, right: right, threshold: 1e-12))
        #expect(solution.count == columns * sides)
        for side in 0..<sides {
            let residual = (0..<rows).map { row in
                (0..<columns).reduce(-right[side * rows + row]) {
                    $0 + matrix[$1 * rows + row] * solution[side * columns + $1]
                }
            }
            for column in 0..<columns {
                let product = (0..<rows).reduce(0) { $0 + matrix[column * rows + $1] * residual[$1] }
                #expect(abs(product) < 1e-10)
            }
        }
    }

    @Test func amongManySolutionsTheShortestIsFound() throws {
        // Two equal columns share the coefficient.
        let solution = try #require(
            leastSquares(
                rows: 3, columns: 2, rightSides: 1, matrix: [1, 2, 3, 1, 2, 3], right: [2, 4, 6], threshold: 1e-10))
        #expect(abs(solution[0] - 1) < 1e-12 && abs(solution[1] - 1) < 1e-12)
    }

    @Test func whatIsNotFiniteIsRefused() {
        #expect(
            leastSquares(rows: 2, columns: 1, rightSides: 1, matrix: [1, .nan], right: [1, 1], threshold: 0) == nil)
    }
}
