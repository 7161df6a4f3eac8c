/// Fields on one grid with their provenance: the contents of a `fields.h5`.
///
/// On disk this is a netCDF-4 file in the CF conventions, hence also an HDF5 file: h5py, xarray, ParaView, MATLAB and
/// Julia open it as it is. Axes are stored in the order given here, the slowest first, and readers of the CF
/// conventions want `(t, z, y, x)`: time first, and the axis that is to run from left to right last.
public struct FieldFile: Sendable, Equatable {
    /// The name that a run gives its file unless the problem file names another.
    public static let defaultName = "fields.h5"

    /// The grid, slowest axis first.
    public var axes: [Axis]
    /// The fields, in the order in which readers list them.
    public var variables: [Variable]
    /// Facts on the file as a whole, in order.
    public var attributes: [Attribute]

    /// Joins axes, fields and facts; `write(to:)` checks that they fit.
    public init(axes: [Axis], variables: [Variable], attributes: [Attribute] = []) {
        self.axes = axes
        self.variables = variables
        self.attributes = attributes
    }

    /// One coordinate of the grid: a dimension and the coordinate variable of the same name.
    public struct Axis: Sendable, Equatable {
        /// Name of the dimension and of its coordinate variable.
        public var name: String
        /// The coordinate's values, strictly increasing or strictly decreasing.
        public var values: [Double]
        /// What readers print beside the axis.
        public var longName: String
        /// Units; "1" if dimensionless. Do not spell out "seconds", which xarray turns into a time difference.
        public var units: String
        /// Whether this is time, which must come first.
        public var isTime: Bool

        /// Describes an axis; the long name is the name unless given.
        public init(
            _ name: String, _ values: [Double], longName: String? = nil, units: String = "1", isTime: Bool = false
        ) {
            self.name = name
            self.values = values
            self.longName = longName ?? name
            self.units = units
            self.isTime = isTime
        }
    }

    /// A field on the grid, or on some of its axes.
    public struct Variable: Sendable, Equatable {
        /// Name of the dataset.
        public var name: String
        /// Values, the last axis running fastest; NaN where there is no value.
        public var values: [Double]
        /// Names of the axes that the field has, in the file's order; `nil` for all.
        public var axes: [String]?
        /// What readers print beside the field.
        public var longName: String
        /// Units; "1" if dimensionless.
        public var units: String
        /// How values are stored.
        public var storage: Storage
        /// Further facts on this field.
        public var attributes: [Attribute]

        /// Describes a field; the long name is the name unless given.
        public init(
            _ name: String, _ values: [Double], axes: [String]? = nil, longName: String? = nil, units: String = "1",
            storage: Storage = .double, attributes: [Attribute] = []
        ) {
            self.name = name
            self.values = values
            self.axes = axes
            self.longName = longName ?? name
            self.units = units
            self.storage = storage
            self.attributes = attributes
        }
    }

    /// Width of the stored numbers.
    public enum Storage: String, Sendable, CaseIterable {
        /// 32 bits.
        case single = "float32"
        /// 64 bits.
        case double = "float64"
    }

    /// A named fact.
    public struct Attribute: Sendable, Equatable {
        /// The name.
        public var name: String
        /// The value.
        public var value: Value

        /// What a fact may be.
        public enum Value: Sendable, Equatable {
            /// Text. A root attribute of more than 60,000 bytes is stored as a variable of characters in the group
            /// `long_texts`.
            case text(String)
            /// A real number.
            case number(Double)
            /// A whole number.
            case integer(Int)
            /// Several real numbers.
            case numbers([Double])
        }

        /// Joins name and value.
        public init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
        /// A fact in words.
        public init(_ name: String, _ text: String) { self.init(name, .text(text)) }
        /// A real number.
        public init(_ name: String, _ number: Double) { self.init(name, .number(number)) }
        /// A whole number.
        public init(_ name: String, _ integer: Int) { self.init(name, .integer(integer)) }
    }

    /// The axis of that name.
    public func axis(_ name: String) -> Axis? { axes.first { $0.name == name } }

    /// The field of that name.
    public func variable(_ name: String) -> Variable? { variables.first { $0.name == name } }

    /// The value of the file's attribute of that name.
    public func attribute(_ name: String) -> Attribute.Value? { attributes.first { $0.name == name }?.value }

    /// The axes of a field, slowest first; names that are no axis are left out.
    public func axes(of variable: Variable) -> [Axis] {
        variable.axes.map { names in names.compactMap(axis) } ?? axes
    }

    /// How many values of each field are not finite, for those that have any; worth a warning.
    public var notFiniteCounts: [(variable: String, count: Int)] {
        variables.compactMap { variable in
            let count = variable.values.count { !$0.isFinite }
            return count > 0 ? (variable.name, count) : nil
        }
    }
}
