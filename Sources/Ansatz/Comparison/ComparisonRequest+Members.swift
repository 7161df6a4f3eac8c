import ProblemFiles

extension ComparisonRequest {
    /// The variants and seeds of a problem that is not one of equations.
    struct Members<Statement: StatedProblem> {
        /// The name of the problem.
        var name: String
        /// Where the comparison goes.
        var folder: String
        /// Labels, and statements whose run folders are in that of the comparison.
        var members: [(label: String, statement: Statement)]
    }

    /// Reads and checks every member.
    ///
    /// - Parameters:
    ///   - noun: what optimizers are not for.
    ///   - hint: how methods are compared instead.
    ///   - statement: nil where the file is of another kind.
    ///   - directory: the run folder of a statement.
    /// - Throws: all that is wrong, in any variant, with places in the file.
    func members<Statement: StatedProblem>(
        noun: String, hint: String, directory: WritableKeyPath<Statement, String>,
        variants own: KeyPath<Statement, [Variant]>, statement: (ProblemFile) -> Statement?
    ) throws(ProblemErrors) -> Members<Statement> {
        guard optimizers.isEmpty else {
            throw ProblemErrors([
                Diagnostic(.error, "--optimizers is not for \(noun)", hint: hint, file: file)
            ])
        }
        func read(variant: String?, seed: Int?) throws(ProblemErrors) -> Statement {
            let settings = settings + (seed.map { ["run.seed=\($0)"] } ?? [])
            let read = try ProblemReader.readFile(path: file, overrides: settings, variant: variant)
            guard let statement = statement(read) else {
                throw ProblemErrors([Diagnostic(.error, "a variant cannot change 'kind'", file: file)])
            }
            return statement
        }
        let base = try read(variant: nil, seed: nil)
        let folder = output ?? base[keyPath: directory] + "-compare"
        let all = base[keyPath: own]
        let names: [String?] = variants ?? (all.isEmpty ? [nil] : all.map(\.name))
        var members: [(label: String, statement: Statement)] = []
        let seeds: [Int?] = self.seeds ?? [nil]
        for seed in seeds {
            for variant in names {
                let label = (variant ?? ComparisonPlan.plainLabel) + (seed.map { "-seed-\($0)" } ?? "")
                var member = try read(variant: variant, seed: seed)
                member[keyPath: directory] =
                    "\(folder)/\(ComparisonPlan.membersName)/" + ComparisonPlan.folderNames([label])[0]
                members.append((label, member))
            }
        }
        return Members(name: base.name, folder: folder, members: members)
    }
}
