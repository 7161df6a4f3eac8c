import Foundation

/// Bytes that can still be had without swapping; half of an exabyte where the system does not say.
func availableMemory() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
        let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
        let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return 1 << 59 }
    return 1024 * kilobytes
}
