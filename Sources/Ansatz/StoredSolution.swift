import Expressions
import Foundation
import ProblemFiles
import Results

/// The fields of a run as its checkpoint has them: of a finished run, or of one that is going on or was stopped.
public struct StoredSolution {
    /// The problem, as it was solved.
    public let problem: Problem
    /// The fields, as functions of the point.
    public let fields: any FieldEvaluator
    /// Where the run stands.
    public let heading: Checkpoint.Heading

    /// Points that are evaluated at a time, which bounds the memory.
    private static let blockSize = 32_768

    /// Reads the checkpoint of a run folder.
    ///
    /// The problem is the one in the checkpoint. Files that it needs are looked for where they were; its reference is not
    /// needed.
    ///
    /// - Throws: `ResultsError` when there is no run or checkpoint or it is damaged, `ProblemErrors` when the problem cannot
    ///   be read any more.
    public init(folder: String) throws {
        let run = try StoredRun(folder)
        let path = run.path(Checkpoint.defaultName)
        guard FileSystem.kind(path) != nil else {
            throw ResultsError(
                .missingFile, path: folder,
                "has no \(Checkpoint.defaultName) yet, from which fields can be evaluated")
        }
        let checkpoint = try Checkpoint(contentsOf: path)
        heading = checkpoint.heading
        let name = heading.problemPath.isEmpty ? run.path(RunFolder.problemName) : heading.problemPath
        var tree = try OptionTree.parse(SourceText(heading.problemText, name: name))
        for section in ["reference", "expect", "variants"] { tree[section] = nil }
        var output = tree["output"] ?? .empty
        (output["plots"], output["values"]) = (OptionTree(.list([])), nil)
        tree["output"] = output
        let preparation = try RunPreparation(ProblemReader.read(text: tree.tomlText, path: name))
        problem = preparation.problem
        fields = try preparation.method.fields(of: checkpoint.weights)
    }

    /// The names of the coordinates, in the order of points.
    public var coordinates: [String] { problem.domain.coordinates.map(\.name) }

    /// All unknowns, as quantities.
    public var unknowns: [Quantity] {
        problem.unknowns.enumerated().map { Quantity($1.name, .field($0, .value), text: $1.name) }
    }

    /// Scalar expressions that a user asks for, separated by commas: `u_x, u*v` or, with names of one's own,
    /// `speed = sqrt(u^2 + v^2)`.
    ///
    /// - Throws: `ProblemErrors` with the place in the text.
    public func quantities(_ text: String) throws(ProblemErrors) -> [Quantity] {
        var quantities: [Quantity] = []
        for part in text.dividedAtCommas {
            var (name, body) = (part, part)
            if let sign = part.firstIndex(of: "="), part[..<sign].trimmingCharacters(in: .whitespaces).isName,
                part.index(after: sign) < part.endIndex, part[part.index(after: sign)] != "="
            {
                name = part[..<sign].trimmingCharacters(in: .whitespaces)
                body = part[part.index(after: sign)...].trimmingCharacters(in: .whitespaces)
            }
            do throws(ExpressionErrors) {
                let expression = try problem.scope.resolve(Syntax.parse(body), in: .output)
                guard expression.components.count == 1, let component = expression.components.first else {
                    throw ExpressionErrors("it is a vector; take its components, such as \(body)[1]")
                }
                quantities.append(Quantity(name, component, text: body))
            } catch {
                throw ProblemErrors(
                    error.issues.map {
                        Diagnostic(.error, "'\(body)' cannot be evaluated: \($0.message)", hint: $0.hint)
                    })
            }
            if quantities.dropLast().contains(where: { $0.name == name }) {
                throw ProblemErrors([
                    Diagnostic(.error, "'\(name)' is asked for twice", hint: "give one a name: other = \(body)")
                ])
            }
        }
        return quantities
    }

    /// Values at points, `[quantity][point]`, where `points[c]` holds coordinate `c` of all points.
    ///
    /// Points outside the region or the time of the problem, or whose coordinates are not numbers, get NaN; `outside`
    /// counts them.
    ///
    /// - Throws: `ProblemErrors` when a quantity cannot be evaluated point by point.
    public func evaluate(
        _ quantities: [Quantity], at points: [[Double]]
    ) throws -> (values: [[Double]], outside: Int) {
        precondition(points.count == coordinates.count, "one row for each coordinate")
        let count = points.first?.count ?? 0
        var values = quantities.map { _ in [Double]() }
        for index in values.indices { values[index].reserveCapacity(count) }
        var outside = 0
        let center = problem.domain.box.center
        for start in stride(from: 0, to: count, by: Self.blockSize) {
            let range = start..<min(count, start + Self.blockSize)
            var block = points.map { Array($0[range]) }
            var isOutside = [Bool](repeating: false, count: range.count)
            for index in isOutside.indices where !block.allSatisfy({ $0[index].isFinite }) {
                isOutside[index] = true
                for axis in block.indices { block[axis][index] = center[axis] }
            }
            for (index, isInside) in isInDomain(block).enumerated() where !isInside { isOutside[index] = true }
            outside += isOutside.count { $0 }
            let found = try evaluate(quantities, block)
            for index in values.indices {
                values[index] += zip(found[index], isOutside).map { $1 ? .nan : $0 }
            }
        }
        return (values, outside)
    }

    /// Which points lie in the domain, up to a billionth of its size.
    private func isInDomain(_ points: [[Double]]) -> [Bool] {
        let spaceTime = problem.domain.spaceTime
        var flags = spaceTime.regionContains(columns: points)
        if let time = spaceTime.time, let axis = spaceTime.timeAxis {
            let slack = 1e-9 * (time.upperBound - time.lowerBound)
            for index in flags.indices where flags[index] {
                flags[index] =
                    time.lowerBound - slack <= points[axis][index] && points[axis][index] <= time.upperBound + slack
            }
        }
        return flags
    }

    private func evaluate(_ quantities: [Quantity], _ points: [[Double]]) throws -> [[Double]] {
        do {
            return try fields.evaluate(quantities.map(\.expression), at: points)
        } catch let error as ExpressionErrors {
            throw ProblemErrors(
                error.issues.map { Diagnostic(.error, "a quantity cannot be evaluated: \($0.message)", hint: $0.hint) })
        }
    }
}

extension String {
    /// Whether this can be a name: a letter, then letters, digits or underscores.
    fileprivate var isName: Bool {
        first?.isLetter == true && allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }

    /// The parts between commas that stand in no brackets, without blanks around them.
    fileprivate var dividedAtCommas: [String] {
        var parts = [""]
        var depth = 0
        for character in self {
            if "([".contains(character) { depth += 1 }
            if ")]".contains(character) { depth -= 1 }
            if character == ",", depth == 0 {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts.map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
