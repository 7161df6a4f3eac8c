import Glibc
import LinearAlgebra

extension GridRun {
    /// Measures the plan of the present potentials, without ever making it.
    func makeCertificate() -> TransportCertificate {
        let epsilon = problem.epsilon
        let measured = newton.measure(newton.x, newton.y)
        let rowSums = Array(plan.rowSums.elements), columnSums = Array(plan.columnSums.elements)
        let cost = plan.transportCost()
        // Σ P log P = Σ P (x + y − c)/ε, entries of mass zero apart.
        let weighted = Self.pairing(rowSums, newton.x) + Self.pairing(columnSums, newton.y)
        let entropy = (weighted - cost) / epsilon
        let totals = (problem.source.reduce(0, +), problem.target.reduce(0, +))
        let marginalEntropy = Self.crossEntropy(rowSums, problem.source) + Self.crossEntropy(columnSums, problem.target)
        let reference = (totals.0 * totals.1).squareRoot()
        let penalty =
            Self.penalty(rowSums, problem.source, problem.sourceStrength)
            + Self.penalty(columnSums, problem.target, problem.targetStrength)
        var certificate = TransportCertificate(
            marginals: newton.marginalNorms(), mass: measured.mass, transportCost: cost, negativeEntropy: entropy,
            primal: cost + epsilon * (entropy - measured.mass) + penalty, dual: measured.dual,
            relativeEntropyCost: cost
                + epsilon
                * (entropy - marginalEntropy + log(reference) * measured.mass - measured.mass + reference),
            roundedCost: cost + penalty, lowerBound: lowerBound(), sweeps: newton.sweeps,
            newtonSteps: newton.newtonSteps, linearIterations: newton.linearIterations, entries: 0, seconds: phases)
        if problem.sourceStrength == nil, problem.targetStrength == nil {
            certificate.roundedCost = roundedCost(rowSums)
        }
        return certificate
    }

    private static func pairing(_ sums: [Double], _ potentials: AlignedBuffer<Double>) -> Double {
        var result = 0.0
        for index in sums.indices where sums[index] > 0 { result += sums[index] * potentials.baseAddress[index] }
        return result
    }

    /// Σ p log q
    private static func crossEntropy(_ sums: [Double], _ masses: [Double]) -> Double {
        zip(sums, masses).reduce(0) { $1.1 > 0 ? $0 + $1.0 * log($1.1) : $0 }
    }

    /// λ Σ (p log(p/b) − p + b)
    private static func penalty(_ sums: [Double], _ masses: [Double], _ strength: Double?) -> Double {
        guard let strength else { return 0 }
        return strength
            * zip(sums, masses).reduce(0) {
                $0 + ($1.0 > 0 && $1.1 > 0 ? $1.0 * log($1.0 / $1.1) : 0) - $1.0 + $1.1
            }
    }

    /// The dual value without regularisation of potentials that are made feasible: y_j = min_i (c_ij − x_i).
    private func lowerBound() -> Double {
        let y = AlignedBuffer<Double>(count: plan.columns)
        plan.columnTransform(newton.x.baseAddress, y.baseAddress)
        return newton.dualWithoutPlan(y)
    }

    /// The cost of diag(min(1, a/r)) P diag(min(1, b/c′)) plus the outer product of what is missing.
    private func roundedCost(_ rowSums: [Double]) -> Double {
        let epsilon = problem.epsilon
        let x = AlignedBuffer<Double>(count: plan.rows), y = AlignedBuffer<Double>(count: plan.columns)
        for row in 0..<plan.rows {
            let factor = rowSums[row] > 0 ? min(1, problem.source[row] / rowSums[row]) : 1
            x.baseAddress[row] = newton.x.baseAddress[row] + epsilon * log(factor)
        }
        _ = plan.measure(x.baseAddress, newton.y.baseAddress, epsilon: epsilon)
        for column in 0..<plan.columns {
            let sum = plan.columnSums.baseAddress[column]
            let factor = sum > 0 ? min(1, problem.target[column] / sum) : 1
            y.baseAddress[column] = newton.y.baseAddress[column] + epsilon * log(factor)
        }
        _ = plan.measure(x.baseAddress, y.baseAddress, epsilon: epsilon)
        let cost = plan.transportCost()
        let missingRows = (0..<plan.rows).map { max(0, problem.source[$0] - plan.rowSums.baseAddress[$0]) }
        let missingColumns = (0..<plan.columns).map { max(0, problem.target[$0] - plan.columnSums.baseAddress[$0]) }
        let total = missingRows.reduce(0, +)
        guard total > 0 else { return cost }
        return cost + problem.cost.bilinear(missingRows, missingColumns) / total
    }
}

extension GridCost {
    /// Σ u_i v_j c_ij, from the sums of u and v over all but one axis.
    func bilinear(_ u: [Double], _ v: [Double]) -> Double {
        let totals = (u.reduce(0, +), v.reduce(0, +))
        guard totals.0 > 0, totals.1 > 0 else { return 0 }
        var result = 0.0
        for (number, axis) in axes.enumerated() {
            let rows = Self.marginal(u, axes.map(\.sources.count), number)
            let columns = Self.marginal(v, axes.map(\.targets.count), number)
            for (row, mass) in rows.enumerated() where mass > 0 {
                for (column, other) in columns.enumerated() { result += mass * other * axis.cost(row, column) }
            }
        }
        // Each axis' marginals have the same totals.
        return result
    }

    /// Sums over all axes but one.
    static func marginal(_ field: [Double], _ shape: [Int], _ axis: Int) -> [Double] {
        let after = shape[(axis + 1)...].reduce(1, *)
        var sums = [Double](repeating: 0, count: shape[axis])
        for (index, value) in field.enumerated() { sums[index / after % shape[axis]] += value }
        return sums
    }
}

extension DualNewton {
    /// Norms of the marginal errors that were measured last.
    func marginalNorms() -> TransportCertificate.Norms {
        var norms = TransportCertificate.Norms(l1: 0, l2: 0, maximum: 0)
        for errors in gradients {
            for error in errors.elements {
                norms.l1 += abs(error)
                norms.l2 += error * error
                norms.maximum = max(norms.maximum, abs(error))
            }
        }
        norms.l2 = norms.l2.squareRoot()
        return norms
    }
}
