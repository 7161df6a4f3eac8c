import Expressions

/// What a run keeps.
public struct Output: Sendable {
    /// The run folder, relative to where the program runs.
    public var directory: String
    /// The fields that are saved, nil for none.
    public var fields: FieldOutput?
    /// The figures.
    public var plots: [Plot]
    /// Single numbers that are reported at the end.
    public var values: [Quantity]
    /// When gradients of the loss terms are looked at one by one; nil for never.
    public var gradients: GradientOutput?
    /// When points of the equations and residuals are looked at; nil for never.
    public var sampling: SamplingOutput?

    /// What to keep.
    public init(
        directory: String, fields: FieldOutput? = nil, plots: [Plot] = [], values: [Quantity] = [],
        gradients: GradientOutput? = nil, sampling: SamplingOutput? = nil
    ) {
        self.directory = directory
        self.fields = fields
        self.plots = plots
        self.values = values
        self.gradients = gradients
        self.sampling = sampling
    }
}

/// What is kept of the points of the equations and of the residual elsewhere.
public struct SamplingOutput: Sendable {
    /// Steps between two looks.
    public var every: Int
    /// Uniform points that training never sees, at which the residual is evaluated.
    public var points: Int
    /// Where it was written.
    public var origin: Origin

    /// Joins the parts.
    public init(every: Int, points: Int, origin: Origin = .none) {
        self.every = every
        self.points = points
        self.origin = origin
    }
}

/// What is kept of the gradients of single loss terms.
public struct GradientOutput: Sendable {
    /// Steps between two looks.
    public var every: Int
    /// Whether the largest eigenvalue of each term's Hessian is computed as well.
    public var findsStiffness: Bool
    /// Where it was written.
    public var origin: Origin

    /// Joins the parts.
    public init(every: Int, findsStiffness: Bool = false, origin: Origin = .none) {
        self.every = every
        self.findsStiffness = findsStiffness
        self.origin = origin
    }
}

/// A named expression to be saved.
public struct Quantity: Sendable {
    /// The name in the file.
    public var name: String
    /// What it is; may read unknowns, their derivatives and `residual(NAME)`.
    public var expression: Expression
    /// The expression as it was written.
    public var text: String
    /// Where it was written.
    public var origin: Origin

    /// A named expression.
    public init(_ name: String, _ expression: Expression, text: String = "", origin: Origin = .none) {
        self.name = name
        self.expression = expression
        self.text = text
        self.origin = origin
    }
}

/// Fields on a grid, a line or a bundle of lines: the points are the tensor product of the axes, all other coordinates
/// stay at `base`.
public struct FieldOutput: Sendable {
    /// A coordinate that varies.
    public struct Axis: Sendable, Equatable {
        /// Its flat index.
        public var coordinate: Int
        /// Its values, increasing.
        public var values: [Double]

        /// A coordinate and its values.
        public init(coordinate: Int, values: [Double]) {
            self.coordinate = coordinate
            self.values = values
        }
    }

    /// The file name inside the run folder.
    public var file: String
    /// The axes, in the order of the coordinates (time last).
    public var axes: [Axis]
    /// Values for every coordinate; those with an axis are ignored.
    public var base: [Double]
    /// What is saved.
    public var quantities: [Quantity]

    /// Fields on a tensor product of axes.
    public init(file: String, axes: [Axis], base: [Double], quantities: [Quantity]) {
        self.file = file
        self.axes = axes
        self.base = base
        self.quantities = quantities
    }

    /// How many points there are.
    public var pointCount: Int { axes.reduce(1) { $0 * $1.values.count } }
}

/// A figure.
public struct Plot: Sendable, Equatable {
    /// What a figure shows.
    public enum Kind: String, Sendable, CaseIterable {
        /// Reference, prediction and absolute error side by side.
        case compare
        /// One field.
        case field
        /// A field along a coordinate, one line for each value of another.
        case lines
        /// Planes through a field of three coordinates.
        case slices
        /// Magnitudes of the residuals.
        case residual
        /// Losses over steps.
        case losses
        /// Weights of the loss terms over steps.
        case weights
        /// Gradients of the loss terms: histograms by layer, norms, cosines, stiffness.
        case gradients
        /// Points of the equations, the residual and the density of points over steps.
        case sampling

        /// Whether fields are shown, rather than the history.
        package var showsFields: Bool { ![.losses, .weights, .gradients, .sampling].contains(self) }
    }

    /// Whether a quantity is a residual, by its name.
    package static func isResidual(_ name: String) -> Bool { name == "residual" || name.hasPrefix("residual_") }

    /// The file name inside the run folder's figures.
    public var file: String
    /// What it shows.
    public var kind: Kind
    /// The quantity it shows; nil for losses and weights, and for all residuals.
    public var field: String?
    /// The flat index of the coordinate along which lines run.
    public var along: Int?
    /// Values at which other coordinates are cut, by flat index, in the order of the file.
    public var cuts: [Cut]

    /// Values at which a coordinate is cut.
    public struct Cut: Sendable, Equatable {
        /// The flat index of the coordinate.
        public var coordinate: Int
        /// Its values.
        public var values: [Double]

        /// A coordinate and its values.
        public init(coordinate: Int, values: [Double]) {
            self.coordinate = coordinate
            self.values = values
        }
    }

    /// A figure.
    public init(file: String, kind: Kind, field: String? = nil, along: Int? = nil, cuts: [Cut] = []) {
        self.file = file
        self.kind = kind
        self.field = field
        self.along = along
        self.cuts = cuts
    }
}
