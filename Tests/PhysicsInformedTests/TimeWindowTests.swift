import Expressions
import Geometry
import Glibc
import Networks
import Optimizers
import PhysicsInformed
import Randomness
import Testing

/// A problem solved part by part of its time.
@Suite struct TimeWindowTests {
    private static let windows = TimeWindows(of: 0...1, timeAxis: 1, count: 3)

    @Test func windowsCoverTheTime() {
        let windows = TimeWindows(of: -1...2, timeAxis: 0, count: 7)
        for window in 0..<7 {
            let span = windows.span(of: window)
            #expect(windows.index(of: (span.lowerBound + span.upperBound) / 2) == window)
            // The end of a window belongs to it.
            #expect(windows.index(of: span.upperBound) == window)
            if window > 0 { #expect(windows.span(of: window - 1).upperBound == span.lowerBound) }
        }
        #expect(windows.index(of: -5) == 0 && windows.index(of: 9) == 6)
        #expect(windows.span(of: 0).lowerBound == -1 && windows.span(of: 6).upperBound == 2)
    }

    /// Points all over the unit square.
    private static func points(_ count: Int) -> [[Double]] {
        let x: [Double] = (0..<count).map { Double($0 % 7) / 6 }
        let t: [Double] = (0..<count).map { Double($0 * 17 % count) / Double(count - 1) }
        return [x, t]
    }

    private func start() throws -> PointLocation {
        PointLocation(
            PointProblem.domain.faces.filter { $0.kind == .start }.map { PointLocation.Piece(.face($0)) })
    }

    private func fields(_ network: Network, window: Int) -> TrainedFields {
        var stream = RandomStream(seed: UInt64(window), name: "test")
        return TrainedFields(
            network: Self.windows.network(network, in: window), exactConditions: ExactConditions(unknownCount: 1),
            parameters: network.initialParameters(&stream).map { $0 + 0.1 })
    }

    @Test func aWindowGoesOnWhereTheOneBeforeEnds() throws {
        let test = try PointProblem.test()
        let problem = CollocationProblem(
            domain: PointProblem.domain, unknownCount: 1,
            terms: [
                try test.term("wave", "d(u, t, 2) - u_xx", points: 20),
                ResidualTerm(
                    name: "value", components: try test.expression("2*(u - sin(x))").components, location: try start(),
                    pointsPerFace: 30, weight: 5),
                ResidualTerm(
                    name: "speed", components: try test.expression("d(u, t) + u_x").components, location: try start(),
                    pointsPerFace: 30),
            ])
        try problem.checkWindows()
        let before = fields(test.network([5]), window: 0)
        let next = try problem.window(1, of: Self.windows, after: before, scheme: .sobol, seed: 1)
        #expect(next.domain.time == Self.windows.span(of: 1))
        #expect(next.terms.map(\.name) == problem.terms.map(\.name) && next.terms[1].weight == 5)
        let value = try #require(next.terms[1].data), speed = try #require(next.terms[2].data)
        #expect(value.count == 30 && value.points[1].allSatisfy { $0 == Self.windows.span(of: 1).lowerBound })
        #expect(value.columns == (try before.evaluate([.field(0)], at: value.points)))
        // The speed and, since u_x is read too, the value.
        let expected = try before.evaluate([.field(0), .field(0, .partial([1]))], at: speed.points)
        #expect(speed.columns.count == 2)
        #expect(Set(speed.columns) == Set(expected))
        // In the first window nothing is replaced.
        let first = try problem.window(0, of: Self.windows, after: nil, scheme: .sobol, seed: 1)
        #expect(first.terms.allSatisfy { $0.data == nil })
    }

    @Test func eachPointIsServedByItsWindow() throws {
        let network = try PointProblem.test().network([6])
        let parts = (0..<3).map { fields(network, window: $0) }
        let whole = TrainedFields(
            network: network, exactConditions: ExactConditions(unknownCount: 1), windows: Self.windows,
            parameters: parts.flatMap(\.parameters))
        let points = Self.points(40)
        let expressions: [Expression] = [.field(0), .field(0, .partial([0, 1]))]
        let found = try whole.evaluate(expressions, at: points)
        let single = try parts.map { try $0.evaluate(expressions, at: points) }
        for point in 0..<40 {
            let window = Self.windows.index(of: points[1][point])
            for index in 0..<2 { #expect(abs(found[index][point] - single[window][index][point]) < 1e-13) }
        }
        #expect(try whole.evaluate(expressions, at: [[], []]) == [[], []])
    }

    @Test func decayIsFoundInWindows() throws {
        // u_t = −2 u from u = 1 + x/2.
        let test = try PointProblem.test()
        let problem = CollocationProblem(
            domain: PointProblem.domain, unknownCount: 1,
            terms: [
                try test.term("decay", "d(u, t) + 2*u", points: 64),
                ResidualTerm(
                    name: "start", components: try test.expression("u - 1 - x/2").components, location: try start(),
                    pointsPerFace: 16, weight: 10),
            ])
        let method = LBFGS.self
        let stage = TrainingStage(
            method: method, options: OptionValues(defaults: method.description.options), steps: 150,
            rate: RateSchedule(start: 1))
        let settings = TrainingSettings(stages: [stage], scheme: .sobol, seed: 4, threads: 1)
        let network = test.network([8])
        final class Silent: TrainingObserver {
            func report(_ report: TrainingReport) {}
            var stopRequested: Bool { false }
        }
        let outcome = try makeTraining(
            problem, network: network, settings: settings, precision: .double, windows: Self.windows
        ).run(Silent())
        let fields = TrainedFields(
            network: network, exactConditions: ExactConditions(unknownCount: 1), windows: Self.windows,
            parameters: outcome.parameters)
        let points = Self.points(60)
        let found = try fields.evaluate([.field(0)], at: points)[0]
        for point in 0..<60 {
            let exact = (1 + points[0][point] / 2) * exp(-2 * points[1][point])
            #expect(abs(found[point] - exact) < 2e-3)
        }
        let fresh = try freshResiduals(
            problem, network: network, parameters: outcome.parameters, seed: 4, threads: 1, windows: Self.windows)
        #expect(fresh[0] < 1e-2 && fresh[1] < 2e-3)
    }

    @Test func obstaclesAreNamed() throws {
        let test = try PointProblem.test()
        func reason(_ change: (inout CollocationProblem) throws -> Void) rethrows -> TimeWindowError? {
            var problem = try! PointProblem.learned()
            try change(&problem)
            do throws(TimeWindowError) {
                try problem.checkWindows()
                return nil
            } catch {
                return error
            }
        }
        #expect(reason { _ in } == nil)
        #expect(reason { $0.terms.removeLast() }?.reason.contains("no condition at the start") == true)
        #expect(
            reason { $0.unknownParameters = [SearchedParameter("k", start: 1)] }?.reason.contains("unknown parameter")
                == true)
        let end = PointLocation(
            PointProblem.domain.faces.filter { $0.kind == .end }.map { PointLocation.Piece(.face($0)) })
        let found = try reason { problem in
            problem.terms.append(
                ResidualTerm(
                    name: "last", components: try test.expression("u").components, location: end, pointsPerFace: 3))
        }
        #expect(found == TimeWindowError(term: "last", reason: "it holds at the last time"))
        let late = try reason { $0.terms[0].location.pieces[0].filter = try test.expression("t > 0.5") }
        #expect(late?.reason == "it holds at some times only")
        let steady = CollocationProblem(domain: test.domain, unknownCount: 1, terms: [])
        #expect(throws: TimeWindowError.self) { try steady.checkWindows() }
    }
}
