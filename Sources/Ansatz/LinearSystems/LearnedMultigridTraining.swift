import LinearSystems
import Parallelism
import ProblemFiles
import Results

/// Training of the numbers of a multigrid cycle.
struct LearnedMultigridTraining: ModelTraining {
    static let name = LearnedMultigridModel.kind
    static let summary = "some twenty numbers of a multigrid cycle, trained on random masks"
    static let options: [OptionTable.Option] = [
        .integer("dimensions", .between(2, 3), default: 3, help: "axes of the grids"),
        .integer("generations", .between(1, 100_000), default: 200, help: "generations of candidates"),
        .integer("batch", .between(4, 1_000), default: 20, help: "samples that a generation is judged by"),
        .integer("steps", .between(1, 50), default: 5, help: "steps of conjugate gradients that a loss looks at"),
        .integer("finest_degree", .between(2, 6), default: 3, help: "products and one in the smoother of the grid"),
        .integer("coarser_degree", .between(2, 6), default: 4, help: "the same on coarser levels"),
    ]

    let training: MultigridTraining

    init(_ options: ResolvedOptions, seed: UInt64) throws(ProblemErrors) {
        var training = MultigridTraining()
        training.family.dimensions = options.integer("dimensions")
        training.generations = options.integer("generations")
        training.batch = options.integer("batch")
        training.steps = options.integer("steps")
        training.degrees = (options.integer("finest_degree"), options.integer("coarser_degree"))
        training.seed = seed
        self.training = training
    }

    var facts: [(String, String)] {
        let family = training.family
        return [
            ("domains", "\(family.dimensions) axes, random masks"), ("numbers", String(training.numberCount)),
            (
                "generations",
                "\(training.generations), each judged by \(training.batch) samples and \(training.steps) steps"
            ),
        ]
    }

    var memory: Int {
        // Vectors, levels and masks of a batch: some 100 bytes a cell.
        let edge = training.family.largestEdge
        return 100 * training.batch * edge * edge * (training.family.dimensions == 3 ? edge : 1)
    }

    func train(pool: WorkerPool, watch: (String?) -> Bool) throws(TrainingFailure) -> TrainedModel {
        let outcome = training.train(pool: pool) { line in watch(line.map(Self.text)) }
        let last = outcome.history.last
        return TrainedModel(
            kind: LearnedMultigridModel.kind,
            attributes: [.init("dimensions", training.family.dimensions), .init("evaluations", outcome.evaluations)],
            arrays: outcome.numbers.named.map { .init("numbers/" + $0.name, $0.values) } + [
                .init("history/generation", outcome.history.map { Double($0.generation) }),
                .init("history/loss", outcome.history.map(\.loss)),
                .init("history/standard_loss", outcome.history.map(\.standardLoss)),
            ],
            facts: outcome.numbers.named.map { name, values in
                (name, values.map { NumberText.short($0, digits: 5) }.joined(separator: ", "))
            } + [
                ("digits per step", last.map(Self.text) ?? "none"),
                ("losses computed", NumberText.grouped(outcome.evaluations)),
                ("seconds", NumberText.short(outcome.seconds)),
            ],
            members: outcome.numbers.named.map { .init($0.name, .list($0.values.map(JSONValue.number))) } + [
                .init("evaluations", .integer(outcome.evaluations)),
                .init("training_seconds", .number(outcome.seconds)),
            ],
            isComplete: !outcome.isInterrupted)
    }

    private static func text(_ line: MultigridTraining.Progress) -> String {
        "generation \(line.generation): \(NumberText.short(-line.loss, digits: 4)) digits a step, untrained "
            + "\(NumberText.short(-line.standardLoss, digits: 4)), \(NumberText.short(line.seconds)) s"
    }
}
