import Glibc
import Results

/// The folder that a run writes to, and the rule that keeps earlier results safe.
///
/// ```text
/// runs/helmholtz-2d/
///   problem.toml    the resolved problem file
///   history.csv     one row per logged step
///   log.jsonl       the same rows, warnings and the end, as JSON lines
///   fields.h5       the fields
///   figures/        pictures with their gnuplot scripts and data
/// ```
///
/// Nothing is written before ``begin()``. A new run writes into its folder directly. A run that replaces an earlier one
/// writes into `.unfinished-PROCESS` inside that folder and moves its files over the earlier ones, one rename each, in
/// ``finish()``: until then the earlier results stay as they are, and whatever ends the run before leaves them so.
public final class RunFolder {
    /// Why a folder cannot take a run.
    public enum Refusal: Error, Sendable, Equatable, CustomStringConvertible {
        /// It holds the results of another run.
        case holdsAnotherRun(path: String, file: String)
        /// Something that is not a folder is in the way.
        case notAFolder(path: String)

        /// One sentence with a way out.
        public var description: String {
            switch self {
            case .holdsAnotherRun(let path, let file):
                "the output folder '\(path)' holds another run (\(file)); "
                    + "choose another with --output, or replace that run with --overwrite"
            case .notAFolder(let path):
                "the output folder '\(path)' exists and is not a folder; choose another with --output"
            }
        }
    }

    /// The resolved problem file of a run.
    package static let problemName = "problem.toml"
    /// The folder of a run's pictures.
    package static let figuresName = "figures"
    /// Where the figures of an earlier run wait, inside the unfinished part, until all files are in place.
    private static let earlierFiguresName = ".earlier-figures"
    private static let unfinishedPrefix = ".unfinished-"

    /// The folder as the user named it.
    public let path: String
    /// The name of the file with the fields.
    public let fieldsName: String
    /// Where files are written: the folder itself, or the unfinished part inside it.
    public let workingPath: String
    private let replaces: Bool
    private var isBegun = false

    /// Checks that the folder can take a run; writes nothing.
    ///
    /// Throws ``Refusal`` for a folder with another run (unless `overwrite`) and for something that is not a folder,
    /// `ResultsError` where writing is not allowed.
    public init(path: String, fieldsName: String, overwrite: Bool) throws {
        self.path = path
        self.fieldsName = fieldsName
        switch FileSystem.kind(path) {
        case .file, .other: throw Refusal.notAFolder(path: path)
        case nil: replaces = false
        case .folder:
            let present = Self.marks(of: fieldsName).first { FileSystem.kind(path + "/" + $0) != nil }
            if let present, !overwrite { throw Refusal.holdsAnotherRun(path: path, file: present) }
            replaces = present != nil
        }
        try FileSystem.requireWritable(path)
        workingPath = replaces ? path + "/" + Self.unfinishedPrefix + String(getpid()) : path
    }

    private static func marks(of fieldsName: String) -> [String] {
        [LogWriter.defaultName, History.defaultName, fieldsName, FieldFile.defaultName, problemName, "checkpoint.h5"]
    }

    /// The path of a file of this run, while it is being written.
    public func working(_ name: String) -> String { workingPath + "/" + name }

    /// Makes the folder; from here on a run is there.
    public func begin() throws {
        guard !isBegun else { return }
        if replaces { try removeLeftovers() }
        try FileSystem.makeFolder(workingPath)
        isBegun = true
    }

    /// Removes the unfinished parts of runs that were killed.
    private func removeLeftovers() throws {
        for name in try FileSystem.names(in: path) where name.hasPrefix(Self.unfinishedPrefix) {
            let process = pid_t(name.dropFirst(Self.unfinishedPrefix.count))
            guard let process, kill(process, 0) != 0, errno == ESRCH else { continue }
            try FileSystem.remove(path + "/" + name)
        }
    }

    /// Puts the files of this run in place of the earlier run's, the fields last; a new run has nothing to do here.
    ///
    /// Renames need no room on the disk. Files of the earlier run that this one lacks are removed, other files in the
    /// folder are left alone.
    public func finish() throws {
        guard isBegun, replaces else { return }
        var names = try FileSystem.names(in: workingPath)
        names.sort { ($0 == fieldsName ? 1 : 0, $0) < ($1 == fieldsName ? 1 : 0, $1) }
        let stale = try FileSystem.names(in: path).filter { name in
            Self.marks(of: fieldsName).contains(name) && !names.contains(name)
        }
        // A folder cannot be renamed over another, so that the earlier figures make room; they come back on failure.
        let figures = path + "/" + Self.figuresName
        let aside = working(Self.earlierFiguresName)
        let hasFigures = FileSystem.kind(figures) != nil
        if hasFigures { try FileSystem.move(figures, to: aside) }
        do {
            for name in names { try FileSystem.move(working(name), to: path + "/" + name) }
        } catch {
            if hasFigures {
                if FileSystem.kind(figures) != nil { try? FileSystem.move(figures, to: working(Self.figuresName)) }
                try? FileSystem.move(aside, to: figures)
            }
            throw error
        }
        for name in stale { try FileSystem.remove(path + "/" + name) }
        try FileSystem.remove(workingPath)
    }

    /// Removes what an unfinished run that was to replace another has written; the earlier run stays.
    public func abandon() {
        guard isBegun, replaces else { return }
        try? FileSystem.remove(workingPath)
    }
}
