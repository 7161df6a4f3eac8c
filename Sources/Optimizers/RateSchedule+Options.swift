extension RateSchedule {
    /// What can be set in a `rate` table; a bare number stands for `start` alone.
    public static let options: [OptionDescription] = [
        .number("start", default: 1e-3, in: .above(0), help: "rate when the warm-up is over"),
        .choice(
            "shape", of: ["constant", "exponential", "linear", "cosine", "plateau"], default: "constant",
            help: "how it goes on; exponential if 'decay' is given, cosine if 'to' is, plateau if 'factor' is"),
        .number("decay", default: 0.9, in: .above(0, to: 1), help: "exponential: factor over 'every' steps"),
        .integer("every", default: 1000, in: .atLeast(1), help: "exponential: steps that one factor takes"),
        .truth("staircase", default: false, help: "exponential: apply whole factors only"),
        .number("to", default: 0, in: .atLeast(0), help: "linear, cosine: rate at the end"),
        .integer("over", default: 0, in: .atLeast(0), help: "linear, cosine: steps; 0: all that are left"),
        .number("factor", default: 0.5, in: .between(0, and: 1), help: "plateau: what lowers the rate"),
        .integer("patience", default: 1000, in: .atLeast(1), help: "plateau: steps without a lower loss before that"),
        .number("threshold", default: 1e-3, in: .from(0, below: 1), help: "plateau: part by which a loss is lower"),
        .number("minimum", default: 1e-6, in: .atLeast(0), help: "plateau: the rate does not fall below this"),
        .integer("warm_up", default: 0, in: .atLeast(0), help: "steps in which the rate grows from 0 to 'start'"),
    ]

    private static let shapesOfOption = [
        "decay": ["exponential"], "every": ["exponential"], "staircase": ["exponential"],
        "to": ["linear", "cosine"], "over": ["linear", "cosine"],
        "factor": ["plateau"], "patience": ["plateau"], "threshold": ["plateau"], "minimum": ["plateau"],
    ]

    /// A schedule from checked values of `options`.
    ///
    /// - Parameters:
    ///   - steps: the steps of the stage, over which linear and cosine shapes extend unless told otherwise.
    ///   - defaultStart: the rate when `start` is not given: the optimizer's own.
    public init(_ values: OptionValues, steps: Int, defaultStart: Double) throws(OptionErrors) {
        let shape: String
        if values.isGiven("shape") {
            shape = values.word("shape")
        } else if values.isGiven("decay") || values.isGiven("every") || values.isGiven("staircase") {
            shape = "exponential"
        } else if values.isGiven("to") || values.isGiven("over") {
            shape = "cosine"
        } else if ["factor", "patience", "threshold", "minimum"].contains(where: values.isGiven) {
            shape = "plateau"
        } else {
            shape = "constant"
        }
        let strangers = Self.options.filter { option in
            guard let shapes = Self.shapesOfOption[option.name] else { return false }
            return values.isGiven(option.name) && !shapes.contains(shape)
        }
        if !strangers.isEmpty {
            throw OptionErrors(
                errors: strangers.map {
                    .inconsistent(name: $0.name, message: "'\($0.name)' has no meaning for a rate of shape '\(shape)'")
                })
        }
        let warmUp = values.integer("warm_up")
        let over = values.integer("over") > 0 ? values.integer("over") : max(1, steps - warmUp)
        let resolved: Shape =
            switch shape {
            case "exponential":
                .exponential(
                    decay: values.number("decay"), every: values.integer("every"),
                    staircase: values.truth("staircase"))
            case "linear": .linear(end: values.number("to"), over: over)
            case "cosine": .cosine(end: values.number("to"), over: over)
            case "plateau":
                .plateau(
                    Plateau(
                        factor: values.number("factor"), patience: values.integer("patience"),
                        threshold: values.number("threshold"), minimum: values.number("minimum")))
            default: .constant
            }
        self.init(
            start: values.isGiven("start") ? values.number("start") : defaultStart, shape: resolved,
            warmUpSteps: warmUp)
    }
}
