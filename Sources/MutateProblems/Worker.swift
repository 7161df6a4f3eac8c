import Foundation

/// A second process of this program, read line by line.
struct Worker {
    private let process = Process()
    private let output: Int32
    private let pipe = Pipe()
    private var buffer: [UInt8] = []
    private var isHanging = false

    init(arguments: [String]) throws {
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        process.standardOutput = pipe
        // Where it crashed can be seen by checking the one file again.
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        output = pipe.fileHandleForReading.fileDescriptor
        try process.run()
    }

    /// The next line; nil at the end of the process, or when none comes in time.
    mutating func line(within seconds: Double) -> String? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                defer { buffer.removeFirst(end + 1) }
                return String(decoding: buffer[..<end], as: UTF8.self)
            }
            var request = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            let ready = poll(&request, 1, Int32(1_000 * seconds))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else {
                isHanging = true
                return nil
            }
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(output, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            buffer += chunk[..<count]
        }
    }

    /// Ends the process and says what went wrong with it, if anything did.
    func failure() -> String? {
        if isHanging { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        if isHanging { return "it hangs" }
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            return
                "it crashes (\(process.terminationReason == .exit ? "status" : "signal") \(process.terminationStatus))"
        }
        return nil
    }
}
