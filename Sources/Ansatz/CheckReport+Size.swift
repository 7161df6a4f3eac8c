import ProblemFiles

/// How large a run is: network, points, output, memory.
struct RunSize {
    private let preparation: RunPreparation
    private let plan: MethodPlan
    private var problem: Problem { preparation.problem }

    init(_ preparation: RunPreparation) {
        self.preparation = preparation
        plan = preparation.method.plan
    }

    var rows: [CheckReport.Row] {
        var rows = plan.terms.isEmpty ? computingRows : trainingRows
        rows += plan.stages.enumerated().map { index, stage in
            CheckReport.Row(kind: "stages", name: "\(index + 1)", text: stage)
        }
        let output = preparation.fields
        let sides = output.axes.map { String($0.values.count) }.joined(separator: " x ")
        let form = output.axes.count == 1 ? "line" : "grid"
        rows.append(
            .init(
                kind: "output", name: "",
                text: "\(sides) \(form), \(output.columns(of: problem).count) quantities, "
                    + "about \(NumberText.bytes(output.byteCount(of: problem)))"))
        rows.append(.init(kind: "memory", name: "", text: "about \(NumberText.bytes(memory))"))
        return rows
    }

    private var trainingRows: [CheckReport.Row] {
        [
            CheckReport.Row(
                kind: "network", name: "",
                text: "\(plan.network), \(NumberText.grouped(plan.parameterCount)) parameters",
                remark: problem.run.precision.rawValue),
            CheckReport.Row(
                kind: "loss terms", name: "",
                text: plan.terms.map { "\($0.name) (\(NumberText.grouped($0.points)))" }.joined(separator: ", ")),
        ]
    }

    /// A method that trains nothing.
    private var computingRows: [CheckReport.Row] {
        [
            CheckReport.Row(
                kind: "method", name: "",
                text: "\(plan.network), \(NumberText.grouped(plan.parameterCount)) numbers")
        ]
    }

    /// A rough figure in bytes: the program, the fields twice, and what the method takes.
    private var memory: Int { 40_000_000 + 2 * preparation.fields.byteCount(of: problem) + plan.memory }

    /// Doubts about method and size.
    func warnings() -> [Diagnostic] {
        var warnings = plan.warnings
        for term in plan.terms where term.points < problem.unknowns.count {
            warnings.append(
                Diagnostic(
                    .warning, "'\(term.name)' has fewer points than there are unknowns",
                    hint: "raise method.sampling.\(term.name)", file: problem.source?.name))
        }
        return warnings
    }
}
