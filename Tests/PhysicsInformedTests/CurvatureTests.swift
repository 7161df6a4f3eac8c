import LinearAlgebra
import Networks
import Parallelism
import PhysicsInformed
import Randomness
import Testing

/// Products with Hessians and Lanczos' method.
@Suite struct CurvatureTests {
    /// Problems whose residuals have derivatives of order three at most and no integrals.
    static let names = ["helmholtz", "wave-exact", "stokes-like", "inverse", "traces", "traces-exact", "data"]

    private struct Setting {
        var loss: LossFunction<Double>
        var products: HessianProducts<Double>
        var theta: [Double]
        var vectors: [[Double]]
    }

    private func setting(_ name: String, threads: Int = 2) throws -> Setting {
        let (test, problem) = try TestProblems.named(name)
        let network = test.network([7, 6])
        let loss = try LossFunction<Double>(
            problem, network: network, scheme: .sobol, seed: 5, pool: WorkerPool(threads: threads))
        var stream = RandomStream(seed: 4, name: "test")
        let start = network.initialParameters(&stream)
        let extra = problem.layout(with: network).count - start.count
        let theta = (start + [Double](repeating: 0, count: extra)).map { $0 + 0.1 * stream.normal() }
        let vectors = (0..<2).map { _ in start.map { _ in stream.normal() } }
        let products = try HessianProducts(problem, network: network, loss: loss)
        products.prepare(theta)
        return Setting(loss: loss, products: products, theta: theta, vectors: vectors)
    }

    private func gradients(_ loss: LossFunction<Double>, _ theta: [Double]) -> [[Double]] {
        let buffers = loss.termNames.map { _ in AlignedBuffer<Double>(count: theta.count) }
        _ = loss.evaluateSeparately(theta, gradients: buffers.map(\.baseAddress))
        return buffers.map { Array($0.elements) }
    }

    private func product(_ setting: Setting, _ term: Int, _ v: [Double]) -> [Double] {
        var result = v
        setting.products.multiply(term, v, into: &result)
        return result
    }

    /// (∇L(θ + hv) − ∇L(θ − hv))/2h by Richardson's extrapolation.
    @Test(arguments: names) func productsAreDerivativesOfGradients(name: String) throws {
        let setting = try setting(name)
        let v = setting.vectors[0]
        func difference(_ h: Double) -> [[Double]] {
            func moved(_ h: Double) -> [Double] {
                setting.theta.enumerated().map { $1 + ($0 < v.count ? h * v[$0] : 0) }
            }
            return zip(gradients(setting.loss, moved(h)), gradients(setting.loss, moved(-h))).map { above, below in
                zip(above, below).map { ($0 - $1) / (2 * h) }
            }
        }
        let (coarse, fine) = (difference(2e-3), difference(1e-3))
        for term in setting.loss.termNames.indices {
            let exact = product(setting, term, v)
            let scale = exact.map(abs).max() ?? 1
            for index in v.indices {
                let estimate = (4 * fine[term][index] - coarse[term][index]) / 3
                #expect(abs(exact[index] - estimate) <= 1e-6 * scale + 1e-9, "\(setting.loss.termNames[term])")
            }
        }
    }

    /// vᵀHw = wᵀHv, and threads change no bit.
    @Test(arguments: names) func productsAreSymmetric(name: String) throws {
        let one = try setting(name, threads: 1)
        let many = try setting(name, threads: 3)
        let (v, w) = (one.vectors[0], one.vectors[1])
        for term in one.loss.termNames.indices {
            let (hv, hw) = (product(one, term, v), product(one, term, w))
            let (a, b) = (zip(w, hv).reduce(0) { $0 + $1.0 * $1.1 }, zip(v, hw).reduce(0) { $0 + $1.0 * $1.1 })
            let scale = zip(w, hv).reduce(0) { $0 + abs($1.0 * $1.1) }
            #expect(abs(a - b) <= 1e-12 * scale)
            #expect(product(many, term, v) == hv)
        }
    }

    /// A biharmonic residual needs derivatives of order five along a direction, which is said.
    @Test func whatIsNotAvailableIsRefused() throws {
        let (test, problem) = try TestProblems.named("plate-exact")
        let network = test.network([5])
        let loss = try LossFunction<Double>(
            problem, network: network, scheme: .sobol, seed: 5, pool: WorkerPool(threads: 1))
        #expect(throws: CurvatureError.self) { try HessianProducts(problem, network: network, loss: loss) }
    }

    /// A matrix with known eigenvalues: the largest is found from below, within the residual.
    @Test(arguments: [1, 2, 40, 300]) func lanczosFindsTheLargestEigenvalue(count: Int) {
        var stream = RandomStream(seed: 9, name: "test")
        let mirror = (0..<count).map { _ in stream.normal() }
        let square = mirror.reduce(0) { $0 + $1 * $1 }
        let eigenvalues = (0..<count).map { -5 + 105 * Double($0 + 1) / Double(count) }
        func reflected(_ x: [Double]) -> [Double] {
            let share = 2 * zip(mirror, x).reduce(0) { $0 + $1.0 * $1.1 } / square
            return zip(x, mirror).map { $0 - share * $1 }
        }
        let result = Lanczos().largestEigenvalue(count: count, stream: &stream) {
            (v: UnsafePointer<Double>, target: UnsafeMutablePointer<Double>) in
            let x = reflected((0..<count).map { v[$0] })
            let y = reflected(zip(eigenvalues, x).map { $0 * $1 })
            for index in 0..<count { target[index] = y[index] }
        }
        #expect(result.eigenvalue <= 100 + 1e-9)
        #expect(result.eigenvalue >= 100 - max(result.residual, 1e-9))
        #expect(result.residual <= 0.1 + 1e-9)
    }

    /// Alignment is the cosine for two gradients; histograms count every entry once.
    @Test func snapshotsAreWhatTheySay() {
        let snapshot = GradientSnapshot(
            step: 3, weights: [1, 2], gradients: [[3, 4, 0], [4, 3, 1e-20]], layers: [[0..<2], [2..<3]],
            stiffness: [.nan, .nan])
        #expect(snapshot.norms[0] == 5 && abs(snapshot.norms[1] - 5) < 1e-15)
        #expect(abs(snapshot.cosines[0][1] - 0.96) < 1e-15 && abs(snapshot.alignment - 0.96) < 1e-14)
        for term in 0..<2 {
            #expect(snapshot.histograms[term][0].reduce(0, +) == 2 && snapshot.histograms[term][1].first == 1)
        }
        // 3 lies in the second quarter of its decade, 4 in the third.
        let zero = Int(-GradientSnapshot.lowestExponent) * GradientSnapshot.binsPerDecade
        #expect(snapshot.histograms[0][0][zero + 1] == 1 && snapshot.histograms[0][0][zero + 2] == 1)
    }
}
