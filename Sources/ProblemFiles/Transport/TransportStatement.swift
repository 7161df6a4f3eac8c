import Expressions

/// A checked transport problem: what is moved where, at which cost, and what to keep.
///
/// A plain value, as ``Problem`` is for equations. The options of the method are interpreted by whoever solves it.
public struct TransportStatement: Sendable {
    /// The name of the problem; names the run folder.
    public var name: String
    /// A line that says what it is, empty when there is none.
    public var title: String
    /// Where the problem comes from: DOIs, references.
    public var citations: [String]
    /// The file it was read from.
    public var source: SourceText?
    /// Known constants, in the order of the file.
    public var parameters: [Parameter]
    /// What is moved: rows of the plan.
    public var from: Measure
    /// Where it is moved: columns of the plan.
    public var to: Measure
    /// What moving a unit of mass costs.
    public var cost: Cost
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

    /// Where to point when the numbers of a section turn out to be wrong.
    package var origins: Origins

    /// Places of sections.
    package struct Origins: Sendable {
        package var from: Origin, to: Origin, cost: Origin
    }

    /// Points with masses, or just masses.
    public struct Measure: Sendable, Equatable {
        /// The names of the coordinates; empty for masses that stand for indices only.
        public var coordinates: [String]
        /// The points, a row of coordinates each; empty rows for indices.
        public var points: [[Double]]
        /// The masses.
        public var weights: [Double]
        /// The axes of a grid, the last one running fastest; nil for scattered points.
        public var axes: [[Double]]?
        /// λ of λ KL(sums of the plan | masses); nil for masses that are met.
        public var strength: Double?

        /// Joins points and masses.
        public init(coordinates: [String], points: [[Double]], weights: [Double], axes: [[Double]]? = nil) {
            self.coordinates = coordinates
            self.points = points
            self.weights = weights
            self.axes = axes
        }

        /// The number of points.
        public var count: Int { weights.count }
    }

    /// What moving a unit of mass costs.
    public enum Cost: Sendable {
        /// A distance that is computed without an expression.
        case distance(Distance, periods: [Double])
        /// Any expression; flat coordinates are those of p, then those of q.
        case expression(Expression)
        /// A matrix from a file, row by row.
        case matrix([Double])
        /// Independent costs, uniform on [0, 1), from SplitMix64.
        case random(seed: UInt64)

        /// The distances.
        public enum Distance: String, Sendable, CaseIterable {
            /// Σ |δ|
            case manhattan
            /// (Σ δ²)^½
            case euclidean
            /// Σ δ²
            case squaredEuclidean
        }
    }

    /// What a run keeps.
    public struct Output: Sendable, Equatable {
        /// The run folder.
        public var directory: String
        /// Whether the sparse plan is written; nil for what the method does by itself.
        public var plan: Bool?
        /// Sources whose rows of the plan are written whole, numbered from 0.
        public var rows: [Int]
        /// The share of each row's and column's mass that the written plan may miss.
        public var dropping: Double
        /// Whether the barycentric map is written.
        public var map: Bool
        /// Moments of the displacement interpolation; nil for none.
        public var interpolation: Int?
        /// Whether the Sinkhorn divergence is computed.
        public var divergence: Bool
        /// The figures, by name; nil for those that make sense.
        public var plots: [String]?
    }

    /// What a run should reach.
    public struct Expectations: Sendable, Equatable {
        /// A value that is known.
        public struct Value: Sendable, Equatable {
            /// The key: `cost`, `relative_entropy_cost`, …
            public var name: String
            /// The known value.
            public var value: Double
            /// The largest acceptable difference.
            public var absolute: Double
        }

        /// Values that are known.
        public var values: [Value] = []
        /// The largest acceptable marginal error.
        public var marginalError: Double?
        /// The largest acceptable number of Newton steps.
        public var newtonSteps: Int?
        /// Seconds within which the run should end.
        public var within: Double?

        /// Whether nothing is expected.
        public var isEmpty: Bool { values.isEmpty && marginalError == nil && newtonSteps == nil && within == nil }
    }

    /// The complete problem as TOML: reading it gives an equal problem.
    ///
    /// - Parameter method: the completed options of the method; by default those that were given.
    public func resolvedText(method: OptionTree? = nil) -> String {
        var tree = tree
        if let method { tree["method"] = method }
        return tree.tomlText
    }
}
