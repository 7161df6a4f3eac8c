import Glibc

extension WorkerPool {
    /// The number of processors that this process may run on, which `taskset` and containers can restrict.
    public static var availableCores: Int {
        allowedProcessors(inStatus: processStatus()) ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }

    /// Counts the processors in the line `Cpus_allowed:` of /proc/self/status: a mask in hexadecimal, with commas.
    ///
    /// Read from there because the C header hides `sched_getaffinity` from Swift.
    package static func allowedProcessors(inStatus status: String) -> Int? {
        let label = "Cpus_allowed:"
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(label) }) else { return nil }
        let count = line.dropFirst(label.count).reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
        return count > 0 ? count : nil
    }
}

/// The text of /proc/self/status, empty if there is none.
private func processStatus() -> String {
    guard let file = fopen("/proc/self/status", "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let length = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<length], as: UTF8.self)
}
