import Optimizers

/// How the points of loss terms are chosen and weighed, beyond their number and their spread.
///
/// The default is none of it: points are drawn by the scheme and count alike.
public struct PointSettings: Sendable {
    /// Weights that make the equations hold early before late; nil for none. Needs a problem with time.
    public var causality: CausalSettings?
    /// Weights of single points; nil for none. Such weights belong to points, which must not be drawn anew.
    public var weighting: (any PointWeighting)?
    /// The terms whose points have weights, by name; nil for all.
    public var weightedTerms: [String]?
    /// How points of the equations follow the residual where points are drawn anew; nil for points by the scheme.
    public var adaptive: (any AdaptiveSampling)?
    /// How the time in which the equations are looked at grows; nil for all of it from the start. Needs a problem with time.
    public var curriculum: TimeCurriculum?

    /// Joins the parts.
    public init(
        causality: CausalSettings? = nil, weighting: (any PointWeighting)? = nil, weightedTerms: [String]? = nil,
        adaptive: (any AdaptiveSampling)? = nil, curriculum: TimeCurriculum? = nil
    ) {
        self.causality = causality
        self.weighting = weighting
        self.weightedTerms = weightedTerms
        self.adaptive = adaptive
        self.curriculum = curriculum
    }
}

/// What there is to say about a rule for points: what it is called, where it comes from, what can be set.
public struct PointRuleDescription: Sendable, Equatable {
    /// The name in problem files.
    public let name: String
    /// One line.
    public let summary: String
    /// The paper that defines it.
    public let source: String
    /// What can be set.
    public let options: [OptionDescription]

    /// Joins the parts.
    public init(name: String, summary: String, source: String, options: [OptionDescription]) {
        self.name = name
        self.summary = summary
        self.source = source
        self.options = options
    }
}
