import OptimalTransport
import Results

extension TransportCertificate {
    /// ⟨C, P⟩ + ε Σ P log P
    func entropyCost(epsilon: Double) -> Double { transportCost + epsilon * negativeEntropy }

    /// A value by the name that `[expect]` has for it.
    func value(_ name: String, epsilon: Double) -> Double {
        switch name {
        case "cost": transportCost
        case "rounded_cost": roundedCost
        case "entropy_cost": entropyCost(epsilon: epsilon)
        case "primal": primal
        case "relative_entropy_cost": relativeEntropyCost
        case "negative_entropy": negativeEntropy
        default: .nan
        }
    }

    /// A named number of the certificate.
    struct Fact {
        var name: String
        var value: FieldFile.Attribute.Value

        var json: JSONValue {
            switch value {
            case .text(let text): .text(text)
            case .number(let number): .number(number)
            case .integer(let integer): .integer(integer)
            case .numbers(let numbers): .list(numbers.map(JSONValue.number))
            }
        }
    }

    /// All numbers, by the names that result files use.
    func facts(epsilon: Double) -> [Fact] {
        let numbers: [(String, Double)] = [
            ("marginal_l1", marginals.l1), ("marginal_l2", marginals.l2), ("marginal_maximum", marginals.maximum),
            ("mass", mass), ("cost", transportCost), ("negative_entropy", negativeEntropy),
            ("entropy_cost", entropyCost(epsilon: epsilon)), ("primal", primal), ("dual", dual),
            ("relative_entropy_cost", relativeEntropyCost), ("rounded_cost", roundedCost),
            ("lower_bound", lowerBound), ("gap", gap),
        ]
        let counts: [(String, Int)] = [
            ("sweeps", sweeps), ("newton_steps", newtonSteps), ("linear_iterations", linearIterations),
            ("entries", entries), ("is_vertex", isVertex ? 1 : 0),
        ]
        let times: [(String, Double)] = [
            ("seconds_sweeps", seconds.sweeps), ("seconds_newton", seconds.newton),
            ("seconds_certificate", seconds.certificate),
        ]
        return numbers.map { Fact(name: $0.0, value: .number($0.1)) }
            + counts.map { Fact(name: $0.0, value: .integer($0.1)) }
            + times.map { Fact(name: $0.0, value: .number($0.1)) }
    }

    /// The certificate as people read it.
    func rows(epsilon: Double) -> [(String, String)] {
        func text(_ value: Double) -> String { NumberText.short(value, digits: 10) }
        let entropic =
            epsilon > 0
            ? [
                ("with P log P", "\(text(entropyCost(epsilon: epsilon))), P (log P - 1): \(text(primal))"),
                ("with KL(P | ab)", text(relativeEntropyCost)),
            ] : []
        return [
            ("epsilon", epsilon > 0 ? NumberText.short(epsilon, digits: 6) : "none"),
            (
                "marginal error",
                "L1 \(NumberText.short(marginals.l1)), L2 \(NumberText.short(marginals.l2)), largest "
                    + NumberText.short(marginals.maximum)
            ),
            ("cost of the plan", text(transportCost)),
            ("without epsilon", "between \(text(lowerBound)) and \(text(roundedCost))"),
        ] + entropic + [
            (
                "work",
                "\(NumberText.grouped(sweeps)) sweeps, \(newtonSteps) Newton steps, "
                    + "\(NumberText.grouped(linearIterations)) linear iterations, \(NumberText.grouped(entries)) entries"
            )
        ]
    }
}

extension TransportFindings {
    /// What is known beside the certificate: distances, the debiased cost, what rounding to integers may change.
    func facts(_ preparation: TransportPreparation) -> [TransportCertificate.Fact] {
        var numbers: [(String, Double)] = []
        if let roundingBound { numbers.append(("rounding_bound", roundingBound)) }
        if let divergence { numbers.append(("sinkhorn_divergence", divergence)) }
        numbers += distances(preparation)
        return numbers.map { TransportCertificate.Fact(name: $0.0, value: .number($0.1)) }
    }

    /// The facts as people read them.
    static func rows(_ facts: [TransportCertificate.Fact]) -> [(String, String)] {
        func text(_ name: String) -> String? {
            guard case .number(let value)? = facts.first(where: { $0.name == name })?.value else { return nil }
            return NumberText.short(value, digits: 10)
        }
        var rows: [(String, String)] = []
        for power in [1, 2] {
            if let value = text("wasserstein_\(power)") { rows.append(("W\(power)", value)) }
            if let least = text("wasserstein_\(power)_least"), let most = text("wasserstein_\(power)_most") {
                rows.append(("W\(power)", "between \(least) and \(most)"))
            }
        }
        if let value = text("sinkhorn_divergence") { rows.append(("divergence", value)) }
        if let value = text("rounding_bound") { rows.append(("rounding", "changes the cost by at most \(value)")) }
        return rows
    }

    /// Wasserstein distances W_p = (least Σ P |p − q|^p)^(1/p), where the cost is a distance or its square and masses are met: exact on
    /// lines, bounds elsewhere.
    private func distances(_ preparation: TransportPreparation) -> [(String, Double)] {
        let statement = preparation.statement
        guard !preparation.isRelaxed, case .distance(let distance, let periods) = statement.cost else { return [] }
        if periods.count == 1, periods[0] == 0 {
            func cost(_ power: Double) -> Double {
                LineTransport.cost(
                    sources: statement.from.points.map { $0[0] }, source: statement.from.weights,
                    targets: statement.to.points.map { $0[0] }, target: statement.to.weights, power: power)
            }
            return [("wasserstein_1", cost(1)), ("wasserstein_2", cost(2).squareRoot())]
        }
        let certificate = last.solution.certificate
        let least = max(0, certificate.lowerBound), most = max(0, certificate.roundedCost)
        switch distance {
        case .manhattan, .euclidean: return [("wasserstein_1_least", least), ("wasserstein_1_most", most)]
        case .squaredEuclidean:
            return [("wasserstein_2_least", least.squareRoot()), ("wasserstein_2_most", most.squareRoot())]
        }
    }
}
