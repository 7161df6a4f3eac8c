import Foundation

/// The plotting program.
package enum Gnuplot {
    /// Whether gnuplot can be found.
    package static var isInstalled: Bool { find("gnuplot") != nil }

    /// Runs a script, which puts its picture where its variable `output` says, and moves the picture to `path`.
    ///
    /// The script lies in the folder of the picture and runs there; settings of the user's own are not read.
    static func draw(script: String, to path: String, program: String) throws(ResultsError) {
        guard let executable = find(program) else {
            throw ResultsError(
                .missingProgram, path: path,
                "is not drawn: \(program) is not installed (on Debian and Ubuntu: apt install gnuplot-nox); "
                    + "run it later on \(script)")
        }
        try atomicallyReplace(path) { (temporary) throws(ResultsError) in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: executable)
            process.currentDirectoryURL = URL(fileURLWithPath: path).deletingLastPathComponent()
            let output = URL(fileURLWithPath: temporary).lastPathComponent
            process.arguments = ["-d", "-e", "output = \(GnuplotScript.quoted(output))", script]
            let complaints = Pipe()
            process.standardError = complaints
            process.standardOutput = FileHandle.nullDevice
            process.standardInput = FileHandle.nullDevice
            do {
                try process.run()
            } catch {
                throw ResultsError(.programFailed, path: path, "is not drawn: \(executable) cannot be started")
            }
            let words = String(decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            guard process.terminationStatus == 0, FileManager.default.fileExists(atPath: temporary) else {
                let lines = words.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
                throw ResultsError(
                    .programFailed, path: path,
                    "is not drawn: gnuplot stopped on \(script): \(lines.filter { !$0.isEmpty }.joined(separator: " "))"
                )
            }
        }
    }

    /// The program's full path, searched for as a shell does.
    private static func find(_ program: String) -> String? {
        if program.contains("/") { return FileManager.default.isExecutableFile(atPath: program) ? program : nil }
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return folders.split(separator: ":").map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
