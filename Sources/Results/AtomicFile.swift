import Foundation

/// Writes a text to a file so that the file either is complete or keeps what it held before.
///
/// The text goes to a temporary name in the same folder, is flushed to the disk, and is then renamed. The folder must
/// exist. Throws `ResultsError.Kind.cannotWrite` and removes the temporary file if any of this fails.
public func atomicWrite(_ text: String, to path: String) throws(ResultsError) {
    try atomicWrite(Array(text.utf8), to: path)
}

/// Writes bytes as `atomicWrite(_:to:)` does texts.
public func atomicWrite(_ bytes: [UInt8], to path: String) throws(ResultsError) {
    try atomicallyReplace(path) { (temporary) throws(ResultsError) in
        let file = try OutputFile(path: temporary, named: path, exclusive: true)
        try file.write(bytes)
        try file.synchronize()
    }
}

/// Lets a closure write a file at a temporary path, then gives that file its name.
///
/// The temporary file has the same extension as the final one, for programs that judge by it.
package func atomicallyReplace(
    _ path: String, _ write: (_ temporaryPath: String) throws(ResultsError) -> Void
) throws(ResultsError) {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
        let what = status.st_mode & S_IFMT == S_IFDIR ? "is a folder" : "is not an ordinary file"
        throw ResultsError(.cannotWrite, path: path, "cannot be written: it \(what)")
    }
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    let unique = "\(getpid())-\(UInt32.random(in: 0 ... .max))"
    let suffix = url.pathExtension.isEmpty ? "tmp" : url.pathExtension
    // `isTemporaryName` knows these names.
    let temporary = folder + "/.\(url.deletingPathExtension().lastPathComponent)-\(unique).\(suffix)"
    do throws(ResultsError) {
        try write(temporary)
        guard rename(temporary, path) == 0 else { throw ResultsError.cannotWrite(path, errno) }
    } catch {
        unlink(temporary)
        throw error
    }
    // The new name itself must survive a crash too. Some file systems cannot flush folders; the file is safe there.
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    if descriptor >= 0 {
        fsync(descriptor)
        close(descriptor)
    }
}

/// Whether a file of this name is what a killed program was writing in place of another: `.NAME-PROCESS-NUMBER.EXTENSION`.
package func isTemporaryName(_ name: String) -> Bool {
    guard name.hasPrefix("."), let end = name.lastIndex(of: ".") else { return false }
    let parts = name[..<end].split(separator: "-", omittingEmptySubsequences: false)
    return parts.count >= 3 && parts.suffix(2).allSatisfy { !$0.isEmpty && $0.allSatisfy("0123456789".contains) }
}

/// A file that is open for writing; closed when the last reference goes.
package final class OutputFile {
    private let descriptor: Int32
    /// The name that errors give.
    private let name: String
    /// How many bytes the file holds.
    package private(set) var size: Int

    /// Opens a file, which is emptied unless `exclusive`, when it must not exist.
    package init(path: String, named name: String? = nil, exclusive: Bool = false) throws(ResultsError) {
        self.name = name ?? path
        size = 0
        descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (exclusive ? O_EXCL : O_TRUNC), 0o666)
        guard descriptor >= 0 else { throw ResultsError.cannotWrite(self.name, errno) }
    }

    /// Creates a file that holds `bytes` from the moment at which it has its name, and goes on behind them.
    ///
    /// Something that is there and no ordinary file, such as a pipe, is written to as it is.
    package convenience init(path: String, beginningWith bytes: [UInt8]) throws(ResultsError) {
        var status = stat()
        guard stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
            try self.init(path: path)
            try write(bytes)
            return
        }
        try atomicWrite(bytes, to: path)
        try self.init(path: path, continuingAt: bytes.count)
    }

    /// Opens a file that must exist, forgets what it holds beyond `size` bytes, and goes on behind them.
    package init(path: String, continuingAt size: Int) throws(ResultsError) {
        name = path
        self.size = size
        descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ResultsError.cannotWrite(path, errno) }
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= size else {
            throw ResultsError(.unreadable, path: path, "was changed: it is shorter than the checkpoint says")
        }
        guard ftruncate(descriptor, size) == 0, lseek(descriptor, size, SEEK_SET) == size else {
            throw ResultsError.cannotWrite(path, errno)
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Hands all bytes to the operating system.
    package func write(_ bytes: [UInt8]) throws(ResultsError) {
        var failure: Int32 = 0
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = systemWrite(descriptor, rest)
                if count < 0 {
                    if errno == EINTR { continue }
                    failure = errno
                    return
                }
                rest = rest.dropFirst(count)
            }
        }
        if failure != 0 { throw ResultsError.cannotWrite(name, failure) }
        size += bytes.count
    }

    /// Marks the file as in use until this object goes; the mark goes with the process, however that ends.
    ///
    /// Does nothing where the file system knows no such marks.
    package func lock() { flock(descriptor, LOCK_EX | LOCK_NB) }

    /// Whether another open file marks this one as in use.
    package static func isLocked(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    /// Waits until what was written is on the disk.
    package func synchronize() throws(ResultsError) {
        // Pipes and devices cannot be flushed, and say so with EINVAL.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw ResultsError.cannotWrite(name, errno) }
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
    let rebased = UnsafeRawBufferPointer(rebasing: bytes)
    return write(descriptor, rebased.baseAddress, rebased.count)
}

extension ResultsError {
    /// A sentence for an error number of the operating system.
    static func cannotWrite(_ path: String, _ number: Int32) -> ResultsError {
        let reason =
            switch number {
            case ENOSPC, EDQUOT: "the disk is full"
            case EROFS: "the file system is read-only"
            case EACCES, EPERM: "no permission to write there"
            case ENOENT: "there is no such folder"
            case ENOTDIR: "part of the path is a file, not a folder"
            default: String(cString: strerror(number))
            }
        return ResultsError(.cannotWrite, path: path, "cannot be written: \(reason)")
    }
}
