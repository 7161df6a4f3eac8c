import Expressions
import LinearAlgebra
import Networks
import Parallelism

/// The weighted sum of mean squared residuals, L(θ) = Σₜ wₜ Lₜ with Lₜ = (1/Nₜ) Σₚ |rₜ(xₚ; θ)|², and its gradient.
///
/// Where points have factors (weights of their own, causal weights, corrections for their density), the total and its
/// gradient take (1/Nₜ) Σₚ fₚ |rₜ(xₚ; θ)|² in place of Lₜ; factors rest during evaluations and no gradient passes through
/// them.
///
/// Terms on the same points share one forward sweep. The points are cut into tiles, tile i belongs to lane
/// i mod `laneCount`, each lane sums its tiles in order and the lanes are summed in order: the number of threads does
/// not change a bit of the result.
public final class LossFunction<S: Scalar> {
    /// The most lanes a loss is split into; a constant, so that results do not depend on the machine.
    static var maximumLanes: Int { 8 }

    /// The terms' names, in the order of the problem.
    public let termNames: [String]
    /// The number of parameters θ: those of the network, then the search variables of unknown parameters.
    public let parameterCount: Int
    /// Weight of each term.
    public var weights: [Double]
    /// Mean squared residual of each term at the last evaluation, unweighted and without the points' factors.
    public private(set) var losses: [Double]
    /// The same with the points' factors: what the total takes, times the weight of the term.
    public private(set) var factoredLosses: [Double]

    let groups: [LossGroup<S>]
    let unknownParameters: ParameterTile<S>
    let pool: WorkerPool
    /// Causal weights of the equations; nil without.
    let causality: CausalWeights<S>?
    let curriculum: TimeCurriculum?
    /// The part of the time that the equations' points fill.
    var timeShare = 1.0
    /// What redraws of points that follow the residual have taken since the loss was made.
    package internal(set) var samplingTime = SamplingTime()
    private(set) var tiles: [Tile]
    /// Whether a lane holds points of a term, [term][lane].
    private var holdsTerm: [Bool]
    private let integralTiles: [(group: Int, tile: Int)]
    let laneCount: Int
    private let laneLosses: AlignedBuffer<Double>
    private let laneGradients: AlignedBuffer<S>
    private let gradientStride: Int
    private var separateGradients: AlignedBuffer<S>?
    // Kept, so that a step allocates nothing: the bodies of the loops and what they work on.
    private lazy var laneWork: (Int) -> Void = { [unowned self] in runLane($0) }
    private lazy var integralWork: (Int) -> Void = { [unowned self] in runIntegrals($0) }
    private lazy var integralReverseWork: (Int) -> Void = { [unowned self] in reverseIntegrals($0) }
    private lazy var chunkWork: (Int) -> Void = { [unowned self] in sumChunk($0) }
    private(set) lazy var squaresWork: (Int) -> Void = { [unowned self] in runSquares($0) }
    private var wantsGradient = false
    private var sum: (lanes: UnsafeMutablePointer<S>, target: UnsafeMutablePointer<S>)?
    private lazy var separateWork: (Int) -> Void = { [unowned self] in runLaneSeparately($0) }
    private lazy var separateReverseWork: (Int) -> Void = { [unowned self] in reverseIntegralsSeparately($0) }
    private lazy var separateChunkWork: (Int) -> Void = { [unowned self] in sumChunkSeparately($0) }
    private var separate: (targets: [UnsafeMutablePointer<S>], only: Int?) = ([], nil)

    /// Compiles the terms of `problem` for `network` and draws the first points.
    ///
    /// - Throws: `ExpressionErrors`, `ChannelPlanError` or `SamplingError` when a residual cannot be evaluated point by
    ///   point or finds no points.
    public init(
        _ problem: CollocationProblem, network: Network, scheme: PointScheme, seed: UInt64, pool: WorkerPool,
        points settings: PointSettings = PointSettings()
    ) throws {
        self.pool = pool
        termNames = problem.terms.map(\.name)
        weights = problem.terms.map(\.weight)
        losses = [Double](repeating: 0, count: problem.terms.count)
        factoredLosses = losses
        parameterCount = problem.layout(with: network).count
        unknownParameters = ParameterTile(problem.unknownParameters, offset: network.layout.count)
        gradientStride = (parameterCount + 15) / 16 * 16

        // Terms on the same points form one group; groups keep the order of their first terms.
        var members: [(key: ResidualTerm.PointKey, terms: [Int])] = []
        for (index, term) in problem.terms.enumerated() {
            if let group = members.firstIndex(where: { $0.key == term.pointKey }) {
                members[group].terms.append(index)
            } else {
                members.append((term.pointKey, [index]))
            }
        }
        var groups: [LossGroup<S>] = []
        for member in members {
            groups.append(
                try LossGroup(
                    terms: member.terms, of: problem, network: network, scheme: scheme, seed: seed, workers: pool,
                    points: settings))
        }
        if let causal = settings.causality {
            guard let axis = problem.domain.timeAxis else { preconditionFailure("causal weights need a time") }
            causality = CausalWeights(causal, timeAxis: axis)
        } else {
            causality = nil
        }
        curriculum = settings.curriculum
        // As many lanes as the points can ever fill, so that points may be added.
        let tileCount = groups.reduce(0) { $0 + $1.points.capacity.dividedRoundingUp(by: $1.program.tilePoints) }
        let integralTiles = groups.enumerated().flatMap { index, group in
            (0..<(group.integrals?.tileCount ?? 0)).map { (group: index, tile: $0) }
        }
        self.groups = groups
        tiles = []
        self.integralTiles = integralTiles
        laneCount = max(1, min(Self.maximumLanes, max(tileCount, integralTiles.count)))
        holdsTerm = [Bool](repeating: false, count: problem.terms.count * laneCount)
        for group in groups { group.makeWorkspaces(laneCount, unknownParameters) }
        laneLosses = AlignedBuffer(count: laneCount * 2 * problem.terms.count)
        laneGradients = AlignedBuffer(count: laneCount * gradientStride)
        try draw()
    }

    /// Draws new points for all terms by the scheme, at the beginning of a curriculum.
    public func draw() throws(SamplingError) {
        timeShare = curriculum?.share(at: 0) ?? 1
        for group in groups { try group.draw(timeShare: timeShare) }
        arrangePoints()
    }

    /// Cuts the points into tiles, and the equations' points into chunks of time; to be called when points have changed.
    func arrangePoints() {
        tiles.removeAll(keepingCapacity: true)
        for (index, group) in groups.enumerated() {
            let size = group.program.tilePoints
            for start in stride(from: 0, to: group.points.count, by: size) {
                tiles.append(Tile(group: index, start: start, count: min(size, group.points.count - start)))
            }
            if let causality, group.hasEquations {
                group.factors?.arrangeChunks(
                    group.points, timeAxis: causality.timeAxis, chunkCount: causality.settings.chunks)
            }
        }
        composeFactors()
        for place in holdsTerm.indices { holdsTerm[place] = false }
        for (index, tile) in tiles.enumerated() { mark(tile.group, lane: index % laneCount) }
        for (index, tile) in integralTiles.enumerated() { mark(tile.group, lane: index % laneCount) }
    }

    private func mark(_ group: Int, lane: Int) {
        for term in groups[group].terms { holdsTerm[term.index * laneCount + lane] = true }
    }

    /// Evaluates L(θ), and its gradient if `gradient` is given, on the current points.
    ///
    /// A residual that is not finite gives a loss that is not finite: the caller decides what to do.
    public func evaluate(_ parameters: UnsafePointer<S>, gradient: UnsafeMutablePointer<S>?) -> Double {
        prepare(parameters)
        wantsGradient = gradient != nil
        pool.forEach(laneCount, laneWork)
        reduceLosses()
        if wantsGradient, !integralTiles.isEmpty {
            for group in groups { group.integrals?.gather(group.points) }
            pool.forEach(laneCount, integralReverseWork)
        }
        if let gradient { reduce(laneGradients.baseAddress, into: gradient) }
        return total
    }

    /// Σ weight · loss, the points' factors included.
    var total: Double {
        var sum = 0.0
        for term in factoredLosses.indices { sum += weights[term] * factoredLosses[term] }
        return sum
    }

    /// The tiles of one lane, forwards and backwards.
    private func runLane(_ lane: Int) {
        let target = laneGradients.baseAddress + lane * gradientStride
        if wantsGradient { target.update(repeating: 0, count: parameterCount) }
        for index in stride(from: lane, to: tiles.count, by: laneCount) {
            let tile = tiles[index]
            let group = groups[tile.group]
            let workspace = group.workspaces[lane]
            workspace.forward(group.points, start: tile.start, count: tile.count)
            accumulateLosses(group, workspace, lane: lane, tile)
            if wantsGradient {
                for place in group.terms.indices {
                    seed(group, workspace, place, scale: weights[group.terms[place].index], tile)
                }
                workspace.reverse(group.points, start: tile.start, count: tile.count, into: target)
            }
        }
    }

    /// First pass over integrals: the share of one lane.
    private func runIntegrals(_ lane: Int) {
        for index in stride(from: lane, to: integralTiles.count, by: laneCount) {
            let (group, tile) = integralTiles[index]
            groups[group].integrals?.forward(tile: tile, lane: lane)
        }
    }

    /// Second pass over integrals, once the derivatives of the loss by them are known.
    private func reverseIntegrals(_ lane: Int) {
        let target = laneGradients.baseAddress + lane * gradientStride
        for index in stride(from: lane, to: integralTiles.count, by: laneCount) {
            let (group, tile) = integralTiles[index]
            groups[group].integrals?.reverse(tile: tile, lane: lane, into: target)
        }
    }

    /// The gradient of each term Lₜ without its weight, but with the factors of its points, `gradients` holding one pointer
    /// for each term.
    ///
    /// Terms on the same points share the forward sweep. With `only`, the gradient of that term alone is computed and the
    /// others are left as they are; the losses are always those of all terms. Returns the weighted total.
    public func evaluateSeparately(
        _ parameters: UnsafePointer<S>, gradients: [UnsafeMutablePointer<S>], only: Int? = nil
    ) -> Double {
        precondition(gradients.count == termNames.count, "one gradient for each term")
        if separateGradients == nil {
            separateGradients = AlignedBuffer(count: termNames.count * laneCount * gradientStride)
        }
        separate = (gradients, only)
        prepare(parameters)
        pool.forEach(laneCount, separateWork)
        reduceLosses()
        if !integralTiles.isEmpty {
            for group in groups { group.integrals?.gather(group.points) }
            pool.forEach(laneCount, separateReverseWork)
        }
        pool.forEach(parameterCount < 8192 ? 1 : Self.maximumLanes, separateChunkWork)
        return total
    }

    /// Where a lane gathers the gradient of a term; nil where it is not wanted.
    private func separateTarget(_ term: Int, _ lane: Int) -> UnsafeMutablePointer<S>? {
        guard let buffers = separateGradients, separate.only == nil || separate.only == term else { return nil }
        return buffers.baseAddress + (term * laneCount + lane) * gradientStride
    }

    private func runLaneSeparately(_ lane: Int) {
        for term in termNames.indices where holdsTerm[term * laneCount + lane] {
            separateTarget(term, lane)?.update(repeating: 0, count: parameterCount)
        }
        for index in stride(from: lane, to: tiles.count, by: laneCount) {
            let tile = tiles[index]
            let group = groups[tile.group]
            let workspace = group.workspaces[lane]
            workspace.forward(group.points, start: tile.start, count: tile.count)
            accumulateLosses(group, workspace, lane: lane, tile)
            for place in group.terms.indices {
                guard let target = separateTarget(group.terms[place].index, lane) else { continue }
                for other in group.terms.indices where other != place {
                    seed(group, workspace, other, scale: 0, tile)
                }
                seed(group, workspace, place, scale: 1, tile)
                workspace.reverse(group.points, start: tile.start, count: tile.count, into: target)
            }
        }
    }

    private func reverseIntegralsSeparately(_ lane: Int) {
        for index in stride(from: lane, to: integralTiles.count, by: laneCount) {
            let (group, tile) = integralTiles[index]
            // A group with integrals has one term.
            guard let target = separateTarget(groups[group].terms[0].index, lane) else { continue }
            groups[group].integrals?.reverse(tile: tile, lane: lane, into: target)
        }
    }

    /// Sums the lanes of all terms over a stretch of the parameters.
    private func sumChunkSeparately(_ chunk: Int) {
        for term in termNames.indices {
            guard let first = separateTarget(term, 0) else { continue }
            sumLanes(from: first, into: separate.targets[term], chunk) { holdsTerm[term * laneCount + $0] }
        }
    }

    /// Takes parameters, and runs the first pass over integrals.
    func prepare(_ parameters: UnsafePointer<S>) {
        for group in groups {
            group.program.prepare(parameters)
            group.integrals?.prepare(parameters)
        }
        unknownParameters.prepare(parameters)
        laneLosses.baseAddress.update(repeating: 0, count: laneLosses.count)
        guard !integralTiles.isEmpty else { return }
        pool.forEach(laneCount, integralWork)
        for group in groups { group.integrals?.reduce(group.points) }
    }

    private func accumulateLosses(_ group: LossGroup<S>, _ workspace: PointWorkspace<S>, lane: Int, _ tile: Tile) {
        let sums = laneLosses.baseAddress + lane * 2 * termNames.count
        for place in group.terms.indices {
            let term = group.terms[place]
            for output in term.outputs {
                let residual = workspace.output(output)
                sums[term.index] += S.dot(tile.count, residual, residual)
            }
            guard let factors = group.factors else { continue }
            factors.record(place, outputs: term.outputs, of: workspace, start: tile.start, count: tile.count)
            sums[termNames.count + term.index] += S.dot(
                tile.count, factors.factors(place) + tile.start, factors.squares(place) + tile.start)
        }
    }

    /// Adjoint of the residuals: ∂L/∂r = 2 w f r / N.
    private func seed(
        _ group: LossGroup<S>, _ workspace: PointWorkspace<S>, _ place: Int, scale: Double, _ tile: Tile
    ) {
        let factor = S(2 * scale / Double(group.points.count))
        for output in group.terms[place].outputs {
            let adjoint = workspace.outputAdjoint(output)
            if let factors = group.factors {
                adjoint.update(repeating: 0, count: tile.count)
                S.addProduct(tile.count, workspace.output(output), factors.factors(place) + tile.start, adjoint)
            } else {
                adjoint.update(from: workspace.output(output), count: tile.count)
            }
            S.scale(tile.count, factor, adjoint)
        }
    }

    private func reduceLosses() {
        let count = termNames.count
        for group in groups {
            for term in group.terms {
                var sum = 0.0, factored = 0.0
                for lane in 0..<laneCount {
                    let sums = laneLosses.baseAddress + lane * 2 * count
                    sum += sums[term.index]
                    factored += sums[count + term.index]
                }
                losses[term.index] = sum / Double(group.points.count)
                factoredLosses[term.index] =
                    group.factors == nil ? losses[term.index] : factored / Double(group.points.count)
            }
        }
    }

    /// Sums the lanes' gradients, which start at `first`, in order.
    private func reduce(_ first: UnsafeMutablePointer<S>, into gradient: UnsafeMutablePointer<S>) {
        sum = (first, gradient)
        // One chunk for small networks, which then pay for no wake-up.
        pool.forEach(parameterCount < 8192 ? 1 : Self.maximumLanes, chunkWork)
    }

    private func sumChunk(_ chunk: Int) {
        guard let sum else { return }
        sumLanes(from: sum.lanes, into: sum.target, chunk) { _ in true }
    }

    private func sumLanes(
        from first: UnsafeMutablePointer<S>, into target: UnsafeMutablePointer<S>, _ chunk: Int,
        where isWanted: (Int) -> Bool
    ) {
        let size = parameterCount < 8192 ? parameterCount : (parameterCount / Self.maximumLanes / 16 + 1) * 16
        let start = chunk * size
        let count = min(size, parameterCount - start)
        guard count > 0 else { return }
        var isFirst = true
        for lane in 0..<laneCount where isWanted(lane) {
            let source = first + lane * gradientStride + start
            if isFirst {
                (target + start).update(from: source, count: count)
            } else {
                S.add(count, source, target + start)
            }
            isFirst = false
        }
    }
}

/// Some points of a group that are worked on at a time.
struct Tile {
    var group: Int
    var start: Int
    var count: Int
}
