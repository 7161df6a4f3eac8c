/// Reads problem files.
public enum ProblemReader {
    /// The version of the format that this program reads.
    public static let format = 1

    /// Reads and checks a problem file of partial differential equations.
    ///
    /// - Parameters:
    ///   - path: the file; complaints name it as it is given here.
    ///   - overrides: `KEY=VALUE` texts, as after `--set`; keys are dotted, values are TOML.
    ///   - variant: the variant to apply before the overrides.
    /// - Throws: all that is wrong, at once, in the order of the file; also for a file of another kind.
    public static func read(
        path: String, overrides: [String] = [], variant: String? = nil
    ) throws(ProblemErrors) -> Problem {
        try read(text: ProblemText.load(path), path: path, overrides: overrides, variant: variant)
    }

    /// Checks the text of a problem file; `path` is used in complaints and to find files that the text names.
    public static func read(
        text: String, path: String, overrides: [String] = [], variant: String? = nil
    ) throws(ProblemErrors) -> Problem {
        let file = try readFile(text: text, path: path, overrides: overrides, variant: variant)
        guard case .pde(let problem) = file else {
            throw ProblemErrors([
                Diagnostic(
                    .error, "this is a \(file.noun), and equations are needed here", file: path, line: 1, column: 1)
            ])
        }
        return problem
    }

    /// Reads and checks a problem file of any kind; otherwise like ``read(path:overrides:variant:)``.
    public static func readFile(
        path: String, overrides: [String] = [], variant: String? = nil
    ) throws(ProblemErrors) -> ProblemFile {
        try readFile(text: ProblemText.load(path), path: path, overrides: overrides, variant: variant)
    }

    /// Checks the text of a problem file of any kind.
    public static func readFile(
        text: String, path: String, overrides: [String] = [], variant: String? = nil
    ) throws(ProblemErrors) -> ProblemFile {
        let text = try ProblemText.decode(Array(text.utf8), path: path)
        do {
            switch try check(SourceText(text, name: path), overrides: overrides, variant: variant) {
            case .pde(var problem):
                problem.warnings = problem.warnings.map { $0.placed(in: path) }
                return .pde(problem)
            case .transport(var statement):
                statement.warnings = statement.warnings.map { $0.placed(in: path) }
                return .transport(statement)
            case .linearSystem(var statement):
                statement.warnings = statement.warnings.map { $0.placed(in: path) }
                return .linearSystem(statement)
            case .training(var statement):
                statement.warnings = statement.warnings.map { $0.placed(in: path) }
                return .training(statement)
            }
        } catch {
            throw ProblemErrors(error.diagnostics.map { $0.placed(in: path) })
        }
    }

    /// Reads and checks the bytes of a problem file, which need not be text; otherwise like ``readFile(text:path:)``.
    package static func readFile(bytes: [UInt8], path: String) throws(ProblemErrors) -> ProblemFile {
        try readFile(text: ProblemText.decode(bytes, path: path), path: path)
    }

    private static func check(
        _ source: SourceText, overrides: [String], variant: String?
    ) throws(ProblemErrors) -> ProblemFile {
        let path = source.name
        var tree = try OptionTree.parse(source)
        try checkFormat(tree, path: path)
        let variants = try variants(tree)
        if let name = variant {
            guard let chosen = variants.first(where: { $0.name == name }) else {
                throw ProblemErrors([
                    Diagnostic(
                        .error, "there is no variant '\(name)'",
                        hint: NearestName.hint(for: name, among: variants.map(\.name), label: "variants")
                            ?? "the file has no [variants.NAME]", file: path)
                ])
            }
            try apply(chosen.settings.map(override), to: &tree)
        }
        try apply(overrides.map(Override.parse), to: &tree)
        var checker = ProblemChecker(source: source, root: tree)
        checker.variants = variants
        checker.variant = variant
        if TrainingChecker.isTraining(tree) {
            var training = TrainingChecker(checker)
            return .training(try training.statement())
        }
        switch tree["kind"]?.text {
        case "transport":
            var transport = TransportChecker(checker)
            return .transport(try transport.statement())
        case "linear-system":
            var system = LinearSystemChecker(checker)
            return .linearSystem(try system.statement())
        default: return .pde(try checker.problem())
        }
    }

    /// A file of a newer format may differ in anything, so nothing else is said about it.
    private static func checkFormat(_ tree: OptionTree, path: String) throws(ProblemErrors) {
        guard let given = tree["format"] else {
            throw ProblemErrors([
                Diagnostic(.error, "'format' is missing", hint: "a problem file begins with: format = 1", file: path)
            ])
        }
        guard let number = given.integer, number >= 1 else {
            throw ProblemErrors([given.origin.diagnostic(.error, "'format' must be \(format)")])
        }
        guard number <= format else {
            throw ProblemErrors([
                given.origin.diagnostic(
                    .error, "format \(number) is newer than this program, which reads format \(format)",
                    hint: "a newer version of the program reads it")
            ])
        }
    }

    private static func variants(_ tree: OptionTree) throws(ProblemErrors) -> [Variant] {
        guard let section = tree["variants"] else { return [] }
        guard section.isTable else {
            throw ProblemErrors([
                section.origin.diagnostic(.error, "'variants' must be a table, not \(section.kindName)")
            ])
        }
        var complaints: [Diagnostic] = []
        var variants: [Variant] = []
        for entry in section.entries {
            guard entry.tree.isTable else {
                complaints.append(
                    entry.tree.origin.diagnostic(
                        .error, "'variants.\(entry.key)' must be a table, not \(entry.tree.kindName)"))
                continue
            }
            let settings = Override.settings(of: entry.tree)
            for setting in settings where Override.path(setting.key) == nil {
                complaints.append(setting.keyOrigin.diagnostic(.error, "'\(setting.key)' is not a dotted key"))
            }
            for setting in settings {
                let first = Override.path(setting.key)?.first
                if first == .key("format") || first == .key("variants") {
                    complaints.append(setting.keyOrigin.diagnostic(.error, "a variant cannot set '\(setting.key)'"))
                }
            }
            variants.append(Variant(entry.key, settings))
        }
        guard complaints.isEmpty else { throw ProblemErrors(complaints) }
        return variants
    }

    private static func override(_ setting: OptionTree.Entry) -> Override {
        Override(
            name: setting.key, path: Override.path(setting.key) ?? [], tree: setting.tree, keyOrigin: setting.keyOrigin)
    }

    /// Applies all of them and gathers what cannot be applied.
    private static func apply(_ overrides: [Override], to tree: inout OptionTree) throws(ProblemErrors) {
        var complaints: [Diagnostic] = []
        for override in overrides {
            do { try override.apply(to: &tree) } catch { complaints += error.diagnostics }
        }
        guard complaints.isEmpty else { throw ProblemErrors(complaints) }
    }
}

extension Diagnostic {
    /// The same; what is said of a text as a whole, such as that a section is missing, is said at its beginning.
    fileprivate func placed(in path: String) -> Diagnostic {
        guard line == 0, !isSetting, file == path else { return self }
        var placed = self
        placed.line = 1
        placed.column = 1
        return placed
    }
}
