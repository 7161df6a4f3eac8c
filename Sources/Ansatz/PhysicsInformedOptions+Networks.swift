import Networks
import ProblemFiles

extension PhysicsInformedOptions {
    /// Architectures by name.
    static let networks: [OptionTable.Choice] = [
        OptionTable.Choice(
            "mlp", OptionTable("multilayer perceptron: a chain of dense layers", layers + features + weights)),
        OptionTable.Choice(
            "modified-mlp",
            OptionTable(
                "hidden layers that choose between two encoders of the input: for steep gradients and stiff losses",
                layers + [
                    .boolean(
                        "gate_first", default: false,
                        help: "whether the first hidden layer chooses too, as in published code")
                ] + features + weights)),
        OptionTable.Choice(
            "pirate-net",
            OptionTable(
                "residual blocks that start as the identity, each three dense layers and two gates: for deep networks",
                layers + periodic + [
                    .table(
                        "fourier", fourier, help: "random Fourier features that blocks start from")
                ] + weights)),
    ]

    private static let layers: [OptionTable.Option] = [
        .list(
            "layers", of: .integer(.between(1, 65_536)), default: [50, 50, 50],
            help: "widths of the hidden layers or blocks"),
        .choice(
            "activation", Activation.allCases.map(\.rawValue), default: Activation.tanh.rawValue,
            help: "function between layers"),
    ]

    private static let periodic: [OptionTable.Option] = [
        .integer(
            "harmonics", .between(1, 64), default: 1,
            help: "multiples of the lowest frequency through which a periodic coordinate is seen")
    ]

    private static let features: [OptionTable.Option] =
        periodic + [
            .optionalTable(
                "fourier", fourier,
                help: "random Fourier features of the scaled coordinates, or of the periodic ones' cos and sin")
        ]

    private static let weights: [OptionTable.Option] = [
        .optionalTable(
            "factorization",
            OptionTable(
                "random weight factorization: W = diag(s) V, both trained, s starts at exp(N(mean, deviation))",
                [
                    .number("mean", .between(-20, 20), default: 1, help: "mean of log s"),
                    .number("deviation", .between(0, 10), default: 0.1, help: "standard deviation of log s"),
                ]), help: "random weight factorization of all layers"),
        .choice(
            "adaptive", ["none", "layer"], default: "none",
            help: "whether the factor in front of the argument of each hidden layer is trained"),
        .number(
            "frequency", .positive, default: 1,
            help: "that factor, at the start if it is trained; above 1 sine layers start with matching weights"),
        .choice(
            "start", ["random", "initial-values"], default: "random",
            help: "whether the last layer is fitted to the initial values at all times before training"),
    ]

    private static let fourier = OptionTable(
        "cos B x and sin B x with entries of B from N(0, s^2) for each scale s",
        [
            .integer("features", .between(1, 65_536), default: 64, help: "frequencies of each scale"),
            .list("scales", of: .number(.positive), default: [1], help: "standard deviations of B"),
            .boolean("trainable", default: false, help: "whether B is trained"),
            .integer("seed", .nonNegative, default: 0, help: "seed of B where it is not trained"),
        ])
}
