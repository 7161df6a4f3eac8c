import LinearAlgebra
import Optimizers

/// What changes between evaluations: the factors of the points, and the points themselves.
extension LossFunction {
    /// Makes the causal weights those of the residuals at `parameters`, in one forward sweep over the equations.
    ///
    /// Does nothing without causal weights.
    public func updateCausality(_ parameters: UnsafePointer<S>) {
        guard let causality else { return }
        evaluateSquares(parameters)
        causality.begin()
        for group in groups where group.hasEquations {
            guard let factors = group.factors else { continue }
            for place in group.terms.indices {
                causality.take(squares: factors.squares(place), chunks: factors.chunks)
            }
        }
        causality.end()
        composeFactors()
    }

    /// Leaves the squared residuals of groups with equations beside their factors.
    func evaluateSquares(_ parameters: UnsafePointer<S>) {
        for group in groups where group.hasEquations { group.program.prepare(parameters) }
        unknownParameters.prepare(parameters)
        pool.forEach(laneCount, squaresWork)
    }

    /// The share of one lane.
    func runSquares(_ lane: Int) {
        for index in stride(from: lane, to: tiles.count, by: laneCount) {
            let tile = tiles[index]
            let group = groups[tile.group]
            guard group.hasEquations, let factors = group.factors else { continue }
            let workspace = group.workspaces[lane]
            workspace.forward(group.points, start: tile.start, count: tile.count)
            for (place, term) in group.terms.enumerated() {
                factors.record(place, outputs: term.outputs, of: workspace, start: tile.start, count: tile.count)
            }
        }
    }

    /// Sets the weights of points at the start of training, from the residuals at `parameters`.
    public func beginPointWeights(_ parameters: UnsafePointer<S>) {
        guard hasPointWeights else { return }
        _ = evaluate(parameters, gradient: nil)
        forEachRule { rule, squares, _ in rule.begin(squares: squares) }
        composeFactors()
    }

    /// Moves the weights of points by the residuals of the last evaluation.
    public func updatePointWeights() {
        guard hasPointWeights else { return }
        forEachRule { rule, squares, weight in rule.update(squares: squares, termWeight: weight) }
        composeFactors()
    }

    /// Where the causal weights stand; nil without them.
    public var causalReport: CausalReport? { causality?.report }

    /// Multiplies the parts of the factors.
    func composeFactors() {
        for group in groups {
            guard let factors = group.factors else { continue }
            let isCausal = causality != nil && group.hasEquations
            factors.compose(
                count: group.points.count,
                causal: isCausal ? causality.map { UnsafePointer($0.weights.baseAddress) } : nil)
        }
    }

    private var hasPointWeights: Bool {
        for group in groups {
            guard let factors = group.factors else { continue }
            for rule in factors.rules where rule != nil { return true }
        }
        return false
    }

    private func forEachRule(_ body: (any PointWeightRule<S>, UnsafePointer<S>, Double) -> Void) {
        for group in groups {
            guard let factors = group.factors else { continue }
            for place in factors.rules.indices {
                guard let rule = factors.rules[place] else { continue }
                body(rule, UnsafePointer(factors.squares(place)), weights[group.terms[place].index])
            }
        }
    }

    /// Draws new points for all terms in the course of training: by the scheme or, for equations with an adaptive rule, among
    /// candidates by the residual at `parameters`.
    ///
    /// - Parameter step: the steps of all stages so far, which a curriculum counts.
    public func resample(_ parameters: UnsafePointer<S>, step: Int) throws(SamplingError) {
        timeShare = curriculum?.share(at: step) ?? 1
        if groups.contains(where: { $0.adaptive != nil }) { prepare(parameters) }
        let clock = ContinuousClock()
        for group in groups {
            guard let adaptive = group.adaptive else {
                try group.draw(timeShare: timeShare)
                continue
            }
            let start = clock.now
            var residuals = Duration.zero
            repeat {
                try group.drawCandidates(adaptive, timeShare: timeShare)
                residuals += clock.measure {
                    evaluateMagnitudes(group, adaptive.candidates, to: adaptive.magnitudes.baseAddress)
                }
            } while try !group.choose(adaptive, timeShare: timeShare)
            samplingTime.add(clock.now - start, residuals: residuals)
        }
        arrangePoints()
    }

    /// q = (Σ w |r|²)^½ of a group at each of some points; follows ``prepare(_:)``.
    func evaluateMagnitudes(
        _ group: LossGroup<S>, _ candidates: PointSet<S>, to magnitudes: UnsafeMutablePointer<Double>
    ) {
        let size = group.program.tilePoints
        let tileCount = candidates.count.dividedRoundingUp(by: size)
        pool.forEach(laneCount) { [self] lane in
            let workspace = group.workspaces[lane]
            for tile in stride(from: lane, to: tileCount, by: laneCount) {
                let start = tile * size, count = min(size, candidates.count - start)
                workspace.forward(candidates, start: start, count: count)
                for point in 0..<count {
                    var sum = 0.0
                    for term in group.terms {
                        var square = 0.0
                        for output in term.outputs {
                            let residual = Double(workspace.output(output)[point])
                            square += residual * residual
                        }
                        sum += weights[term.index] * square
                    }
                    magnitudes[start + point] = sum.squareRoot()
                }
            }
        }
    }
}

extension Int {
    /// The quotient of numbers that are not negative, rounded up.
    func dividedRoundingUp(by divisor: Int) -> Int { (self + divisor - 1) / divisor }
}
