import Foundation
import OptimalTransport
import ProblemFiles
import Results

/// `fields.h5` of a transport run: measures, potentials, map, sparse plan, and the certificate as facts.
///
/// Sources, targets and entries are numbered from 1. An entry of the plan is a triple `plan_source`, `plan_target`, `plan_mass`.
struct TransportFields {
    let file: FieldFile
    /// The plan's entries that are written; nil when they are not.
    let entries: PlanEntries?

    init(
        _ preparation: TransportPreparation, _ points: [RegularisationPath.Point], seconds: Double, command: String
    ) {
        let statement = preparation.statement
        let problem = preparation.problem
        let point = points[points.count - 1]
        let solution = point.solution
        var axes: [FieldFile.Axis] = []
        var variables: [FieldFile.Variable] = []
        func axis(_ name: String, _ values: [Double], _ longName: String) {
            axes.append(FieldFile.Axis(name, values, longName: longName))
        }
        func add(_ name: String, _ values: [Double], _ axis: String, _ longName: String) {
            variables.append(FieldFile.Variable(name, values, axes: [axis], longName: longName))
        }
        func side(_ name: String, _ measure: TransportStatement.Measure, _ potentials: [Double], _ derivative: [Double])
        {
            axis(name, (1...measure.count).map(Double.init), "number of the \(name)")
            for (index, coordinate) in measure.coordinates.enumerated() {
                add("\(name)_\(coordinate)", measure.points.map { $0[index] }, name, "\(coordinate) of the \(name)")
            }
            add("\(name)_mass", measure.weights, name, "mass of the \(name)")
            add(
                "\(name)_potential", potentials.map { $0.isFinite ? $0 : .nan }, name,
                "potential of the \(name), P = exp((x + y - c)/epsilon)")
            add("\(name)_derivative", derivative, name, "derivative of the cost with KL(P | ab) by the mass")
        }
        side("source", statement.from, solution.sourcePotentials, solution.sourceDerivative(of: problem))
        side("target", statement.to, solution.targetPotentials, solution.targetDerivative(of: problem))
        if statement.output.map, !statement.to.coordinates.isEmpty {
            let image = solution.barycentricMap(of: problem, targets: statement.to.points, pool: preparation.pool)
            for (index, coordinate) in statement.to.coordinates.enumerated() {
                add("image_\(coordinate)", image.map { $0[index] }, "source", "\(coordinate) of the mean target")
            }
        }
        var entries: PlanEntries?
        if statement.output.plan {
            let plan = solution.entries(
                of: problem, dropping: statement.output.dropping, pool: preparation.pool)
            entries = plan
            if plan.count > 0 {
                axis("entry", (1...plan.count).map(Double.init), "number of the entry of the plan")
                add("plan_source", plan.rows.map { Double($0 + 1) }, "entry", "source of the entry")
                add("plan_target", plan.columns.map { Double($0 + 1) }, "entry", "target of the entry")
                add("plan_mass", plan.values, "entry", "mass that is moved")
            }
        }
        if points.count > 1 {
            axis("epsilon", points.map(\.epsilon), "regularisation")
            for name in ["cost", "lower_bound", "rounded_cost", "relative_entropy_cost", "marginal_l1"] {
                let values = points.map { point in
                    guard
                        case .number(let value)? = point.solution.certificate.facts(epsilon: point.epsilon).first(
                            where: {
                                $0.name == name
                            })?.value
                    else { return Double.nan }
                    return value
                }
                add("path_\(name)", values, "epsilon", name)
            }
        }
        self.entries = entries
        var facts = Self.facts(preparation, solution, command: command)
        facts += [.init("wall_seconds", seconds), .init("epsilon", point.epsilon)]
        facts += solution.certificate.facts(epsilon: point.epsilon).map { .init($0.name, $0.value) }
        if let entries {
            facts += [
                .init("plan_dropping", statement.output.dropping), .init("plan_dropped_mass", entries.droppedMass),
            ]
        }
        file = FieldFile(axes: axes, variables: variables, attributes: facts)
    }

    private static func facts(
        _ preparation: TransportPreparation, _ solution: TransportSolution, command: String
    ) -> [FieldFile.Attribute] {
        let statement = preparation.statement
        var facts: [FieldFile.Attribute] = [
            .init("Conventions", "CF-1.8"),
            .init("title", statement.title.isEmpty ? statement.name : statement.title),
            .init("source", "ansatz \(Program.version)"), .init("history", "\(Date.now.ISO8601Format()) \(command)"),
        ]
        if !statement.citations.isEmpty {
            facts.append(.init("references", statement.citations.joined(separator: "; ")))
        }
        facts += [
            .init("kind", "transport"), .init("problem_name", statement.name),
            .init("problem_sha256", SHA256.hexadecimal(of: preparation.resolvedText)),
            .init("problem_text", preparation.resolvedText),
        ]
        if let variant = statement.variant { facts.append(.init("variant", variant)) }
        return facts + [
            Int(exactly: statement.run.seed).map { .init("seed", $0) } ?? .init("seed", String(statement.run.seed)),
            .init("precision", "float64"), .init("device", "cpu"), .init("program_version", Program.version),
            .init("method", preparation.methodName), .init("stopped_because", solution.stop.name),
            .init("stop_sentence", solution.sentence),
        ]
    }
}
