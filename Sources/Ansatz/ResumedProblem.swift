import ProblemFiles

/// Compares the problem of a checkpoint with the one that is to go on from it.
///
/// A run goes on exactly as if it had been started with the new problem, or not at all. So what has no influence on the
/// steps taken so far may differ: what is written and when, budget and threads, the steps of the running stage (as long
/// as its rates do not follow from them) and everything about later stages.
package struct ResumedProblem {
    /// What differs and may differ.
    package let accepted: [OptionChange]

    /// - Parameters:
    ///   - stage: the running stage, from 0.
    ///   - stageStep: its steps so far.
    ///   - file: the problem file, for messages.
    /// - Throws: `ProblemErrors` that list every change that cannot be accepted.
    package init(
        from before: String, to after: String, stage: Int, stageStep: Int, folder: String, file: String?
    ) throws(ProblemErrors) {
        let old = try OptionTree.parse(SourceText(before, name: "checkpoint"))
        let new = try OptionTree.parse(SourceText(after, name: file ?? "problem"))
        let changes = old.withWrittenOutRates.changes(to: new.withWrittenOutRates)
            .filter { $0.path != "output.directory" }
        var accepted: [OptionChange] = []
        var refused: [OptionChange] = []
        for change in changes {
            if Self.isAcceptable(change, stage: stage, stageStep: stageStep) {
                accepted.append(change)
            } else {
                refused.append(change)
            }
        }
        guard refused.isEmpty else {
            throw ProblemErrors([
                Diagnostic(
                    .error, "the problem is not the one that '\(folder)' was started with",
                    hint: Self.hint(refused, stageStep: stageStep), file: file)
            ])
        }
        self.accepted = accepted
    }

    private static func isAcceptable(_ change: OptionChange, stage: Int, stageStep: Int) -> Bool {
        let path = change.path
        let harmless = [
            "title", "cite", "variants", "expect", "output", "run.log_every", "run.checkpoint_every", "run.budget",
            "run.threads",
        ]
        if path == "output.fields.file" { return false }
        if harmless.contains(where: { path == $0 || path.hasPrefix($0 + ".") }) { return true }
        if path.hasPrefix("unknowns."), path.hasSuffix(".about") || path.hasSuffix(".units") { return true }
        guard let number = stageNumber(path) else { return false }
        if number > stage + 1 { return true }
        guard path == "method.stages[\(stage + 1)].steps", let steps = change.after.flatMap({ Int($0) }) else {
            return false
        }
        return steps >= stageStep
    }

    /// The number in `method.stages[NUMBER]…`.
    private static func stageNumber(_ path: String) -> Int? {
        let prefix = "method.stages["
        guard path.hasPrefix(prefix) else { return nil }
        return Int(path.dropFirst(prefix.count).prefix { $0 != "]" })
    }

    private static func hint(_ changes: [OptionChange], stageStep: Int) -> String {
        var lines = changes.map(\.sentence)
        if changes.contains(where: { $0.path.hasSuffix(".rate.over") }) {
            lines.append(
                "the rate of that stage falls over all its steps: with another number of them it would have been another "
                    + "from the first step on; set rate.over to the old number to keep the rates")
        } else if changes.contains(where: { stageNumber($0.path) != nil && $0.path.hasSuffix("].steps") }) {
            lines.append("the steps of a stage can change while it runs, to no less than those taken")
        }
        return (lines + ["set it back, choose another folder with --output, or start again with --overwrite"])
            .joined(separator: "\n")
    }
}

extension OptionChange {
    /// `method.network.layers: [50, 50] in the checkpoint, [64, 64] in the file`.
    var sentence: String {
        func shown(_ value: String?, _ place: String) -> String { value.map { "\($0) \(place)" } ?? "nothing \(place)" }
        return "\(path): \(shown(before, "in the checkpoint")), \(shown(after, "in the file"))"
    }
}

extension OptionTree {
    /// The same with the steps over which rates fall written down in each stage, where they follow from its own.
    fileprivate var withWrittenOutRates: OptionTree {
        guard var method = self["method"], let stages = method["stages"]?.elements else { return self }
        method["stages"] = OptionTree(.list(stages.map(\.withWrittenOutRate)))
        var tree = self
        tree["method"] = method
        return tree
    }

    private var withWrittenOutRate: OptionTree {
        guard var rate = self["rate"], rate.isTable, let steps = self["steps"]?.integer else { return self }
        let isExponential = ["decay", "every", "staircase"].contains { rate[$0] != nil }
        let fallsToEnd = ["to", "over"].contains { rate[$0] != nil }
        let shape = rate["shape"]?.text ?? (isExponential ? "exponential" : fallsToEnd ? "cosine" : "constant")
        rate["shape"] = OptionTree(.text(shape))
        if shape == "linear" || shape == "cosine", (rate["over"]?.integer ?? 0) == 0 {
            rate["over"] = OptionTree(.integer(Swift.max(1, steps - (rate["warm_up"]?.integer ?? 0))))
        }
        var stage = self
        stage["rate"] = rate
        return stage
    }
}
