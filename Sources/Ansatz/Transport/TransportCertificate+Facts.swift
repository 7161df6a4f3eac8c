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
        return [
            ("epsilon", NumberText.short(epsilon, digits: 6)),
            (
                "marginal error",
                "L1 \(NumberText.short(marginals.l1)), L2 \(NumberText.short(marginals.l2)), largest "
                    + NumberText.short(marginals.maximum)
            ),
            ("cost of the plan", text(transportCost)),
            ("without epsilon", "between \(text(lowerBound)) and \(text(roundedCost))"),
            ("with P log P", "\(text(entropyCost(epsilon: epsilon))), P (log P - 1): \(text(primal))"),
            ("with KL(P | ab)", text(relativeEntropyCost)),
            (
                "work",
                "\(NumberText.grouped(sweeps)) sweeps, \(newtonSteps) Newton steps, "
                    + "\(NumberText.grouped(linearIterations)) linear iterations, \(NumberText.grouped(entries)) entries"
            ),
        ]
    }
}
