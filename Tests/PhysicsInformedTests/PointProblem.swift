import Geometry
import Optimizers
import Parallelism
import PhysicsInformed

/// Problems in one dimension and time on the unit square, whose residuals are known or learned.
enum PointProblem {
    static let domain = SpaceTime(Region(Box(lower: [0], upper: [1])), time: 0...1)

    static func test() throws -> TestProblem {
        try TestProblem(coordinates: ["x", "t"], box: Box(lower: [0, 0], upper: [1, 1]), unknowns: ["u"])
    }

    /// Terms inside from their residuals.
    static func inside(_ residuals: [String], points: Int = 64) throws -> CollocationProblem {
        let test = try test()
        return CollocationProblem(
            domain: domain, unknownCount: 1,
            terms: try residuals.enumerated().map { try test.term("equation \($0 + 1)", $1, points: points) })
    }

    /// Two equations and a condition at the start.
    static func learned() throws -> CollocationProblem {
        let test = try test()
        let start = PointLocation(
            domain.faces.filter { if case .start = $0.kind { true } else { false } }.map {
                PointLocation.Piece(.face($0))
            })
        return CollocationProblem(
            domain: domain, unknownCount: 1,
            terms: [
                try test.term("transport", "d(u, t) + u_x - x", points: 70),
                try test.term("bound", "u*u_x - t", points: 70, weight: 0.25),
                ResidualTerm(
                    name: "start", components: try test.expression("u - sin(3*x)").components, location: start,
                    pointsPerFace: 12, weight: 3),
            ])
    }

    static func loss(
        _ problem: CollocationProblem, _ settings: PointSettings, scheme: PointScheme = .sobol, seed: UInt64 = 5,
        threads: Int = 1
    ) throws -> LossFunction<Double> {
        try LossFunction(
            problem, network: try test().network([4]), scheme: scheme, seed: seed, pool: WorkerPool(threads: threads),
            points: settings)
    }

    static func parameters(_ loss: LossFunction<Double>) -> [Double] {
        (0..<loss.parameterCount).map { index in
            let step = (index * 7 + 3) % 11 - 5
            return 0.14 * Double(step)
        }
    }

    /// A rule that chooses among candidates.
    static func choosing(_ name: String, _ options: [String: OptionValue] = [:]) throws -> any CandidateSampling {
        try sampling(name, options) as! any CandidateSampling
    }

    /// A rule by its name, with options that differ from the defaults.
    static func sampling(_ name: String, _ options: [String: OptionValue] = [:]) throws -> any AdaptiveSampling {
        let rule = adaptiveSamplings.first { $0.description.name == name }!
        return rule.init(try OptionValues(options, checkedAgainst: rule.description.options))
    }

    static func weighting(_ name: String, _ options: [String: OptionValue] = [:]) throws -> any PointWeighting {
        let rule = pointWeightings.first { $0.description.name == name }!
        return rule.init(try OptionValues(options, checkedAgainst: rule.description.options))
    }
}
