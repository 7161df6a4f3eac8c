import Expressions
import Geometry

/// Conditions that hold exactly because they are built into the ansatz: u = g + φ·N for each unknown u.
///
/// The lift g takes the prescribed values and normal derivatives on the faces; the cutoff φ vanishes there, to second
/// order where a derivative is prescribed too; N is the network's output. Sukumar and Srivastava, "Exact imposition of
/// boundary conditions with distance functions in physics-informed deep neural networks", CMAME 389 (2022).
public struct ExactConditions: Sendable {
    /// The two functions of the coordinates that carry an unknown's conditions.
    public struct Ansatz: Sendable, Equatable {
        /// g
        public var lift: Expression
        /// φ
        public var cutoff: Expression

        /// Joins the two.
        public init(lift: Expression, cutoff: Expression) {
            self.lift = lift
            self.cutoff = cutoff
        }
    }

    /// By unknown; nil where the unknown is the network's output as it stands.
    public var ansatz: [Ansatz?]

    /// No condition for any of the unknowns.
    public init(unknownCount: Int) {
        ansatz = Array(repeating: nil, count: unknownCount)
    }

    /// An ansatz by unknown.
    public init(_ ansatz: [Ansatz?]) {
        self.ansatz = ansatz
    }
}

extension ExactConditions {
    /// Conditions from data on whole faces, by transfinite interpolation.
    ///
    /// - Throws: `ExactConditionError` when a face has no smooth function that vanishes on it, when a derivative is
    ///   prescribed on a face whose value is not, when data are given twice, and when data disagree where faces meet.
    public init(_ data: [FaceData], domain: SpaceTime, unknownCount: Int) throws(ExactConditionError) {
        self = try TransfiniteInterpolation.conditions(from: data, domain: domain, unknownCount: unknownCount)
    }
}
