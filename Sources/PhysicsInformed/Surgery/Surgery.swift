import LinearAlgebra
import Optimizers

/// How the gradients of the weighted loss terms become the gradient of a first-order step: a method with its options.
public struct Surgery: Sendable {
    /// The method.
    public let method: any SurgeryMethod.Type
    /// Its options.
    public let options: OptionValues

    /// Joins the two.
    public init(_ method: any SurgeryMethod.Type, options: OptionValues) {
        self.method = method
        self.options = options
    }

    /// No surgery: the gradients add up.
    public static let sum = Surgery(PlainSum.self, options: OptionValues(defaults: []))
}

/// Gradient surgery by name: one file, and one line in ``surgeryMethods``.
public protocol SurgeryMethod: Sendable {
    /// What users read and set.
    static var description: SurgeryDescription { get }

    /// Makes the surgery in its initial state; nil where the gradient of the whole loss is wanted.
    static func make<S: Scalar>(_ terms: SurgeryTerms, options: OptionValues) -> (any GradientSurgery<S>)?
}

/// What a surgery has to know of the training it works in.
public struct SurgeryTerms: Sendable {
    /// For each term, whether it is the residual of an equation.
    public var isEquation: [Bool]
    /// The length of a gradient.
    public var parameterCount: Int
    /// The seed of the run.
    public var seed: UInt64

    /// Joins the parts.
    public init(isEquation: [Bool], parameterCount: Int, seed: UInt64) {
        self.isEquation = isEquation
        self.parameterCount = parameterCount
        self.seed = seed
    }

    /// How many terms there are.
    public var count: Int { isEquation.count }
}

/// Surgery at work: it owns its state, which is saved with the training's.
public protocol GradientSurgery<S>: Stateful {
    /// The one term whose gradient the coming step needs; nil when it needs all.
    var onlyTerm: Int? { get }

    /// Writes the gradient of a step.
    ///
    /// - Parameter gradients: wᵢ∇Lᵢ, finite; with `onlyTerm` just that one is up to date.
    func join(_ gradients: TermGradients<S>, into gradient: UnsafeMutablePointer<S>)
}

extension GradientSurgery {
    /// All terms.
    public var onlyTerm: Int? { nil }
}

/// What there is to say about a surgery.
public struct SurgeryDescription: Sendable {
    /// The name in problem files.
    public let name: String
    /// One line.
    public let summary: String
    /// The paper that defines it.
    public let source: String
    /// Whether it sets the equations against conditions and data, and so needs both.
    public let comparesWithEquations: Bool
    /// Whether it keeps moments of its own, so that the optimizer must take the gradient as it is.
    public let replacesMoments: Bool
    /// What can be set.
    public let options: [OptionDescription]

    /// Joins the parts.
    init(
        name: String, summary: String, source: String, comparesWithEquations: Bool = false,
        replacesMoments: Bool = false, options: [OptionDescription] = []
    ) {
        self.name = name
        self.summary = summary
        self.source = source
        self.comparesWithEquations = comparesWithEquations
        self.replacesMoments = replacesMoments
        self.options = options
    }

    /// What is missing for the surgery to mean anything; nil where nothing is.
    ///
    /// - Parameter isEquation: for each loss term, whether it is the residual of an equation.
    public func lack(_ isEquation: [Bool]) -> String? {
        guard name != PlainSum.description.name else { return nil }
        if isEquation.count < 2 { return "needs two or more loss terms, and this problem has one" }
        guard comparesWithEquations, !isEquation.contains(false) else { return nil }
        return "sets the equations against conditions and data, and here all loss terms are equations"
    }
}

/// All kinds of gradient surgery, in the order in which they are listed.
public let surgeryMethods: [any SurgeryMethod.Type] = [
    PlainSum.self,
    ProjectedConflicts.self,
    ConflictFree.self,
    MomentumConflictFree.self,
    SimilarityAware.self,
    DualCone.self,
]

/// The surgery of this name, if there is one.
public func surgeryMethod(named name: String) -> (any SurgeryMethod.Type)? {
    surgeryMethods.first { $0.description.name == name }
}
