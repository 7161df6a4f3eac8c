import Glibc
import LinearAlgebra

extension TransportRun {
    /// Measures the plan of the present potentials.
    func makeCertificate() -> TransportCertificate {
        let epsilon = problem.epsilon
        let measured = measure(potentials)
        let r = plan.rowSums.baseAddress, c = plan.columnSums.baseAddress
        let rowSums = Array(plan.rowSums.elements)
        let norms = norms(
            (0..<plan.rows).map { problem.source[$0] - r[$0] } + (0..<plan.columns).map { problem.target[$0] - c[$0] })
        // Σ P log P = Σ P (x + y − c)/ε, entries of mass zero apart.
        var weighted = 0.0
        for row in 0..<plan.rows where problem.source[row] > 0 { weighted += r[row] * potentials.x.baseAddress[row] }
        for column in 0..<plan.columns where problem.target[column] > 0 {
            weighted += c[column] * potentials.y.baseAddress[column]
        }
        let cost = plan.cost(potentials, epsilon: epsilon)
        let entropy = (weighted - cost) / epsilon
        func plogp(_ masses: [Double], _ sums: [Double]) -> Double {
            zip(masses, sums).reduce(0) { $1.0 > 0 ? $0 + $1.1 * log($1.0) : $0 }
        }
        let marginalEntropy =
            plogp(problem.source, rowSums) + plogp(problem.target, Array(plan.columnSums.elements))
        return TransportCertificate(
            marginals: norms, mass: measured.mass, transportCost: cost, negativeEntropy: entropy,
            primal: cost + epsilon * (entropy - measured.mass), dual: measured.dual,
            relativeEntropyCost: cost + epsilon * (entropy - marginalEntropy - measured.mass + problem.mass),
            roundedCost: roundedCost(rowSums), lowerBound: lowerBound(), sweeps: sweeps, newtonSteps: newtonSteps,
            linearIterations: linearIterations, entries: entries, seconds: phases)
    }

    private func norms(_ errors: [Double]) -> TransportCertificate.Norms {
        errors.reduce(into: TransportCertificate.Norms(l1: 0, l2: 0, maximum: 0)) { norms, error in
            norms.l1 += abs(error)
            norms.l2 = hypot(norms.l2, error)
            norms.maximum = max(norms.maximum, abs(error))
        }
    }

    /// The cost of diag(min(1, a/r)) P diag(min(1, b/c′)) plus the outer product of what is missing.
    private func roundedCost(_ rowSums: [Double]) -> Double {
        let rows = zip(problem.source, rowSums).map { $1 > 0 ? min(1, $0 / $1) : 0 }
        let scaled = plan.scaledColumnSums(potentials, epsilon: problem.epsilon, rows: rows)
        let columns = zip(problem.target, scaled).map { $1 > 0 ? min(1, $0 / $1) : 0 }
        let (cost, sums) = plan.costAndRowSums(potentials, epsilon: problem.epsilon, rows: rows, columns: columns)
        let missingRows = zip(problem.source, sums).map { max(0, $0 - $1) }
        let missingColumns = (0..<plan.columns).map { max(0, problem.target[$0] - columns[$0] * scaled[$0]) }
        let total = missingRows.reduce(0, +)
        guard total > 0 else { return cost }
        return cost + plan.bilinearCost(missingRows, missingColumns) / total
    }

    /// Σ a x + Σ b y with y_j = min_i (c_ij − x_i): feasible without regularisation.
    private func lowerBound() -> Double {
        let x = Array(potentials.x.elements)
        let transformed = plan.columnTransform(x)
        var value = 0.0
        for (mass, potential) in zip(problem.source, x) where mass > 0 { value += mass * potential }
        for (mass, potential) in zip(problem.target, transformed) where mass > 0 { value += mass * potential }
        return value
    }
}
