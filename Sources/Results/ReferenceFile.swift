/// Reads reference data on a grid from HDF5 files, which include netCDF-4 files and MATLAB files of version 7.3.
public enum ReferenceFile {
    /// A name in the problem and the name of the dataset in the file; groups are separated by slashes.
    public struct Source: Sendable, Equatable {
        /// Our name.
        public var name: String
        /// Name in the file.
        public var dataset: String

        /// Joins the two names.
        public init(_ name: String, dataset: String) {
            self.name = name
            self.dataset = dataset
        }
    }

    /// Fields on a grid: axes strictly increasing, values finite.
    public struct Grid: Sendable, Equatable {
        /// The axes, slowest first.
        public var axes: [Line]
        /// The fields, the last axis running fastest.
        public var fields: [Line]

        /// Joins axes and fields.
        public init(axes: [Line], fields: [Line]) {
            self.axes = axes
            self.fields = fields
        }

        /// A name with its numbers.
        public struct Line: Sendable, Equatable {
            /// Our name.
            public var name: String
            /// The numbers.
            public var values: [Double]

            /// Joins the two.
            public init(_ name: String, _ values: [Double]) {
                self.name = name
                self.values = values
            }
        }
    }
}
