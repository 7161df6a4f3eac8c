import LinearAlgebra
import Optimizers
import PhysicsInformed
import Randomness
import Testing

/// Gradient surgery on given gradients: formulas by hand, and what each method promises.
@Suite struct SurgeryTests {
    /// A surgery made for the first of the terms being an equation and the others conditions.
    private func make<S: Scalar>(
        _ name: String, terms: Int, count: Int, _ options: [String: OptionValue] = [:], as type: S.Type = S.self
    ) throws -> any GradientSurgery<S> {
        let method = try #require(surgeryMethod(named: name))
        let isEquation = (0..<terms).map { $0 == 0 }
        let values = try OptionValues(options, checkedAgainst: method.description.options)
        let made: (any GradientSurgery<S>)? = method.make(
            SurgeryTerms(isEquation: isEquation, parameterCount: count, seed: 7), options: values)
        return try #require(made)
    }

    private func join(_ surgery: any GradientSurgery<Double>, _ rows: [[Double]]) -> [Double] {
        let gradients = TermGradients<Double>(termCount: rows.count, parameterCount: rows[0].count)
        for (term, row) in rows.enumerated() {
            for (index, value) in row.enumerated() { gradients[term][index] = value }
        }
        var result = [Double](repeating: .nan, count: rows[0].count)
        surgery.join(gradients, into: &result)
        return result
    }

    private func joined(_ name: String, _ rows: [[Double]], _ options: [String: OptionValue] = [:]) throws -> [Double] {
        join(try make(name, terms: rows.count, count: rows[0].count, options), rows)
    }

    private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    private func length(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
    private func sum(_ rows: [[Double]], _ factors: [Double]) -> [Double] {
        rows[0].indices.map { index in zip(rows, factors).reduce(0) { $0 + $1.1 * $1.0[index] } }
    }
    private func agree(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-13) -> Bool {
        zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, length(b)) }
    }

    private func random(_ terms: Int, _ count: Int, seed: UInt64 = 1) -> [[Double]] {
        var stream = RandomStream(seed: seed, name: "test")
        return (0..<terms).map { term in (0..<count).map { _ in stream.normal() * Double(1 + 3 * term) } }
    }

    // MARK: PCGrad

    @Test func projectionByHand() throws {
        // g₁ loses its share along g₂ and the other way round.
        let g = try joined("pcgrad", [[1, 0], [-1, 1]])
        #expect(agree(g, [0.5 + 0, 0.5 + 1]))
        // Without a conflict nothing is lost.
        #expect(try joined("pcgrad", [[1, 0], [1, 1]]) == [2, 1])
        #expect(try joined("pcgrad", [[1, 0], [1, 1]], ["reduction": .word("mean")]) == [1, 0.5])
        // A gradient of zero does nothing.
        #expect(try joined("pcgrad", [[1, 0], [0, 0]]) == [1, 0])
    }

    @Test func theOrderOfProjectionsComesFromAStreamThatIsSaved() throws {
        let rows = [[1.0, 0.2, -0.3], [-1, 0.5, 0.2], [-0.4, -1, 0.6], [0.3, 0.2, -1]]
        let surgery = try make("pcgrad", terms: 4, count: 3, as: Double.self)
        let first = (0..<6).map { _ in join(surgery, rows) }
        let place = surgery.savedState()
        let next = (0..<6).map { _ in join(surgery, rows) }
        #expect(Set(first + next).count > 1)
        let other = try make("pcgrad", terms: 4, count: 3, as: Double.self)
        try other.restore(place)
        #expect((0..<6).map { _ in join(other, rows) } == next)
    }

    // MARK: ConFIG

    @Test(arguments: [2, 3, 5]) func configMakesEqualAnglesWithAllGradients(terms: Int) throws {
        let rows = random(terms, 40)
        let g = try joined("config", rows)
        let cosines = rows.map { dot($0, g) / length($0) / length(g) }
        #expect(cosines[0] > 0)
        for cosine in cosines { #expect(abs(cosine - cosines[0]) < 1e-12) }
        // Its length is the sum of the projections.
        #expect(abs(length(g) - rows.reduce(0) { $0 + dot($1, g) } / length(g)) < 1e-11 * length(g))
    }

    @Test(arguments: 1...5) func configOfTwoIsTheClosedForm(seed: Int) throws {
        // d = U(U(O(g₁, g₂)) + U(O(g₂, g₁))) with O(a, b) = b − (a·b/‖a‖²) a
        let rows = random(2, 9, seed: UInt64(seed))
        func unit(_ a: [Double]) -> [Double] { a.map { $0 / length(a) } }
        func across(_ a: [Double], _ b: [Double]) -> [Double] { sum([b, a], [1, -dot(a, b) / dot(a, a)]) }
        let d = unit(sum([unit(across(rows[0], rows[1])), unit(across(rows[1], rows[0]))], [1, 1]))
        let size = dot(rows[0], d) + dot(rows[1], d)
        #expect(agree(try joined("config", rows), d.map { size * $0 }, 1e-12))
    }

    @Test func configOfDependentGradients() throws {
        // Opposite gradients leave no direction; parallel ones are their sum; one that vanishes takes no part.
        let opposite = try joined("config", [[1, 2, 0], [-2, -4, 0]])
        #expect(length(opposite) < 1e-10)
        #expect(agree(try joined("config", [[1, 2, 0], [2, 4, 0]]), [3, 6, 0], 1e-12))
        #expect(agree(try joined("config", [[1, 2, 0], [0, 0, 0]]), [1, 2, 0], 1e-12))
        #expect(try joined("config", [[0, 0], [0, 0]]) == [0, 0])
    }

    @Test(arguments: ["one", "all"]) func momentumConfigIsItsRecurrence(refresh: String) throws {
        let surgery = try make("momentum-config", terms: 3, count: 12, ["refresh": .word(refresh)], as: Double.self)
        let (beta1, beta2) = (0.9, 0.999)
        var means = [[Double]](repeating: [Double](repeating: 0, count: 12), count: 3)
        var counts = [0, 0, 0]
        var last = [Double](repeating: 0, count: 12), squares = last
        for step in 1...9 {
            let rows = random(3, 12, seed: UInt64(step))
            let only = surgery.onlyTerm
            #expect(only == (refresh == "all" || step == 1 ? nil : (step - 1) % 3))
            for term in 0..<3 where only == nil || only == term {
                means[term] = sum([means[term], rows[term]], [beta1, 1 - beta1])
                counts[term] += 1
            }
            let direction = try joined(
                "config", (0..<3).map { k in means[k].map { $0 / (1 - power(beta1, counts[k])) } })
            let result = join(surgery, rows)
            for i in 0..<12 {
                let mean = direction[i] * (1 - power(beta1, step))
                let pseudo = (mean - beta1 * last[i]) / (1 - beta1)
                last[i] = mean
                squares[i] = beta2 * squares[i] + (1 - beta2) * pseudo * pseudo
                let expected = direction[i] / ((squares[i] / (1 - power(beta2, step))).squareRoot() + 1e-8)
                #expect(abs(result[i] - expected) < 1e-9 * max(1, abs(expected)))
            }
        }
    }

    private func power(_ base: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1) { value, _ in value * base }
    }

    // MARK: SAM-GS

    @Test func similarityDecidesBetweenEqualLengthsAndModulation() throws {
        // ψ = 2·1·100/(1 + 100²) < 0.1: both get the sum of the lengths, 101.
        #expect(agree(try joined("sam-gs", [[1, 0], [0, 100]]), [101, 101]))
        // Equal lengths: h = ε, √ĥ = √(ε/(1 − β₂)) = 10⁻³, m̂ = g, and g = 2 Σ |g|g/√ĥ.
        #expect(agree(try joined("sam-gs", [[1, 0], [0, -1]]), [2e3, -2e3], 1e-9))
        #expect(try joined("sam-gs", [[0, 0], [0, 0]]) == [0, 0])
    }

    // MARK: DCGD

    @Test func dualConeByHand() throws {
        // r = (1, 0), b = (−2, 2): r·b = −2, (r + b)·r = −1, (r + b)·b = 6.
        let rows = [[1.0, 0], [-2, 2]]
        let b = 8.0.squareRoot()
        #expect(agree(try joined("dcgd", rows), sum(rows, [(1 + b) / 2, (1 + b) / (2 * b)])))
        #expect(agree(try joined("dcgd", rows, ["variant": .word("projection")]), [0, 2]))
        #expect(agree(try joined("dcgd", rows, ["variant": .word("average")]), sum(rows, [1.5, 0.625])))
        // The other one is long: without its share along b.
        #expect(agree(try joined("dcgd", [rows[1], rows[0]], ["variant": .word("projection")]), [0, 2]))
        for variant in ["projection", "average"] {
            #expect(try joined("dcgd", [[1, 0], [0, 2]], ["variant": .word(variant)]) == [1, 2])
        }
        #expect(try joined("dcgd", [[1, 0], [0, 0]]) == [1, 0])
    }

    @Test(arguments: ["center", "projection", "average"]) func theStepLowersEquationsAndConditions(variant: String)
        throws
    {
        for seed in 1...20 {
            let rows = random(3, 4, seed: UInt64(seed))
            let conditions = sum(Array(rows[1...]), [1, 1])
            let g = try joined("dcgd", rows, ["variant": .word(variant)])
            #expect(dot(g, rows[0]) > -1e-11 && dot(g, conditions) > -1e-11)
            // The centre is the projection of r + b on the bisector.
            guard variant == "center" else { continue }
            let c = sum([rows[0], conditions], [1 / length(rows[0]), 1 / length(conditions)])
            let total = sum([rows[0], conditions], [1, 1])
            #expect(agree(g, c.map { $0 * dot(c, total) / dot(c, c) }, 1e-11))
        }
    }
}
