import Foundation
import OptimalTransport
import Parallelism
import ProblemFiles

/// A transport problem whose costs are there and whose method has accepted its options: what `check` reports on and `solve`
/// solves.
public struct TransportPreparation: Sendable {
    /// What the file says.
    public let statement: TransportStatement
    /// The problem, with the smallest ε.
    public let problem: TransportProblem
    /// The regularisations, falling; one unless a path was asked for.
    public let epsilons: [Double]
    /// The problem file with every default filled in; reading it again gives the same run.
    public let resolvedText: String
    let solver: any TransportSolver
    let limits: TransportLimits
    /// How costs are had, in a few words.
    let costText: String
    let pool: WorkerPool

    /// The most bytes that rows of an expression are kept in.
    private static let mostKept = 1 << 30
    /// The most pairs of a source and a target: a pass over so many takes minutes.
    private static let mostPairs = 20_000_000_000

    /// Makes the costs and resolves `[method]`.
    ///
    /// - Throws: `ProblemErrors` with places in the file.
    public init(_ statement: TransportStatement) throws(ProblemErrors) {
        self.statement = statement
        let threads = statement.run.threads > 0 ? statement.run.threads : WorkerPool.availableCores
        let pool = WorkerPool(threads: threads)
        let pairs = statement.from.count.multipliedReportingOverflow(by: statement.to.count)
        guard !pairs.overflow, pairs.partialValue <= Self.mostPairs else {
            throw ProblemErrors([
                statement.origins.to.diagnostic(
                    .error,
                    "\(NumberText.grouped(statement.from.count)) sources and \(NumberText.grouped(statement.to.count)) "
                        + "targets are too many: every pass goes through all pairs",
                    hint: "at most \(NumberText.grouped(Self.mostPairs)) pairs")
            ])
        }
        let (cost, text) = try Self.cost(of: statement, pool: pool)
        let problem: TransportProblem
        do throws(TransportError) {
            // The unit of a relative ε is known once the costs have been looked at.
            problem = try TransportProblem(
                source: statement.from.weights, target: statement.to.weights, cost: cost, epsilon: 1)
        } catch {
            throw Self.complaint(error, statement)
        }
        let choice = try TransportCatalog.choose(
            statement.method, meanCost: problem.meanCost, largestCost: problem.largestCost)
        guard let smallest = choice.epsilons.last, let own = try? problem.regularised(by: smallest) else {
            throw ProblemErrors([
                statement.method.origin.diagnostic(.error, "the regularisation is too small for a number")
            ])
        }
        self.problem = own
        self.pool = pool
        epsilons = choice.epsilons
        solver = choice.solver
        limits = choice.limits
        costText = text
        resolvedText = statement.resolvedText(method: choice.tree)
        try checkMemory()
    }

    /// The name of the method.
    public var methodName: String { type(of: solver).name }

    /// The cost as a distance, where it is one.
    var distance: DistanceCost? { problem.cost as? DistanceCost }

    // MARK: Costs

    private static func cost(
        of statement: TransportStatement, pool: WorkerPool
    ) throws(ProblemErrors) -> (any TransportCost, String) {
        let (n, m) = (statement.from.count, statement.to.count)
        let bytes = MatrixCost.bytes(sources: n, targets: m)
        switch statement.cost {
        case .distance(let distance, let periods):
            let kind: DistanceCost.Kind =
                switch distance {
                case .manhattan: .manhattan
                case .euclidean: .euclidean
                case .squaredEuclidean: .squaredEuclidean
                }
            let cost = DistanceCost(kind, from: statement.from.points, to: statement.to.points, periods: periods)
            let name =
                switch distance {
                case .manhattan: "sum of absolute differences"
                case .euclidean: "Euclidean distance"
                case .squaredEuclidean: "squared Euclidean distance"
                }
            let torus = periods.contains { $0 > 0 } ? ", the shorter way round" : ""
            // A few coordinates are computed faster than a row is read, unless all rows stay near the processor.
            guard bytes <= 64 << 20 else { return (cost, name + torus + ", computed row by row") }
            return (cost, name + torus)
        case .expression(let expression):
            do {
                let cost = try ExpressionCost(expression, from: statement.from.points, to: statement.to.points)
                guard bytes <= min(mostKept, availableMemory() / 4) else {
                    return (cost, "\(expression), computed row by row")
                }
                return (MatrixCost(rowsOf: cost, pool: pool), "\(expression), kept in \(NumberText.bytes(bytes))")
            } catch {
                throw ProblemErrors([statement.origins.cost.diagnostic(.error, "\(error)")])
            }
        case .matrix(let values):
            return (MatrixCost(sources: n, targets: m, values), "a matrix of \(n) x \(m)")
        case .random(let seed):
            guard bytes <= availableMemory() else {
                throw ProblemErrors([
                    statement.origins.cost.diagnostic(
                        .error,
                        "a matrix of \(n) x \(m) random costs takes \(NumberText.bytes(bytes)), and "
                            + "\(NumberText.bytes(availableMemory())) are available",
                        hint: "costs between points are computed row by row and take no memory")
                ])
            }
            return (MatrixCost(sources: n, targets: m, seed: seed), "SplitMix64, seed \(seed), uniform on [0, 1)")
        }
    }

    /// Some methods hold the whole plan.
    private func checkMemory() throws(ProblemErrors) {
        guard solver is SinkhornNewtonSparse || solver is RegularisedSparseNewton else { return }
        let bytes = 16 * problem.source.count * problem.target.count
        let available = availableMemory()
        guard bytes > available else { return }
        throw ProblemErrors([
            statement.method.origin.diagnostic(
                .error,
                "'\(methodName)' holds the whole plan: \(NumberText.bytes(bytes)), and \(NumberText.bytes(available)) are "
                    + "available",
                hint: "'\(SafeSinkhornNewton.name)' keeps only the entries that matter")
        ])
    }

    private static func complaint(_ error: TransportError, _ statement: TransportStatement) -> ProblemErrors {
        let origin =
            switch error {
            case .mass(.source, _, _), .empty(.source): statement.origins.from
            case .mass(.target, _, _), .empty(.target), .unequalTotals: statement.origins.to
            case .cost: statement.origins.cost
            case .regularisation, .strength: statement.method.origin
            }
        return ProblemErrors([origin.diagnostic(.error, error.description)])
    }
}

/// Bytes that can still be had without swapping; half of an exabyte where the system does not say.
private func availableMemory() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
        let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
        let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return 1 << 59 }
    return 1024 * kilobytes
}
