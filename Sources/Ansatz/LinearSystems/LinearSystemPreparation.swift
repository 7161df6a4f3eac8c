import LinearSystems
import Parallelism
import ProblemFiles

/// A linear system whose matrix and right-hand sides are there and whose method has accepted its options: what `check` reports on and
/// `solve` solves.
public struct LinearSystemPreparation: Sendable {
    /// What the file says.
    public let statement: LinearSystemStatement
    /// The problem file with every default filled in; reading it again gives the same run.
    public let resolvedText: String
    let system: System
    /// A number for each row or cell; on a grid x is fastest.
    let rightHandSides: [[Double]]
    let guesses: [[Double]]
    let choice: LinearSystemCatalog.Choice
    let pool: WorkerPool

    /// What is solved.
    enum System: Sendable {
        case matrix(SparseMatrix, NullSpaces)
        case grid(GridOperator)
    }

    /// Reads the files that the statement names, evaluates its expressions and resolves `[method]`.
    ///
    /// - Throws: `ProblemErrors` with places in the file.
    public init(_ statement: LinearSystemStatement) throws(ProblemErrors) {
        self.statement = statement
        let threads = statement.run.threads > 0 ? statement.run.threads : WorkerPool.availableCores
        pool = WorkerPool(threads: threads)
        var cells: [Int]?
        var lengths: [Double] = []
        let rows: Int
        switch statement.matrix {
        case .file(let file):
            let matrix = try LinearSystemInput.matrix(file, pool: pool)
            system = .matrix(matrix, NullSpaces(matrix))
            rows = matrix.rows
        case .grid(let grid):
            try LinearSystemInput.checkMemory(bytes: Self.bytesPerCell * grid.cellCount, grid.origin)
            system = .grid(GridOperator(try grid.domain(), pool: pool))
            rows = grid.cellCount
            (cells, lengths) = (grid.cells, grid.lengths)
        }
        choice = try LinearSystemCatalog.choose(
            statement.method, dimensions: cells?.count,
            folder: statement.source.map { FileSystem.folder(of: $0.name) } ?? ".", ladder: Self.ladder(system))
        let seed = statement.run.seed
        rightHandSides = try LinearSystemInput.vectors(
            statement.rightHandSide, noun: "right-hand side", rows: rows, cells: cells, lengths: lengths,
            stream: "linear-systems/right-hand-side", seed: seed)
        let count = rightHandSides.count
        guesses =
            try statement.initialGuess.map { (guess) throws(ProblemErrors) in
                let read = try LinearSystemInput.vectors(
                    guess, noun: "initial guess", rows: rows, cells: cells, lengths: lengths,
                    stream: "linear-systems/initial-guess", seed: seed)
                guard read.count == 1 || read.count == count else {
                    throw LinearSystemInput.complaint(
                        statement.tree["initial_guess"]?.origin ?? .none,
                        "there are \(read.count) initial guesses for \(count) right-hand sides")
                }
                return read
            } ?? []
        resolvedText = statement.resolvedText(method: choice.tree)
        try checkCompatibility()
    }

    /// Vectors of the iteration, levels of multigrid, and what is read and written.
    private static let bytesPerCell = 160

    /// The name of the method.
    public var methodName: String { choice.stages[0].name }

    /// The number of unknowns.
    public var unknowns: Int {
        switch system {
        case .matrix(let matrix, _): matrix.rows
        case .grid(let matrix): matrix.unknowns
        }
    }

    /// Preconditioners in the order in which they are tried where the choice is left to the program.
    private static func ladder(_ system: System) -> [String] {
        let algebraic = LinearSystemCatalog.algebraicMultigrid
        switch system {
        case .grid(let matrix):
            // A box without obstacles is solved directly.
            return (matrix.domain.isEmptyBox ? [BoxPreconditioner.name] : [])
                + [GridMultigrid.name, algebraic, ModifiedIncompleteCholesky.name, JacobiPreconditioner.name]
        case .matrix(let matrix, _):
            // What is dropped can be moved to the diagonal where entries beside it are not positive.
            let factors =
                matrix.hasNonpositiveOffDiagonal
                ? [ModifiedIncompleteCholesky.name, IncompleteCholesky.name] : [IncompleteCholesky.name]
            // Levels take longer to set up than a small system to solve.
            return matrix.rows > Self.largeRows
                ? [algebraic] + factors + [JacobiPreconditioner.name]
                : factors + [algebraic, JacobiPreconditioner.name]
        }
    }

    /// Matrices with more rows are large.
    private static let largeRows = 20_000

    private func checkCompatibility() throws(ProblemErrors) {
        guard !statement.isProjected else { return }
        let origin = statement.tree["right_hand_side"]?.origin ?? .none
        let hint = "project = true in [right_hand_side] takes the mean off there"
        for (index, right) in rightHandSides.enumerated() {
            let which = rightHandSides.count > 1 ? "right-hand side \(index + 1): " : ""
            switch system {
            case .matrix(_, let nullSpaces):
                if let fault = nullSpaces.incompatibility(of: right) {
                    throw LinearSystemInput.complaint(origin, which + fault.description, hint: hint)
                }
            case .grid(let matrix):
                if case .incompatible(let component, let cells, let cell, let sum)? = matrix.incompatibility(of: right)
                {
                    throw LinearSystemInput.complaint(
                        origin,
                        "\(which)no value is given anywhere on component \(component) of \(matrix.untiedCount) "
                            + "(\(cells) cells, one of them \(place(of: cell))), and the right-hand side adds up to "
                            + "\(NumberText.short(sum, digits: 4)) there, not to 0: there is no solution", hint: hint)
                }
            }
        }
    }

    /// A cell by its numbers, from 1.
    private func place(of cell: Int) -> String {
        guard case .grid(let grid) = statement.matrix else { return "\(cell + 1)" }
        var (rest, numbers) = (cell, [Int]())
        for length in grid.cells {
            numbers.append(rest % length + 1)
            rest /= length
        }
        return "(" + numbers.map(String.init).joined(separator: ", ") + ")"
    }
}
