/// Reads problem files.
public enum ProblemReader {
    /// Reads and checks a problem file.
    ///
    /// - Parameters:
    ///   - path: the file; complaints name it as it is given here.
    ///   - overrides: `KEY=VALUE` texts, as after `--set`; keys are dotted, values are TOML.
    ///   - variant: the variant to apply before the overrides.
    /// - Throws: all that is wrong, at once, in the order of the file.
    public static func read(
        path: String, overrides: [String] = [], variant: String? = nil
    ) throws(ProblemErrors) -> Problem {
        try read(text: ProblemText.load(path), path: path, overrides: overrides, variant: variant)
    }

    /// Checks the text of a problem file; `path` is used in complaints and to find files that the text names.
    public static func read(
        text: String, path: String, overrides: [String] = [], variant: String? = nil
    ) throws(ProblemErrors) -> Problem {
        throw ProblemErrors([])
    }
}
