import Optimizers
import PhysicsInformed
import ProblemFiles

/// How loss terms are weighed and joined: rules from options, and what is wrong with them.
extension PhysicsInformedMethod {
    /// The weight that a term starts from; 1 where its name is that of an option of the rule.
    static func startWeight(_ name: String, _ weights: ResolvedOptions.Selection) -> Double {
        let isOption = weightingRule(named: weights.name)?.description.options.contains { $0.name == name } ?? false
        return isOption ? 1 : weights.options.number(name)
    }

    /// The weighting rule that the options name.
    static func weighting(
        _ problem: Problem, _ options: ResolvedOptions, terms: [ResidualTerm], into diagnostics: inout [Diagnostic]
    ) -> Weighting {
        let selection = options.selection("weights")
        guard let rule = weightingRule(named: selection.name) else {
            preconditionFailure("the table of weights names a rule that is not there")
        }
        if let lack = rule.description.lack(terms.map(\.isEquation)) {
            diagnostics.append(
                origin("weights", problem, selection).diagnostic(
                    .error, "'\(selection.name)' \(lack)",
                    hint: "use kind = \"\(FixedWeights.description.name)\"; \(Self.hint)"))
        }
        do {
            return Weighting(rule, options: try OptionValues(selection.options, for: rule.description.options))
        } catch {
            diagnostics += error.errors.map {
                selection.options.origin(of: $0.name).diagnostic(.error, $0.description)
            }
            return .fixed
        }
    }

    /// The gradient surgery that the options name.
    static func surgery(
        _ problem: Problem, _ options: ResolvedOptions, terms: [ResidualTerm], into diagnostics: inout [Diagnostic]
    ) -> Surgery {
        let selection = options.selection("gradients")
        guard let method = surgeryMethod(named: selection.name) else {
            preconditionFailure("the table of gradients names a surgery that is not there")
        }
        if let lack = method.description.lack(terms.map(\.isEquation)) {
            diagnostics.append(
                origin("gradients", problem, selection).diagnostic(
                    .error, "'\(selection.name)' \(lack)",
                    hint: "use kind = \"\(PlainSum.description.name)\"; \(Self.hint)"))
        }
        if method.description.replacesMoments { checkMoments(selection, options, into: &diagnostics) }
        do {
            return Surgery(method, options: try OptionValues(selection.options, for: method.description.options))
        } catch {
            diagnostics += error.errors.map {
                selection.options.origin(of: $0.name).diagnostic(.error, $0.description)
            }
            return .sum
        }
    }

    private static let hint = "conditions with enforce = \"exact\" are no loss terms"

    /// A surgery with moments of its own wants an optimizer that takes its gradient as it is.
    private static func checkMoments(
        _ surgery: ResolvedOptions.Selection, _ options: ResolvedOptions, into diagnostics: inout [Diagnostic]
    ) {
        let plain = StochasticGradientDescent.description
        for stage in options.selections("stages") {
            guard optimizerMethod(named: stage.name)?.description.kind == .firstOrder else { continue }
            if stage.name == plain.name, stage.options.number("momentum") == 0 { continue }
            diagnostics.append(
                stage.options.origin(of: stage.name == plain.name ? "momentum" : "steps").diagnostic(
                    .error, "'\(surgery.name)' has moments of its own, which take the place of the optimizer's",
                    hint: "write optimizer = \"\(plain.name)\" and momentum = 0 in this stage"))
        }
    }

    /// Doubts about rules that a run without first-order stages never asks.
    var warningsAboutTerms: [Diagnostic] {
        guard !settings.stages.contains(where: { $0.method.description.kind == .firstOrder }) else { return [] }
        let weighting = type(of: settings.weighting.rule).description.name
        let surgery = settings.surgery.method.description.name
        return [
            ("weights", weighting, FixedWeights.description.name), ("gradients", surgery, PlainSum.description.name),
        ].filter { $0.1 != $0.2 }.map { key, name, plain in
            Self.origin(key, problem, nil).diagnostic(
                .warning, "'\(name)' has no effect: all stages are quasi-Newton, which take the loss as it is",
                hint: "add a first-order stage, or use kind = \"\(plain)\"")
        }
    }

    /// Where the kind of weights or gradients was written.
    private static func origin(
        _ key: String, _ problem: Problem, _ selection: ResolvedOptions.Selection?
    ) -> Origin {
        let tree = problem.method[key]
        return tree?["kind"]?.origin ?? tree?.origin ?? selection?.options.origin ?? .none
    }
}
