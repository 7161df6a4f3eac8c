import Foundation
import OptimalTransport
import ProblemFiles
import Results

/// `fields.h5` of a transport run: measures, potentials, map, sparse plan, and the certificate as facts.
///
/// Sources, targets and entries are numbered from 1. An entry of the plan is a triple `plan_source`, `plan_target`, `plan_mass`.
struct TransportFields {
    let file: FieldFile

    init(_ preparation: TransportPreparation, _ findings: TransportFindings, seconds: Double, command: String) {
        let statement = preparation.statement
        let point = findings.last
        var parts = Parts()
        parts.addSide("source", statement.from, point.solution.sourcePotentials, point.epsilon)
        parts.addSide("target", statement.to, point.solution.targetPotentials, point.epsilon)
        var map: [[Double]]?
        if statement.output.map, !statement.to.coordinates.isEmpty {
            let image = findings.map(preparation)
            map = image
            for (index, coordinate) in statement.to.coordinates.enumerated() {
                parts.add(
                    "image_\(coordinate)", image.map { $0[index] }, ["source"], "\(coordinate) of the mean target")
            }
        }
        // Places on their way are those of entries.
        let needsEntries = statement.output.interpolation != nil
        let isWritten = statement.output.plan ?? true
        let entries =
            isWritten || needsEntries
            ? findings.entries(preparation, always: statement.output.plan == true) : nil
        let interpolation = statement.output.interpolation.map { count in
            if let entries {
                return TransportInterpolation(statement, count: count, periods: preparation.periods, entries: entries)
            }
            guard case .grid(let problem) = findings.plan else { preconditionFailure("other plans have entries") }
            return TransportInterpolation(
                statement, count: count, periods: preparation.periods, problem: problem, solution: point.solution,
                map: map ?? findings.map(preparation))
        }
        if let entries, isWritten || interpolation?.axes == nil { parts.addEntries(entries) }
        for row in statement.output.rows {
            parts.add("plan_row_\(row + 1)", findings.row(row), ["target"], "row of the plan of source \(row + 1)")
        }
        if let interpolation { parts.addInterpolation(interpolation, statement) }
        if findings.points.count > 1 { parts.addPath(findings.points) }
        var facts = Self.facts(preparation, point.solution, command: command)
        facts += [.init("wall_seconds", seconds), .init("epsilon", point.epsilon)]
        facts += point.solution.certificate.facts(epsilon: point.epsilon).map { .init($0.name, $0.value) }
        facts += findings.facts(preparation).map { .init($0.name, $0.value) }
        if preparation.periods.contains(where: { $0 > 0 }) {
            facts.append(.init("periods", .numbers(preparation.periods)))
        }
        if let entries {
            facts += [
                .init("plan_dropping", statement.output.dropping), .init("plan_dropped_mass", entries.droppedMass),
            ]
        }
        facts += parts.facts
        file = FieldFile(axes: parts.axes, variables: parts.variables, attributes: facts)
    }

    private static func facts(
        _ preparation: TransportPreparation, _ solution: TransportSolution, command: String
    ) -> [FieldFile.Attribute] {
        preparation.statement.fieldFacts(
            kind: "transport", resolvedText: preparation.resolvedText, command: command) + [
                .init("method", preparation.methodName), .init("stopped_because", solution.stop.name),
                .init("stop_sentence", solution.sentence),
            ]
    }
}

/// Axes, variables and facts as they are put together.
private struct Parts {
    var axes: [FieldFile.Axis] = []
    var variables: [FieldFile.Variable] = []
    var facts: [FieldFile.Attribute] = []

    mutating func add(_ name: String, _ values: [Double], _ axes: [String], _ longName: String) {
        variables.append(FieldFile.Variable(name, values, axes: axes, longName: longName))
    }

    mutating func addAxis(_ name: String, _ values: [Double], _ longName: String) {
        axes.append(FieldFile.Axis(name, values, longName: longName))
    }

    mutating func addSide(
        _ name: String, _ measure: TransportStatement.Measure, _ potentials: [Double], _ epsilon: Double
    ) {
        addAxis(name, (1...measure.count).map(Double.init), "number of the \(name)")
        for (index, coordinate) in measure.coordinates.enumerated() {
            add("\(name)_\(coordinate)", measure.points.map { $0[index] }, [name], "\(coordinate) of the \(name)")
        }
        add("\(name)_mass", measure.weights, [name], "mass of the \(name)")
        add(
            "\(name)_potential", potentials.map { $0.isFinite ? $0 : .nan }, [name],
            epsilon > 0
                ? "potential of the \(name), P = exp((x + y - c)/epsilon)" : "potential of the \(name), x + y <= c")
        let pairs = zip(measure.weights, potentials)
        if let strength = measure.strength {
            add(
                "\(name)_marginal", pairs.map { $0 > 0 ? $0 * exp(-$1 / strength) : 0 }, [name],
                "mass that is moved, the sums of the plan")
            add(
                "\(name)_derivative", pairs.map { $0 > 0 ? strength * (1 - exp(-$1 / strength)) : .nan }, [name],
                "derivative of the primal value by the mass")
        } else {
            add(
                "\(name)_derivative", pairs.map { $0 > 0 ? $1 - epsilon * log($0) : .nan }, [name],
                "derivative of the cost with KL(P | ab) by the mass")
        }
        if !measure.coordinates.isEmpty {
            facts.append(.init("\(name)_coordinates", measure.coordinates.joined(separator: " ")))
        }
        if let axes = measure.axes { facts.append(.init("\(name)_grid", .numbers(axes.map { Double($0.count) }))) }
    }

    mutating func addEntries(_ plan: PlanEntries) {
        guard plan.count > 0 else { return }
        addAxis("entry", (1...plan.count).map(Double.init), "number of the entry of the plan")
        add("plan_source", plan.rows.map { Double($0 + 1) }, ["entry"], "source of the entry")
        add("plan_target", plan.columns.map { Double($0 + 1) }, ["entry"], "target of the entry")
        add("plan_mass", plan.values, ["entry"], "mass that is moved")
    }

    mutating func addInterpolation(_ interpolation: TransportInterpolation, _ statement: TransportStatement) {
        // Before the axes that run faster.
        axes.insert(
            FieldFile.Axis("moment", interpolation.times, longName: "part of the way from source to target"), at: 0)
        let names = statement.from.coordinates
        if let grid = interpolation.axes {
            for (name, nodes) in zip(names, grid) { addAxis("grid_\(name)", nodes, name) }
            add(
                "interpolation", interpolation.masses, ["moment"] + names.map { "grid_\($0)" },
                "mass at the nodes on its way")
        } else {
            for (name, values) in zip(names, interpolation.places) where !values.isEmpty {
                add("moved_\(name)", values, ["moment", "entry"], "\(name) of the entry's mass on its way")
            }
        }
    }

    mutating func addPath(_ points: [RegularisationPath.Point]) {
        addAxis("epsilon", points.map(\.epsilon), "regularisation")
        for name in ["cost", "lower_bound", "rounded_cost", "relative_entropy_cost", "marginal_l1"] {
            let values = points.map { point in
                let fact = point.solution.certificate.facts(epsilon: point.epsilon).first { $0.name == name }
                guard case .number(let value)? = fact?.value else { return Double.nan }
                return value
            }
            add("path_\(name)", values, ["epsilon"], name)
        }
    }
}
