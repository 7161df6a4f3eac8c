import Ansatz
import Glibc

/// Writes to standard output and standard error, whole, without buffering.
enum StandardStreams {
    /// A line of results.
    static func output(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

    /// A line about how it went: complaints, warnings.
    static func error(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var start = 0
            while start < bytes.count {
                let written = Glibc.write(descriptor, bytes.baseAddress! + start, bytes.count - start)
                if written < 0 && errno != EINTR { return }
                start += max(written, 0)
            }
        }
    }
}
