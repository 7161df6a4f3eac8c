import Expressions
import Foundation
import OptimalTransport
import Parallelism
import Testing

/// Derivatives of the cost against finite differences, and what else is made of a plan.
@Suite struct DerivativeTests {
    private let pool = WorkerPool(threads: 1)

    @Test func byMasses() throws {
        let (problem, cost, _, _) = try InvariantTests.cloud(20, 26, epsilon: 0.05)
        let solution = InvariantTests.solve(problem)
        let f = solution.sourceDerivative(of: problem), g = solution.targetDerivative(of: problem)
        func value(_ step: Double) throws -> Double {
            var (a, b) = (problem.source, problem.target)
            a[1] += step
            a[5] -= step
            b[2] += 2 * step
            b[8] -= 2 * step
            return InvariantTests.solve(
                try TransportProblem(source: a, target: b, cost: cost, epsilon: problem.epsilon)
            ).certificate.relativeEntropyCost
        }
        let difference = try (value(1e-4) - value(-1e-4)) / 2e-4
        #expect(abs(difference - (f[1] - f[5] + 2 * g[2] - 2 * g[8])) < 1e-6)
    }

    @Test(arguments: [DistanceCost.Kind.squaredEuclidean, .euclidean, .manhattan])
    func byPositions(_ kind: DistanceCost.Kind) throws {
        let (base, _, p, q) = try InvariantTests.cloud(15, 20, epsilon: 0.05)
        func problem(_ points: [[Double]]) throws -> (TransportProblem, DistanceCost) {
            let cost = DistanceCost(kind, from: points, to: q, periods: [0, 1])
            return (
                try TransportProblem(source: base.source, target: base.target, cost: cost, epsilon: 0.05), cost
            )
        }
        let (own, cost) = try problem(p)
        let gradient = InvariantTests.solve(own).positionDerivative(of: own, cost: cost, pool: pool)
        for (point, axis) in [(0, 0), (4, 1), (7, 0)] {
            func value(_ step: Double) throws -> Double {
                var moved = p
                moved[point][axis] += step
                return InvariantTests.solve(try problem(moved).0).certificate.relativeEntropyCost
            }
            let difference = try (value(1e-5) - value(-1e-5)) / 2e-5
            #expect(abs(difference - gradient[point][axis]) < 1e-7)
        }
        #expect(gradient[3].allSatisfy { $0 == 0 })
    }

    @Test func ofPotentials() throws {
        let (problem, cost, _, _) = try InvariantTests.cloud(20, 26, epsilon: 0.05)
        var da = [Double](repeating: 0, count: 20), db = [Double](repeating: 0, count: 26)
        (da[0], da[2], db[1]) = (1, -0.4, 0.6)
        let solution = InvariantTests.solve(problem)
        let rate = solution.potentialDerivative(of: problem, source: da, target: db, pool: pool)
        func moved(_ step: Double) throws -> TransportSolution {
            InvariantTests.solve(
                try TransportProblem(
                    source: zip(problem.source, da).map { $0 + step * $1 },
                    target: zip(problem.target, db).map { $0 + step * $1 }, cost: cost, epsilon: problem.epsilon))
        }
        let (after, before) = (try moved(1e-5), try moved(-1e-5))
        for index in da.indices where problem.source[index] > 0 {
            let difference = (after.sourcePotentials[index] - before.sourcePotentials[index]) / 2e-5
            #expect(abs(difference - rate.source[index]) < 1e-5)
        }
        for index in db.indices where problem.target[index] > 0 {
            let difference = (after.targetPotentials[index] - before.targetPotentials[index]) / 2e-5
            #expect(abs(difference - rate.target[index]) < 1e-5)
        }
    }

    /// The cost falls with ε, and a warm start gives what a cold one gives.
    @Test func aPathIsACurve() throws {
        let (problem, _, _, _) = try InvariantTests.cloud(40, 50, epsilon: 1)
        let values = RegularisationPath.values(from: 1e-3, to: 1, steps: 7)
        #expect(values.count == 7 && values.first == 1 && values.last == 1e-3)
        let path = try RegularisationPath(problem, epsilons: values, pool: pool)
        #expect(path.points.map(\.epsilon) == values)
        let costs = path.points.map(\.solution.certificate.transportCost)
        #expect(zip(costs, costs.dropFirst()).allSatisfy { $0 >= $1 - 1e-13 })
        for point in path.points {
            #expect(point.solution.stop.isSuccess)
            let cold = InvariantTests.solve(try problem.regularised(by: point.epsilon))
            #expect(abs(cold.certificate.transportCost - point.solution.certificate.transportCost) < 1e-11)
        }
    }

    /// A cost given as an expression is the same as one that is recognised, and as the matrix of its rows.
    @Test func expressionsAsCosts() throws {
        let (problem, distance, p, q) = try InvariantTests.cloud(30, 1_300, epsilon: 0.05)
        let scope = Scope(coordinates: [
            CoordinateDeclaration(name: "p", count: 2), CoordinateDeclaration(name: "q", count: 2),
        ])
        let expression = try scope.resolve(try Syntax.parse("norm2(p - q)"), in: .coefficient)
        let cost = try ExpressionCost(expression, from: p, to: q)
        let kept = MatrixCost(rowsOf: cost, pool: WorkerPool(threads: 2))
        var room = [Double](repeating: 0, count: 1_300), other = room, third = room
        for row in [0, 17, 29] {
            let (a, b, c) = (
                cost.row(row, room: &room), distance.row(row, room: &other), kept.row(row, room: &third)
            )
            for column in 0..<1_300 {
                #expect(abs(a[column] - b[column]) < 1e-15)
                #expect(a[column] == c[column])
            }
        }
        let solution = InvariantTests.solve(
            try TransportProblem(source: problem.source, target: problem.target, cost: cost, epsilon: 0.05))
        let expected = InvariantTests.solve(problem).certificate.transportCost
        #expect(abs(solution.certificate.transportCost - expected) < 1e-12)
    }
}
