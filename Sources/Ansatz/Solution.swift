import Expressions
import PhysicsInformed
import ProblemFiles

/// What a solve leaves behind: fields that can be evaluated anywhere, errors, and the reason why it ended.
public struct Solution: Sendable {
    /// The fields, as functions of the point.
    public var fields: any FieldEvaluator
    /// Relative L2 error by unknown, on points that training never saw; empty without a reference.
    public var relativeL2: [NamedValue]
    /// Largest absolute error by unknown on the same points.
    public var maximumError: [NamedValue]
    /// The values found for unknown parameters.
    public var parameters: [NamedValue]
    /// Relative errors of those that have a reference; absolute where the reference is 0.
    public var parameterErrors: [NamedValue]
    /// Root mean square of each equation's and condition's residual on fresh points.
    public var residuals: [NamedValue]
    /// The loss terms at the end, unweighted.
    public var finalLosses: [NamedValue]
    /// Optimizer steps taken, all stages together.
    public var steps: Int
    /// Seconds of training.
    public var seconds: Double
    /// Why it ended.
    public var stop: StopReason
    /// What redraws took of the seconds; nil where no points follow the residual.
    public var sampling: SamplingTime?
}

extension Solution {
    /// |found − wanted| / |wanted| for each unknown parameter with a reference; the difference itself where that is 0.
    static func parameterErrors(_ parameters: [UnknownParameter], found: [Double]) -> [NamedValue] {
        zip(parameters, found).compactMap { parameter, found in
            parameter.reference.map { wanted in
                NamedValue(parameter.name, abs(found - wanted) / (wanted == 0 ? 1 : abs(wanted)))
            }
        }
    }
}

/// A name and a number.
public struct NamedValue: Sendable, Equatable {
    /// The name.
    public var name: String
    /// The number.
    public var value: Double

    /// Joins the two.
    public init(_ name: String, _ value: Double) {
        self.name = name
        self.value = value
    }
}

/// Fields that can be evaluated at any point of the domain.
public protocol FieldEvaluator: Sendable {
    /// Values of scalar expressions over the unknowns, their derivatives, coordinates and parameters.
    ///
    /// `points[c][i]` is coordinate `c` (flat index) of point `i`, `normals`, where there are any, its outward normal; the
    /// result is `[expression][point]`. Throws when an expression cannot be evaluated pointwise.
    func evaluate(_ expressions: [Expression], at points: [[Double]], normals: [[Double]]?) throws -> [[Double]]
}

extension FieldEvaluator {
    /// Values where there is no normal.
    public func evaluate(_ expressions: [Expression], at points: [[Double]]) throws -> [[Double]] {
        try evaluate(expressions, at: points, normals: nil)
    }
}
