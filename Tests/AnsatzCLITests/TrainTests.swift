import Testing

/// `ansatz train` from the outside.
@Suite struct TrainTests {
    private static let tiny = """
        format = 1
        kind = "linear-system"
        name = "tiny"

        [training]
        method = "conjugate-direction-network"
        cells = 4
        ritz_vectors = 20
        samples = 8
        held_back = 2
        epochs = 1
        """

    @Test func aModelIsTrainedAndNotReplacedUnasked() throws {
        let place = try Workplace(["t.toml": Self.tiny])
        let check = try place.run("check", "t.toml")
        #expect(check.status == 0 && check.output.contains("97,457 parameters"))
        let first = try place.run("train", "t.toml", "--json")
        #expect(first.status == 0 && first.json["complete"] as? Bool == true)
        #expect(first.errors.contains("epoch 1"))
        #expect(place.exists("models/tiny.h5"))
        let second = try place.run("train", "t.toml")
        #expect(second.status == 65 && second.errors.contains("--overwrite replaces it"))
        #expect(try place.run("train", "t.toml", "--overwrite", "--quiet").errors.isEmpty)
    }

    @Test func otherCommandsSayWhatToDo() throws {
        let place = try Workplace(["t.toml": Self.tiny])
        let solve = try place.run("solve", "t.toml")
        #expect(solve.status == 65 && solve.errors.contains("ansatz train FILE"))
        let compare = try place.run("compare", "t.toml")
        #expect(compare.status == 65)
        try place.write("format = 1\nname = \"a\"\n", "p.toml")
        #expect(try place.run("train", "p.toml").status == 65)
        #expect(try place.run("train", "t.toml", "--set", "training.cells=7").status == 65)
    }
}
