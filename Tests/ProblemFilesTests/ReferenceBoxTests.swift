import ProblemFiles
import Testing

/// `[reference] box`: what is read, and how it is written again.
@Suite struct ReferenceBoxTests {
    private func read(_ text: String, _ lines: String) throws -> Problem {
        try ProblemReader.read(text: text + "\n\n[reference]\n" + lines + "\n", path: "p.toml")
    }

    private static let plate = Samples.minimal.replacing(
        "coordinates = [\"x\", \"y\"]", with: "coordinates = [\"x\", \"y\"]\ntime = { to = 2 }")

    @Test(arguments: [
        ("{ x = [0.2, 0.4] }", [0.2, 0, 0], [0.4, 1, 2], "x from 0.2 to 0.4"),
        ("{ t = [1, 2], y = ['1/4', 0.5] }", [0, 0.25, 1], [1, 0.5, 2], "y from 0.25 to 0.5, t from 1 to 2"),
        ("{ x = [0, 1] }", [0, 0, 0], [1, 1, 2], "x from 0 to 1, y from 0 to 1, t from 0 to 2"),
    ])
    func whatIsLeftOutIsTheDomain(box: String, lower: [Double], upper: [Double], phrase: String) throws {
        let problem = try read(Self.plate, "u = 'x'\nbox = \(box)")
        let found = try #require(problem.referenceBox)
        #expect(found.box.lower == lower && found.box.upper == upper)
        #expect(found.phrase(in: problem.domain) == phrase)
        let again = try ProblemReader.read(text: problem.resolvedText(), path: "p.toml")
        #expect(again.referenceBox == found && again.resolvedText() == problem.resolvedText())
    }

    @Test(arguments: [
        ("{ x = [0.4, 0.6] }", "x from 0.4 to 0.6"),
        ("{ \"x[3]\" = [0, 0.5] }", "x[3] from 0 to 0.5"),
        (
            "{ x = [0, 0.5], \"x[10]\" = [0.5, 1] }",
            (1...9).map { "x[\($0)] from 0 to 0.5, " }.joined() + "x[10] from 0.5 to 1"
        ),
    ])
    func familiesHaveOneNameOrOneEach(box: String, phrase: String) throws {
        let problem = try read(Samples.family, "u = 'x[1]'\nbox = \(box)")
        let found = try #require(problem.referenceBox)
        #expect(found.phrase(in: problem.domain) == phrase)
        let again = try ProblemReader.read(text: problem.resolvedText(), path: "p.toml")
        #expect(again.referenceBox == found)
    }

    @Test func withoutABoxThereIsNone() throws {
        #expect(try read(Samples.minimal, "u = 'x'").referenceBox == nil)
    }

    @Test func aFieldOfThatNameKeepsItsReference() throws {
        let text = Samples.minimal.replacing("u = {}", with: "box = {}").replacing("(u)", with: "(box)")
            .replacing("'u = 0'", with: "'box = 0'")
        let problem = try read(text, "box = 'x*y'")
        #expect(problem.referenceBox == nil && problem.reference != nil)
        #expect(try read(text, "box = 'x*y'").resolvedText() == problem.resolvedText())
    }

    @Test func theLooksOfARunAreWrittenAgain() throws {
        let looks = "\n[output]\ngradients = { every = 7, stiffness = true }\nsampling = { every = 9, points = 11 }\n"
        let problem = try ProblemReader.read(text: Samples.minimal + looks, path: "p.toml")
        let again = try ProblemReader.read(text: problem.resolvedText(), path: "p.toml").output
        #expect(again.gradients?.every == 7 && again.gradients?.findsStiffness == true)
        #expect(again.sampling?.every == 9 && again.sampling?.points == 11)
    }
}
