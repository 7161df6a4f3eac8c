import Foundation
import ProblemFiles
import Results

/// What every kind of problem states of itself, and every run folder repeats.
protocol StatedProblem {
    /// Names the run folder.
    var name: String { get }
    /// A line that says what it is, empty when there is none.
    var title: String { get }
    /// Where it comes from.
    var citations: [String] { get }
    /// Which variant it is, nil for the file as it stands.
    var variant: String? { get }
    /// The file it was read from.
    var source: SourceText? { get }
    /// Seed, precision and threads.
    var run: RunSettings { get }
}

extension Problem: StatedProblem {}
extension TransportStatement: StatedProblem {}
extension LinearSystemStatement: StatedProblem {}

extension StatedProblem {
    /// The first attributes of a file of fields.
    ///
    /// - Parameter kind: the kind of problem; nil for equations.
    func fieldFacts(kind: String? = nil, resolvedText: String, command: String) -> [FieldFile.Attribute] {
        var facts: [FieldFile.Attribute] = [
            .init("Conventions", "CF-1.8"), .init("title", title.isEmpty ? name : title),
            .init("source", "ansatz \(Program.version)"), .init("history", "\(Date.now.ISO8601Format()) \(command)"),
        ]
        if !citations.isEmpty { facts.append(.init("references", citations.joined(separator: "; "))) }
        if let kind { facts.append(.init("kind", kind)) }
        facts += [
            .init("problem_name", name), .init("problem_sha256", SHA256.hexadecimal(of: resolvedText)),
            .init("problem_text", resolvedText),
        ]
        if let variant { facts.append(.init("variant", variant)) }
        return facts + [
            // Attributes of HDF5 hold 64 bits with a sign; seeds need all of them without.
            Int(exactly: run.seed).map { .init("seed", $0) } ?? .init("seed", String(run.seed)),
            .init("precision", run.precision.rawValue), .init("device", "cpu"),
            .init("program_version", Program.version),
        ]
    }

    /// The first line of a log.
    func startMembers(kind: String, method: String, command: String) -> [JSONValue.Member] {
        [
            .init("problem", .text(name)), .init("kind", .text(kind)),
            .init("variant", variant.map(JSONValue.text) ?? .null),
            .init("file", source.map { .text($0.name) } ?? .null), .init("command", .text(command)),
            .init("seed", .text(String(run.seed))), .init("method", .text(method)),
            .init("program_version", .text(Program.version)),
        ]
    }
}

extension RunFolder {
    /// Writes figures; the names of those that were written, and a message for each that was not.
    func write(_ figures: [(name: String, figure: Figure)]) throws -> (files: [String], failures: [String]) {
        try FileSystem.makeFolder(working(Self.figuresName))
        var (files, failures): ([String], [String]) = ([], [])
        for (name, figure) in figures {
            let path = Self.figuresName + "/" + name + ".svg"
            do throws(ResultsError) {
                try figure.write(to: working(path))
                files.append(path)
            } catch {
                failures.append("no figure \(name).svg: \(error.message)")
            }
        }
        return (files, failures)
    }
}

extension FieldFile {
    /// Attributes, axes and variables for programs; the problem's text is left out, it is in `problem.toml`.
    var members: [JSONValue.Member] {
        attributes.filter { $0.name != "problem_text" }.map { attribute in
            switch attribute.value {
            case .text(let text): .init(attribute.name, .text(text))
            case .number(let number): .init(attribute.name, .number(number))
            case .integer(let integer): .init(attribute.name, .integer(integer))
            case .numbers(let numbers): .init(attribute.name, .list(numbers.map(JSONValue.number)))
            }
        } + [
            .init("axes", .object(axes.map { .init($0.name, .integer($0.values.count)) })),
            .init("fields", .list(variables.map { .text($0.name) })),
        ]
    }
}
