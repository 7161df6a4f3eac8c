import Expressions
import Geometry
import LinearAlgebra
import Networks

extension CollocationProblem {
    /// Finds out whether the problem can be solved in windows of time.
    ///
    /// Conditions at the start must be loss terms without integrals, and nothing else may refer to one time or keep numbers
    /// for all times. That no exact condition holds at an end of the time is for the caller to see to.
    ///
    /// - Throws: `TimeWindowError` with the first obstacle.
    public func checkWindows() throws(TimeWindowError) {
        guard let timeAxis = domain.timeAxis else {
            throw TimeWindowError(term: nil, reason: "it does not depend on time")
        }
        guard unknownParameters.isEmpty else {
            throw TimeWindowError(
                term: nil, reason: "an unknown parameter has one value for all times, but windows are solved one by one"
            )
        }
        guard terms.contains(where: \.isAtStart) else {
            throw TimeWindowError(
                term: nil, reason: "no condition at the start is a loss term, from which a window could go on")
        }
        for term in terms {
            if let reason = term.obstacleToWindows(timeAxis: timeAxis, dimensions: domain.dimensions) {
                throw TimeWindowError(term: term.name, reason: reason)
            }
        }
    }

    /// The problem in one window.
    ///
    /// In a later window, conditions at the start are replaced: each field that one reads, as a value or a derivative in time,
    /// is what it was at the end of the window before, at points that are drawn once.
    ///
    /// - Parameter before: the fields of the window before; nil for the first one.
    /// - Precondition: ``checkWindows()`` finds nothing.
    package func window(
        _ window: Int, of windows: TimeWindows, after before: TrainedFields?, scheme: PointScheme, seed: UInt64
    ) throws -> CollocationProblem {
        var problem = self
        problem.domain = SpaceTime(
            domain.region, time: windows.span(of: window), periodicAxes: domain.periodicAxes)
        for index in terms.indices {
            for piece in terms[index].location.pieces.indices {
                guard case .face(let face) = terms[index].location.pieces[piece].place else { continue }
                problem.terms[index].location.pieces[piece].place = .face(problem.domain.faces[face.index])
            }
            if let before, terms[index].isAtStart {
                problem.terms[index] = try problem.terms[index].continuing(
                    before, in: problem.domain, timeAxis: windows.timeAxis, scheme: scheme, seed: seed,
                    name: "\(terms[index].name)/window \(window + 1)")
            }
        }
        return problem
    }
}

extension ResidualTerm {
    /// Whether the term holds at the first time only.
    var isAtStart: Bool {
        guard !location.pieces.isEmpty, data == nil else { return false }
        return location.pieces.allSatisfy { $0.place.face?.kind == .start }
    }

    /// Why the term stands in the way of windows; nil if it does not.
    fileprivate func obstacleToWindows(timeAxis: Int, dimensions: Int) -> String? {
        if data != nil { return "measurements may lie in any of them" }
        for piece in location.pieces {
            switch piece.place {
            case .interior: break
            case .face(let face):
                if face.kind == .end { return "it holds at the last time" }
                if face.kind == .start, !isAtStart { return "it holds at the first time and elsewhere" }
            case .point(let point): if point.count == dimensions { return "it holds at one time" }
            }
            if let filter = piece.filter, filter.usedCoordinates.contains(timeAxis) {
                return "it holds at some times only"
            }
        }
        if isAtStart, !integrals.isEmpty { return "it takes an integral at the first time" }
        guard let tape = try? Tape(components + integrals.map(\.body)) else { return nil }
        let readsOneTime = tape.inputs.contains { input in
            if case .trace(_, let trace) = input { trace.value(of: timeAxis) != nil } else { false }
        }
        return readsOneTime ? "it reads a field at one time" : nil
    }

    /// A condition at the start of a later window.
    fileprivate func continuing(
        _ before: TrainedFields, in domain: SpaceTime, timeAxis: Int, scheme: PointScheme, seed: UInt64, name: String
    ) throws -> ResidualTerm {
        var fields: [FieldDerivative] = []
        for field in components.flatMap(\.fieldDerivatives) {
            var inTime = FieldDerivative(unknown: field.unknown, derivative: .value)
            if case .partial(let indices) = field.derivative {
                let times = indices.filter { $0 == timeAxis }
                if !times.isEmpty { inTime.derivative = .partial(times) }
            }
            if !fields.contains(inTime) { fields.append(inTime) }
        }
        let sampler = PointSampler(
            location, in: domain, pointsPerPiece: pointsPerFace, scheme: scheme, seed: seed, name: name)
        let points = PointSet<Double>(
            coordinateCount: domain.dimensions, count: sampler.pointCount, hasNormals: false, coefficientCount: 0)
        try sampler.fill(points)
        let coordinates = points.coordinates(0, points.count)
        let expressions = fields.map { Expression.field($0.unknown, $0.derivative) }
        let columns = try before.evaluate(expressions, at: coordinates)
        return ResidualTerm(
            name: self.name, components: expressions.enumerated().map { $1 - Expression.datum($0) },
            data: PointData(points: coordinates, columns: columns), weight: weight)
    }
}
