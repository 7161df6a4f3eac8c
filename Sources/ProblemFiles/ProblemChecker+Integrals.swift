import Expressions

extension ProblemChecker {
    /// Whether the integrals of an expression can be computed; complains at its text otherwise.
    mutating func checkIntegrals(_ expression: Expression, _ origin: Origin) -> Bool {
        guard expression.usesIntegral, let domain else { return true }
        var separator = IntegralSeparator(firstParameter: soughtParameters.count)
        do {
            for component in expression.components { _ = try separator.separate(component) }
        } catch {
            for issue in error.issues { complain(origin, issue.message, hint: issue.hint) }
            return false
        }
        var isFine = true
        for integral in separator.integrals {
            let name = integral.place
            guard let place = domain.place(named: name) else {
                complain(
                    origin, "there is no face '\(name)' to integrate over",
                    hint: NearestName.hint(for: name, among: domain.placeNames, label: "places"))
                isFine = false
                continue
            }
            if !place.pieces.allSatisfy({ $0.place.face?.isTimeEnd != true }) {
                complain(
                    origin, "'\(name)' is the region at one time, an integral runs over space",
                    hint: "hold the time in what is integrated: integral(u(t = 0) over region)")
                isFine = false
            }
        }
        return isFine
    }

    /// The place of a condition without 'on': none, if its residual is one number (at each time); complains otherwise.
    mutating func globalPlace(
        _ residual: Expression, _ entry: OptionTree.Entry, _ options: ResolvedOptions
    ) -> ConditionLocation? {
        let path = "conditions.\(entry.key)"
        guard residual.usesIntegral || residual.usesTrace, let domain else {
            complain(
                entry.keyOrigin, "'\(path).on' is missing", hint: "say where the condition holds: on = \"boundary\"")
            return nil
        }
        guard options.text("enforce") == Condition.Enforcement.penalty.rawValue else {
            complain(
                options.origin(of: "enforce"), "a condition without 'on' cannot be built into the ansatz",
                hint: "leave out enforce = \"exact\"")
            return nil
        }
        var separator = IntegralSeparator(firstParameter: soughtParameters.count)
        let components = residual.components.compactMap { try? separator.separate($0) }
        // What cannot be separated or compiled is complained about elsewhere.
        guard components.count == residual.components.count, let tape = try? Tape(components) else {
            return ConditionLocation([])
        }
        let space = domain.coordinates.indices.filter { $0 != domain.timeIndex }
        let dependsOnPlace = tape.inputs.contains { input in
            switch input {
            case .coordinate(let coordinate): coordinate != domain.timeIndex
            case .field, .normal: true
            case .trace(_, let trace): space.contains { trace.value(of: $0) == nil }
            case .table(let reading): reading.expression.usedCoordinates.contains { $0 != domain.timeIndex }
            case .parameter, .datum: false
            }
        }
        guard dependsOnPlace else { return ConditionLocation([]) }
        complain(
            entry.keyOrigin, "'\(path).on' is missing, and the equation depends on the place",
            hint: "say where it holds, or put what varies in space into integrals and averages")
        return nil
    }
}
