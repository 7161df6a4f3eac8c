import LinearSystems
import Parallelism
import Randomness
import Testing

@Suite struct LearningTests {
    @Test func evolutionFindsTheMinimumOfAStretchedBowl() {
        var strategy = EvolutionStrategy(
            mean: [Double](repeating: 3, count: 8), sigma: 1, stream: RandomStream(seed: 1, name: "test"))
        func bowl(_ x: [Double]) -> Double {
            x.enumerated().reduce(0) { $0 + Double(1 + 10 * $1.offset) * ($1.element - 1) * ($1.element - 1) }
        }
        for _ in 0..<300 {
            let candidates = strategy.draw()
            strategy.learn(candidates, losses: candidates.map(bowl))
        }
        #expect(bowl(strategy.mean) < 1e-8)
    }

    @Test(arguments: [2, 3, 4], [2, 3])
    func standardSmoothersEquioscillate(_ degree: Int, _ dimensions: Int) {
        // 1 − λ p(λ) takes its extreme value degree + 1 times on the interval, with changing signs.
        let c = MultigridCoefficients.standard(degree: degree, dimensions: dimensions).finest
        let low = dimensions == 2 ? 0.5 : 1.0 / 3
        func value(_ λ: Double) -> Double { 1 - λ * c.reversed().reduce(0) { $0 * λ + $1 } }
        let samples = (0...20_000).map { value(low + (2 - low) * Double($0) / 20_000) }
        let largest = samples.reduce(0) { max($0, abs($1)) }
        var extremes = 0
        var sign = 0.0
        for sample in samples where abs(sample) > 0.9999 * largest && sample * sign <= 0 {
            extremes += 1
            sign = sample
        }
        #expect(extremes == degree + 1)
        #expect(value(0) == 1)
    }

    @Test func numbersSurviveTheirNames() {
        var numbers = MultigridCoefficients.standard(degree: 2, coarser: 4)
        numbers.ties = [1.1, 0.9]
        numbers.faces[2] = 0.4
        let named = Dictionary(uniqueKeysWithValues: numbers.named.map { ($0.name, $0.values) })
        #expect(MultigridCoefficients(named: named) == numbers)
        #expect(numbers.replaced(by: numbers.vector) == numbers)
        #expect(MultigridCoefficients(named: [:]) == nil)
    }

    @Test func indefiniteSmoothersAreFound() {
        var numbers = MultigridCoefficients.standard()
        #expect(numbers.smootherBound < 1.5)
        numbers.finest = numbers.finest.map { 2 * $0 }
        #expect(numbers.smootherBound > 2)
        numbers.finest = [1, -0.6]
        #expect(numbers.smootherBound == .infinity)
    }

    @Test func domainsAreTheSameForASeedAndHaveFluid() {
        let family = DomainFamily()
        for index in 0..<20 {
            let domain = family.domain(index, seed: 5)
            #expect(domain.kinds == family.domain(index, seed: 5).kinds)
            #expect(domain.kinds.contains(1))
        }
        #expect(family.domain(0, seed: 5).kinds != family.domain(0, seed: 6).kinds)
    }

    @Test func trainingGainsAndDoesNotDependOnThreads() {
        var training = MultigridTraining()
        training.family.cells = 8...12
        training.family.largeCells = 8...12
        training.generations = 15
        training.batch = 6
        let outcome = training.train(pool: WorkerPool(threads: 2))
        #expect(outcome.numbers == training.train(pool: WorkerPool(threads: 1)).numbers)
        #expect(outcome.numbers.smootherBound < 2)
        guard let last = outcome.history.last else { return #expect(Bool(false)) }
        #expect(last.loss < last.standardLoss)
    }
}
