import Ansatz
import Foundation
import ProblemFiles
import Testing

/// What may change between the start of a run and its resumption.
@Suite struct ResumedProblemTests {
    private static let text = """
        format = 1
        name   = "tiny"

        [equations]
        poisson = 'u_xx = 1'

        [method.network]
        layers = [50, 50]

        [[method.stages]]
        optimizer = "adam"
        steps     = 200
        rate      = { start = 1e-3, warm_up = 0 }

        [[method.stages]]
        optimizer = "adam"
        steps     = 300
        rate      = { start = 1e-3, to = 1e-5, warm_up = 10 }

        [[method.stages]]
        optimizer = "lbfgs"
        steps     = 100

        [output]
        directory = "out"

        [output.fields]
        file = "fields.h5"
        grid = { x = 5 }

        [run]
        seed      = 1
        log_every = 100

        """

    /// A change, and the stage and step at which the run stands; `words` are in the refusal, nil if there is none.
    struct Change: Sendable, CustomTestStringConvertible {
        var old: String, new: String
        var stage: Int, step: Int
        var words: [String]?
        var testDescription: String { "\(new), stage \(stage + 1), step \(step)" }

        init(_ old: String, _ new: String, at stage: Int, _ step: Int, refused words: [String]? = nil) {
            (self.old, self.new, self.stage, self.step, self.words) = (old, new, stage, step, words)
        }
    }

    static let changes: [Change] = [
        Change(
            "layers = [50, 50]", "layers = [64, 64]", at: 0, 10,
            refused: [
                "method.network.layers: [50, 50] in the checkpoint, [64, 64] in the file", "--overwrite",
            ]),
        Change("seed      = 1", "seed = 2", at: 0, 10, refused: ["run.seed: 1 in the checkpoint, 2 in the file"]),
        Change("u_xx = 1", "u_xx = 2", at: 2, 0, refused: ["equations.poisson"]),
        Change("[run]", "[run]\nthreads = 2\nbudget = \"10 min\"\ncheckpoint_every = 7", at: 0, 10),
        Change("log_every = 100", "log_every = 7", at: 0, 10),
        Change("directory = \"out\"", "directory = \"b\"\nplots = []", at: 0, 10),
        Change("grid = { x = 5 }", "grid = { x = 50 }", at: 0, 10),
        Change("file = \"fields.h5\"", "file = \"b.h5\"", at: 0, 10, refused: ["output.fields.file"]),
        // Steps of the running stage, whose rate is constant; no fewer than were taken.
        Change("steps     = 200", "steps = 900", at: 0, 10),
        Change("steps     = 200", "steps = 10", at: 0, 10),
        Change(
            "steps     = 200", "steps = 9", at: 0, 10,
            refused: [
                "method.stages[1].steps: 200 in the checkpoint, 9 in the file", "no less than those taken",
            ]),
        Change("steps     = 200", "steps = 900", at: 1, 0, refused: ["method.stages[1].steps"]),
        // The rate of the second stage falls over its steps.
        Change("steps     = 300", "steps = 301", at: 0, 10),
        Change(
            "steps     = 300", "steps = 301", at: 1, 10,
            refused: [
                "method.stages[2].rate.over: 290 in the checkpoint, 291 in the file", "set rate.over to the old number",
            ]),
        Change("to = 1e-5,", "to = 1e-5, over = 290,", at: 1, 10),
        Change("to = 1e-5,", "to = 1e-5, over = 291,", at: 1, 10, refused: ["rate.over"]),
        Change("to = 1e-5,", "to = 1e-6,", at: 1, 10, refused: ["rate.to"]),
        // Stages that have not begun.
        Change("steps     = 100", "steps = 5\nhistory = 7", at: 1, 10),
        Change("[output]", "[[method.stages]]\noptimizer = \"sgd\"\n\n[output]", at: 2, 100),
        Change("[[method.stages]]\noptimizer = \"lbfgs\"\nsteps     = 100", "", at: 1, 300),
        Change(
            "[[method.stages]]\noptimizer = \"lbfgs\"\nsteps     = 100", "", at: 2, 0,
            refused: ["method.stages[3]", "nothing in the file"]),
    ]

    @Test(arguments: changes) func changesAreAcceptedOrTold(change: Change) throws {
        let new = Self.text.replacingOccurrences(of: change.old, with: change.new)
        #expect(new != Self.text)
        func resume() throws(ProblemErrors) -> [OptionChange] {
            try ResumedProblem(
                from: Self.text, to: new, stage: change.stage, stageStep: change.step, folder: "out", file: "tiny.toml"
            ).accepted
        }
        if let words = change.words {
            let errors = #expect(throws: ProblemErrors.self) { try resume() }
            let text = errors?.description ?? ""
            for word in words { #expect(text.contains(word), "\(text)") }
            #expect(text.hasPrefix("tiny.toml: error: "))
        } else {
            _ = try resume()
        }
    }

    @Test func theSameProblemHasNoChanges() throws {
        let resumed = try ResumedProblem(
            from: Self.text, to: Self.text, stage: 0, stageStep: 0, folder: "out", file: nil)
        #expect(resumed.accepted.isEmpty)
    }

    @Test func checkpointsAreDueByStepsOrByTime() {
        var now = 0.0
        var byTime = CheckpointRhythm(every: nil) { now }
        #expect(!byTime.isDue(at: .step(1)) && byTime.isDue(at: .stageEnd))
        now = CheckpointRhythm.interval
        #expect(byTime.isDue(at: .step(2)))
        // One that takes a second is worth a hundred of work.
        byTime.saved(taking: 1)
        now += 99
        #expect(!byTime.isDue(at: .step(3)))
        now += 1
        #expect(byTime.isDue(at: .step(4)))
        let bySteps = CheckpointRhythm(every: 50) { now }
        #expect(bySteps.isDue(at: .step(100)) && !bySteps.isDue(at: .step(101)) && bySteps.isDue(at: .stageEnd))
        let never = CheckpointRhythm(every: 0) { now }
        #expect(!never.isDue(at: .step(100)) && never.isDue(at: .stageEnd))
    }
}
