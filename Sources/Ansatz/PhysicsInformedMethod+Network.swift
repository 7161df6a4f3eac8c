import Networks
import ProblemFiles

extension PhysicsInformedMethod {
    /// The architecture that a problem asks for, periodic where the domain is.
    ///
    /// With diagnostics it is one that can stand in, so that the rest of the file can be checked.
    static func architecture(
        _ problem: Problem, _ selection: ResolvedOptions.Selection, into diagnostics: inout [Diagnostic]
    ) -> Architecture {
        let options = selection.options
        var hidden = options.integers("layers")
        let kind: Architecture.Kind =
            switch selection.name {
            case "modified-mlp": .modified(gatesFirst: options.boolean("gate_first"))
            case "pirate-net": .pirate
            default: .perceptron
            }
        if kind != .perceptron, Set(hidden).count != 1 {
            let widths = hidden.map(String.init).joined(separator: ", ")
            let width = hidden.max() ?? 50
            let example = [String](repeating: "\(width)", count: max(hidden.count, 3)).joined(separator: ", ")
            diagnostics.append(
                options.origin(of: "layers").diagnostic(
                    .error, "the layers of '\(selection.name)' have one width, these have [\(widths)]",
                    hint:
                        "give the same width to all, as in layers = [\(example)]; kind = \"mlp\" has layers of any width"
                ))
            hidden = [Int](repeating: width, count: max(hidden.count, 1))
        }
        let domain = problem.domain.spaceTime
        let sides = domain.box.sides
        let periods = sides.indices.map { domain.periodicAxes.contains($0) ? sides[$0] : nil }
        let frequency = options.number("frequency")
        let isAdaptive = options.text("adaptive") == "layer"
        return Architecture(
            kind, hidden: hidden, outputs: problem.unknowns.count,
            activation: Activation(rawValue: options.text("activation")) ?? .tanh,
            embedding: domain.periodicAxes.isEmpty
                ? nil : PeriodicEmbedding(periods: periods, harmonics: options.integer("harmonics")),
            fourier: fourier(options, into: &diagnostics),
            factorization: options.optionalTable("factorization").map {
                Dense.Factorization(mean: $0.number("mean"), deviation: $0.number("deviation"))
            },
            frequency: isAdaptive || frequency != 1 ? .init(start: frequency, isTrained: isAdaptive) : nil)
    }

    private static func fourier(
        _ options: ResolvedOptions, into diagnostics: inout [Diagnostic]
    ) -> FourierFeatures? {
        guard let table = options.optionalTable("fourier") else { return nil }
        let scales = table.numbers("scales")
        guard !scales.isEmpty else {
            diagnostics.append(
                table.origin(of: "scales").diagnostic(
                    .error, "Fourier features need at least one scale",
                    hint: "give the standard deviations of their frequencies, as in scales = [1.0, 10.0]"))
            return nil
        }
        if table.isGiven("seed"), table.boolean("trainable") {
            diagnostics.append(
                table.origin(of: "seed").diagnostic(
                    .error, "'seed' has no meaning for frequencies that are trained: they start from run.seed",
                    hint: "drop 'seed', or set trainable = false"))
        }
        return FourierFeatures(
            perScale: table.integer("features"), scales: scales, isTrained: table.boolean("trainable"),
            seed: UInt64(table.integer("seed")))
    }

    /// An architecture on scaled coordinates, with scaled outputs.
    static func network(_ problem: Problem, _ architecture: Architecture) -> Network {
        let box = problem.domain.spaceTime.box
        var network = architecture.network(inputs: box.dimensions)
        let sizes = box.sides.indices.map { problem.scale.coordinates[$0] ?? box.sides[$0] / 2 }
        network.inputScaling = .init(center: box.center, halfWidth: sizes)
        network.outputScaling = problem.unknowns.indices.map { problem.scale.unknowns[$0] ?? 1 }
        return network
    }

    /// The architecture in a few words: `mlp 2-50-50-1, tanh`, then what is special about it.
    static func text(_ name: String, _ architecture: Architecture, _ problem: Problem) -> String {
        let widths = [problem.domain.box.dimensions] + architecture.hidden + [architecture.outputs]
        var parts = [
            "\(name) \(widths.map(String.init).joined(separator: "-"))", architecture.activation.rawValue,
        ]
        if architecture.kind == .modified(gatesFirst: true) { parts.append("first layer gated") }
        let periodic = problem.domain.spaceTime.periodicAxes.sorted().map { problem.domain.coordinates[$0].name }
        if !periodic.isEmpty { parts.append("periodic in \(periodic.joined(separator: ", "))") }
        if let fourier = architecture.fourier {
            let scales = fourier.scales.map { NumberText.place($0) }.joined(separator: ", ")
            parts.append(
                "\(fourier.outputs) \(fourier.isTrained ? "trained " : "")Fourier features of scale \(scales)")
        }
        if architecture.factorization != nil { parts.append("factored weights") }
        if let frequency = architecture.frequency {
            let value = NumberText.place(frequency.start)
            parts.append(frequency.isTrained ? "trained frequency from \(value)" : "frequency \(value)")
        }
        return parts.joined(separator: ", ")
    }
}
