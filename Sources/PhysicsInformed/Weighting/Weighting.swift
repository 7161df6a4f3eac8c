import LinearAlgebra
import Optimizers

/// How the weights of the loss terms move: a rule, how often it is asked, and how quickly the weights follow it.
///
/// At every `every`-th step of a first-order stage, from its first on, the rule names an aim λ̂ for each weight, and
/// λ ← memory · λ + (1 − memory) · λ̂ before the step is taken. An aim that is zero, or no number because a gradient
/// vanishes, leaves the weight as it is; aims are at most ``largestAim``; a weight of 0 switches its term off and stays 0.
/// Quasi-Newton stages leave all weights alone.
public struct Weighting: Sendable {
    /// The rule.
    public let rule: any WeightingRule
    /// Steps between updates; 0 for never.
    public let every: Int
    /// The share of the old weight in the new one.
    public let memory: Double

    /// The largest weight that a rule can aim at.
    public static let largestAim = 1e9

    /// A rule with its options, which also hold the rhythm if the rule measures anything.
    public init(_ rule: any WeightingRule.Type, options: OptionValues) {
        self.rule = rule.init(options)
        let moves = rule.description.measures != .nothing
        every = moves ? options.integer("every") : 0
        memory = moves ? options.number("memory") : 1
    }

    /// Weights that never change.
    public static let fixed = Weighting(FixedWeights.self, options: OptionValues(defaults: []))

    /// Whether the rule is asked at this step of a stage.
    func updates(at stageStep: Int) -> Bool { every > 0 && stageStep % every == 0 }

    /// The new weight; the old one where there is nothing to aim at.
    func moved(_ weight: Double, towards aim: Double?) -> Double {
        guard let aim, aim > 0, aim.isFinite, weight > 0 else { return weight }
        return memory * weight + (1 - memory) * min(aim, Self.largestAim)
    }
}

/// A rule for the weights of loss terms: one file, and one line in ``weightingRules``.
public protocol WeightingRule: Sendable {
    /// What users read and set.
    static var description: WeightingDescription { get }

    /// Takes the options, checked against the description.
    init(_ options: OptionValues)

    /// Names the aims of one update.
    ///
    /// - Parameters:
    ///   - terms: what was measured at the present parameters.
    ///   - aims: one for each term, nil at first; nil, zero and what is not finite keep the weight.
    func aim<S: Scalar>(_ terms: TermStatistics<S>, _ aims: inout [Double?])
}

/// What there is to say about a weighting rule.
public struct WeightingDescription: Sendable {
    /// What a rule looks at.
    public enum Measurement: Sendable {
        /// Nothing: the weights are constants.
        case nothing
        /// The gradient of each term.
        case gradients
        /// The trace of the tangent kernel of each term.
        case tangentKernel
    }

    /// The name in problem files.
    public let name: String
    /// One line.
    public let summary: String
    /// The paper that defines it.
    public let source: String
    /// What it looks at.
    public let measures: Measurement
    /// Whether it weighs conditions and data against the equations, and so needs both.
    public let comparesWithEquations: Bool
    /// What can be set.
    public let options: [OptionDescription]

    /// Joins the parts; rules that measure anything get `every` and `memory` before their own options.
    init(
        name: String, summary: String, source: String, measures: Measurement, comparesWithEquations: Bool = false,
        every: Int = 0, memory: Double = 0.9, options: [OptionDescription] = []
    ) {
        self.name = name
        self.summary = summary
        self.source = source
        self.measures = measures
        self.comparesWithEquations = comparesWithEquations
        let rhythm: [OptionDescription] = [
            .integer("every", default: every, in: .from(1, to: 1e9), help: "steps between updates"),
            .number("memory", default: memory, in: .from(0, below: 1), help: "share of the old weight in the new one"),
        ]
        self.options = (measures == .nothing ? [] : rhythm) + options
    }

    /// What is missing for the rule to mean anything; nil where nothing is.
    ///
    /// - Parameter isEquation: for each loss term, whether it is the residual of an equation.
    public func lack(_ isEquation: [Bool]) -> String? {
        guard measures != .nothing else { return nil }
        if isEquation.count < 2 { return "needs two or more loss terms, and this problem has one" }
        guard comparesWithEquations, !isEquation.contains(false) else { return nil }
        return "weighs conditions and data against the equations, and here all loss terms are equations"
    }
}

/// All weighting rules, in the order in which they are listed.
public let weightingRules: [any WeightingRule.Type] = [
    FixedWeights.self,
    GradientAnnealing.self,
    GradientNormWeights.self,
    TangentKernelWeights.self,
]

/// The weighting rule of this name, if there is one.
public func weightingRule(named name: String) -> (any WeightingRule.Type)? {
    weightingRules.first { $0.description.name == name }
}
