import Foundation
import OptimalTransport
import Parallelism
import ProblemFiles

/// A transport problem whose costs are there and whose method has accepted its options: what `check` reports on and `solve`
/// solves.
public struct TransportPreparation: Sendable {
    /// What the file says.
    public let statement: TransportStatement
    /// The regularisations, falling; one unless a path was asked for, 0 for none.
    public let epsilons: [Double]
    /// The problem file with every default filled in; reading it again gives the same run.
    public let resolvedText: String
    let task: TransportTask
    let limits: TransportLimits
    /// How costs are had, in a few words.
    let costText: String
    /// max |c|
    let largestCost: Double
    /// The mean cost, weighted by the masses.
    let meanCost: Double
    /// Why the method is another than the usual default; nil where the file names one.
    let reason: String?
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
        let isAutomatic = Self.choosesGrid(statement)
        var method = statement.method
        if isAutomatic { method["kind"] = OptionTree(.text(GridSinkhornNewton.name)) }
        let selection = try TransportCatalog.select(method)
        let made: Made
        switch selection.way {
        case .grid: made = try Self.gridTask(statement)
        case .exact, .solver: made = try Self.task(statement, selection.way, pool: pool)
        }
        let choice = try TransportCatalog.choose(selection, meanCost: made.mean, largestCost: made.largest)
        guard let smallest = choice.epsilons.last, let task = try? made.task(smallest) else {
            throw ProblemErrors([
                statement.method.origin.diagnostic(.error, "the regularisation is too small for a number")
            ])
        }
        self.task = task
        self.pool = pool
        (largestCost, meanCost, costText) = (made.largest, made.mean, made.text)
        epsilons = choice.epsilons
        limits = choice.limits
        reason =
            isAutomatic ? "no matrix, as there are \(NumberText.grouped(Self.pairs(statement) ?? .max)) pairs" : nil
        resolvedText = statement.resolvedText(method: choice.tree)
        if epsilons.count > 1, case .relaxed = task {
            throw ProblemErrors([
                statement.method.origin.diagnostic(
                    .error, "a path of regularisations is for masses that are met",
                    hint: "leave out 'strength', or give one epsilon")
            ])
        }
        try checkMemory()
        try checkOutput()
    }

    /// The name of the method.
    public var methodName: String { task.methodName }

    /// The smallest regularisation; 0 for none.
    public var epsilon: Double { task.epsilon }

    /// Whether a marginal is relaxed.
    var isRelaxed: Bool { statement.from.strength != nil || statement.to.strength != nil }

    /// The number of pairs; nil where it is beyond all numbers.
    private static func pairs(_ statement: TransportStatement) -> Int? {
        let product = statement.from.count.multipliedReportingOverflow(by: statement.to.count)
        return product.overflow ? nil : product.partialValue
    }

    // MARK: Tasks

    /// A task that waits for ε, and what is known of its costs.
    private struct Made {
        var task: (Double) throws(TransportError) -> TransportTask
        var largest: Double
        var mean: Double
        var text: String
    }

    /// Whether a problem is worked on without a matrix though the file does not say so: where it can be, and pairs are many.
    private static func choosesGrid(_ statement: TransportStatement) -> Bool {
        guard statement.method["kind"] == nil, (pairs(statement) ?? .max) > TransportGrid.manyPairs,
            case .success = TransportGrid.cost(of: statement), let entry = TransportCatalog.grid
        else { return false }
        // Keys that another method has, and paths, say that it is meant.
        return statement.method.entries.allSatisfy { given in entry.options.contains { $0.name == given.key } }
            && statement.method["epsilon"]?.isTable != true
    }

    private static func gridTask(_ statement: TransportStatement) throws(ProblemErrors) -> Made {
        switch TransportGrid.cost(of: statement) {
        case .failure(let refusal):
            throw ProblemErrors([
                statement.method.origin.diagnostic(
                    .error, "'\(GridSinkhornNewton.name)' cannot solve this: \(refusal.text)",
                    hint:
                        "it needs grids and the cost norm2(p - q) or sum(i in 1:2, abs(p[i] - q[i])), with or without periods"
                )
            ])
        case .success(let cost):
            func problem(_ epsilon: Double) throws(TransportError) -> GridProblem {
                try GridProblem(
                    source: statement.from.weights, target: statement.to.weights, cost: cost, epsilon: epsilon,
                    sourceStrength: statement.from.strength, targetStrength: statement.to.strength)
            }
            let mean: Double
            do throws(TransportError) {
                mean = try problem(1).meanCost
            } catch {
                throw complaint(error, statement)
            }
            return Made(
                task: { (epsilon) throws(TransportError) in .grid(try problem(epsilon)) }, largest: cost.largest,
                mean: mean, text: distanceName(statement) + ", axis by axis")
        }
    }

    private static func task(
        _ statement: TransportStatement, _ way: TransportCatalog.Way, pool: WorkerPool
    ) throws(ProblemErrors) -> Made {
        let (n, m) = (statement.from.count, statement.to.count)
        guard let pairs = pairs(statement), pairs <= mostPairs else {
            throw ProblemErrors([
                statement.origins.to.diagnostic(
                    .error,
                    "\(NumberText.grouped(n)) sources and \(NumberText.grouped(m)) "
                        + "targets are too many: every pass goes through all pairs",
                    hint:
                        "at most \(NumberText.grouped(mostPairs)) pairs, but for grids with costs that are sums over coordinates"
                )
            ])
        }
        let isRelaxed = statement.from.strength != nil || statement.to.strength != nil
        if isRelaxed {
            guard case .solver(let solver) = way, solver is SafeSinkhornNewton else {
                throw ProblemErrors([
                    statement.method.origin.diagnostic(
                        .error, "'strength' lets sums differ from masses, and method.kind meets them",
                        hint: "'\(SafeSinkhornNewton.name)' and '\(GridSinkhornNewton.name)' know relaxed masses")
                ])
            }
        }
        if case .exact = way, pairs > ExactTransport.largestPairs {
            throw ProblemErrors([
                statement.method.origin.diagnostic(
                    .error,
                    "\(NumberText.grouped(pairs)) pairs are too many for '\(TransportCatalog.exactName)', whose most are "
                        + NumberText.grouped(ExactTransport.largestPairs),
                    hint: "'\(SafeSinkhornNewton.name)' with a small epsilon gives bounds of the least cost")
            ])
        }
        let (cost, text) = try Self.cost(of: statement, pool: pool)
        do throws(TransportError) {
            guard isRelaxed else {
                // The unit of a relative ε is known once the costs have been looked at.
                let problem = try TransportProblem(
                    source: statement.from.weights, target: statement.to.weights, cost: cost, epsilon: 1)
                return Made(
                    task: { (epsilon) throws(TransportError) in
                        guard case .solver(let solver) = way else { return .exact(problem) }
                        return .entropic(try problem.regularised(by: epsilon), solver)
                    }, largest: problem.largestCost, mean: problem.meanCost, text: text)
            }
            // Normalised, for the mean of the costs.
            let survey = try TransportProblem(
                source: try TransportProblem.normalised(statement.from.weights, .source),
                target: try TransportProblem.normalised(statement.to.weights, .target), cost: cost, epsilon: 1)
            return Made(
                task: { (epsilon) throws(TransportError) in
                    .relaxed(
                        try UnbalancedTransport(
                            source: statement.from.weights, target: statement.to.weights, cost: cost, epsilon: epsilon,
                            sourceStrength: statement.from.strength, targetStrength: statement.to.strength))
                }, largest: survey.largestCost, mean: survey.meanCost, text: text)
        } catch {
            throw complaint(error, statement)
        }
    }

    private static func distanceName(_ statement: TransportStatement) -> String {
        guard case .distance(let distance, let periods) = statement.cost else { return "" }
        let name =
            switch distance {
            case .manhattan: "sum of absolute differences"
            case .euclidean: "Euclidean distance"
            case .squaredEuclidean: "squared Euclidean distance"
            }
        return name + (periods.contains { $0 > 0 } ? ", the shorter way round" : "")
    }

    // MARK: Costs

    static func cost(
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
            let name = distanceName(statement)
            // A few coordinates are computed faster than a row is read, unless all rows stay near the processor.
            guard bytes <= 64 << 20 else { return (cost, name + ", computed row by row") }
            return (cost, name)
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
        let (n, m) = (statement.from.count, statement.to.count)
        let bytes: Int
        switch task {
        case .entropic(_, let solver) where solver is SinkhornNewtonSparse || solver is RegularisedSparseNewton:
            bytes = 16 * n * m
        case .exact: bytes = 48 * n * m
        case .entropic, .relaxed, .grid: return
        }
        let available = availableMemory()
        guard bytes > available else { return }
        throw ProblemErrors([
            statement.method.origin.diagnostic(
                .error,
                "'\(methodName)' holds all pairs: \(NumberText.bytes(bytes)), and \(NumberText.bytes(available)) are "
                    + "available",
                hint: "'\(SafeSinkhornNewton.name)' keeps only the entries that matter")
        ])
    }

    /// What `[output]` asks for must fit, too.
    private func checkOutput() throws(ProblemErrors) {
        guard case .grid = task, statement.output.plan == true, let pairs = Self.pairs(statement),
            pairs > TransportGrid.mostPlanPairs
        else { return }
        throw ProblemErrors([
            (statement.tree["output"]?["plan"]?.origin ?? statement.method.origin).diagnostic(
                .error,
                "a plan of \(NumberText.grouped(pairs)) pairs takes up to \(NumberText.bytes(24 * pairs)) and is not written",
                hint: "output.rows = [1, 2] writes rows of it; potentials are always there")
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
