import Foundation
import ProblemFiles
import Results

/// Runs the members of a comparison that are not finished yet, and puts all of them side by side.
public struct ComparisonRun {
    /// What came of it.
    public struct Outcome: Sendable {
        /// The members that are finished.
        public var comparison: Comparison
        /// Whether the user asked to stop.
        public var isInterrupted: Bool
        /// The folder.
        public var folder: String
        /// How to go on after an interruption.
        public var resumeCommand: String
        /// What went wrong besides, such as a missing picture.
        public var warnings: [String]
    }

    private let plan: ComparisonPlan
    private let display: ProgressDisplay
    private let command: String
    private let resumeCommand: String
    /// How each member comes into its folder; nil for those that are finished.
    private let entries: [RunFolder.Entry?]

    /// Looks at what is there of an earlier attempt; writes nothing.
    ///
    /// - Parameters:
    ///   - overwrite: whether all members are run again.
    ///   - command: how the comparison was started, for the result files.
    ///   - resumeCommand: how the user can go on after an interruption.
    /// - Throws: `ResultsError.Kind.alreadyThere` for a member that was run from another problem, unless `overwrite`.
    package init(
        _ plan: ComparisonPlan, overwrite: Bool, command: String, resumeCommand: String, display: ProgressDisplay
    ) throws {
        self.plan = plan
        self.display = display
        self.command = command
        self.resumeCommand = resumeCommand
        entries = try plan.members.map { overwrite ? .replacing : try Self.entry(of: $0) }
    }

    /// A member is finished when its fields carry the same resolved problem file, and nobody interrupted it; otherwise it goes
    /// on from its checkpoint, or from the beginning when there is none.
    private static func entry(of member: ComparisonPlan.Member) throws -> RunFolder.Entry? {
        guard FileSystem.kind(member.folder) != nil, let run = try? StoredRun(member.folder) else { return .new }
        let text = member.preparation.resolvedText
        guard let name = run.fieldsName else {
            try requireSame(run.problemText(nil), text, member)
            return .resuming
        }
        let fields = try FieldFile.attributes(of: run.path(name))
        func has(_ name: String, _ text: String) -> Bool { fields.contains(.init(name, text)) }
        if !has("problem_sha256", SHA256.hexadecimal(of: text)) {
            try requireSame(run.problemText(nil) ?? "", text, member)
            return .replacing
        }
        guard has("stopped_because", StopReason.interrupted.name) else { return nil }
        let hasCheckpoint = FileSystem.kind(run.path(Checkpoint.defaultName)) != nil
        return hasCheckpoint ? .resuming : .replacing
    }

    /// Says what has changed since a member was run.
    private static func requireSame(_ before: String?, _ now: String, _ member: ComparisonPlan.Member) throws {
        guard let before, before != now else { return }
        var changes: [String] = []
        if let old = try? OptionTree.parse(SourceText(before, name: member.folder)),
            let new = try? OptionTree.parse(SourceText(now, name: member.folder))
        {
            changes = old.changes(to: new).map { change in
                "\(change.path): \(change.before ?? "nothing") then, \(change.after ?? "nothing") now"
            }
        }
        let list = changes.isEmpty ? "" : " (\(changes.joined(separator: "; ")))"
        throw ResultsError(
            .alreadyThere, path: member.folder,
            "was run from another problem\(list); choose another folder with --output, or run all members again "
                + "with --overwrite")
    }

    /// Runs what is not finished, then writes `comparison.h5`, `comparison.csv` and the figure.
    ///
    /// - Parameter isStopRequested: asked after each step; true ends the member that is running, and no other begins.
    public func perform(isStopRequested: @escaping () -> Bool) throws -> Outcome {
        var isInterrupted = false
        let total = plan.members.count
        var finished: [ComparisonPlan.Member] = []
        for (index, (member, entry)) in zip(plan.members, entries).enumerated() {
            let place = "\(index + 1)/\(total)  \(member.name)"
            guard let entry else {
                display.note("\(place): finished before")
                finished.append(member)
                continue
            }
            guard !isInterrupted else { continue }
            display.note(place)
            let run = try Run(
                member.preparation, entry: entry, command: command, resumeCommand: resumeCommand, display: display)
            let outcome = try run.perform(isStopRequested: isStopRequested)
            isInterrupted = outcome.solution.stop == .interrupted
            if !isInterrupted { finished.append(member) }
        }
        return try conclude(finished, isInterrupted: isInterrupted)
    }

    private func conclude(_ finished: [ComparisonPlan.Member], isInterrupted: Bool) throws -> Outcome {
        let problems = plan.members.map(\.preparation.problem)
        let unknowns = Self.union(problems.map(\.unknownsWithReference))
        let parameters = Self.union(problems.map { $0.unknownParameters.map(\.name) })
        var comparison = Comparison(
            name: plan.name, labels: plan.labels, seeds: plan.seeds, unknowns: unknowns, parameters: parameters,
            members: [])
        for member in finished {
            let run = try StoredRun(member.folder)
            comparison.members.append(
                try Comparison.Member(
                    label: member.label, seed: member.seed, run: run, isMissed: try isMissed(member, run),
                    unknowns: unknowns, parameters: parameters))
        }
        var warnings: [String] = []
        if !finished.isEmpty {
            try FileSystem.makeFolder(plan.folder)
            try comparison.fieldFile(command: command, date: Date.now.ISO8601Format())
                .write(to: FileSystem.join(plan.folder, Comparison.fileName))
            try atomicWrite(comparison.csv, to: FileSystem.join(plan.folder, "comparison.csv"))
            do throws(ResultsError) {
                try comparison.figure.write(to: FileSystem.join(plan.folder, Comparison.figureName))
            } catch {
                warnings.append("no figure \(Comparison.figureName): \(error.message)")
            }
        }
        return Outcome(
            comparison: comparison, isInterrupted: isInterrupted, folder: plan.folder, resumeCommand: resumeCommand,
            warnings: warnings)
    }

    /// The names in all lists, each once: variants need not have the same.
    private static func union(_ lists: [[String]]) -> [String] {
        var names: [String] = []
        for name in lists.joined() where !names.contains(name) { names.append(name) }
        return names
    }

    /// Whether a member misses what its own file expects.
    private func isMissed(_ member: ComparisonPlan.Member, _ run: StoredRun) throws(ResultsError) -> Bool {
        let facts = try FieldFile.attributes(of: run.path(run.fieldsName ?? FieldFile.defaultName))
        func number(_ name: String) -> Double {
            if case .number(let number) = facts.first(where: { $0.name == name })?.value { number } else { .nan }
        }
        return !RunOutcome.expectations(of: member.preparation.problem, reached: number).allSatisfy(\.isMet)
    }
}
