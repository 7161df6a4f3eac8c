import Expressions
import Geometry

/// A value that an unknown takes on a face, or, on a side of the bounding box, a derivative across it.
public struct FaceData: Sendable {
    /// Which of the two is prescribed.
    public enum Kind: Sendable {
        /// u on the face.
        case value
        /// ∂u along the face's axis, in the direction of growing coordinate.
        case slope
    }

    /// The name of the condition, for messages.
    public var condition: String
    /// The number of the unknown.
    public var unknown: Int
    /// The face.
    public var face: SpaceTimeFace
    /// What is prescribed.
    public var kind: Kind
    /// The data as written, over coordinates and parameters.
    public var data: Expression

    /// The data on a side of the bounding box, constant across it.
    var trace: Expression {
        guard let side = face.boxFace else { return data }
        return data.substituting(coordinate: side.axis, by: Expression(side.position)).simplified()
    }

    /// Joins the parts.
    public init(condition: String, unknown: Int, face: SpaceTimeFace, kind: Kind, data: Expression) {
        self.condition = condition
        self.unknown = unknown
        self.face = face
        self.kind = kind
        self.data = data
    }

    /// Reads `residual = 0` on `face` as a value or slope of one unknown.
    ///
    /// The residual must be c·(u − h) or, on a side of the bounding box, c·(∂u − h) with a constant c and data h that is
    /// free of unknowns, where ∂u is the derivative along the face's axis or the normal derivative.
    ///
    /// - Throws: `ExactConditionError` with the reason when it has another form.
    public init(condition: String, residual: Expression, face: SpaceTimeFace) throws(ExactConditionError) {
        guard residual.unknownParameters.isEmpty else {
            throw ExactConditionError(
                condition: condition,
                reason: "it contains an unknown parameter, but the ansatz is fixed before training")
        }
        let side = face.boxFace
        var residual = residual
        if let side {
            residual = residual.substituting(normals: side.outwardNormal.map { Expression($0) }).simplified()
        }
        let fields = residual.fieldDerivatives
        let expected =
            side == nil
            ? "on a face that is not a side of a box it must read 'u = data' with one unknown"
            : "it must read 'u = data', or give the derivative of u across the face, with one unknown"
        guard !residual.usesNormal, !residual.usesTrace, !residual.usesMean, !residual.usesIntegral, fields.count == 1,
            let field = fields.first
        else {
            throw ExactConditionError(condition: condition, reason: expected)
        }
        let kind: Kind
        switch field.derivative {
        case .value: kind = .value
        case .partial(let along) where side.map({ along == [$0.axis] }) ?? false: kind = .slope
        default: throw ExactConditionError(condition: condition, reason: expected)
        }
        func value(with replacement: Expression) -> Expression {
            let zeros = [Expression](repeating: 0, count: field.unknown)
            return residual.substituting(unknowns: zeros + [replacement]).simplified()
        }
        let atZero = value(with: 0)
        let atOne = value(with: side.map { kind == .value ? 1 : Expression.coordinate($0.axis) } ?? 1)
        // Terms free of the unknown cancel here in value, not always in form.
        let slopes = FaceProbes(face, withCorners: false, count: 8).map { (atOne - atZero).value(at: $0)[0] }
        guard residual.isLinearInUnknowns, let slope = slopes.first, slope != 0,
            slopes.allSatisfy({ abs($0 - slope) <= 1e-10 * abs(slope) })
        else {
            throw ExactConditionError(
                condition: condition, reason: "the unknown must appear linearly, with a constant factor")
        }
        let data = atZero * Expression(-1 / slope)
        self.init(
            condition: condition, unknown: field.unknown, face: face, kind: kind,
            data: data.simplified())
    }
}

/// Why a condition cannot be met exactly.
public struct ExactConditionError: Error, Sendable, Equatable {
    /// The condition's name.
    public var condition: String
    /// The reason, as the second half of a sentence.
    public var reason: String

    /// Joins the two.
    public init(condition: String, reason: String) {
        self.condition = condition
        self.reason = reason
    }
}
