import Foundation
import Glibc
import Results

/// What runs leave that were killed while they were to replace another.
extension RunFolder {
    /// The names of all unfinished parts, the one written to last at the end.
    static func parts(in path: String) throws -> [String] {
        try FileSystem.names(in: path).filter { $0.hasPrefix(unfinishedPrefix) }
            .map { (name: $0, time: FileSystem.modificationTime(path + "/" + $0)) }
            .sorted { ($0.time, $0.name) < ($1.time, $1.name) }.map(\.name)
    }

    /// Those parts whose run is over.
    static func abandonedParts(in path: String) throws -> [String] {
        try parts(in: path).filter { !isAlive($0, in: path) }
    }

    /// Whether the run of an unfinished part goes on: its log is in use, or the process that makes it has no log yet.
    private static func isAlive(_ name: String, in path: String) -> Bool {
        let log = path + "/" + name + "/" + LogWriter.defaultName
        if FileSystem.kind(log) != nil { return LogWriter.isInUse(log) }
        guard let process = pid_t(name.dropFirst(unfinishedPrefix.count)) else { return false }
        return process != getpid() && (kill(process, 0) == 0 || errno != ESRCH)
    }

    /// Moves what a finished run had begun to move when it was killed; removes parts into which nothing was written.
    static func finishMoves(in path: String, fieldsName: String) throws {
        for name in try abandonedParts(in: path) {
            let part = path + "/" + name
            if try FileSystem.names(in: part).isEmpty { try FileSystem.remove(part) }
            guard let list = FileManager.default.contents(atPath: part + "/" + movingName) else { continue }
            let names = String(decoding: list, as: UTF8.self).split(separator: "\n").map(String.init)
            try move(names, from: part, to: path, fieldsName: fieldsName)
            try removeMoved(part)
        }
    }

    /// Removes a part whose files have been moved, the list of them last: without it, what is left would look like a run.
    static func removeMoved(_ part: String) throws {
        for name in try FileSystem.names(in: part) where name != movingName { try FileSystem.remove(part + "/" + name) }
        try FileSystem.remove(part)
    }

    /// Moves those of the names that are still in `part` over what is in `path`, and removes files of an earlier run that
    /// are not among the names.
    static func move(_ names: [String], from part: String, to path: String, fieldsName: String) throws {
        let stale = try FileSystem.names(in: path).filter { name in
            marks(of: fieldsName).contains(name) && !names.contains(name)
        }
        // A folder cannot be renamed over another, so that the earlier figures make room; they come back on failure.
        let figures = path + "/" + figuresName
        let aside = part + "/" + earlierFiguresName
        let newFigures = part + "/" + figuresName
        let areFiguresMoved = names.contains(figuresName) && FileSystem.kind(newFigures) == nil
        let hasFigures = FileSystem.kind(figures) != nil && !areFiguresMoved
        if hasFigures {
            try FileSystem.remove(aside)
            try FileSystem.move(figures, to: aside)
        }
        do {
            for name in names where FileSystem.kind(part + "/" + name) != nil {
                try FileSystem.move(part + "/" + name, to: path + "/" + name)
            }
        } catch {
            if hasFigures {
                if FileSystem.kind(figures) != nil { try? FileSystem.move(figures, to: newFigures) }
                try? FileSystem.move(aside, to: figures)
            }
            throw error
        }
        for name in stale { try FileSystem.remove(path + "/" + name) }
    }
}
