import Glibc
import Results

/// The folder that a run writes to, and the rules that keep earlier results safe.
///
/// ```text
/// runs/helmholtz-2d/
///   problem.toml    the resolved problem file
///   history.csv     one row per logged step
///   log.jsonl       the same rows, warnings and the end, as JSON lines
///   checkpoint.h5   weights, and all from which the run can go on
///   fields.h5       the fields
///   figures/        pictures with their gnuplot scripts and data
/// ```
///
/// Nothing is written before ``begin()``. A new run writes into its folder directly. A run that replaces an earlier one
/// writes into `.unfinished-PROCESS` inside that folder and moves its files over the earlier ones, one rename each, in
/// ``finish()``: until then the earlier results stay as they are, and whatever ends the run before leaves them so.
///
/// A resumed run takes over what it finds: the unfinished part of a run that was killed while it was to replace another,
/// or else the run in the folder itself. While a run goes on it holds a lock on its `log.jsonl`, which ends with it.
public final class RunFolder {
    /// How a run comes into its folder.
    public enum Entry: Sendable, Equatable {
        /// As the first one.
        case new
        /// In place of an earlier one, if there is one.
        case replacing
        /// Where an earlier one stopped.
        case resuming
    }

    /// Why a folder cannot take a run.
    public enum Refusal: Error, Sendable, Equatable, CustomStringConvertible {
        /// It holds the results of another run.
        case holdsAnotherRun(path: String, file: String)
        /// Something that is not a folder is in the way.
        case notAFolder(path: String)
        /// A run is going on in it.
        case isBusy(path: String)
        /// Its run has results, but nothing to go on from.
        case noCheckpoint(path: String)

        /// One sentence with a way out.
        public var description: String {
            switch self {
            case .holdsAnotherRun(let path, let file):
                "the output folder '\(path)' holds another run (\(file)); choose another with --output, "
                    + "go on with that run with --resume, or replace it with --overwrite"
            case .notAFolder(let path):
                "the output folder '\(path)' exists and is not a folder; choose another with --output"
            case .isBusy(let path):
                "a run is going on in '\(path)'; wait for its end, or choose another folder with --output"
            case .noCheckpoint(let path):
                "the run in '\(path)' has results but no \(Checkpoint.defaultName) to go on from; "
                    + "replace it with --overwrite, or choose another folder with --output"
            }
        }
    }

    /// The resolved problem file of a run.
    package static let problemName = "problem.toml"
    /// The folder of a run's pictures.
    package static let figuresName = "figures"
    /// Where the figures of an earlier run wait, inside the unfinished part, until all files are in place.
    static let earlierFiguresName = ".earlier-figures"
    static let unfinishedPrefix = ".unfinished-"
    /// Lists, in the unfinished part of a run that is over, the files that are to be moved over the earlier ones.
    static let movingName = ".moving"

    /// The folder as the user named it.
    public let path: String
    /// The name of the file with the fields.
    public let fieldsName: String
    /// Where files are written: the folder itself, or the unfinished part inside it.
    public let workingPath: String
    /// Whether a run was there to be resumed, with or without a checkpoint.
    public let isResumed: Bool
    /// Where the files of the resumed run lie before ``begin()``.
    private let presentPath: String
    private let replaces: Bool
    /// Whether a run was to be resumed, also where a killed one has not left as much as its problem file.
    private let resumes: Bool
    private var isBegun = false

    /// Checks that the folder can take a run; writes nothing, but puts into place what a finished run had begun to.
    ///
    /// Throws ``Refusal`` for a folder with another run (unless it is to be replaced or resumed), for one with a run that
    /// is going on and for something that is not a folder, `ResultsError` where writing is not allowed.
    public init(path: String, fieldsName: String, entry: Entry) throws {
        self.path = path
        self.fieldsName = fieldsName
        resumes = entry == .resuming
        switch FileSystem.kind(path) {
        case .file, .other: throw Refusal.notAFolder(path: path)
        case nil: (replaces, isResumed, presentPath) = (false, false, path)
        case .folder:
            let present = Self.marks(of: fieldsName).first { FileSystem.kind(path + "/" + $0) != nil }
            if let present, entry == .new { throw Refusal.holdsAnotherRun(path: path, file: present) }
            if LogWriter.isInUse(path + "/" + LogWriter.defaultName) { throw Refusal.isBusy(path: path) }
            if entry != .new { try Self.finishMoves(in: path, fieldsName: fieldsName) }
            let part = entry == .resuming ? try Self.abandonedParts(in: path).last : nil
            if entry == .resuming, try part == nil && !Self.parts(in: path).isEmpty { throw Refusal.isBusy(path: path) }
            replaces = part != nil || entry == .replacing && present != nil
            isResumed = entry == .resuming && (part ?? present) != nil
            presentPath = part.map { path + "/" + $0 } ?? path
        }
        try FileSystem.requireWritable(path)
        workingPath = replaces ? path + "/" + Self.unfinishedPrefix + String(getpid()) : path
        if isResumed, checkpointPath == nil, FileSystem.kind(present(fieldsName)) != nil {
            throw Refusal.noCheckpoint(path: path)
        }
    }

    static func marks(of fieldsName: String) -> [String] {
        [
            LogWriter.defaultName, History.defaultName, fieldsName, FieldFile.defaultName, problemName,
            Checkpoint.defaultName, GradientHistory.defaultName, SamplingHistory.defaultName,
        ]
    }

    /// The path of a file of this run, while it is being written.
    public func working(_ name: String) -> String { workingPath + "/" + name }

    /// The path of a file of the run that is resumed, before ``begin()``.
    func present(_ name: String) -> String { presentPath + "/" + name }

    /// The checkpoint from which the run goes on; nil when it starts from the beginning.
    package var checkpointPath: String? {
        let path = present(Checkpoint.defaultName)
        return isResumed && FileSystem.kind(path) != nil ? path : nil
    }

    /// Makes the folder, or takes over the run that is resumed; from here on a run is there.
    public func begin() throws {
        guard !isBegun else { return }
        if isResumed, presentPath != workingPath { try FileSystem.move(presentPath, to: workingPath) }
        if replaces {
            for name in try Self.abandonedParts(in: path) where path + "/" + name != workingPath {
                try FileSystem.remove(path + "/" + name)
            }
        }
        try FileSystem.makeFolder(workingPath)
        if resumes { try removeTemporaries() }
        isBegun = true
    }

    /// Removes what a killed program was writing under temporary names.
    private func removeTemporaries() throws {
        for name in try FileSystem.names(in: workingPath) where isTemporaryName(name) {
            try FileSystem.remove(working(name))
        }
    }

    /// Puts the files of this run in place of the earlier run's, the fields last; a new run has nothing to do here.
    ///
    /// Renames need no room on the disk. Files of the earlier run that this one lacks are removed, other files in the
    /// folder are left alone. A program that is killed meanwhile leaves a list of what is to be moved; whoever replaces or
    /// resumes the run next moves the rest first.
    public func finish() throws {
        guard isBegun, replaces else { return }
        var names = try FileSystem.names(in: workingPath)
        names.sort { (order($0), $0) < (order($1), $1) }
        try atomicWrite(names.joined(separator: "\n"), to: working(Self.movingName))
        do {
            try Self.move(names, from: workingPath, to: path, fieldsName: fieldsName)
        } catch {
            try? FileSystem.remove(working(Self.movingName))
            throw error
        }
        try Self.removeMoved(workingPath)
    }

    private func order(_ name: String) -> Int { name == fieldsName ? 2 : name == Checkpoint.defaultName ? 1 : 0 }

    /// Removes what an unfinished run that was to replace another has written, unless it can be resumed; the earlier run
    /// stays.
    ///
    /// Returns whether there is something to go on from.
    @discardableResult
    public func abandon() -> Bool {
        let hasCheckpoint = isBegun && FileSystem.kind(working(Checkpoint.defaultName)) != nil
        guard isBegun, replaces, !hasCheckpoint else { return hasCheckpoint }
        try? FileSystem.remove(workingPath)
        return false
    }
}
