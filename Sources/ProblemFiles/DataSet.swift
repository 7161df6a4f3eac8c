import Expressions

/// Numbers from a file: measurements that the fields are to match, or a coefficient that equations use.
public struct DataSet: Sendable {
    /// What the numbers are for.
    public enum Use: Sendable {
        /// A loss term of the data's name.
        case observations(Observations)
        /// A function of the data's grid.
        case coefficient(CoefficientField)
    }

    /// The name, `samples` in `[data.samples]`.
    public var name: String
    /// What the numbers are for.
    public var use: Use
    /// The file as it was written.
    public var file: String
    /// The options as a file has them, every default filled in.
    package var tree: OptionTree
    /// Where the section was written.
    public var origin: Origin

    /// Numbers that were not read from a file by a problem file.
    public init(_ name: String, _ use: Use, file: String = "", origin: Origin = .none) {
        self.name = name
        self.use = use
        self.file = file
        tree = .empty
        self.origin = origin
    }

    /// The measurements, if these are some.
    public var observations: Observations? { if case .observations(let found) = use { found } else { nil } }

    /// The coefficient, if this is one.
    public var coefficient: CoefficientField? { if case .coefficient(let found) = use { found } else { nil } }
}

/// Measurements at points: what was seen, and how precisely.
public struct Observations: Sendable {
    /// A quantity that was measured.
    public struct Quantity: Sendable {
        /// What was measured, over the unknowns; a scalar.
        public var expression: Expression
        /// The expression as it was written.
        public var text: String
        /// What was found at each point.
        public var values: [Double]
        /// The standard deviation of the error.
        public var noise: Noise

        /// Joins the parts.
        public init(_ expression: Expression, text: String = "", values: [Double], noise: Noise = .unknown) {
            self.expression = expression
            self.text = text
            self.values = values
            self.noise = noise
        }
    }

    /// A standard deviation, in the units of the quantity.
    public enum Noise: Sendable, Equatable {
        /// Not said: misfits count as they are.
        case unknown
        /// The same at all points.
        case constant(Double)
        /// By point.
        case byPoint([Double])
    }

    /// The points, `[coordinate][point]`.
    public var points: [[Double]]
    /// What was measured there.
    public var quantities: [Quantity]

    /// Joins points and measurements, one value for each point.
    public init(points: [[Double]], quantities: [Quantity]) {
        let count = points.first?.count ?? 0
        precondition(
            points.allSatisfy { $0.count == count } && quantities.allSatisfy { $0.values.count == count },
            "a value for each point")
        self.points = points
        self.quantities = quantities
    }

    /// The number of points.
    public var count: Int { points.first?.count ?? 0 }

    /// (quantity − datum)/noise for each quantity; the data are numbers of the points, in the order of `columns`.
    public var residuals: [Expression] {
        var place = 0
        return quantities.map { quantity in
            let misfit = quantity.expression - Expression.datum(place)
            place += 1
            switch quantity.noise {
            case .unknown: return misfit
            case .constant(let deviation): return misfit * Expression(1 / deviation)
            case .byPoint:
                place += 1
                return misfit * Expression.datum(place - 1)
            }
        }
    }

    /// The numbers that `residuals` read at each point: values, each followed by 1/noise where that differs by point.
    public var columns: [[Double]] {
        quantities.flatMap { quantity -> [[Double]] in
            guard case .byPoint(let deviations) = quantity.noise else { return [quantity.values] }
            return [quantity.values, deviations.map { 1 / $0 }]
        }
    }
}

/// A coefficient that is known on a grid.
public struct CoefficientField: Sendable {
    /// The interpolated function; its name is the one in equations.
    public var function: TabulatedFunction
    /// The coordinates that it depends on, by flat index, one for each axis.
    public var coordinates: [Int]

    /// Joins the two.
    public init(_ function: TabulatedFunction, coordinates: [Int]) {
        precondition(function.axes.count == coordinates.count, "a coordinate for each axis")
        self.function = function
        self.coordinates = coordinates
    }
}
