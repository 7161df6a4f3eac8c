import Foundation
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

    @Test func aModelPreconditionsGrids() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let grid = """
            format = 1
            kind   = "linear-system"
            name   = "net"

            [grid]
            cells = [16, 16, 16]
            walls = "dirichlet"
            solid = [{ ball = { center = [0.5, 0.5, 0.5], radius = 0.2 } }]

            [right_hand_side]
            noise = 1

            [method]
            kind = "flexible-conjugate-gradients"
            tolerance = 1e-4
            preconditioner = { kind = "conjugate-direction-network", model = "\(root)/data/models/dcdm-16.h5" }
            """
        let place = try Workplace(["p.toml": grid])
        let network = try place.run("solve", "p.toml", "--json")
        #expect(network.status == 0, "\(network.errors)")
        #expect((network.json["iterations"] as? Double ?? 99) <= 12)
        let box = try place.run("solve", "p.toml", "--json", "--set", "method.preconditioner=\"box\"", "-o", "box")
        #expect(box.status == 0 && (box.json["iterations"] as? Double ?? 99) <= 8, "\(box.errors)")
        let wrong = try place.run("check", "p.toml", "--set", "method.kind=\"conjugate-gradients\"")
        #expect(wrong.status == 65 && wrong.errors.contains("is not linear"))
        let missing = try place.run("check", "p.toml", "--set", "method.preconditioner.model=\"none.h5\"")
        #expect(missing.status == 65 && missing.errors.contains("'none.h5'"), "\(missing.errors)")
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
