import Expressions

/// A checked problem: what is to be solved, how, and what to keep.
///
/// A plain value. A problem file is one way to obtain it (`ProblemReader`), building it in Swift another; nothing in
/// it depends on text, except for the places in complaints.
public struct Problem: Sendable {
    /// The name of the problem; names the run folder.
    public var name: String
    /// A line that says what it is, empty when there is none.
    public var title: String
    /// Where the problem comes from: DOIs, references.
    public var citations: [String]
    /// The file it was read from, nil for a problem built in a program.
    public var source: SourceText?
    /// Known constants, in the order of the file.
    public var parameters: [Parameter]
    /// Numbers to find, in the order of their indices.
    public var unknownParameters: [UnknownParameter]
    /// The names that expressions may use: coordinates, parameters, unknowns, definitions, equations.
    public var scope: Scope
    /// Where the equations hold.
    public var domain: Domain
    /// The fields to find, in the order of their indices.
    public var unknowns: [Unknown]
    /// Named expressions and functions.
    public var definitions: [Definition]
    /// What holds inside the domain.
    public var equations: [Equation]
    /// What holds on its faces.
    public var conditions: [Condition]
    /// Measurements and coefficients from files.
    public var data: [DataSet]
    /// What the solution is compared with.
    public var reference: Reference?
    /// Definitions over the unknowns that the reference knows too, such as a speed; their errors are reported like those of
    /// unknowns.
    public var comparedQuantities: [Quantity] = []
    /// Where the solution is compared with the reference; nil for everywhere.
    public var referenceBox: ReferenceBox?
    /// Characteristic sizes that networks are scaled by.
    public var scale = Scale()
    /// How it is solved: options that the method itself interprets.
    public var method: OptionTree
    /// Named sets of overrides.
    public var variants: [Variant]
    /// Which variant this problem is, nil for the file as it stands.
    public var variant: String?
    /// What is kept.
    public var output: Output
    /// Seed, precision, and other bookkeeping.
    public var run: RunSettings
    /// What a run should reach.
    public var expectations: Expectations
    /// What is probably not meant.
    public var warnings: [Diagnostic]

    /// A problem from its parts; what is not given takes the default that a file would take.
    public init(
        name: String, title: String = "", citations: [String] = [], parameters: [Parameter] = [],
        unknownParameters: [UnknownParameter] = [], scope: Scope, domain: Domain, unknowns: [Unknown],
        definitions: [Definition] = [], equations: [Equation], conditions: [Condition] = [],
        reference: Reference? = nil, method: OptionTree = .empty, output: Output? = nil,
        run: RunSettings = RunSettings(), expectations: Expectations = Expectations()
    ) {
        self.name = name
        self.title = title
        self.citations = citations
        source = nil
        self.parameters = parameters
        self.unknownParameters = unknownParameters
        self.scope = scope
        self.domain = domain
        self.unknowns = unknowns
        self.definitions = definitions
        self.equations = equations
        self.conditions = conditions
        data = []
        self.reference = reference
        self.method = method
        variants = []
        variant = nil
        self.output = output ?? Output(directory: "runs/\(name)")
        self.run = run
        self.expectations = expectations
        warnings = []
    }
}

/// A known constant.
public struct Parameter: Sendable, Equatable {
    /// The name.
    public var name: String
    /// Its value.
    public var value: Double
    /// The expression it was computed from, nil for a plain number.
    public var text: String?

    /// A named constant.
    public init(_ name: String, _ value: Double, text: String? = nil) {
        self.name = name
        self.value = value
        self.text = text
    }
}

/// A field to find.
public struct Unknown: Sendable, Equatable {
    /// The name.
    public var name: String
    /// What it is, for labels; empty when not said.
    public var about: String
    /// Its unit, for labels; "1" when not said.
    public var units: String

    /// A named field.
    public init(_ name: String, about: String = "", units: String = "1") {
        self.name = name
        self.about = about
        self.units = units
    }
}

/// A named expression, or a function when it has arguments.
public struct Definition: Sendable, Equatable {
    /// The name.
    public var name: String
    /// The names of its arguments.
    public var arguments: [String]
    /// The expression as it was written.
    public var text: String

    /// A named expression.
    public init(_ name: String, arguments: [String] = [], text: String) {
        self.name = name
        self.arguments = arguments
        self.text = text
    }
}

/// An equation that holds inside the domain.
public struct Equation: Sendable {
    /// The name of the equation and of its loss term.
    public var name: String
    /// The sides.
    public var left: Expression, right: Expression
    /// Left minus right; may be a vector.
    public var residual: Expression
    /// The equation as it was written, empty when built in a program.
    public var text: String
    /// Where it was written.
    public var origin: Origin

    /// An equation of two sides of one shape.
    public init(
        _ name: String, _ left: Expression, equals right: Expression, text: String = "", origin: Origin = .none
    ) {
        self.name = name
        self.left = left
        self.right = right
        residual = left - right
        self.text = text
        self.origin = origin
    }
}

/// An equation that holds on faces of the domain, or on a part of its inside.
public struct Condition: Sendable {
    /// How a condition is met.
    public enum Enforcement: String, Sendable, CaseIterable {
        /// By a loss term.
        case penalty
        /// By construction of the ansatz.
        case exact
    }

    /// The name of the condition and of its loss term.
    public var name: String
    /// Where it holds; without pieces when it is about integrals and has no place.
    public var location: ConditionLocation
    /// The sides.
    public var left: Expression, right: Expression
    /// Left minus right; may be a vector.
    public var residual: Expression
    /// How it is met.
    public var enforcement: Enforcement
    /// The equation as it was written, empty when built in a program.
    public var text: String
    /// Where the equation was written.
    public var origin: Origin

    /// Whether it holds everywhere at once: its residual is one number, or one at each time.
    public var isGlobal: Bool { location.pieces.isEmpty }

    /// A condition with two sides of one shape.
    public init(
        _ name: String, on location: ConditionLocation, _ left: Expression, equals right: Expression,
        enforcement: Enforcement = .penalty, text: String = "", origin: Origin = .none
    ) {
        self.name = name
        self.location = location
        self.left = left
        self.right = right
        residual = left - right
        self.enforcement = enforcement
        self.text = text
        self.origin = origin
    }
}

/// What a solution is compared with; never used for solving.
public enum Reference: Sendable {
    /// Exact expressions in the coordinates, by unknown or compared quantity.
    case exact([String: Expression], texts: [String: String])
    /// Values on a grid, in a file.
    case file(ReferenceFile)
}

/// Where to find reference values on a grid.
public struct ReferenceFile: Sendable, Equatable {
    /// The path as it was written, relative to the problem file.
    public var file: String
    /// The path to open, relative to where the program runs.
    public var path: String
    /// Names in the file by name of coordinate, in the order of the coordinates.
    public var coordinates: [(name: String, dataset: String)]
    /// Names in the file by name of unknown or compared quantity; may leave unknowns out.
    public var variables: [(unknown: String, dataset: String)]
    /// Our names of the axes of the variables, slowest first.
    public var axes: [String]
    /// Where the path was written, for complaints about the file.
    public var origin = Origin.none

    /// A reference file.
    public init(
        file: String, path: String, coordinates: [(name: String, dataset: String)],
        variables: [(unknown: String, dataset: String)], axes: [String]
    ) {
        self.file = file
        self.path = path
        self.coordinates = coordinates
        self.variables = variables
        self.axes = axes
    }

    /// Compares all parts.
    public static func == (left: ReferenceFile, right: ReferenceFile) -> Bool {
        left.file == right.file && left.path == right.path && left.axes == right.axes
            && left.coordinates.elementsEqual(right.coordinates, by: ==)
            && left.variables.elementsEqual(right.variables, by: ==)
    }
}

/// A named set of overrides.
public struct Variant: Sendable, Equatable {
    /// The name.
    public var name: String
    /// Dotted keys and their new values, in the order of the file.
    public var settings: [OptionTree.Entry]

    /// A named set of overrides.
    public init(_ name: String, _ settings: [OptionTree.Entry] = []) {
        self.name = name
        self.settings = settings
    }

    /// Compares keys and values, not places.
    public static func == (left: Variant, right: Variant) -> Bool {
        left.name == right.name
            && left.settings.elementsEqual(right.settings) { $0.key == $1.key && $0.tree == $1.tree }
    }
}
