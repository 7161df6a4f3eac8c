import Expressions
import Geometry

/// A checked linear system A x = b: which matrix, which right-hand side, and what to keep.
///
/// A plain value, as ``Problem`` is for equations. Files that it names are read, and expressions evaluated, by whoever solves it; the options of
/// the method are interpreted there, too.
public struct LinearSystemStatement: Sendable {
    /// The name of the problem; names the run folder.
    public var name: String
    /// A line that says what it is, empty when there is none.
    public var title: String
    /// Where the problem comes from: DOIs, references.
    public var citations: [String]
    /// The file it was read from.
    public var source: SourceText?
    /// The matrix.
    public var matrix: Matrix
    /// b
    public var rightHandSide: Vector
    /// Whether the mean of b is taken off where the matrix maps constants to zero.
    public var isProjected: Bool
    /// Where the iteration starts; nil for zero.
    public var initialGuess: Vector?
    /// How it is solved: options that the method itself interprets.
    public var method: OptionTree
    /// Named sets of overrides.
    public var variants: [Variant]
    /// Which variant this problem is, nil for the file as it stands.
    public var variant: String?
    /// What is kept.
    public var output: Output
    /// Seed and threads.
    public var run: RunSettings
    /// What a run should reach.
    public var expectations: Expectations
    /// What is probably not meant.
    public var warnings: [Diagnostic]
    /// The complete file as a tree: defaults filled in, overrides and variant applied.
    public var tree: OptionTree

    /// Where a matrix comes from.
    public enum Matrix: Sendable {
        /// A Matrix Market file.
        case file(FileReference)
        /// A diffusion problem on a box of cells.
        case grid(Grid)
    }

    /// A file that a problem names.
    public struct FileReference: Sendable {
        /// Where it lies.
        public var path: String
        /// The name of the array in it; nil where it holds one.
        public var values: String?
        /// Where the file was named.
        public var origin: Origin
    }

    /// The numbers of a vector.
    public enum Vector: Sendable {
        /// An expression in the coordinates of cells, or in the number of the row.
        case expression(Expression, Origin)
        /// Independent normal numbers, so many vectors.
        case noise(count: Int)
        /// From a file, one vector a column.
        case file(FileReference)
    }

    /// −∇·(k ∇u) = f on a box of cells, some of them solid and some with given values.
    public struct Grid: Sendable {
        /// Cells along each coordinate, two or three.
        public var cells: [Int]
        /// Lengths of the box, from 0.
        public var lengths: [Double]
        /// What happens at the low and the high end of each coordinate.
        public var walls: [(low: Wall, high: Wall)]
        /// Where cells are solid, by their centres.
        public var solid: Cells?
        /// Where cells have the value 0, by their centres.
        public var air: Cells?
        /// An array with a number for each cell: 0 solid, 1 fluid, 2 given; in place of both.
        public var mask: FileReference?
        /// k; nil for 1.
        public var coefficient: (expression: Expression, origin: Origin)?
        /// Where the section was written.
        public var origin: Origin

        /// The names of coordinates.
        public static let coordinates = ["x", "y", "z"]

        /// The number of cells.
        public var cellCount: Int { cells.reduce(1, *) }
    }

    /// What happens at a side of a grid.
    public enum Wall: String, Sendable, CaseIterable {
        /// No flux.
        case neumann
        /// Zero one cell out.
        case dirichlet
        /// Zero on the side itself.
        case dirichletFace = "dirichlet-face"
    }

    /// A set of cells.
    public enum Cells: Sendable {
        /// Those whose centre lies in any of the shapes.
        case shapes([any Shape])
        /// Those at whose centre an expression is above zero.
        case positive(Expression, Origin)
    }

    /// What a run keeps.
    public struct Output: Sendable, Equatable {
        /// The run folder.
        public var directory: String
        /// Whether the solution is also written as a Matrix Market vector.
        public var vector: Bool
        /// The figures, by name; nil for those that make sense.
        public var plots: [String]?
    }

    /// What a run should reach.
    public struct Expectations: Sendable, Equatable {
        /// The largest acceptable number of iterations.
        public var iterations: Int?
        /// The largest acceptable ‖b − A x‖/‖b‖.
        public var relativeResidual: Double?
        /// Seconds within which set-up and solve should end.
        public var within: Double?

        /// Whether nothing is expected.
        public var isEmpty: Bool { iterations == nil && relativeResidual == nil && within == nil }
    }

    /// The complete problem as TOML: reading it gives an equal problem.
    ///
    /// - Parameter method: the completed options of the method; by default those that were given.
    public func resolvedText(method: OptionTree? = nil) -> String {
        var tree = tree
        if let method { tree["method"] = method }
        let order = LinearSystemChecker.sections
        func place(_ key: String) -> Int { order.firstIndex(of: key) ?? order.count }
        return OptionTree(.table(tree.entries.sorted { place($0.key) < place($1.key) }), origin: tree.origin).tomlText
    }
}
