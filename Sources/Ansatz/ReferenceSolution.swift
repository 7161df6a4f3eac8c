import Expressions
import LinearAlgebra
import ProblemFiles
import Results

/// What a solution is compared with: exact expressions, or values on a grid that are interpolated.
public struct ReferenceSolution: Sendable {
    /// An unknown, or a quantity made of unknowns, that the reference knows.
    public struct Field: Sendable {
        /// Its name.
        public var name: String
        /// Its value.
        public var expression: Expression
        /// What it is, for labels.
        public var label: String
        /// Its unit.
        public var units: String
    }

    /// What the reference knows: unknowns and then quantities, in the order of the problem.
    public let fields: [Field]
    /// The grid, with the coordinate of each of its axes; nil for exact expressions.
    let grid: ReferenceGrid?
    private let expressions: [Expression]
    /// Where a problem file names the reference file.
    private let origin: Origin

    /// Opens or compiles the reference of a problem that has one; values in a file are read later.
    ///
    /// - Throws: `ProblemErrors` when the file cannot be read or does not fit, `ResultsError` if no problem file names it.
    public init(_ problem: Problem) throws {
        switch problem.reference {
        case .exact(let exact, _):
            fields = problem.fieldsWithReference
            expressions = fields.compactMap { exact[$0.name] }
            grid = nil
            origin = .none
        case .file(let file):
            origin = file.origin
            let grid = try Self.placing(file.origin) { try ReferenceGrid(file, problem: problem) }
            let known = problem.fieldsWithReference
            fields = grid.names.compactMap { name in known.first { $0.name == name } }
            expressions = []
            self.grid = grid
        case nil:
            preconditionFailure("the problem has no reference")
        }
    }

    /// Reads a reference on a grid from start to end, to see whether it is complete.
    ///
    /// - Throws: `ProblemErrors` when a value in the domain is not finite, `ResultsError` if no problem file names the file.
    func verify() throws {
        try forEachBlock { _ in }
    }

    /// Visits the points of a reference on a grid; none of an exact one.
    ///
    /// - Throws: as ``verify()``, and what `body` throws.
    func forEachBlock(_ body: (ReferenceGrid.Block) throws -> Void) throws {
        try Self.placing(origin) { try grid?.forEachBlock(body) }
    }

    /// Says what is wrong with the file where the problem names it.
    private static func placing<Result>(
        _ origin: Origin, _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch let error as ResultsError where origin.source != nil {
            throw ProblemErrors([
                origin.diagnostic(
                    .error, "the reference file cannot be used: \(error.message)", hint: "in \(error.path)")
            ])
        }
    }

    /// Values by field, `[field][point]`; `points[c]` holds coordinate `c` of all points.
    ///
    /// Outside a reference grid, and where an expression is undefined, values are not a number.
    public func values(at points: [[Double]]) throws -> [[Double]] {
        if let grid { return try grid.interpolated(at: points) }
        return try Expression.values(of: expressions, at: points)
    }
}

extension Problem {
    /// The unknowns and compared quantities that the reference knows, in the order of the problem.
    var fieldsWithReference: [ReferenceSolution.Field] {
        let all =
            unknowns.enumerated().map { index, unknown in
                ReferenceSolution.Field(
                    name: unknown.name, expression: .field(index, .value),
                    label: unknown.about.isEmpty ? unknown.name : unknown.about, units: unknown.units)
            }
            + comparedQuantities.map {
                ReferenceSolution.Field(name: $0.name, expression: $0.expression, label: $0.name, units: "1")
            }
        return all.filter { field in
            switch reference {
            case .exact(let exact, _): exact[field.name] != nil
            case .file(let file): file.variables.contains { $0.unknown == field.name }
            case nil: false
            }
        }
    }
}
