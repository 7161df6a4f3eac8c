import Glibc
import LinearAlgebra
import Parallelism

extension UnbalancedTransport {
    /// A solution as that of a balanced problem: between the marginals that its plan has, of which it is the entropic plan, too.
    ///
    /// All that is read from plans (entries, maps, certificates) is read from this one. Of the certificate, the marginal errors, `primal`
    /// (with both λ KL), `dual`, `roundedCost` (⟨C, P⟩ + λ KL: an upper bound without regularisation) and `lowerBound` are those of the
    /// relaxed problem.
    ///
    /// - Throws: ``TransportError/empty(_:)`` when so little mass is moved that there is no plan.
    public func balanced(
        _ solution: Solution, pool: WorkerPool
    ) throws(TransportError) -> (problem: TransportProblem, solution: TransportSolution) {
        let total = solution.sourceMarginal.reduce(0, +), other = solution.targetMarginal.reduce(0, +)
        guard total > 0, other > 0 else { throw .empty(.source) }
        // Both are sums of all entries, in two orders.
        let problem = try TransportProblem(
            source: solution.sourceMarginal, target: solution.targetMarginal.map { $0 * (total / other) }, cost: cost,
            epsilon: epsilon)
        let run = TransportRun(problem, TransportLimits(), pool: pool)
        for (index, value) in solution.sourcePotentials.enumerated() where problem.source[index] > 0 {
            run.potentials.x.baseAddress[index] = value
        }
        for (index, value) in solution.targetPotentials.enumerated() where problem.target[index] > 0 {
            run.potentials.y.baseAddress[index] = value
        }
        var certificate = run.makeCertificate()
        let penalty =
            Self.penalty(solution.sourceMarginal, source, sourceStrength)
            + Self.penalty(solution.targetMarginal, target, targetStrength)
        certificate.marginals = norms(of: solution)
        certificate.primal += penalty
        certificate.dual = solution.dual
        certificate.roundedCost = certificate.transportCost + penalty
        certificate.lowerBound = lowerBound(solution.sourcePotentials)
        certificate.isVertex = false
        certificate.sweeps = solution.sweeps
        certificate.newtonSteps = solution.newtonSteps
        certificate.linearIterations = solution.linearIterations
        certificate.entries = solution.history.last?.entries ?? 0
        certificate.seconds.sweeps = solution.history.last { $0.kind == .sweep }?.seconds ?? 0
        certificate.seconds.newton = (solution.history.last?.seconds ?? 0) - certificate.seconds.sweeps
        // Relaxed potentials have no free constant, and keep theirs.
        return (
            problem,
            TransportSolution(
                sourcePotentials: solution.sourcePotentials, targetPotentials: solution.targetPotentials,
                certificate: certificate, history: solution.history, stop: solution.stop)
        )
    }

    /// λ Σ (p log(p/a) − p + a); 0 for a marginal that is kept.
    private static func penalty(_ sums: [Double], _ masses: [Double], _ strength: Double?) -> Double {
        guard let strength else { return 0 }
        return strength
            * zip(sums, masses).reduce(0) {
                $0 + ($1.0 > 0 && $1.1 > 0 ? $1.0 * log($1.0 / $1.1) : 0) - $1.0 + $1.1
            }
    }

    /// Norms of the difference between the plan's sums and the marginals that the potentials stand for.
    private func norms(of solution: Solution) -> TransportCertificate.Norms {
        var norms = TransportCertificate.Norms(l1: 0, l2: 0, maximum: 0)
        let sides = [
            (source, sourceStrength, solution.sourcePotentials, solution.sourceMarginal),
            (target, targetStrength, solution.targetPotentials, solution.targetMarginal),
        ]
        for (masses, strength, potentials, sums) in sides {
            for index in masses.indices {
                let wanted =
                    masses[index] > 0 ? masses[index] * (strength.map { exp(-potentials[index] / $0) } ?? 1) : 0
                let error = abs(wanted - sums[index])
                norms.l1 += error
                norms.l2 += error * error
                norms.maximum = max(norms.maximum, error)
            }
        }
        norms.l2 = norms.l2.squareRoot()
        return norms
    }

    /// The dual value without regularisation of potentials that are made feasible: y_j = min_i (c_ij − x_i).
    private func lowerBound(_ x: [Double]) -> Double {
        let columns = target.count
        let room = AlignedBuffer<Double>(count: columns)
        var y = [Double](repeating: .infinity, count: columns)
        for row in source.indices where source[row] > 0 {
            let costs = cost.row(row, room: room.baseAddress)
            for column in 0..<columns { y[column] = min(y[column], costs[column] - x[row]) }
        }
        return value(of: x, source, sourceStrength) + value(of: y, target, targetStrength)
    }

    private func value(of potentials: [Double], _ masses: [Double], _ strength: Double?) -> Double {
        let term = GridProblem.term(masses, strength)
        let marginals = AlignedBuffer<Double>(count: masses.count),
            curvatures = AlignedBuffer<Double>(count: masses.count)
        return term.evaluate(potentials, marginals: marginals.baseAddress, curvatures: curvatures.baseAddress)
    }
}
