import Expressions
import Foundation
import PhysicsInformed
import ProblemFiles
import Results

/// Evaluates the fields of a solution on the grid of `[output.fields]`.
struct FieldSampler {
    /// Points that are evaluated at a time, which bounds the memory besides that of the fields themselves.
    private static let blockSize = 32_768

    private let preparation: RunPreparation
    var problem: Problem { preparation.problem }
    private var output: FieldOutput { preparation.fields }

    init(_ preparation: RunPreparation) { self.preparation = preparation }

    /// The requested quantities, the unknowns, and, with a reference, `u_reference` and `u_error` for each unknown that
    /// has one; facts about the run as attributes. With them how many points of the grid lie outside of the region, where
    /// fields are not a number.
    func sample(
        _ solution: Solution, values numbers: [NamedValue], command: String
    ) throws -> (fields: FieldFile, outside: Int) {
        let columns = output.columns(of: problem)
        let expressions = columns.map(\.expression)
        var values = expressions.map { _ in [Double]() }
        for index in values.indices { values[index].reserveCapacity(output.pointCount) }
        let reference = try problem.reference.map { _ in try ReferenceSolution(problem) }
        var exact = reference?.fields.map { _ in [Double]() } ?? []

        var start = 0
        var outside = 0
        while start < output.pointCount {
            let count = min(Self.blockSize, output.pointCount - start)
            let points = output.points(start..<start + count)
            let isInside = problem.domain.spaceTime.regionContains(columns: points)
            outside += isInside.count { !$0 }
            func masked(_ numbers: [Double]) -> [Double] { zip(numbers, isInside).map { $1 ? $0 : .nan } }
            let block = try solution.fields.evaluate(expressions, at: points)
            for index in values.indices { values[index] += masked(block[index]) }
            if let reference {
                for (index, numbers) in try reference.values(at: points).enumerated() {
                    exact[index] += masked(numbers)
                }
            }
            start += count
        }

        let storage = FieldFile.Storage(rawValue: problem.run.precision.rawValue) ?? .double
        var variables = zip(columns, values).map { column, values in
            FieldFile.Variable(
                column.name, values, longName: column.longName, units: column.units, storage: storage,
                attributes: column.vector.map { [.init("vector", $0)] } ?? [])
        }
        for (known, exact) in zip(reference?.fields ?? [], exact) {
            guard let found = variables.first(where: { $0.name == known.name }) else { continue }
            variables += comparison(known, found.values, exact, storage)
                .filter { added in !variables.contains { $0.name == added.name } }
        }
        let fields = FieldFile(
            axes: output.fileAxes(of: problem), variables: variables,
            attributes: attributes(solution, numbers, command: command))
        return (fields, outside)
    }

    /// The reference and the error; a quantity that the file asks for under one of these names takes its place.
    private func comparison(
        _ field: ReferenceSolution.Field, _ values: [Double], _ exact: [Double], _ storage: FieldFile.Storage
    ) -> [FieldFile.Variable] {
        [
            .init(
                field.name + "_reference", exact, longName: "\(field.label), reference", units: field.units,
                storage: storage),
            .init(
                field.name + "_error", zip(values, exact).map { $0 - $1 },
                longName: "\(field.label), minus its reference", units: field.units, storage: storage),
        ]
    }

    private func attributes(
        _ solution: Solution, _ numbers: [NamedValue], command: String
    ) -> [FieldFile.Attribute] {
        var facts = problem.fieldFacts(resolvedText: preparation.resolvedText, command: command)
        facts += [
            .init("stopped_because", solution.stop.name),
            .init("stop_sentence", solution.stop.sentence), .init("wall_seconds", solution.seconds),
            .init("steps", solution.steps),
        ]
        if let sampling = solution.sampling {
            facts += [
                .init(SamplingTime.factNames.seconds, sampling.seconds),
                .init(SamplingTime.factNames.ruleSeconds, sampling.ruleSeconds),
            ]
        }
        func add(_ prefix: String, _ values: [NamedValue]) {
            facts += values.map { .init(prefix + $0.name, $0.value) }
        }
        if let box = problem.referenceBox { facts.append(.init("errors_within", box.phrase(in: problem.domain))) }
        add("relative_l2_", solution.relativeL2)
        add("maximum_error_", solution.maximumError)
        add("residual_rms_", solution.residuals)
        add("final_loss_", solution.finalLosses)
        add("value_", numbers)
        facts += problem.parameters.map { .init("parameter_" + $0.name, $0.value) }
        add("parameter_", solution.parameters)
        add("relative_error_", solution.parameterErrors)
        return facts
    }
}
