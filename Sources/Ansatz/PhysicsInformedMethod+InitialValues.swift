import PhysicsInformed
import ProblemFiles

extension PhysicsInformedMethod {
    /// The fit that `start = "initial-values"` asks for; nil without it, and with diagnostics.
    static func initialFit(
        _ problem: Problem, _ options: ResolvedOptions, into diagnostics: inout [Diagnostic]
    ) -> InitialFit? {
        guard options.text("start") == "initial-values" else { return nil }
        func complain(_ message: String) -> InitialFit? {
            diagnostics.append(
                options.origin(of: "start").diagnostic(
                    .error, "the network cannot start from initial values: \(message)",
                    hint: "give every unknown a value at the initial time by a penalty condition 'u = …', "
                        + "or leave start = \"random\""))
            return nil
        }
        guard problem.domain.spaceTime.timeAxis != nil else { return complain("the problem has no time") }
        guard !options.integers("layers").isEmpty else { return complain("it has no hidden layers") }
        var values = [FaceData?](repeating: nil, count: problem.unknowns.count)
        for condition in problem.conditions where condition.location.isWholeFaces {
            guard let face = condition.location.faces.first, case .start = face.kind,
                condition.location.faces.count == 1
            else { continue }
            for component in condition.residual.components {
                guard let data = try? FaceData(condition: condition.name, residual: component, face: face),
                    data.kind == .value
                else { continue }
                guard condition.enforcement == .penalty else {
                    return complain("'\(condition.name)' is built in exactly, so that nothing is left to fit")
                }
                values[data.unknown] = data
            }
        }
        guard let missing = values.firstIndex(where: { $0 == nil }) else {
            return InitialFit(values.compactMap(\.self))
        }
        return complain("no condition gives '\(problem.unknowns[missing].name)' at the initial time")
    }

    /// The fitted parameters, with unknown ones at their own start.
    func fittedParameters(_ fit: InitialFit) throws -> [Double] {
        guard let fitted = try fit.parameters(of: network, in: collocation.domain, seed: settings.seed) else {
            throw ProblemErrors([
                Diagnostic(
                    .error, "the network cannot start from initial values: they are not finite everywhere",
                    hint: "mend the initial values, or leave method.network.start = \"random\"",
                    file: problem.source?.name)
            ])
        }
        return fitted + [Double](repeating: 0, count: collocation.unknownParameters.count)
    }
}
