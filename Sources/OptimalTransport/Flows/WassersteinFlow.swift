import CKernels
import Glibc
import LinearAlgebra
import Parallelism

/// The gradient flow of an energy in the Wasserstein distance on a tensor grid, by implicit steps of Jordan, Kinderlehrer and Otto.
///
/// A step of length h minimises W²_γ(ρ, ρ_k)/(2h) + E(ρ) with the entropic distance of regularisation γ, by scaling iterations in the
/// log domain, accelerated; the interaction is that of the density before the step. The kernel spreads mass as a diffusion γ/(4h) would: that
/// is taken from the energy, so that with γ = 4hD a step of the heat equation is exact. Each step keeps the mass to rounding.
///
/// Sources: Jordan, Kinderlehrer, Otto, SIAM J. Math. Anal. 1998; Peyré, SIAM J. Imaging Sci. 2015; Chizat, Peyré, Schmitzer, Vialard,
/// Math. Comp. 2018; for the extra diffusion Baradat, Hraivoronska, Santambrogio, arXiv 2502.12666.
public final class WassersteinFlow {
    /// What a step did.
    public struct Step: Sendable, Equatable {
        /// The time after it.
        public var time: Double
        /// Scaling iterations.
        public var iterations: Int
        /// A bound of ‖P1 − ρ_k‖₁ relative to the mass.
        public var error: Double
        /// Whether the error is below the tolerance.
        public var isConverged: Bool
        /// E after it.
        public var energy: Double
    }

    /// The axes, with squared costs.
    public let axes: [GridAxis]
    /// The energy.
    public let energy: FlowEnergy
    /// h
    public let step: Double
    /// γ
    public let regularisation: Double
    /// Whether the kernel's diffusion is taken from the energy.
    public let isDebiased: Bool
    /// Masses of the cells, the last axis fastest.
    public private(set) var masses: [Double]
    /// The time reached.
    public private(set) var time = 0.0
    /// Largest error of a step.
    public var tolerance = 1e-8
    /// Most scaling iterations of a step.
    public var iterationLimit = 2_000

    private let plan: GridPlan
    private let logVolumes: [Double]
    private let convolution: GridConvolution?
    private let x, y, sums, image, previous: AlignedBuffer<Double>
    private let acceleration: FixedPointAcceleration
    private var isWarm = false

    /// Starts from masses of cells.
    ///
    /// - Parameters:
    ///   - axes: the nodes, the same on both sides; costs are squared, whatever the axes say.
    ///   - volumes: volumes of the cells; nil for cells that end half-way between nodes.
    public init(
        axes: [GridAxis], masses: [Double], volumes: [Double]? = nil, energy: FlowEnergy, step: Double,
        regularisation: Double, isDebiased: Bool = true, pool: WorkerPool
    ) throws(FlowError) {
        let axes = axes.map { GridAxis(nodes: $0.sources, cost: .squared, period: $0.period) }
        let cost = GridCost(axes)
        precondition(masses.count == cost.sources, "a mass for each cell")
        precondition(energy.potential.isEmpty || energy.potential.count == masses.count, "a potential for each cell")
        if let index = masses.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
            throw .mass(index: index, value: masses[index])
        }
        guard masses.contains(where: { $0 > 0 }) else { throw .empty }
        guard step > 0, step.isFinite else { throw .step(step) }
        if let index = energy.potential.firstIndex(where: { !$0.isFinite }) { throw .potential(index: index) }
        try Self.check(axes, energy, step, regularisation, isDebiased)
        (self.axes, self.energy, self.step, self.regularisation) = (axes, energy, step, regularisation)
        (self.masses, self.isDebiased) = (masses, isDebiased)
        plan = GridPlan(cost, pool: pool)
        logVolumes = (volumes ?? Self.volumes(axes)).map { log($0) }
        convolution = try Self.convolution(axes, energy)
        x = AlignedBuffer(count: masses.count)
        y = AlignedBuffer(count: masses.count)
        sums = AlignedBuffer(count: masses.count)
        image = AlignedBuffer(count: masses.count)
        previous = AlignedBuffer(count: masses.count)
        acceleration = FixedPointAcceleration(count: masses.count)
    }

    private static func check(
        _ axes: [GridAxis], _ energy: FlowEnergy, _ step: Double, _ regularisation: Double, _ isDebiased: Bool
    ) throws(FlowError) {
        let least = 2 * GridCost(axes).neighbourCost
        guard regularisation >= least * (1 - 1e-12), regularisation.isFinite else {
            throw .narrowKernel(regularisation: regularisation, least: least)
        }
        switch energy.internalEnergy {
        case .none: break
        case .entropy(let diffusion):
            guard diffusion > 0, diffusion.isFinite else { throw .diffusion(diffusion) }
            if isDebiased, regularisation > 4 * step * diffusion * (1 + 1e-12) {
                throw .tooMuchDiffusion(regularisation: regularisation, most: 4 * step * diffusion)
            }
        case .power(let exponent, let coefficient):
            guard exponent > 1, exponent.isFinite else { throw .exponent(exponent) }
            guard coefficient > 0, coefficient.isFinite else { throw .diffusion(coefficient) }
        }
    }

    /// Products of the lengths that are closer to a node than to its neighbours; at the ends without a period, twice the inner half.
    static func volumes(_ axes: [GridAxis]) -> [Double] {
        axes.reduce([1]) { volumes, axis in
            let nodes = axis.sources, last = nodes.count - 1
            let lengths = nodes.indices.map { index -> Double in
                guard last > 0 else { return 1 }
                if axis.period > 0 {
                    let before = index > 0 ? nodes[index] - nodes[index - 1] : nodes[0] + axis.period - nodes[last]
                    let after = index < last ? nodes[index + 1] - nodes[index] : nodes[0] + axis.period - nodes[last]
                    return (before + after) / 2
                }
                if index == 0 { return nodes[1] - nodes[0] }
                if index == last { return nodes[last] - nodes[last - 1] }
                return (nodes[index + 1] - nodes[index - 1]) / 2
            }
            return volumes.flatMap { volume in lengths.map { volume * $0 } }
        }
    }

    private static func convolution(_ axes: [GridAxis], _ energy: FlowEnergy) throws(FlowError) -> GridConvolution? {
        guard let interaction = energy.interaction else { return nil }
        var steps: [Double] = []
        for (number, axis) in axes.enumerated() {
            let nodes = axis.sources
            let step = nodes.count > 1 ? (nodes[nodes.count - 1] - nodes[0]) / Double(nodes.count - 1) : 0
            let isEven = nodes.indices.allSatisfy {
                abs(nodes[$0] - nodes[0] - Double($0) * step) < 1e-9 * max(step, 1e-300)
            }
            let closes = axis.period == 0 || abs(axis.period - step * Double(nodes.count)) < 1e-9 * axis.period
            guard isEven, closes else { throw .unevenNodes(axis: number) }
            steps.append(step)
        }
        return GridConvolution(shape: axes.map(\.sources.count), isPeriodic: axes.map { $0.period > 0 }) { place in
            interaction(zip(place, steps).map { Double($0) * $1 })
        }
    }

    // MARK: Steps

    /// Takes a step.
    public func advance() -> Step {
        let term = makeTerm()
        let source = FixedMarginal(masses)
        let total = masses.reduce(0, +)
        let epsilon = regularisation
        let s = sums.baseAddress
        let isDrift = term is DriftTerm
        if isDrift { term.balance(s, epsilon: epsilon, y.baseAddress) } else { extrapolate() }
        acceleration.restart()
        var iterations = 0, error = 0.0, least = Double.infinity
        while true {
            plan.rowLogSums(y.baseAddress, epsilon: epsilon, s)
            source.balance(s, epsilon: epsilon, x.baseAddress)
            plan.columnLogSums(x.baseAddress, epsilon: epsilon, s)
            iterations += 1
            fill(plan.columnSums, s, y)
            if isDrift { break }
            // Rows have their masses now. The change of the column sums to those that fit the energy bounds the rows' error after it.
            term.balance(s, epsilon: epsilon, image.baseAddress)
            fill(plan.rowSums, s, image)
            error = Self.difference(plan.columnSums, plan.rowSums) / total
            if error <= tolerance || iterations >= iterationLimit { break }
            if error > 4 * least || !error.isFinite { acceleration.restart() }
            least = min(least, error)
            acceleration.advance(y.baseAddress, image: image.baseAddress, weights: plan.rowSums.baseAddress)
        }
        for index in masses.indices { masses[index] = plan.columnSums.baseAddress[index] }
        time += step
        return Step(
            time: time, iterations: iterations, error: error, isConverged: error <= tolerance,
            energy: energyValue(masses))
    }

    /// y ← y + (y − y before the last step)
    private func extrapolate() {
        let (now, before) = (y.baseAddress, previous.baseAddress)
        for index in masses.indices {
            let value = now[index]
            if isWarm { now[index] += value - before[index] }
            before[index] = value
        }
        isWarm = time > 0
    }

    /// masses ← exp(potential/γ + s)
    private func fill(_ target: AlignedBuffer<Double>, _ s: UnsafePointer<Double>, _ potential: AlignedBuffer<Double>) {
        let (out, values, scale) = (target.baseAddress, potential.baseAddress, 1 / regularisation)
        for index in masses.indices { out[index] = s[index] + values[index] * scale }
        ansatz_vector_exp_f64(target.count, out, out)
    }

    private static func difference(_ first: AlignedBuffer<Double>, _ second: AlignedBuffer<Double>) -> Double {
        let (a, b) = (first.baseAddress, second.baseAddress)
        var sum = 0.0
        for index in 0..<first.count { sum += abs(a[index] - b[index]) }
        return sum
    }

    // MARK: State

    /// All that a flow goes on from.
    public struct State: Sendable, Equatable {
        /// Masses of the cells.
        public var masses: [Double]
        /// The time reached.
        public var time: Double
        /// The potential of the last step, from which the next one starts.
        public var potential: [Double]
        /// The potential before that.
        public var potentialBefore: [Double]
        /// Whether there are both.
        public var isWarm: Bool

        /// Joins the parts.
        public init(masses: [Double], time: Double, potential: [Double], potentialBefore: [Double], isWarm: Bool) {
            (self.masses, self.time, self.isWarm) = (masses, time, isWarm)
            (self.potential, self.potentialBefore) = (potential, potentialBefore)
        }
    }

    /// What the flow goes on from: put into another one of the same kind, that takes the same steps bit for bit.
    public var state: State {
        State(
            masses: masses, time: time, potential: Array(y.elements), potentialBefore: Array(previous.elements),
            isWarm: isWarm)
    }

    /// Goes on from the state of another flow on the same grid.
    public func restore(_ state: State) {
        precondition(
            state.masses.count == masses.count && state.potential.count == masses.count
                && state.potentialBefore.count == masses.count, "a state of the same grid")
        (masses, time, isWarm) = (state.masses, state.time, state.isWarm)
        for index in masses.indices {
            y.baseAddress[index] = state.potential[index]
            previous.baseAddress[index] = state.potentialBefore[index]
        }
    }

    /// The energy of the next step, with what the kernel diffuses taken from it.
    private func makeTerm() -> any MarginalBalance {
        var potential = energy.potential
        if let convolution {
            let added = convolution.apply(masses)
            potential = potential.isEmpty ? added : zip(potential, added).map { $0 + $1 }
        }
        let excess = isDebiased ? regularisation / (4 * step) : 0
        switch energy.internalEnergy {
        case .none:
            return DriftTerm(
                potentials: potential.isEmpty
                    ? [Double](repeating: 0, count: masses.count) : potential.map { -2 * step * $0 })
        case .entropy(let diffusion):
            let rest = diffusion - excess
            guard rest > 1e-12 * diffusion else {
                return DriftTerm(
                    potentials: potential.isEmpty
                        ? [Double](repeating: 0, count: masses.count) : potential.map { -2 * step * $0 })
            }
            let logarithms =
                potential.isEmpty ? logVolumes : zip(logVolumes, potential).map { $0 - $1 / rest }
            return RelaxedMarginal(logarithms: logarithms, strength: 2 * step * rest)
        case .power(let exponent, let coefficient):
            return PowerTerm(
                exponent: exponent, coefficient: coefficient, linear: -excess, logVolumes: logVolumes,
                potential: potential, doubleStep: 2 * step)
        }
    }

    /// E of masses of cells.
    public func energyValue(_ masses: [Double]) -> Double {
        var value = 0.0
        for (index, mass) in masses.enumerated() where mass > 0 {
            let logDensity = log(mass) - logVolumes[index]
            switch energy.internalEnergy {
            case .none: break
            case .entropy(let diffusion): value += diffusion * mass * (logDensity - 1)
            case .power(let exponent, let coefficient):
                value += coefficient / (exponent - 1) * mass * exp((exponent - 1) * logDensity)
            }
            if !energy.potential.isEmpty { value += mass * energy.potential[index] }
        }
        guard let convolution else { return value }
        return value + zip(masses, convolution.apply(masses)).reduce(0) { $0 + 0.5 * $1.0 * $1.1 }
    }
}
