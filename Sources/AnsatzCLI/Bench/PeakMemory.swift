import Foundation

/// The most memory that the process has held at a time.
enum PeakMemory {
    /// Begins anew from what is held now; without effect where the system does not allow it.
    static func reset() {
        guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
        try? file.write(contentsOf: Data("5".utf8))
        try? file.close()
    }

    /// The peak in units of 10⁶ bytes; not a number where the system does not tell.
    static var megabytes: Double {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kibibytes = line.split(separator: " ").dropLast().last.flatMap({ Double($0) })
        else { return .nan }
        return kibibytes * 1_024 / 1e6
    }
}
