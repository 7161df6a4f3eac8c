#if BoomerAMG
    import LinearSystems
    import Parallelism
    import Testing

    /// Algebraic multigrid, in builds that have it.
    @Suite struct AlgebraicMultigridTests {
        @Test func countsHardlyGrowAndSingularSystemsAreSolved() throws {
            let pool = WorkerPool(threads: 2)
            func count(_ matrix: SparseMatrix) throws -> Int {
                let nullSpaces = NullSpaces(matrix)
                let multigrid = try #require(
                    AlgebraicMultigrid(matrix, singularParts: nullSpaces.singular.count))
                let passes = MatrixSystem(matrix, multigrid, nullSpaces: nullSpaces, pool: pool).passes(
                    for: TestMatrices.noise(matrix.rows))
                let outcome = ConjugateGradients().solve(passes, SolveLimits(), watch: nil)
                #expect(outcome.stop == .converged)
                return outcome.iterations
            }
            #expect(try count(TestMatrices.cube(16)) <= 8)
            #expect(try count(TestMatrices.cube(40)) <= 10)
            #expect(try count(TestMatrices.cubeWithBall(32)) <= 12)
            #expect(try count(TestMatrices.closedCube(16)) <= 12)
            #expect(try count(TestMatrices.network(300)) <= 40)
        }
    }
#endif
