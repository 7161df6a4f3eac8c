import Expressions
import LinearAlgebra
import ProblemFiles
import Results

/// What a solution is compared with: exact expressions, or values on a grid that are interpolated.
public struct ReferenceSolution: Sendable {
    /// An unknown that the reference knows.
    public struct Unknown: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// Its number among the problem's unknowns.
        public var index: Int
    }

    /// The unknowns that the reference knows, in the order of the problem.
    public let unknowns: [Unknown]
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
            let known = problem.unknowns.indices.filter { exact[problem.unknowns[$0].name] != nil }
            unknowns = known.map { Unknown(name: problem.unknowns[$0].name, index: $0) }
            expressions = unknowns.compactMap { exact[$0.name] }
            grid = nil
            origin = .none
        case .file(let file):
            origin = file.origin
            let grid = try Self.placing(file.origin) { try ReferenceGrid(file, problem: problem) }
            unknowns = grid.names.compactMap { name in
                problem.unknowns.firstIndex { $0.name == name }.map { Unknown(name: name, index: $0) }
            }
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
        try Self.placing(origin) { try grid?.forEachBlock { _ in } }
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

    /// Values by unknown, `[unknown][point]`; `points[c]` holds coordinate `c` of all points.
    ///
    /// Outside a reference grid, and where an expression is undefined, values are not a number.
    public func values(at points: [[Double]]) throws -> [[Double]] {
        if let grid { return try grid.interpolated(at: points) }
        return try Expression.values(of: expressions, at: points)
    }
}
