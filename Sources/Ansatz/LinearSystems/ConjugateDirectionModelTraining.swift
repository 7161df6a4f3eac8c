import LinearSystems
import Parallelism
import ProblemFiles
import Results

/// Training of the published network of conjugate directions.
struct ConjugateDirectionModelTraining: ModelTraining {
    static let name = ConjugateDirectionPreconditioner.name
    static let summary = "the deep conjugate direction method's network, trained on Ritz vectors of an empty box"
    static let options: [OptionTable.Option] = [
        .choice(
            "architecture", ConjugateDirectionArchitecture.named.map(\.name), default: "64",
            help: "the published network for 64^3 or for 128^3 cells"),
        .integer("cells", .between(4, 256), default: 32, help: "cells along each edge of the box; even"),
        .integer("ritz_vectors", .between(2, 100_000), default: 3_000, help: "Lanczos vectors"),
        .integer("samples", .between(1, 1_000_000), default: 3_000, help: "right-hand sides to learn from"),
        .integer("held_back", .between(1, 100_000), default: 60, help: "right-hand sides on which the loss is watched"),
        .integer("epochs", .between(1, 100_000), default: 3, help: "passes over the samples"),
        .integer("batch", .between(1, 10_000), default: 10, help: "samples of a step"),
        .number("rate", .positive, default: 1e-4, help: "Adam's rate at the start"),
        .number(
            "final_share", .above(0, upTo: 1), default: 1,
            help: "share of the rate that is left at the end of a half wave of the cosine; 1 keeps it constant"),
    ]

    let training: ConjugateDirectionTraining

    init(_ options: ResolvedOptions, seed: UInt64) throws(ProblemErrors) {
        var training = ConjugateDirectionTraining()
        let wanted = options.text("architecture")
        if let named = ConjugateDirectionArchitecture.named.first(where: { $0.name == wanted }) {
            training.architecture = named.architecture
        }
        training.edge = options.integer("cells")
        training.ritzVectors = options.integer("ritz_vectors")
        training.samples = options.integer("samples")
        training.heldBack = options.integer("held_back")
        training.epochs = options.integer("epochs")
        training.batch = options.integer("batch")
        training.rate = options.number("rate")
        training.finalShare = options.number("final_share")
        training.seed = seed
        guard training.edge.isMultiple(of: 2) else {
            throw ProblemErrors([
                options.origin(of: "cells").diagnostic(
                    .error, "'training.cells' is \(training.edge), and the network halves the box",
                    hint: "write an even number")
            ])
        }
        let unknowns = training.edge * training.edge * training.edge
        guard training.ritzVectors <= unknowns else {
            throw ProblemErrors([
                options.origin(of: "ritz_vectors").diagnostic(
                    .error, "\(training.ritzVectors) Ritz vectors are more than the \(unknowns) unknowns",
                    hint: "write at most \(unknowns)")
            ])
        }
        self.training = training
    }

    var facts: [(String, String)] {
        let name = ConjugateDirectionArchitecture.named.first { $0.architecture == training.architecture }?.name ?? ""
        let edge = training.edge
        return [
            ("network", "\"\(name)\", \(NumberText.grouped(training.architecture.parameterCount)) parameters"),
            ("box", "\(edge) x \(edge) x \(edge)"), ("Ritz vectors", NumberText.grouped(training.ritzVectors)),
            ("samples", "\(NumberText.grouped(training.samples)), \(training.heldBack) held back"),
            (
                "steps",
                "\(NumberText.grouped(training.steps)) of \(training.batch) samples, \(training.epochs) epochs, rate "
                    + NumberText.short(training.rate)
            ),
        ]
    }

    var memory: Int {
        let cells = training.edge * training.edge * training.edge
        let vectors = training.ritzVectors
        let data = 8 * vectors * (cells + 3 * vectors) + 4 * cells * (training.samples + training.heldBack)
        let layers = 2 * (training.architecture.before + training.architecture.after + 3)
        return data + 8 * cells * 100 + layers * 64 * cells * 5 / 4
    }

    func train(pool: WorkerPool, watch: (String?) -> Bool) throws(TrainingFailure) -> TrainedModel {
        var shown: Int?
        let outcome: ConjugateDirectionTraining.Outcome
        do throws(ConjugateDirectionTraining.Failure) {
            outcome = try training.run(pool: pool) { line, _ in
                guard line.epoch != shown else { return watch(nil) }
                shown = line.epoch
                return watch(Self.text(line))
            }
        } catch {
            throw TrainingFailure(error.description)
        }
        let history = outcome.history
        let best = history.first { $0.epoch == outcome.epoch }
        let seconds = history.last?.seconds ?? 0
        return TrainedModel(
            kind: ConjugateDirectionModel.kind,
            attributes: ConjugateDirectionModel.attributes(training.architecture, trainedEdge: training.edge),
            arrays: [
                .init("parameters", outcome.network.parameters.map { Double($0) }),
                .init("history/epoch", history.map { Double($0.epoch) }),
                .init("history/loss", history.map { $0.loss ?? $0.heldBackLoss }),
                .init("history/held_back_loss", history.map(\.heldBackLoss)),
            ],
            facts: [
                ("epochs", "\(history.last?.epoch ?? 0), the best is \(outcome.epoch)"),
                (
                    "loss held back",
                    "\(NumberText.short(history[0].heldBackLoss)) at the start, \(NumberText.short(best?.heldBackLoss ?? 0))"
                ),
                (
                    "seconds",
                    "\(NumberText.short(outcome.dataSeconds)) for data, \(NumberText.short(seconds)) for training"
                ),
            ],
            members: [
                .init("epochs", .number(Double(history.last?.epoch ?? 0))),
                .init("best_epoch", .number(Double(outcome.epoch))),
                .init("held_back_loss", .number(best?.heldBackLoss ?? 0)),
                .init("data_seconds", .number(outcome.dataSeconds)), .init("training_seconds", .number(seconds)),
            ],
            isComplete: outcome.isComplete)
    }

    private static func text(_ line: ConjugateDirectionTraining.Epoch) -> String {
        let loss = line.loss.map { "loss \(NumberText.short($0)), " } ?? ""
        return
            "epoch \(line.epoch): \(loss)\(NumberText.short(line.heldBackLoss)) held back, \(NumberText.short(line.seconds)) s"
    }
}
