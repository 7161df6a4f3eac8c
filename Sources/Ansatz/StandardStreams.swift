import Glibc

/// Writes to standard output and standard error, whole, without buffering.
package enum StandardStreams {
    /// A line of results.
    package static func output(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

    /// A line about how it went: complaints, warnings.
    package static func error(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

    /// Text to a file descriptor; what cannot be written is dropped, as nobody is left to be told.
    static func write(_ text: String, to descriptor: Int32) {
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
