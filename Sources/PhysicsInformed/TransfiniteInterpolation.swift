import Expressions
import Geometry

/// Builds lifts and cutoffs from data on faces, by transfinite interpolation.
///
/// For each axis a with data, Pₐ is the Hermite interpolation across the box that takes that data: constant from one
/// value, linear from two, quadratic or cubic where slopes are prescribed too. The lift is the Boolean sum
/// g ← g + Pₐ(u − g) over the axes; it takes all data if they agree where faces meet. The cutoff is the product over
/// the axes of polynomials with the same zeros, scaled to a maximum of one. W. J. Gordon and C. A. Hall,
/// "Transfinite element methods: blending-function interpolation over arbitrary curved element domains" (1973).
///
/// Where an unknown has data on a curved face, all its walls together stand for one axis, see ``LevelSetBasis``; time
/// follows as before.
enum TransfiniteInterpolation {
    /// The exact conditions for `data`; unknowns without data stay as they are.
    ///
    /// - Throws: `ExactConditionError` when a slope lacks its value, data are given twice, or data disagree where faces
    ///   meet.
    static func conditions(
        from data: [FaceData], domain: SpaceTime, unknownCount: Int
    ) throws(ExactConditionError) -> ExactConditions {
        var conditions = ExactConditions(unknownCount: unknownCount)
        for unknown in 0..<unknownCount {
            let own = data.filter { $0.unknown == unknown }
            guard !own.isEmpty else { continue }
            let ansatz = try ansatz(from: own, domain: domain)
            for entry in own { try verify(entry, ansatz.lift) }
            conditions.ansatz[unknown] = ansatz
        }
        return conditions
    }

    /// The Boolean sum over n axes holds 3ⁿ − 1 copies of data that are not 0.
    private static let maximumAxes = 5

    private static func ansatz(
        from data: [FaceData], domain: SpaceTime
    ) throws(ExactConditionError) -> ExactConditions.Ansatz {
        let box = domain.box
        let isCurved = data.contains { $0.face.boxFace == nil }
        let axes = Set(data.filter { $0.trace.constantValue != 0 }.compactMap(\.face.boxFace?.axis))
        guard axes.count <= maximumAxes else {
            throw ExactConditionError(
                condition: data[0].condition,
                reason: "its unknown has exact data other than 0 on faces across \(axes.count) coordinates; "
                    + "transfinite interpolation is offered for up to \(maximumAxes)")
        }
        var lift: Expression = 0
        var cutoff: Expression = 1
        if isCurved {
            let walls = try LevelSetBasis(data.filter { !$0.face.isTimeEnd }, in: domain)
            (lift, cutoff) = (walls.lift, walls.cutoff)
        }
        for axis in 0..<box.dimensions where !isCurved || axis == domain.timeAxis {
            let own = data.filter { $0.face.boxFace?.axis == axis }
            guard !own.isEmpty else { continue }
            let ends = (try End(own, upper: false), try End(own, upper: true))
            let lower = box.lower[axis], length = box.upper[axis] - lower
            let s = (Expression.coordinate(axis) - Expression(lower)) * Expression(1 / length)
            let basis = HermiteBasis(s: s, length: length, lower: ends.0.order, upper: ends.1.order)
            // P(u − g): data of u on the faces, traces of the present g.
            let present = lift
            for (end, position, functions) in [
                (ends.0, box.lower[axis], basis.lower), (ends.1, box.upper[axis], basis.upper),
            ] {
                if let value = end.value {
                    let trace = present.substituting(coordinate: axis, by: Expression(position))
                    lift = lift + functions[0] * (value.trace - trace).simplified()
                }
                if let slope = end.slope {
                    let trace = present.derivative(along: axis).substituting(
                        coordinate: axis, by: Expression(position))
                    lift = lift + functions[1] * (slope.trace - trace).simplified()
                }
            }
            lift = lift.simplified()
            cutoff = (cutoff * basis.cutoff).simplified()
        }
        return ExactConditions.Ansatz(lift: lift, cutoff: cutoff)
    }

    /// What is prescribed at one end of an axis.
    private struct End {
        var value: FaceData?
        var slope: FaceData?
        /// How many of value and slope are given.
        var order: Int { (value == nil ? 0 : 1) + (slope == nil ? 0 : 1) }

        init(_ data: [FaceData], upper: Bool) throws(ExactConditionError) {
            for entry in data where entry.face.boxFace?.isUpper == upper {
                switch entry.kind {
                case .value:
                    if let value { throw Self.twice(value, entry) }
                    value = entry
                case .slope:
                    if let slope { throw Self.twice(slope, entry) }
                    slope = entry
                }
            }
            if let slope, value == nil {
                throw ExactConditionError(
                    condition: slope.condition,
                    reason: "a derivative can be met exactly only on a face where the value is exact too")
            }
        }

        private static func twice(_ first: FaceData, _ second: FaceData) -> ExactConditionError {
            ExactConditionError(
                condition: second.condition, reason: "condition '\(first.condition)' prescribes the same there")
        }
    }

    /// The lift must reproduce each condition's data; where it does not, data disagree along an edge.
    private static func verify(_ entry: FaceData, _ lift: Expression) throws(ExactConditionError) {
        let axis = entry.face.boxFace?.axis
        let taken = entry.kind == .value ? lift : axis.map { lift.derivative(along: $0) } ?? lift
        let probes = Array(FaceProbes(entry.face, withCorners: true))
        let pairs = probes.map { (wanted: entry.data.value(at: $0)[0], found: taken.value(at: $0)[0]) }
        // Rounding in the lift is relative to the largest data of the unknown, not to those of this face.
        let scale = pairs.reduce(1e-300) { max($0, abs($1.wanted), abs($1.found)) }
        for (point, (wanted, found)) in zip(probes, pairs) {
            guard abs(wanted - found) <= 1e-8 * max(scale, 1e-6) else {
                throw ExactConditionError(
                    condition: entry.condition,
                    reason: "its data disagree with another exact condition where the two faces meet; "
                        + "at (\(point.map { "\(Float($0))" }.joined(separator: ", "))) it asks for \(Float(wanted)), "
                        + "the others lead to \(Float(found))")
            }
        }
    }
}
