import Optimizers
import Testing

@Suite struct RateScheduleTests {
    static let shapes: [RateSchedule.Shape] = [
        .constant, .exponential(decay: 0.5, every: 10, staircase: false),
        .exponential(decay: 0.5, every: 10, staircase: true), .linear(end: 1e-4, over: 40),
        .cosine(end: 1e-4, over: 40),
    ]

    @Test(arguments: shapes, [0, 1, 8])
    func risesInTheWarmUpAndNeverRisesAfterwards(shape: RateSchedule.Shape, warmUp: Int) {
        let schedule = RateSchedule(start: 1e-2, shape: shape, warmUpSteps: warmUp)
        let rates = (0..<100).map(schedule.rate(at:))
        for step in 0..<warmUp { #expect(rates[step] == 1e-2 * Double(step + 1) / Double(warmUp)) }
        #expect(rates[warmUp] == 1e-2)
        for step in warmUp..<99 { #expect(rates[step + 1] <= rates[step]) }
        #expect(rates.allSatisfy { $0 > 0 && $0 <= 1e-2 })
    }

    @Test(arguments: [RateSchedule.Shape.linear(end: 1e-4, over: 40), .cosine(end: 1e-4, over: 40)])
    func endsAtItsEnd(shape: RateSchedule.Shape) {
        let schedule = RateSchedule(start: 1e-2, shape: shape, warmUpSteps: 3)
        #expect(schedule.rate(at: 42) > 1e-4)
        #expect(schedule.rate(at: 43) == 1e-4)
        #expect(schedule.rate(at: 1_000_000) == 1e-4)
        // Both pass the mean of their ends half-way.
        #expect(abs(schedule.rate(at: 23) - 0.5 * (1e-2 + 1e-4)) <= 1e-16)
    }

    @Test func exponentialsMeetAtWholePeriods() {
        let smooth = RateSchedule(start: 1, shape: .exponential(decay: 0.9, every: 10, staircase: false))
        let stairs = RateSchedule(start: 1, shape: .exponential(decay: 0.9, every: 10, staircase: true))
        for period in 0..<5 {
            #expect(smooth.rate(at: 10 * period) == stairs.rate(at: 10 * period))
            #expect(stairs.rate(at: 10 * period + 9) == stairs.rate(at: 10 * period))
            #expect(smooth.rate(at: 10 * period + 9) < stairs.rate(at: 10 * period + 9))
        }
        #expect(abs(smooth.rate(at: 5) - 0.9.squareRoot()) <= 1e-15)
    }

    @Test func optionsChooseTheShape() throws {
        func schedule(_ given: [String: OptionValue]) throws -> RateSchedule {
            try RateSchedule(
                OptionValues(given, checkedAgainst: RateSchedule.options), steps: 500, defaultStart: 0.02)
        }
        #expect(try schedule([:]) == RateSchedule(start: 0.02))
        #expect(
            try schedule(["start": .number(0.1), "decay": .number(0.8), "every": .integer(50)])
                == RateSchedule(start: 0.1, shape: .exponential(decay: 0.8, every: 50, staircase: false)))
        #expect(
            try schedule(["to": .integer(0), "warm_up": .integer(100)])
                == RateSchedule(start: 0.02, shape: .cosine(end: 0, over: 400), warmUpSteps: 100))
        #expect(
            try schedule(["shape": .word("linear"), "over": .integer(20)])
                == RateSchedule(start: 0.02, shape: .linear(end: 0, over: 20)))
        #expect(
            try schedule(["factor": .number(0.2), "patience": .integer(30)]).shape
                == .plateau(.init(factor: 0.2, patience: 30, threshold: 1e-3, minimum: 1e-6)))
        #expect(throws: OptionErrors.self) { try schedule(["shape": .word("linear"), "decay": .number(0.5)]) }
        #expect(throws: OptionErrors.self) { try schedule(["shape": .word("plateau"), "over": .integer(5)]) }
    }
}
