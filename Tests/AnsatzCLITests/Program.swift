import Foundation

/// Runs the built program, which lies beside the test bundle.
struct Program {
    struct Result {
        var status: Int32
        var output: String
        var errors: String
        /// The object that `--json` printed.
        var json: [String: Any] {
            let object = try? JSONSerialization.jsonObject(with: Data(output.utf8))
            return object.map(Self.exact) as? [String: Any] ?? [:]
        }

        /// Decimal numbers become the nearest doubles, which `NSDecimalNumber.doubleValue` may miss by some last bits.
        private static func exact(_ value: Any) -> Any {
            switch value {
            case let object as [String: Any]: object.mapValues(exact)
            case let list as [Any]: list.map(exact)
            case let number as NSDecimalNumber: Double(number.stringValue) ?? Double.nan
            default: value
            }
        }
    }

    static let path: String = {
        let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let beside = bundle.appendingPathComponent("ansatz").path
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        let arguments = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        return arguments.appendingPathComponent("ansatz").path
    }()

    /// Runs to the end in a folder; `during` may look at the running process.
    static func run(
        _ arguments: [String], in folder: String, environment: [String: String] = [:],
        through shell: String? = nil, during: (Process) -> Void = { _ in }
    ) throws -> Result {
        let process = Process()
        if let shell {
            process.executableURL = URL(fileURLWithPath: "/bin/bash")
            process.arguments = ["-c", shell + "; exec \"$0\" \"$@\"", path] + arguments
        } else {
            process.executableURL = URL(fileURLWithPath: path)
            process.arguments = arguments
        }
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Files rather than pipes: nothing blocks, whatever the amount.
        let names = ["output", "errors"].map { NSTemporaryDirectory() + "ansatz-\($0)-\(UUID().uuidString)" }
        defer { for name in names { try? FileManager.default.removeItem(atPath: name) } }
        let files = try names.map { name in
            try Data().write(to: URL(fileURLWithPath: name))
            return try FileHandle(forWritingTo: URL(fileURLWithPath: name))
        }
        (process.standardOutput, process.standardError) = (files[0], files[1])
        process.standardInput = FileHandle.nullDevice
        try process.run()
        during(process)
        // What hangs is ended, and then fails the test by its status.
        let deadline = Date(timeIntervalSinceNow: 60)
        while process.isRunning && Date.now < deadline { Thread.sleep(forTimeInterval: 0.002) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        let texts = try names.map { try String(contentsOfFile: $0, encoding: .utf8) }
        return Result(status: process.terminationStatus, output: texts[0], errors: texts[1])
    }
}

/// A folder of its own for a test, removed afterwards.
final class Workplace {
    let path: String

    init(_ files: [String: String] = [:]) throws {
        path = NSTemporaryDirectory() + "ansatz-cli-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(text, name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, _ name: String) throws {
        try text.write(toFile: path + "/" + name, atomically: false, encoding: .utf8)
    }

    func read(_ name: String) -> String? { try? String(contentsOfFile: path + "/" + name, encoding: .utf8) }
    func data(_ name: String) -> Data? { FileManager.default.contents(atPath: path + "/" + name) }
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }
    func names(_ folder: String = "") -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder)) ?? []).sorted()
    }

    func run(
        _ arguments: String..., environment: [String: String] = [:], through shell: String? = nil,
        during: (Process) -> Void = { _ in }
    ) throws -> Program.Result {
        try Program.run(arguments, in: path, environment: environment, through: shell, during: during)
    }
}

/// A problem that takes a moment.
let tiny = """
    format = 1
    name   = "tiny"
    title  = "Poisson equation, a moment's work"

    [parameters]
    k = 2.0

    [domain]
    coordinates = ["x", "y"]
    region      = { box = { x = [0, 1], y = [0, 1] } }

    [unknowns]
    u = { about = "height" }

    [definitions]
    u_exact = 'sin(pi*x)*sin(pi*y)'

    [equations]
    poisson = 'laplacian(u) + k*u = (k - 2*pi^2)*u_exact'

    [conditions]
    walls = { on = "boundary", equation = 'u = 0' }

    [reference]
    u = 'u_exact'

    [method.network]
    layers = [8]

    [method.sampling]
    interior = 64
    walls    = 16

    [method.weights]
    kind = "fixed"

    [[method.stages]]
    optimizer = "adam"
    steps     = 20

    [variants.long]
    "method.stages[1].steps" = 100_000_000

    [output]
    directory = "out"
    plots     = []

    [output.fields]
    grid = { x = 11, y = 9 }

    [run]
    log_every = 10

    """
