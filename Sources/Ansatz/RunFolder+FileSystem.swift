import Glibc
import Results

/// The few file operations that a run needs, each with an error that names the path and the reason.
package enum FileSystem {
    package enum Kind: Sendable { case file, folder, other }

    /// What is at the path; `nil` if nothing is.
    package static func kind(_ path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other
        }
    }

    /// The path from the root of the file system, links left as they are.
    package static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return join(String(cString: folder), path)
    }

    /// When something was last changed, in seconds; 0 if there is nothing.
    package static func modificationTime(_ path: String) -> Double {
        var status = stat()
        guard stat(path, &status) == 0 else { return 0 }
        return Double(status.st_mtim.tv_sec) + 1e-9 * Double(status.st_mtim.tv_nsec)
    }

    /// Makes a folder and those above it; one that exists is left as it is.
    package static func makeFolder(_ path: String) throws(ResultsError) {
        if kind(path) == .folder { return }
        let parent = folder(of: path)
        if parent != path && kind(parent) == nil { try makeFolder(parent) }
        guard mkdir(path, 0o777) == 0 || errno == EEXIST && kind(path) == .folder else {
            throw ResultsError(cannot: "be made a folder", path, code: errno)
        }
    }

    /// The names inside a folder, sorted, without `.` and `..`.
    package static func names(in path: String) throws(ResultsError) -> [String] {
        guard let folder = opendir(path) else { throw ResultsError(cannot: "be listed", path, code: errno) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Moves a file over one that may be there already; atomic within a file system.
    package static func move(_ source: String, to target: String) throws(ResultsError) {
        guard rename(source, target) == 0 else { throw ResultsError(cannot: "be written", target, code: errno) }
    }

    /// Removes a file, or a folder with all that is in it; nothing there is no error. Links are not followed.
    package static func remove(_ path: String) throws(ResultsError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            for name in try names(in: path) { try remove(path + "/" + name) }
        }
        guard Glibc.remove(path) == 0 || errno == ENOENT else {
            throw ResultsError(cannot: "be removed", path, code: errno)
        }
    }

    /// Whether files can be made in the folder, or, where it does not exist yet, in the nearest folder above it.
    package static func requireWritable(_ path: String) throws(ResultsError) {
        var path = path
        while kind(path) == nil, folder(of: path) != path { path = folder(of: path) }
        guard kind(path) == .folder else {
            throw ResultsError(.cannotWrite, path: path, "is not a folder, so that no results can be put into it")
        }
        guard access(path, W_OK | X_OK) == 0 else { throw ResultsError(cannot: "be written into", path, code: errno) }
    }

    /// The folder part of a path; `.` for a bare name, `/` for the root.
    package static func folder(of path: String) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        let root = path.hasPrefix("/") ? "/" : ""
        guard parts.count > 1 else { return root.isEmpty ? "." : "/" }
        return root + parts.dropLast().joined(separator: "/")
    }

    /// The last part of a path.
    package static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// `path` seen from `folder`, unless it starts at the root already.
    package static func join(_ folder: String, _ path: String) -> String {
        path.hasPrefix("/") || folder.isEmpty || folder == "." ? path : folder + "/" + path
    }
}

extension ResultsError {
    /// What was attempted in vain on a path, in the system's own words for `code` (an `errno` value).
    fileprivate init(cannot action: String, _ path: String, code: Int32) {
        let reason =
            switch code {
            case ENOSPC, EDQUOT: "the disk is full"
            case EROFS: "the file system is read-only"
            case EACCES, EPERM: "no permission to write there"
            default: String(cString: strerror(code))
            }
        self.init(.cannotWrite, path: path, "cannot \(action): \(reason)")
    }
}
