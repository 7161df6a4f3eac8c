/// The formats that fields can be converted to.
public enum ExportFormat: String, Sendable, CaseIterable {
    /// Comma-separated values with a header line, one row per point: the coordinates, then the fields.
    case csv
    /// NumPy's archive of arrays.
    case npz
    /// VTK's own HDF5 files, one file also for many moments.
    case vtkhdf
    /// VTK's older XML files, one for each moment.
    case vtu
    /// A text table with blanks between its columns, as DeepXDE writes it.
    case dat

    /// What it is, in a few words, and who reads it.
    public var summary: String {
        switch self {
        case .csv: "comma-separated values, a row per point; pandas, R"
        case .npz: "arrays by name; NumPy"
        case .vtkhdf: "VTK's HDF5 files, one for all times; ParaView"
        case .vtu: "VTK's XML files, one for each time; ParaView, VisIt"
        case .dat: "a text table with blanks between its columns; gnuplot"
        }
    }

    /// The names of all formats, for messages.
    public static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
