import Expressions
import Geometry
import PhysicsInformed
import ProblemFiles
import Randomness

/// Doubts about the conditions of a problem: too few, too many, or at odds where faces meet.
struct ConditionReview {
    private let problem: Problem

    init(_ problem: Problem) { self.problem = problem }

    /// The doubts as warnings that point at the conditions.
    func warnings() -> [Diagnostic] {
        let data = values()
        return openSides() + doubleValues(data) + corners(data)
    }

    // MARK: Too few

    /// Along each coordinate an unknown needs as many conditions, on both ends together, as the highest derivative along it
    /// has order. Order one in space is no sign of trouble in a system: the pressure of a flow is given where you like.
    private func openSides() -> [Diagnostic] {
        problem.unknowns.indices.flatMap { unknown in
            problem.domain.coordinates.indices.compactMap { coordinate -> Diagnostic? in
                if problem.domain.spaceTime.periodicAxes.contains(coordinate) { return nil }
                let needed = order(of: unknown, along: coordinate)
                let isTime = problem.domain.coordinates[coordinate].isTime
                guard needed >= 2 || needed == 1 && (isTime || problem.unknowns.count == 1) else { return nil }
                let given = conditionCount(on: unknown, axis: coordinate)
                guard given < needed else { return nil }
                let name = problem.unknowns[unknown].name
                let axis = problem.domain.coordinates[coordinate].name
                return Diagnostic(
                    .warning,
                    "the conditions leave the problem open: '\(name)' has derivatives of order \(needed) along \(axis) "
                        + "and \(given == 0 ? "no condition" : "\(given) condition\(given == 1 ? "" : "s")") at its ends",
                    hint: isTime
                        ? "add what is known at the first or the last time"
                        : "add conditions on '\(axis).min' and '\(axis).max'",
                    file: problem.source?.name)
            }
        }
    }

    private func order(of unknown: Int, along coordinate: Int) -> Int {
        problem.equations.flatMap(\.residual.fieldDerivatives).filter { $0.unknown == unknown }.map { field in
            switch field.derivative {
            case .partial(let indices): indices.count { $0 == coordinate }
            case .laplacian(let indices): indices.contains(coordinate) ? 2 : 0
            }
        }.max() ?? 0
    }

    /// Scalar conditions that read the unknown on either face across the axis, or inside, which may be anywhere; one on a
    /// curved face may stand for both ends, and measurements stand for anything.
    private func conditionCount(on unknown: Int, axis: Int) -> Int {
        let observed = problem.data.flatMap { $0.observations?.quantities ?? [] }
        guard !observed.contains(where: { $0.expression.fieldDerivatives.contains { $0.unknown == unknown } }) else {
            return .max
        }
        return problem.conditions.reduce(0) { count, condition in
            let components = condition.residual.components.count { component in
                component.fieldDerivatives.contains { $0.unknown == unknown }
            }
            let ends = condition.location.pieces.reduce(0) { ends, piece in
                guard let face = piece.place.face else { return ends + 1 }
                guard let side = face.boxFace else { return ends + 2 }
                return ends + (side.axis == axis ? 1 : 0)
            }
            return count + components * ends
        }
    }

    // MARK: Too many

    /// Values of one unknown that are given twice on a whole face.
    private func doubleValues(_ data: [FaceValue]) -> [Diagnostic] {
        return data.indices.compactMap { second in
            let (face, unknown) = (data[second].face, data[second].unknown)
            guard let first = data[..<second].first(where: { $0.face == face && $0.unknown == unknown }) else {
                return nil
            }
            let (earlier, later) = (problem.conditions[first.condition], problem.conditions[data[second].condition])
            let side = problem.domain.name(of: face)
            return later.origin.diagnostic(
                .warning,
                "'\(problem.unknowns[first.unknown].name)' is fixed twice on \(side): by '\(earlier.name)' and by '\(later.name)'"
            )
        }
    }

    // MARK: At odds

    /// A value that an unknown takes on a whole face.
    private struct FaceValue {
        var condition: Int
        var unknown: Int
        var face: SpaceTimeFace
        var data: Expression
    }

    /// Conditions of the form u = data, component by component, face by face.
    private func values() -> [FaceValue] {
        problem.conditions.enumerated().flatMap { index, condition in
            condition.residual.components.flatMap { component -> [FaceValue] in
                guard !component.usesNormal, component.fieldDerivatives.allSatisfy({ $0.derivative == .value }) else {
                    return []
                }
                let whole = condition.location.pieces.filter { $0.filter == nil }.compactMap(\.place.face)
                return whole.compactMap { face in
                    let data = try? FaceData(condition: condition.name, residual: component, face: face)
                    return data.map { FaceValue(condition: index, unknown: $0.unknown, face: face, data: $0.data) }
                }
            }
        }
    }

    /// Pairs of conditions that give different values where their faces meet; one warning for each pair of conditions.
    private func corners(_ data: [FaceValue]) -> [Diagnostic] {
        var stream = RandomStream(seed: 1, name: "corners")
        var seen: Set<[Int]> = []
        var warnings: [Diagnostic] = []
        for (index, first) in data.enumerated() {
            for second in data[(index + 1)...] where second.unknown == first.unknown {
                // What one condition says on two of its faces is one function.
                guard first.condition != second.condition, !seen.contains([first.condition, second.condition]),
                    let gap = gap(first, second, &stream)
                else { continue }
                seen.insert([first.condition, second.condition])
                warnings.append(describe(first, second, gap))
            }
        }
        return warnings
    }

    private struct Gap {
        var point: [Double]
        var first: Double
        var second: Double
    }

    /// The largest difference at the ends and at a few random points of the edge that the faces share, if it is one.
    private func gap(_ first: FaceValue, _ second: FaceValue, _ stream: inout RandomStream) -> Gap? {
        guard problem.domain.spaceTime.region.box != nil, let side = first.face.boxFace,
            let other = second.face.boxFace,
            side.axis != other.axis
        else { return nil }
        let box = problem.domain.box
        var largest: Gap?
        for trial in 0..<8 {
            var point = zip(box.lower, box.upper).map { lower, upper in
                trial == 0 ? lower : trial == 1 ? upper : lower + (upper - lower) * stream.uniform()
            }
            point[side.axis] = side.position
            point[other.axis] = other.position
            let gap = Gap(point: point, first: first.data.value(at: point)[0], second: second.data.value(at: point)[0])
            let difference = abs(gap.first - gap.second)
            guard difference > 1e-6 * max(1, abs(gap.first), abs(gap.second)),
                difference > largest.map({ abs($0.first - $0.second) }) ?? 0
            else { continue }
            largest = gap
        }
        return largest
    }

    private func describe(_ first: FaceValue, _ second: FaceValue, _ gap: Gap) -> Diagnostic {
        let (earlier, later) = (problem.conditions[first.condition], problem.conditions[second.condition])
        let place = zip(problem.domain.coordinates, gap.point).prefix(4).map {
            "\($0.name) = \(NumberText.short($1, digits: 3))"
        }
        let dots = gap.point.count > 4 ? ", …" : ""
        return later.origin.diagnostic(
            .warning,
            "'\(earlier.name)' and '\(later.name)' disagree where their faces meet: at "
                + place.joined(separator: ", ") + dots
                + " they give '\(problem.unknowns[first.unknown].name)' the values "
                + "\(NumberText.short(gap.first, digits: 3)) and \(NumberText.short(gap.second, digits: 3))",
            hint: "no smooth solution meets both; expect the error to stay large near that place")
    }
}
