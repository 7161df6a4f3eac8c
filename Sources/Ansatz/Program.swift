/// Facts about this program.
public enum Program {
    /// The version, as in `ansatz --version` and in result files.
    public static let version = "0.1.0"
}
