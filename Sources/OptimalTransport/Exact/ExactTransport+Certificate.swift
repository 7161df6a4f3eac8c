import Glibc

extension ExactTransport.Solution {
    /// The plan in compressed rows.
    public func planEntries(rows: Int) -> PlanEntries {
        // Entries come row by row.
        var result = PlanEntries(rowStarts: [0], columns: [], values: [], droppedMass: 0)
        result.rowStarts.reserveCapacity(rows + 1)
        var next = 0
        for row in 0..<rows {
            while next < entries.count, entries[next].source == row {
                result.columns.append(entries[next].target)
                result.values.append(entries[next].mass)
                next += 1
            }
            result.rowStarts.append(next)
        }
        return result
    }

    /// What is measured of the plan, for a problem whose ε is taken as it is in the values with an entropy.
    ///
    /// - Parameters:
    ///   - epsilon: ε in `primal` and `relativeEntropyCost`; 0 for both to be the cost.
    ///   - seconds: how long the simplex method took.
    public func certificate(
        of problem: TransportProblem, epsilon: Double, seconds: Double
    ) -> TransportCertificate {
        var rows = problem.source, columns = problem.target
        var mass = 0.0, entropy = 0.0, relative = 0.0
        for entry in entries {
            rows[entry.source] -= entry.mass
            columns[entry.target] -= entry.mass
            mass += entry.mass
            entropy += entry.mass * log(entry.mass)
            relative +=
                entry.mass
                * log(entry.mass * problem.mass / (problem.source[entry.source] * problem.target[entry.target]))
        }
        let errors = (rows + columns).map(abs)
        let marginals = TransportCertificate.Norms(
            l1: errors.reduce(0, +), l2: errors.reduce(0) { $0 + $1 * $1 }.squareRoot(), maximum: errors.max() ?? 0)
        var dual = 0.0
        for (mass, potential) in zip(problem.source, sourcePotentials) where mass > 0 { dual += mass * potential }
        for (mass, potential) in zip(problem.target, targetPotentials) where mass > 0 { dual += mass * potential }
        // KL(P | a bᵀ/mass) ≥ 0 bounds the entropy of every plan.
        func logarithms(of masses: [Double]) -> Double { masses.reduce(0) { $1 > 0 ? $0 + $1 * log($1) : $0 } }
        let least =
            logarithms(of: problem.source) + logarithms(of: problem.target) - problem.mass * (log(problem.mass) + 1)
        var certificate = TransportCertificate(
            marginals: marginals, mass: mass, transportCost: cost, negativeEntropy: entropy,
            primal: cost + epsilon * (entropy - mass), dual: min(cost, dual) + epsilon * least,
            relativeEntropyCost: cost + epsilon * (relative - mass + problem.mass), roundedCost: cost,
            lowerBound: min(cost, dual) - roundingBound, sweeps: 0, newtonSteps: 0, linearIterations: 0,
            entries: entries.count, seconds: .init())
        certificate.seconds.newton = seconds
        certificate.isVertex = epsilon > 0
        return certificate
    }
}
