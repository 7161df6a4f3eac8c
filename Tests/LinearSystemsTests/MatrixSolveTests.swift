import LinearSystems
import Parallelism
import Testing

@Suite struct MatrixSolveTests {
    static let pool = WorkerPool(threads: 2)

    static func preconditioners(_ matrix: SparseMatrix, singularParts: Int = 0) -> [any MatrixPreconditioner] {
        [
            NoPreconditioner(matrix), JacobiPreconditioner(matrix),
            IncompleteCholesky(matrix, singularParts: singularParts),
            ModifiedIncompleteCholesky(matrix, singularParts: singularParts),
            ChebyshevPolynomial(matrix, pool: pool), ChebyshevPolynomial(matrix, steps: 4, pool: pool),
        ]
    }

    func count(
        _ matrix: SparseMatrix, _ preconditioner: any MatrixPreconditioner, _ right: [Double],
        _ method: any OuterIteration = ConjugateGradients()
    ) -> Int {
        let passes = MatrixSystem(matrix, preconditioner, pool: Self.pool).passes(for: right, directions: 2)
        let outcome = method.solve(passes, SolveLimits(), watch: nil)
        #expect(outcome.stop == .converged, "\(outcome.stop)")
        #expect(outcome.relativeResidual <= 1e-6)
        let product = matrix.product(passes.solution, pool: Self.pool)
        let residual = zip(passes.rightHandSide, product).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        #expect(residual.squareRoot() <= 1.0001e-6 * passes.rightHandSideNorm)
        return outcome.iterations
    }

    /// The counts of independent programs on the same matrices, with noise of other seeds and with ones.
    @Test func countsAreThoseOfOtherPrograms() {
        let cube = TestMatrices.cube(64)
        let noise = TestMatrices.noise(cube.rows)
        #expect(abs(count(cube, NoPreconditioner(cube), noise) - 184) <= 2)
        #expect(abs(count(cube, NoPreconditioner(cube), [Double](repeating: 1, count: cube.rows)) - 129) <= 2)
        #expect(abs(count(cube, IncompleteCholesky(cube), noise) - 59) <= 2)
        #expect(abs(count(cube, ModifiedIncompleteCholesky(cube), noise) - 28) <= 2)
        let ball = TestMatrices.cubeWithBall(64)
        let other = TestMatrices.noise(ball.rows)
        #expect(abs(count(ball, NoPreconditioner(ball), [Double](repeating: 1, count: ball.rows)) - 271) <= 2)
        #expect(abs(count(ball, IncompleteCholesky(ball), other) - 120) <= 4)
        #expect(abs(count(ball, ModifiedIncompleteCholesky(ball), other) - 65) <= 2)
    }

    @Test func oneRetainedDirectionIsConjugateGradients() {
        for matrix in [TestMatrices.cubeWithBall(16), TestMatrices.plate(20)] {
            let right = TestMatrices.noise(matrix.rows)
            for preconditioner in Self.preconditioners(matrix) {
                let plain = count(matrix, preconditioner, right)
                let flexible = count(matrix, preconditioner, right, FlexibleConjugateGradients(directions: 1))

                // Factors are applied in single precision, whose rounding is not symmetric.
                #expect(
                    abs(plain - flexible) <= 1 + plain / 20, "\(type(of: preconditioner).name): \(plain), \(flexible)")
            }
        }
    }

    @Test func preconditionersAreSymmetricAndPositive() {
        for matrix in [
            TestMatrices.cube(12), TestMatrices.cubeWithBall(12), TestMatrices.plate(25), TestMatrices.network(300),
        ] {
            let nullSpaces = NullSpaces(matrix)
            for preconditioner in Self.preconditioners(matrix, singularParts: nullSpaces.singular.count) {
                func apply(_ vector: [Float]) -> (image: [Float], product: Double) {
                    var image = [Float](repeating: 0, count: vector.count)
                    let product = preconditioner.apply(vector, into: &image)
                    return (image, product)
                }
                func dot(_ x: [Float], _ y: [Float]) -> Double {
                    zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
                }
                for seed in 0..<8 as Range<UInt64> {
                    let x = TestMatrices.noise(matrix.rows, seed: 2 * seed).map { Float($0) }
                    let y = TestMatrices.noise(matrix.rows, seed: 2 * seed + 1).map { Float($0) }
                    let (bx, by) = (apply(x), apply(y))
                    #expect(bx.product > 0)
                    #expect(abs(bx.product - dot(x, bx.image)) <= 1e-5 * bx.product)
                    let scale = (bx.product * by.product).squareRoot()
                    #expect(
                        abs(dot(y, bx.image) - dot(x, by.image)) <= 1e-4 * scale, "\(type(of: preconditioner).name)")
                }
            }
        }
    }

    @Test func theSameBitsForAnyNumberOfThreads() {
        let matrix = TestMatrices.cubeWithBall(24)
        let right = TestMatrices.noise(matrix.rows)
        let solutions = [1, 2, 3].map { threads in
            let pool = WorkerPool(threads: threads)
            let passes = MatrixSystem(matrix, ChebyshevPolynomial(matrix, pool: pool), pool: pool).passes(for: right)
            _ = ConjugateGradients().solve(passes, SolveLimits(), watch: nil)
            return passes.solution
        }
        #expect(solutions[0] == solutions[1] && solutions[0] == solutions[2])
    }

    @Test func deflationReducesCounts() {
        let matrix = TestMatrices.cubeWithBall(24)
        let right = [Double](repeating: 1, count: matrix.rows)
        let blocks = DeflatedConjugateGradients(Subspace(constantsOn: 40, partsOf: matrix))
        for preconditioner in [JacobiPreconditioner(matrix), IncompleteCholesky(matrix)] as [any MatrixPreconditioner] {
            let plain = count(matrix, preconditioner, right)
            let deflated = count(matrix, preconditioner, right, blocks)
            #expect(Double(deflated) < 0.8 * Double(plain), "\(plain), \(deflated)")
        }
    }

    /// With the lowest eigenvectors deflated, conjugate gradients takes as long as with the spectrum that is left.
    @Test func exactEigenvectorsAreSolvedForAtOnce() {
        let n = 200
        let rows = (0..<n).map(Int32.init)
        let eigenvalues: [Double] = rows.map { $0 < 5 ? 1e-6 * Double($0 + 1) : 1 + Double($0) / 200 }
        let matrix = SparseMatrix(rows: n, rows, rows, eigenvalues)
        var vectors = [[Double]](repeating: [Double](repeating: 0, count: n), count: 5)
        for vector in 0..<5 { vectors[vector][vector] = 1 }
        let right = TestMatrices.noise(n)
        let plain = count(matrix, NoPreconditioner(matrix), right)
        let deflated = count(
            matrix, NoPreconditioner(matrix), right, DeflatedConjugateGradients(Subspace(vectors + [vectors[0]])))
        #expect(deflated <= 12 && plain > deflated)
    }

    @Test func singularSystemsAreProjected() {
        let matrix = TestMatrices.closedCube(10)
        let nullSpaces = NullSpaces(matrix)
        #expect(nullSpaces.singular.count == 1 && nullSpaces.parts == 1)
        let right = TestMatrices.noise(matrix.rows)
        #expect(nullSpaces.incompatibility(of: right) != nil)
        for preconditioner in Self.preconditioners(matrix, singularParts: 1) {
            #expect(count(matrix, preconditioner, right) < 60)
        }
        let passes = MatrixSystem(matrix, IncompleteCholesky(matrix, singularParts: 1), pool: Self.pool).passes(
            for: right)
        _ = ConjugateGradients().solve(passes, SolveLimits(tolerance: 1e-12), watch: nil)
        #expect(abs(passes.solution.reduce(0, +)) < 1e-10)
        #expect(NullSpaces(matrix).incompatibility(of: passes.rightHandSide) == nil)
    }

    @Test func partsOfNetworksAreFound() throws {
        let matrix = TestMatrices.network(400)
        let nullSpaces = NullSpaces(matrix)
        #expect(nullSpaces.parts == 2)
        #expect(nullSpaces.singular.map { $0.rows.first } == [400])
        let right = TestMatrices.noise(matrix.rows)
        let fault = try #require(nullSpaces.incompatibility(of: right))
        #expect(fault.firstRow == 400 && fault.rows == 400)
        #expect(fault.description.contains("row 401"))
        #expect(count(matrix, IncompleteCholesky(matrix, singularParts: 1), right) < 200)
    }

    /// A cell of a grid that is walled in has a row of zeros; it stays at 0.
    @Test func unknownsInNoEquationStayAtZero() {
        let matrix = SparseMatrix(
            rows: 4, [0, 0, 1, 1, 2, 3], [0, 1, 0, 1, 2, 3], [2, -1, -1, 2, 0, 5])
        let nullSpaces = NullSpaces(matrix)
        #expect(nullSpaces.singular.map(\.rows) == [[2]])
        for preconditioner in Self.preconditioners(matrix, singularParts: 1) {
            let passes = MatrixSystem(matrix, preconditioner, nullSpaces: nullSpaces, pool: Self.pool).passes(
                for: [1, 1, 7, 10])
            let outcome = ConjugateGradients().solve(passes, SolveLimits(tolerance: 1e-10), watch: nil)
            #expect(outcome.stop == .converged, "\(type(of: preconditioner).name)")
            for (found, exact) in zip(passes.solution, [1.0, 1, 0, 2]) { #expect(abs(found - exact) < 1e-8) }
        }
    }

    @Test func badlyScaledMatricesAreSolved() {
        let plate = TestMatrices.plate(16)
        for power in [-250, -60, 60, 250] {
            var rows: [Int32] = [], columns: [Int32] = [], values: [Double] = []
            for row in 0..<plate.rows {
                for (column, value) in plate.row(row) {
                    rows.append(Int32(row))
                    columns.append(Int32(column))
                    values.append(Double(sign: .plus, exponent: power, significand: value))
                }
            }
            let matrix = SparseMatrix(rows: plate.rows, rows, columns, values)
            let right = TestMatrices.noise(plate.rows)
            let plain = count(plate, IncompleteCholesky(plate), right)
            #expect(count(matrix, IncompleteCholesky(matrix), right) == plain)
        }
    }

    @Test func anInitialGuessShortensTheSolve() {
        let matrix = TestMatrices.plate(20)
        let right = TestMatrices.noise(matrix.rows)
        let system = MatrixSystem(matrix, IncompleteCholesky(matrix), pool: Self.pool)
        let first = system.passes(for: right)
        let outcome = ConjugateGradients().solve(first, SolveLimits(), watch: nil)
        let again = system.passes(for: right, from: first.solution)
        let none = ConjugateGradients().solve(again, SolveLimits(), watch: nil)
        #expect(outcome.iterations > 0 && none.iterations == 0 && none.stop == .converged)
    }

    @Test func indefinitenessIsFoundWhileSolving() {
        let n = 100
        let rows = (0..<n).map(Int32.init)
        let eigenvalues: [Double] = rows.map { $0 == 50 ? -1 : Double($0 + 1) }
        let matrix = SparseMatrix(rows: n, rows, rows, eigenvalues)
        let passes = MatrixSystem(matrix, NoPreconditioner(matrix), pool: Self.pool).passes(
            for: [Double](repeating: 1, count: n))
        #expect(ConjugateGradients().solve(passes, SolveLimits(), watch: nil).stop == .indefinite)
    }

    @Test func breakdownsAreHandledAndSaid() {
        // Kershaw's matrix: positive definite, and IC(0) meets a negative pivot.
        let values: [Double] = [3, -2, 0, 2, -2, 3, -2, 0, 0, -2, 3, -2, 2, 0, -2, 3]
        let places = (0..<16).filter { values[$0] != 0 }
        let matrix = SparseMatrix(
            rows: 4, places.map { Int32($0 / 4) }, places.map { Int32($0 % 4) }, places.map { values[$0] })
        let factor = IncompleteCholesky(matrix)
        #expect(factor.remarks.contains { $0.contains("the diagonal was raised") })
        #expect(count(matrix, factor, [1, 2, 3, 4]) <= 8)
    }
}
