import LinearSystems
import Parallelism
import Testing

@Suite struct MatrixFaultTests {
    static let good: [(Int, Int, Double)] = [
        (0, 0, 2), (0, 1, -1), (1, 0, -1), (1, 1, 2), (1, 2, -1), (2, 1, -1), (2, 2, 2),
    ]

    static func matrix(_ entries: [(Int, Int, Double)]) -> SparseMatrix {
        let size = entries.reduce(0) { max($0, $1.0, $1.1) } + 1
        return SparseMatrix(rows: size, entries.map { Int32($0.0) }, entries.map { Int32($0.1) }, entries.map(\.2))
    }

    static let broken: [(entries: [(Int, Int, Double)], fault: MatrixFault)] = [
        (good + [(2, 0, .nan)], .notFinite(row: 2, column: 0, value: .nan)),
        (good + [(1, 2, .infinity)], .notFinite(row: 1, column: 2, value: .infinity)),
        (good + [(3, 3, 0)], .zeroRow(3)),
        (good + [(0, 2, 0.5)], .unsymmetric(row: 0, column: 2, value: 0.5, mirror: 0)),
        (good + [(2, 0, 0.5)], .unsymmetric(row: 2, column: 0, value: 0.5, mirror: 0)),
        (good + [(1, 2, 0.5)], .unsymmetric(row: 1, column: 2, value: -0.5, mirror: -1)),
        (good + [(1, 1, -2.5)], .diagonal(row: 1, value: -0.5)),
        (good + [(1, 1, 2), (2, 2, 2), (1, 2, -4), (2, 1, -4)], .minor(row: 1, column: 2, value: -5, largest: 4)),
    ]

    @Test(arguments: broken.indices)
    func theFirstOffendingEntryIsNamed(_ index: Int) throws {
        let pool = WorkerPool(threads: 1)
        let (entries, expected) = Self.broken[index]
        do throws(MatrixFault) {
            try Self.matrix(entries).checkIsPositive(pool: pool)
            Issue.record("accepted")
        } catch {
            #expect(error.description == expected.description)
        }
    }

    @Test func indefiniteMatricesAreFoundByTestProducts() throws {
        // Every 2 x 2 minor is fine: the third eigenvalue is 1 - 2 · 0.9.
        let entries = (0..<3).flatMap { row in (0..<3).map { (row, $0, row == $0 ? 1.0 : -0.9) } }
        do throws(MatrixFault) {
            try Self.matrix(entries).checkIsPositive(pool: WorkerPool(threads: 1))
            Issue.record("accepted")
        } catch {
            guard case .curvature(let quotient) = error else { throw error }
            #expect(quotient < 0 && quotient >= -0.8 - 1e-12)
        }
    }

    @Test func positiveMatricesPass() throws {
        let pool = WorkerPool(threads: 2)
        for matrix in [
            TestMatrices.cube(8), TestMatrices.cubeWithBall(12), TestMatrices.closedCube(9), TestMatrices.plate(20),
            TestMatrices.network(200),
        ] { try matrix.checkIsPositive(pool: pool) }
    }

    @Test func entriesAreSortedMirroredAndAddedUp() {
        let matrix = SparseMatrix(rows: 3, [2, 1, 0, 2, 2], [0, 1, 0, 2, 0], [5, 2, 1, 3, 0.5], mirrored: true)
        #expect(matrix.entryCount == 5)
        #expect(matrix.row(0).map(\.column) == [0, 2] && matrix.row(0).map(\.value) == [1, 5.5])
        #expect(matrix.row(2).map(\.column) == [0, 2] && matrix.row(2).map(\.value) == [5.5, 3])
        #expect(matrix[0, 2] == 5.5 && matrix[1, 0] == 0 && matrix.diagonal == [1, 2, 3])
    }
}
