import PhysicsInformed
import ProblemFiles

/// What the history tells about points that follow the residual.
extension PhysicsInformedMethod {
    /// The names of the columns beside the losses, in their order.
    var quantityNames: [String] {
        (settings.points.causality == nil ? [] : CausalReport.quantityNames)
            + (settings.sampling == nil ? [] : TrainingReport.samplingNames)
            + (settings.points.adaptive?.learnsDensity == true ? [TrainingReport.balanceName] : [])
    }
}

extension SamplingTime {
    /// The names of the facts in results and for programs.
    static let factNames = (seconds: "sampling_seconds", ruleSeconds: "sampling_rule_seconds")

    /// Both with their names.
    package var facts: [NamedValue] {
        [NamedValue(Self.factNames.seconds, seconds), NamedValue(Self.factNames.ruleSeconds, ruleSeconds)]
    }

    /// `sampling 12 % of the time, 3 % for the rule itself`.
    package func phrase(of total: Double) -> String {
        func percent(_ seconds: Double) -> String {
            let value = total > 0 ? 100 * seconds / total : 0
            return value > 0 && value < 0.5 ? "less than 1 %" : "\(Int(value.rounded())) %"
        }
        return "sampling \(percent(seconds)) of the time, \(percent(ruleSeconds)) for the rule itself"
    }
}

extension TrainingReport {
    /// The names of the columns of `output.sampling`.
    static let samplingNames = ["residual_distance", "residual_mean", "residual_variance"]
    /// The name of the column of samplers that learn a density.
    static let balanceName = "effective_share"

    /// The numbers with their names; before the first redraw nothing is known of a density.
    var samplingQuantities: [NamedValue] {
        let spread = sampling.map { [$0.wasserstein, $0.mean, $0.variance] } ?? []
        return zip(Self.samplingNames, spread).map { NamedValue($0, $1) }
            + (balance.map { $0.effectiveShare > 0 ? [NamedValue(Self.balanceName, $0.effectiveShare)] : [] } ?? [])
    }

    /// What there is to say of a density that would stand on too few candidates; nil while it does not.
    var collapse: String? {
        guard let balance, balance.effectiveShare > 0, balance.effectiveShare < SampleBalance.leastShare else {
            return nil
        }
        let cure: String
        if balance.cutShare > 0 {
            cure =
                "the largest weights were cut until it stood on \(percent(balance.cutShare)); more rounds or a larger pool "
                + "resolve it better"
        } else if balance.uniformShare > 0 {
            cure = "\(percent(balance.uniformShare)) of the uniform law were mixed in; a larger pool resolves it better"
        } else {
            cure = "still enough of them, and its weights are as they are"
        }
        return
            "at step \(step) the residual's density stands on \(percent(balance.effectiveShare)) of the candidates, less than "
            + "\(Int(100 * SampleBalance.leastShare)) %: \(cure)"
    }

    private func percent(_ share: Double) -> String {
        let value = 100 * share
        return value >= 10 ? "\(Int(value.rounded())) %" : "\(NumberText.short(value)) %"
    }
}
