import Ansatz
import Expressions
import Foundation
import ProblemFiles
import Testing

/// Every file under `problems/` is read, checked against its own reference, and solved for a few steps.
@Suite struct ShippedProblemsTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "problems")

    private static let all: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".toml") }.sorted()

    /// Problems of partial differential equations; those of other kinds begin with theirs.
    static let files = all.filter { file in
        !["transport-", "linear-", "dcdm-", "learned-"].contains { file.hasPrefix($0) }
    }
    static let linearFiles = all.filter { $0.hasPrefix("linear-") }
    static let transportFiles = all.filter { $0.hasPrefix("transport-") }

    /// Keeps what a run reports.
    private final class Recorder: ProgressObserver {
        var rows: [ProgressRow] = []
        func logged(_ row: ProgressRow) { rows.append(row) }
        func warned(_ message: String) {}
        var stopRequested: Bool { false }
    }

    private func problem(_ file: String, variant: String? = nil) throws -> Problem {
        try ProblemReader.read(path: Self.folder.appending(path: file).path, variant: variant)
    }

    @Test func thereAreTheProblemsThatTheManualNames() {
        #expect(Self.files.count >= 10)
    }

    /// Every transport problem is solved, with all its variants that are not slow by intention.
    @Test(arguments: transportFiles) func transportIsSolvedAsExpected(file: String) throws {
        let path = Self.folder.appending(path: file).path
        func statement(_ variant: String?) throws -> TransportStatement {
            guard case .transport(let statement) = try ProblemReader.readFile(path: path, variant: variant) else {
                throw CocoaError(.fileReadCorruptFile)
            }
            return statement
        }
        let base = try statement(nil)
        #expect(base.name + ".toml" == file)
        #expect(!base.citations.isEmpty && !base.expectations.isEmpty && base.expectations.within != nil)
        #expect(TransportReport(try TransportPreparation(base)).warnings.isEmpty)
        for variant in [nil] + base.variants.map(\.name) where variant != "sinkhorn" && variant != "over-relaxed" {
            let preparation = try TransportPreparation(try statement(variant))
            // The resolved text says the same again.
            guard case .transport(let again) = try ProblemReader.readFile(text: preparation.resolvedText, path: path)
            else {
                Issue.record("another kind")
                return
            }
            #expect(try TransportPreparation(again).resolvedText == preparation.resolvedText)
            let findings = try preparation.solve()
            for point in findings.points { #expect(point.solution.stop.isSuccess, "\(file), \(variant ?? "")") }
            for expectation in TransportOutcome.expectations(preparation.statement.expectations, findings, 0) {
                #expect(expectation.isMet, "\(file), \(variant ?? ""): \(expectation.text)")
            }
        }
    }

    /// Every linear system is solved as it stands; larger sizes and plainer methods are for comparisons.
    @Test(arguments: linearFiles) func linearSystemsAreSolvedAsExpected(file: String) throws {
        let path = Self.folder.appending(path: file).path
        guard case .linearSystem(var statement) = try ProblemReader.readFile(path: path) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        #expect(statement.name + ".toml" == file)
        #expect(!statement.citations.isEmpty && statement.expectations.iterations != nil)
        let preparation = try LinearSystemPreparation(statement)
        #expect(LinearSystemReport(preparation).warnings.isEmpty)
        guard case .linearSystem(let again) = try ProblemReader.readFile(text: preparation.resolvedText, path: path)
        else {
            Issue.record("another kind")
            return
        }
        #expect(again.resolvedText() == preparation.resolvedText)
        statement.expectations.within = nil
        statement.output.plots = []
        statement.output.directory =
            FileManager.default.temporaryDirectory.appending(path: "shipped-\(UInt64.random(in: 0 ... .max))").path
        defer { try? FileManager.default.removeItem(atPath: statement.output.directory) }
        let job = try LinearSystemJob(
            try LinearSystemPreparation(statement), replacing: false, command: "test", warn: { _ in })
        let outcome = try job.perform()
        #expect(outcome.isSuccess && outcome.meetsExpectations, "\(outcome.text)")
    }

    @Test(arguments: files) func hasSourceReferenceAndExpectation(file: String) throws {
        let problem = try problem(file)
        #expect(problem.name + ".toml" == file)
        #expect(!problem.citations.isEmpty && problem.reference != nil)
        #expect(!problem.expectations.relativeL2.isEmpty && problem.expectations.within != nil)
    }

    @Test(arguments: files) func checkFindsNothingToDoubt(file: String) throws {
        let report = try CheckReport(try RunPreparation(try problem(file)))
        #expect(report.warnings.isEmpty)
    }

    /// The files were trained with the rule that they name, whatever the default may be.
    @Test(arguments: files) func filesWithSeveralLossTermsNameTheirRule(file: String) throws {
        let problem = try problem(file)
        let plan = try MethodCatalog.prepare(problem).method.plan
        guard plan.terms.count > 1 else { return }
        #expect(problem.method["weights"]?["kind"] != nil)
    }

    @Test(arguments: files) func exactReferencesSatisfyEquationsAndConditions(file: String) throws {
        let problem = try problem(file)
        guard case .exact(let exact, _) = problem.reference else { return }
        let solution = problem.unknowns.compactMap { exact[$0.name] }
        try #require(solution.count == problem.unknowns.count)
        let point = zip(problem.domain.box.lower, problem.domain.box.upper).map { 0.37 * $0 + 0.63 * $1 }
        for equation in problem.equations {
            let scale = max(1, abs(equation.right.substituting(unknowns: solution).value(at: point)[0]))
            var separator = IntegralSeparator(firstParameter: 0)
            for component in equation.residual.substituting(unknowns: solution).components {
                let plain = try separator.separate(component)
                let integrals = separator.integrals.map { integral($0, problem, at: point) }
                let value = plain.value(at: point, parameters: integrals) { _, _ in .nan }[0]
                #expect(abs(value) < (integrals.isEmpty ? 1e-11 : 1e-8) * scale)
            }
        }
    }

    /// An integral over a line, at the time of a point, by the midpoint rule.
    private func integral(_ wanted: IntegralExpression, _ problem: Problem, at point: [Double]) -> Double {
        let (low, high) = (problem.domain.box.lower[0], problem.domain.box.upper[0])
        return (0..<4_000).reduce(0) { sum, cell in
            let place = [low + (high - low) * (Double(cell) + 0.5) / 4_000] + point.dropFirst()
            return sum + (high - low) / 4_000 * wanted.body.value(at: place)[0]
        }
    }

    @Test(arguments: files) func aFewStepsLowerTheLoss(file: String) throws {
        let preparation = try RunPreparation(try problem(file), maximumSteps: 4)
        let recorder = Recorder()
        let solution = try preparation.method.solve(observer: recorder)
        let first = try #require(recorder.rows.first), last = try #require(recorder.rows.last)
        if preparation.method.plan.terms.isEmpty {
            // Nothing is trained: this was the whole run.
            for error in solution.relativeL2 {
                #expect(error.value <= preparation.problem.expectations.relativeL2[error.name] ?? 0)
            }
        } else {
            // Points that follow the residual make a loss of their own each time.
            let follows = preparation.problem.method["sampling"]?["adaptive"] != nil
            #expect(follows ? last.loss.isFinite : last.loss < first.loss)
        }
        #expect(solution.stop == .stepsDone || solution.stop.name == "converged")
        let compared = preparation.problem.unknowns.count + preparation.problem.comparedQuantities.count
        #expect(solution.relativeL2.count == compared)
        #expect((solution.relativeL2 + solution.residuals).allSatisfy { $0.value.isFinite })
    }
}
