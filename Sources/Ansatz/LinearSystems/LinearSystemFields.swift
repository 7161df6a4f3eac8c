import Foundation
import LinearSystems
import ProblemFiles
import Results

/// `fields.h5` of a linear solve: solution, right-hand side and, on a grid, what the cells are.
///
/// A matrix has an axis `row`; a grid has axes z, y, x with the centres of cells. Several right-hand sides add a slowest axis `right_hand_side`.
/// On a grid, values are missing where there is no unknown, but 0 where the solution is given.
struct LinearSystemFields {
    let file: FieldFile

    init(
        _ preparation: LinearSystemPreparation, _ outcome: LinearSystemOutcome, command: String
    ) {
        let statement = preparation.statement
        var axes: [FieldFile.Axis] = []
        let names: [String]
        var kinds: [UInt8] = []
        switch statement.matrix {
        case .file:
            axes.append(
                FieldFile.Axis("row", (1...preparation.unknowns).map(Double.init), longName: "number of the row"))
            names = ["row"]
        case .grid(let grid):
            for axis in grid.cells.indices.reversed() {
                axes.append(FieldFile.Axis(LinearSystemStatement.Grid.coordinates[axis], grid.places.centres(axis)))
            }
            names = axes.map(\.name)
            if case .grid(let matrix) = preparation.system { kinds = matrix.domain.kinds }
        }
        let count = outcome.results.count
        if count > 1 {
            axes.insert(
                FieldFile.Axis(
                    "right_hand_side_number", (1...count).map(Double.init), longName: "number of the right-hand side"),
                at: 0)
        }
        func masked(_ values: [Double]) -> [Double] {
            kinds.isEmpty
                ? values
                : zip(values, kinds).map { value, kind in
                    switch GridDomain.Kind(rawValue: kind) {
                    case .fluid: value
                    case .dirichlet: 0
                    default: .nan
                    }
                }
        }
        var variables = [
            FieldFile.Variable(
                "solution", outcome.results.flatMap { masked($0.solution) }, longName: "solution of A x = b"),
            FieldFile.Variable(
                "right_hand_side", preparation.rightHandSides.flatMap(masked), longName: "right-hand side b"),
        ]
        if !kinds.isEmpty {
            variables.append(
                FieldFile.Variable(
                    "kind", kinds.map(Double.init), axes: names, longName: "0 solid, 1 unknown, 2 given",
                    storage: .single))
        }
        file = FieldFile(
            axes: axes, variables: variables, attributes: Self.facts(preparation, outcome, command: command))
    }

    private static func facts(
        _ preparation: LinearSystemPreparation, _ outcome: LinearSystemOutcome, command: String
    ) -> [FieldFile.Attribute] {
        preparation.statement.fieldFacts(
            kind: "linear-system", resolvedText: preparation.resolvedText, command: command) + [
                .init("method", outcome.results.first?.stages.last?.name ?? outcome.method),
                .init("stopped_because", outcome.stop.rawValue), .init("stop_sentence", outcome.sentence),
                .init("unknowns", outcome.unknowns), .init("iterations", outcome.iterations),
                .init("relative_residual", outcome.relativeResidual), .init("setup_seconds", outcome.setUpSeconds),
                .init("solve_seconds", outcome.solveSeconds),
                .init("wall_seconds", outcome.setUpSeconds + outcome.solveSeconds),
            ]
    }
}
