import Expressions
import Geometry
import Networks

/// What a physics-informed network is trained on: a domain of space and time, residuals inside and on its faces, and the
/// conditions that the ansatz meets exactly.
///
/// Coordinates are flat and in the order of the domain's, time last. Networks have one output for each unknown.
public struct CollocationProblem: Sendable {
    /// The domain, over all coordinates.
    public var domain: SpaceTime
    /// The number of unknown fields.
    public var unknownCount: Int
    /// The loss terms, in the order in which they are reported.
    public var terms: [ResidualTerm]
    /// Conditions built into the ansatz.
    public var exactConditions: ExactConditions
    /// Unknown numbers that are found together with the fields, by index in expressions.
    public var unknownParameters: [SearchedParameter]

    /// Joins the parts.
    public init(
        domain: SpaceTime, unknownCount: Int, terms: [ResidualTerm], exactConditions: ExactConditions? = nil,
        unknownParameters: [SearchedParameter] = []
    ) {
        self.domain = domain
        self.unknownCount = unknownCount
        self.terms = terms
        self.exactConditions = exactConditions ?? ExactConditions(unknownCount: unknownCount)
        self.unknownParameters = unknownParameters
    }
}

extension CollocationProblem {
    /// The vector that optimizers move: the network's blocks, then a block `parameter.NAME` of one search variable for
    /// each unknown parameter.
    public func layout(with network: Network) -> ParameterLayout {
        var layout = network.layout
        for parameter in unknownParameters {
            layout.append(name: Self.parameterPrefix + parameter.name, rows: 1, columns: 1)
        }
        return layout
    }

    private static let parameterPrefix = "parameter."

    /// Whether a block of a layout holds the search variable of an unknown parameter.
    public static func isUnknownParameter(_ block: String) -> Bool { block.hasPrefix(parameterPrefix) }

    /// The values of the unknown parameters in an optimization vector.
    public func unknownParameterValues(in vector: [Double]) -> [Double] {
        unknownParameters.values(at: vector.suffix(unknownParameters.count))
    }

    /// Finds out whether a term can be evaluated on `network`, its integrals too, by compiling it.
    ///
    /// - Throws: `ExpressionErrors`, `ChannelPlanError` or `SamplingError` with the reason.
    public func checkEvaluable(_ term: ResidualTerm, on network: Network) throws {
        try checkEvaluable(term.components, on: network)
        guard !term.integrals.isEmpty || term.isGlobal else { return }
        _ = try TermIntegrals<Double>(term, of: self, network: network, scheme: .uniform, seed: 0)
    }

    /// The points of a term, those of its integrals included.
    public func pointCount(of term: ResidualTerm) -> Int {
        if let data = term.data { return data.count }
        let times = domain.time == nil || term.fixedTime(in: domain) != nil ? 1 : term.times
        let own = term.isGlobal ? times : term.pointsPerFace * term.location.pieces.count
        let pieces = term.integrals.reduce(0) { $0 + $1.location.pieces.count }
        return own + pieces * term.integralPoints * times
    }

    /// Finds out whether `expressions` can be evaluated point by point on `network`, by compiling them.
    ///
    /// - Throws: `ExpressionErrors` or `ChannelPlanError` with the reason.
    public func checkEvaluable(_ expressions: [Expression], on network: Network) throws {
        let program = try PointProgram<Double>(
            expressions, network: network, exact: exactConditions, coordinateCount: domain.dimensions)
        for entry in program.sites.flatMap(\.trace.entries) {
            let lower = domain.box.lower[entry.coordinate], upper = domain.box.upper[entry.coordinate]
            let slack = 1e-9 * (upper - lower)
            guard entry.value < lower - slack || entry.value > upper + slack else { continue }
            throw ExpressionErrors(
                "a field is read at \(entry.value) along a coordinate that runs from \(lower) to \(upper)",
                hint: "hold the coordinate at a value inside the domain")
        }
    }
}

/// A loss term: the mean over points of the squared residual, summed over its components.
public struct ResidualTerm: Sendable {
    /// The name of the equation or condition.
    public var name: String
    /// The residual's scalar components.
    public var components: [Expression]
    /// Where the residual should vanish.
    public var location: PointLocation
    /// Points on each face, or in the interior.
    public var pointsPerFace: Int
    /// Its factor in the loss.
    public var weight: Double
    /// Whether the residual is that of an equation, as opposed to a condition or data: weights and the choice of points tell them
    /// apart.
    public var isEquation: Bool
    /// Integrals that the components read as parameters numbered on from the unknown ones.
    public var integrals: [IntegralTerm]
    /// Points of each integral: inside or on each face, at each time.
    public var integralPoints: Int
    /// Times at which integrals are taken in a problem that depends on time.
    public var times: Int
    /// Points with data that take the place of drawn ones.
    public var data: PointData?

    /// Joins the parts; unless it is said, residuals in the whole interior are those of equations.
    public init(
        name: String, components: [Expression], location: PointLocation, pointsPerFace: Int, weight: Double = 1,
        isEquation: Bool? = nil, integrals: [IntegralTerm] = [], integralPoints: Int = 1_024, times: Int = 8
    ) {
        self.name = name
        self.components = components
        self.location = location
        self.pointsPerFace = pointsPerFace
        self.weight = weight
        self.isEquation = isEquation ?? (location == .interior && integrals.isEmpty)
        self.integrals = integrals
        self.integralPoints = integralPoints
        self.times = times
    }

    /// Whether the residual is one number, or one at each time, so that the term has no place.
    public var isGlobal: Bool { location.pieces.isEmpty && data == nil }

    /// Terms with equal keys share their points; one with integrals or data, or without a place, keeps to itself.
    var pointKey: PointKey {
        let isShared = integrals.isEmpty && !isGlobal && data == nil
        return PointKey(location: location, pointsPerFace: pointsPerFace, name: isShared ? nil : name)
    }

    struct PointKey: Hashable {
        var location: PointLocation
        var pointsPerFace: Int
        var name: String?
    }
}

/// Parts of a domain: its interior, faces, single points, each perhaps only where a selector holds.
public struct PointLocation: Sendable, Hashable {
    /// A place or a part of one.
    public struct Piece: Sendable, Hashable {
        /// The face, the interior or a point.
        public var place: SpaceTimePlace
        /// A truth value over the coordinates that points must satisfy; nil where all belong.
        public var filter: Expression?

        /// Joins the two.
        public init(_ place: SpaceTimePlace, filter: Expression? = nil) {
            self.place = place
            self.filter = filter
        }
    }

    /// The pieces; each gets the same number of points.
    public var pieces: [Piece]

    /// A location from its pieces.
    public init(_ pieces: [Piece]) {
        self.pieces = pieces
    }

    /// The whole interior.
    public static let interior = PointLocation([Piece(.interior)])
}
