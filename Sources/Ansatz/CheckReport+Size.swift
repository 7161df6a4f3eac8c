import LinearAlgebra
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
        var rows = [
            CheckReport.Row(
                kind: "network", name: "",
                text: "\(plan.network), \(NumberText.grouped(plan.parameterCount)) parameters",
                remark: problem.run.precision.rawValue),
            CheckReport.Row(
                kind: "loss terms", name: "",
                text: plan.terms.map { "\($0.name) (\(NumberText.grouped($0.points)))" }.joined(separator: ", ")),
        ]
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

    /// A rough figure in bytes: the program, the fields twice, optimizer state, gradients by lane, points, tiles.
    private var memory: Int {
        let program = 40_000_000
        let size = problem.run.precision == .single ? 4 : 8
        let stages = problem.method["stages"]?.elements ?? []
        let histories = stages.compactMap { $0["history"]?.integer }.max() ?? 0
        let vectors = 8 + 6 + 2 * histories
        let points = plan.terms.reduce(0) { $0 + $1.points }
        let coordinates = problem.domain.coordinates.count
        // Values, first and second derivatives of every feature, forwards and backwards, of the tiles in flight.
        let layers = problem.method["network"]?["layers"]?.elements ?? []
        let features = layers.compactMap(\.integer).reduce(coordinates + problem.unknowns.count, +)
        let tiles = 8 * 64 * (1 + 2 * coordinates) * features * 2
        return program + 2 * preparation.fields.byteCount(of: problem)
            + size * (plan.parameterCount * vectors + 2 * points * coordinates + tiles)
    }

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
