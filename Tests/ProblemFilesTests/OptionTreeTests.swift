import ProblemFiles
import Testing

@Suite struct OptionTreeTests {
    /// Reads the `[method]` of a small valid problem, which is kept as it was written.
    private func method(_ text: String) throws -> OptionTree {
        try ProblemReader.read(text: Samples.minimal + "\n[method]\n" + text, path: "p.toml").method
    }

    @Test func keysKeepTheOrderOfTheText() throws {
        let tree = try method("zeta = 1\nalpha = 2\n[method.omega]\nb = 1\na = 2\n[method.beta]\n[[method.stages]]\n")
        #expect(tree.entries.map(\.key) == ["zeta", "alpha", "omega", "beta", "stages"])
        #expect(tree["omega"]?.entries.map(\.key) == ["b", "a"])
    }

    @Test func valuesKeepTheirPlaces() throws {
        let text = "a = 'x'\n\"ключ\" = [1, 2.5]\n"
        let tree = try method(text)
        let first = try #require(tree["a"])
        let lines = Samples.minimal.split(separator: "\n", omittingEmptySubsequences: false).count + 1
        #expect((first.origin.line, first.origin.column, first.origin.endColumn) == (lines + 1, 5, 8))
        let entry = try #require(tree.entries.last)
        #expect((entry.keyOrigin.column, entry.keyOrigin.endColumn) == (1, 7))
        let second = try #require(entry.tree.elements?.last)
        #expect((second.origin.line, second.origin.column, second.origin.endColumn) == (lines + 2, 14, 17))
        #expect(second.number == 2.5)
    }

    @Test func equalityIgnoresOrderAndPlaces() throws {
        let built: OptionTree = ["list": [1, 2.5, true], "word": "a\"b'\n", "inner": ["x": 1e-30]]
        #expect(try method("inner = { x = 1e-30 }\nword = \"a\\\"b'\\n\"\nlist = [1, 2.5, true]") == built)
        #expect(built != ["list": [1, 2.5, true]])
    }

    @Test(
        arguments: [
            ["kind": "pinn", "layers": [64, 64], "rate": ["start": 1e-3, "decay": 0.9]],
            ["quote": "it's \"quoted\" \\ \u{1} \t", "ключ": "значение", "a.b": 1, "": 2],
            [
                "big": OptionTree(.number(1e300)), "small": OptionTree(.number(.leastNonzeroMagnitude)),
                "integer": OptionTree(.integer(.min)),
                "negative": -0.5,
            ],
            [
                "infinite": OptionTree(.number(.infinity)), "nothing": OptionTree(.number(.nan)), "none": [],
                "empty": [:],
            ],
        ] as [OptionTree])
    func printedTreesReadBack(tree: OptionTree) throws {
        let whole: OptionTree = ["method": tree]
        let read = try ProblemReader.read(text: Samples.minimal + "\n" + whole.tomlText, path: "p.toml").method
        #expect(read == tree)
    }
}
