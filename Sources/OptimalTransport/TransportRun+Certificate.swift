import Glibc
import LinearAlgebra

extension TransportRun {
    /// Measures the plan of the present potentials: a pass for the sums, and two for the rounded plan.
    func makeCertificate() -> TransportCertificate {
        let epsilon = problem.epsilon
        let measured = measure(potentials)
        let rowSums = Array(plan.rowSums.elements), columnSums = Array(plan.columnSums.elements)
        let marginals = norms(
            zip(problem.source, rowSums).map { $0 - $1 } + zip(problem.target, columnSums).map { $0 - $1 })
        let rowFactors = zip(problem.source, rowSums).map { $1 > 0 ? min(1, $0 / $1) : 0 }
        let sums = plan.planSums(potentials, epsilon: epsilon, rows: rowFactors)
        // Σ P log P = Σ P (x + y − c)/ε, entries of mass zero apart.
        let weighted =
            Self.sum(rowSums, potentials.x, where: problem.source)
            + Self.sum(columnSums, potentials.y, where: problem.target)
        let entropy = (weighted - sums.cost) / epsilon
        func plogp(_ masses: [Double], _ sums: [Double]) -> Double {
            zip(masses, sums).reduce(0) { $1.0 > 0 ? $0 + $1.1 * log($1.0) : $0 }
        }
        let marginalEntropy = plogp(problem.source, rowSums) + plogp(problem.target, columnSums)
        var certificate = TransportCertificate(
            marginals: marginals, mass: measured.mass, transportCost: sums.cost, negativeEntropy: entropy,
            primal: sums.cost + epsilon * (entropy - measured.mass), dual: measured.dual,
            relativeEntropyCost: sums.cost + epsilon
                * (entropy - marginalEntropy + log(problem.mass) * measured.mass - measured.mass + problem.mass),
            roundedCost: roundedCost(rowFactors, sums.columnSums), lowerBound: lowerBound(sums.leastCosts),
            sweeps: sweeps, newtonSteps: newtonSteps, linearIterations: linearIterations, entries: entries,
            seconds: phases)
        certificate.isVertex =
            certificate.gap <= 1e-11 * problem.largestCost * problem.mass
            && significantEntries() <= plan.rows + plan.columns - 1
        return certificate
    }

    /// The number of entries that a sparse plan keeps when it may drop 10⁻⁹ of each row and column.
    private func significantEntries() -> Int {
        guard entries <= 4 * (plan.rows + plan.columns) else { return .max }
        let sparse = SparsePlan(plan)
        plan.sparsePlan(potentials, epsilon: problem.epsilon, dropping: 1e-9, into: sparse)
        return sparse.count
    }

    private static func sum(_ sums: [Double], _ potential: AlignedBuffer<Double>, where masses: [Double]) -> Double {
        var result = 0.0
        for index in sums.indices where masses[index] > 0 { result += sums[index] * potential.baseAddress[index] }
        return result
    }

    private func norms(_ errors: [Double]) -> TransportCertificate.Norms {
        var norms = TransportCertificate.Norms(l1: 0, l2: 0, maximum: 0)
        for error in errors {
            norms.l1 += abs(error)
            norms.l2 += error * error
            norms.maximum = max(norms.maximum, abs(error))
        }
        norms.l2 = norms.l2.squareRoot()
        return norms
    }

    /// The cost of diag(min(1, a/r)) P diag(min(1, b/c′)) plus the outer product of what is missing.
    private func roundedCost(_ rows: [Double], _ scaled: [Double]) -> Double {
        let columns = zip(problem.target, scaled).map { $1 > 0 ? min(1, $0 / $1) : 0 }
        let (cost, sums) = plan.costAndRowSums(potentials, epsilon: problem.epsilon, rows: rows, columns: columns)
        let missingRows = zip(problem.source, sums).map { max(0, $0 - $1) }
        let missingColumns = (0..<plan.columns).map { max(0, problem.target[$0] - columns[$0] * scaled[$0]) }
        let total = missingRows.reduce(0, +)
        guard total > 0 else { return cost }
        return cost + plan.bilinearCost(missingRows, missingColumns) / total
    }

    /// Σ a x + Σ b y with y_j = min_i (c_ij − x_i): feasible without regularisation.
    private func lowerBound(_ transformed: [Double]) -> Double {
        Self.sum(problem.source, potentials.x, where: problem.source)
            + zip(problem.target, transformed).reduce(0) { $1.0 > 0 ? $0 + $1.0 * $1.1 : $0 }
    }
}
