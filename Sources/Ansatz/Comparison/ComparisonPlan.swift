import Optimizers
import ProblemFiles

/// What is to be compared: a file in several variants, with several optimizers, from several seeds.
public struct ComparisonRequest: Sendable {
    /// The problem file.
    public var file: String
    /// `KEY=VALUE` texts that change every member.
    public var settings: [String] = []
    /// The variants; nil for all of the file, or for the file as it stands when it has none or optimizers are compared.
    public var variants: [String]?
    /// The seeds; nil for that of the file.
    public var seeds: [Int]?
    /// Optimizers that take the place of the first stage's; empty for those of the file.
    public var optimizers: [String] = []
    /// Shortens every stage to at most that many steps.
    public var maximumSteps: Int?
    /// The folder; nil for the file's own with `-compare` behind it.
    public var output: String?

    /// A comparison of the variants of a file.
    public init(file: String) { self.file = file }
}

/// The members of a comparison, all of them checked before the first is run.
public struct ComparisonPlan: Sendable {
    /// One run.
    public struct Member: Sendable {
        /// The variant, the optimizer, or both.
        public var label: String
        /// The seed.
        public var seed: UInt64
        /// Its run, ready to begin.
        public var preparation: RunPreparation

        /// Its run folder.
        public var folder: String { preparation.problem.output.directory }
        /// `plain, seed 2`.
        public var name: String { "\(label), seed \(seed)" }
    }

    /// The label of the file as it stands.
    static let plainLabel = "file"
    /// The folder of the members' run folders.
    static let membersName = "members"

    /// The name of the problem.
    public let name: String
    /// The folder of the comparison.
    public let folder: String
    /// The labels in the order of the request.
    public let labels: [String]
    /// The seeds, rising.
    public let seeds: [UInt64]
    /// All members, the first seed of every label before the second.
    public let members: [Member]

    /// Reads and checks every member.
    ///
    /// - Throws: all that is wrong, in any variant, with places in the file.
    public init(_ request: ComparisonRequest) throws(ProblemErrors) {
        let base = try ProblemReader.read(path: request.file, overrides: request.settings)
        try Self.checkOptimizers(request.optimizers)
        name = base.name
        folder = request.output ?? base.output.directory + "-compare"
        let names = base.variants.map(\.name)
        let isPlain = request.variants == nil && (names.isEmpty || !request.optimizers.isEmpty)
        let variants: [String?] = isPlain ? [nil] : request.variants ?? names
        let optimizers: [String?] = request.optimizers.isEmpty ? [nil] : request.optimizers
        let choices = variants.flatMap { variant in optimizers.map { (variant: variant, optimizer: $0) } }
        labels = choices.map { choice in
            let parts = [choice.variant, choice.optimizer].compactMap(\.self)
            return parts.isEmpty ? Self.plainLabel : parts.joined(separator: "-")
        }
        let wanted = request.seeds.map { Set($0).sorted().map { UInt64($0) } } ?? [base.run.seed]
        seeds = wanted

        let folders = Self.folderNames(labels)
        var members: [Member] = []
        var complaints: [Diagnostic] = []
        for seed in wanted {
            for (index, choice) in choices.enumerated() {
                do throws(ProblemErrors) {
                    var problem = try ProblemReader.read(
                        path: request.file, overrides: request.settings + ["run.seed=\(seed)"],
                        variant: choice.variant)
                    problem.output.directory =
                        "\(folder)/\(Self.membersName)/\(folders[index])-seed-\(seed)"
                    if let optimizer = choice.optimizer {
                        problem.method = try Self.method(of: problem, startingWith: optimizer)
                    }
                    members.append(
                        Member(
                            label: labels[index], seed: seed,
                            preparation: try RunPreparation(problem, maximumSteps: request.maximumSteps)))
                } catch {
                    complaints += error.diagnostics.map { $0.with(variant: choice.variant) }
                }
            }
            // Another seed would only say the same again.
            guard !complaints.hasErrors else { throw ProblemErrors(complaints) }
        }
        self.members = members
    }

    private static func checkOptimizers(_ names: [String]) throws(ProblemErrors) {
        let known = optimizerMethods.map { $0.description.name }
        let complaints = names.filter { !known.contains($0) }.map { name in
            Diagnostic(
                .error, "there is no optimizer '\(name)'",
                hint: NearestName.hint(for: name, among: known, label: "optimizers"))
        }
        guard complaints.isEmpty else { throw ProblemErrors(complaints) }
    }

    /// The options of the method with another optimizer in the first stage, whose steps and rule of resampling stay; rate and
    /// all else are the new one's defaults.
    private static func method(of problem: Problem, startingWith name: String) throws(ProblemErrors) -> OptionTree {
        var method = try MethodCatalog.prepare(problem).options
        guard var stages = method["stages"]?.elements, let first = stages.first else { return method }
        var stage: OptionTree = ["optimizer": OptionTree(.text(name))]
        for key in ["steps", "resample_every"] { stage[key] = first[key] }
        stages[0] = stage
        method["stages"] = OptionTree(.list(stages))
        return method
    }

    /// Labels as names of folders: other signs than letters, digits, `-`, `_` and `.` are replaced, and no two are equal.
    package static func folderNames(_ labels: [String]) -> [String] {
        var names: [String] = []
        for label in labels {
            let plain = String(label.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" })
            let name = plain.hasPrefix(".") ? "_" + plain.dropFirst() : plain
            var unique = name
            var number = 2
            while names.contains(unique) {
                unique = "\(name)-\(number)"
                number += 1
            }
            names.append(unique)
        }
        return names
    }
}

extension Diagnostic {
    /// The same complaint, which says in which variant of the file it is true.
    fileprivate func with(variant: String?) -> Diagnostic {
        guard let variant else { return self }
        var result = self
        result.hint = (hint.map { $0 + "\n" } ?? "") + "in the variant '\(variant)'"
        return result
    }
}
