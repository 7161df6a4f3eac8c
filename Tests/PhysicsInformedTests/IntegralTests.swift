import Expressions
import Geometry
import LinearAlgebra
import Networks
import Optimizers
import Parallelism
import PhysicsInformed
import Randomness
import Testing

/// Integrals in residuals and outputs.
@Suite struct IntegralTests {
    /// The unit disk and a time from 0 to 2, or a steady rectangle; coordinates x, y (and t), unknown u.
    private struct Place {
        var scope: Scope
        var domain: SpaceTime

        init(_ region: Region, time: ClosedRange<Double>? = nil) throws {
            let names = ["x", "y"] + (time == nil ? [] : ["t"])
            scope = Scope(coordinates: names.map { CoordinateDeclaration(name: $0, count: nil, isTime: $0 == "t") })
            try scope.declare(unknown: "u")
            domain = SpaceTime(region, time: time)
        }

        func location(_ place: String) -> PointLocation {
            if place == "region" { return .interior }
            let faces = domain.faces.filter { $0.wall?.names(coordinates: ["x", "y"]).contains(place) == true }
            return PointLocation(faces.map { PointLocation.Piece(.face($0)) })
        }

        func term(_ name: String, _ text: String, on location: PointLocation, times: Int = 4) throws -> ResidualTerm {
            var separator = IntegralSeparator(firstParameter: 0)
            let residual = try separator.separate(scope.resolve(Syntax.parse(text), in: .condition))
            return ResidualTerm(
                name: name, components: [residual], location: location, pointsPerFace: 12, weight: 2,
                integrals: separator.integrals.map {
                    IntegralTerm($0.body, over: self.location($0.place), isAverage: $0.isAverage)
                }, integralPoints: 150, times: times)
        }

        func problem(_ terms: [ResidualTerm]) -> CollocationProblem {
            CollocationProblem(domain: domain, unknownCount: 1, terms: terms)
        }

        var network: Network {
            var network = Network.multilayerPerceptron(
                inputs: domain.dimensions, hidden: [7, 6], outputs: 1, activation: .tanh)
            network.inputScaling = .init(lower: domain.box.lower, upper: domain.box.upper)
            return network
        }
    }

    private static let nowhere = PointLocation([])

    private static func square() throws -> Place { try Place(Region(Box(lower: [0, 0], upper: [2, 1]))) }
    private static func disk() throws -> Place { try Place(Region(Ball(center: [0, 0], radius: 1)), time: 0...2) }

    /// Problems with integrals: global and on faces, steady and in time.
    static let names = ["steady", "unsteady"]

    private static func named(_ name: String) throws -> (Place, CollocationProblem) {
        switch name {
        case "steady":
            let place = try square()
            return (
                place,
                place.problem([
                    try place.term("mean", "average(u over region) - 0.3", on: nowhere),
                    try place.term(
                        "flux", "integral(dn(u)*u over right)^2 + integral(u_x over region) - u(x = 0, y = 0)",
                        on: nowhere),
                    try place.term("wall", "u*integral(x*u over region) - u_y", on: place.location("left")),
                    try place.term("plain", "laplacian(u) - 1", on: .interior),
                ])
            )
        default:
            let place = try disk()
            return (
                place,
                place.problem([
                    try place.term(
                        "balance", "d(average(u over region), t) - integral(dn(u) over rim) + t", on: nowhere),
                    try place.term("feedback", "dn(u) + u*average(u^2 over region)", on: place.location("rim")),
                    try place.term(
                        "start", "u - average(u over region)",
                        on: PointLocation([.init(.face(place.domain.faces.first { $0.kind == .start }!))])),
                    try place.term("plain", "d(u, t) - laplacian(u)", on: .interior),
                ])
            )
        }
    }

    private func parameters(_ network: Network) -> [Double] {
        var stream = RandomStream(seed: 3, name: "test")
        return network.initialParameters(&stream).map { $0 + 0.1 * stream.normal() }
    }

    private func loss<S: Scalar>(
        _ type: S.Type, _ problem: CollocationProblem, _ network: Network, threads: Int = 2
    ) throws -> LossFunction<S> {
        try LossFunction(problem, network: network, scheme: .sobol, seed: 5, pool: WorkerPool(threads: threads))
    }

    @Test(arguments: names) func gradientAgreesWithCentralDifferences(name: String) throws {
        let (place, problem) = try Self.named(name)
        let loss = try loss(Double.self, problem, place.network)
        let theta = parameters(place.network)
        var gradient = [Double](repeating: .nan, count: theta.count)
        _ = loss.evaluate(theta, gradient: &gradient)
        let scale = gradient.map(abs).max() ?? 1
        for index in stride(from: 0, to: theta.count, by: 3) {
            let h = 1e-5
            var shifted = theta
            shifted[index] = theta[index] + h
            let above = loss.evaluate(shifted, gradient: nil)
            shifted[index] = theta[index] - h
            let below = loss.evaluate(shifted, gradient: nil)
            #expect(abs(gradient[index] - (above - below) / (2 * h)) < 2e-7 * scale)
        }
    }

    @Test(arguments: names) func threadsDoNotMatterAndTermsAddUp(name: String) throws {
        let (place, problem) = try Self.named(name)
        let theta = parameters(place.network)
        var first = [Double](repeating: .nan, count: theta.count)
        let total = try loss(Double.self, problem, place.network, threads: 1).evaluate(theta, gradient: &first)
        let several = try loss(Double.self, problem, place.network, threads: 3)
        var second = first
        #expect(several.evaluate(theta, gradient: &second) == total)
        #expect(first == second)
        let terms = problem.terms.count
        var separate = [Double](repeating: 0, count: terms * theta.count)
        let again = separate.withUnsafeMutableBufferPointer { buffer in
            several.evaluateSeparately(
                theta, gradients: (0..<terms).map { buffer.baseAddress! + $0 * theta.count })
        }
        #expect(again == total)
        let scale = first.map(abs).max() ?? 1
        for index in theta.indices {
            let sum = (0..<terms).reduce(0) { $0 + several.weights[$1] * separate[$1 * theta.count + index] }
            #expect(abs(sum - first[index]) < 1e-12 * scale)
        }
    }

    @Test func singlePrecisionFollowsDouble() throws {
        let (place, problem) = try Self.named("unsteady")
        let theta = parameters(place.network)
        let exact = try loss(Double.self, problem, place.network).evaluate(theta, gradient: nil)
        let rounded = try loss(Float.self, problem, place.network).evaluate(theta.map { Float($0) }, gradient: nil)
        #expect(abs(rounded - exact) < 1e-4 * exact)
    }

    /// Keeps the state at one step.
    private final class Keeper: TrainingObserver {
        let step: Int
        var state: TrainingState?
        init(step: Int) { self.step = step }
        func report(_ report: TrainingReport) {}
        var stopRequested: Bool { false }
        func wantsState(at moment: TrainingMoment) -> Bool {
            if case .step(let step) = moment { step == self.step } else { false }
        }
        func keep(_ state: TrainingState) { self.state = self.state ?? state }
    }

    /// Times and points of integrals come back when a run is resumed.
    @Test(arguments: names, [4, 5]) func resumingChangesNothing(name: String, step: Int) throws {
        let (place, problem) = try Self.named(name)
        let method = try #require(optimizerMethod(named: "adam"))
        let stage = TrainingStage(
            method: method, options: OptionValues(defaults: method.description.options), steps: 9,
            rate: RateSchedule(start: 1e-2), resampleEvery: 2)
        let settings = TrainingSettings(stages: [stage], scheme: .sobol, seed: 1, threads: 2)
        func training() throws -> any Training {
            try makeTraining(problem, network: place.network, settings: settings, precision: .double)
        }
        let whole = Keeper(step: step)
        let outcome = try training().run(whole)
        let resumed = try training()
        try resumed.restore(try #require(whole.state))
        let end = try resumed.run(Keeper(step: -1))
        #expect(end.parameters == outcome.parameters && end.losses == outcome.losses)
    }

    /// Integrals without unknowns have known values.
    @Test(arguments: [
        ("integral(x^2 over region)", 8.0 / 3), ("average(y over region)", 0.5), ("integral(1 over top)", 2),
        ("integral(dot([x, y], n) over boundary)", 4), ("average(x over right)", 2),
    ])
    func quadratureOfPolynomials(text: String, value: Double) throws {
        let place = try Self.square()
        var separator = IntegralSeparator(firstParameter: 0)
        _ = try separator.separate(place.scope.resolve(Syntax.parse(text), in: .output))
        let integral = separator.integrals[0]
        let walls = PointLocation(place.domain.faces.map { PointLocation.Piece(.face($0)) })
        let location = integral.place == "boundary" ? walls : place.location(integral.place)
        let rule = try Quadrature(over: location, in: place.domain, isAverage: integral.isAverage)
        let fields = TrainedFields(
            network: place.network, exactConditions: ExactConditions(unknownCount: 1),
            parameters: parameters(place.network))
        let values = try fields.evaluate([integral.body], at: rule.points, normals: rule.normals)[0]
        #expect(abs(rule.integral(of: values) - value) < 1e-4)
    }

    /// Gauss' theorem for a network on a disk: ∫ Δu = ∮ ∂u/∂n.
    @Test func fluxIsTheIntegralOfTheLaplacian() throws {
        let place = try Self.disk()
        let fields = TrainedFields(
            network: place.network, exactConditions: ExactConditions(unknownCount: 1),
            parameters: parameters(place.network))
        func value(_ text: String) throws -> Double {
            var separator = IntegralSeparator(firstParameter: 0)
            _ = try separator.separate(place.scope.resolve(Syntax.parse(text), in: .output))
            let integral = separator.integrals[0]
            let rule = try Quadrature(
                over: place.location(integral.place), in: place.domain, isAverage: false, time: 0.7)
            return rule.integral(
                of: try fields.evaluate([integral.body], at: rule.points, normals: rule.normals)[0])
        }
        let flux = try value("integral(dn(u) over rim)")
        #expect(abs(try value("integral(laplacian(u) over region)") - flux) < 1e-3 * abs(flux))
    }

    @Test(arguments: ["integral(u*average(u over region) over region)", "sum(i in 1:2, integral(i*u over region))"])
    func someIntegralsAreRefused(text: String) throws {
        let place = try Self.square()
        var separator = IntegralSeparator(firstParameter: 0)
        let expression = try place.scope.resolve(Syntax.parse(text), in: .condition)
        #expect(throws: ExpressionErrors.self) { try separator.separate(expression) }
    }
}
