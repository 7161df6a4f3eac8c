extension ProblemChecker {
    /// Reads `[scale]`: characteristic sizes of coordinates and unknowns.
    mutating func readScale() -> Scale {
        var scale = Scale()
        guard let domain else { return scale }
        let names = domain.declarations.map(\.name) + unknowns.map(\.name)
        for entry in section("scale") {
            let isKnown = domain.index(of: entry.key) != nil || names.contains(entry.key)
            guard isKnown else {
                if !failedNames.contains(entry.key) {
                    diagnostics.append(.unknownKey(entry, in: "scale", names: names))
                }
                continue
            }
            guard let size = constant(entry.tree, "scale.\(entry.key)") else { continue }
            guard size > 0 else {
                complain(entry.tree.origin, "'scale.\(entry.key)' must be positive, not \(size.shortText)")
                continue
            }
            if let unknown = unknowns.firstIndex(where: { $0.name == entry.key }) { scale.unknowns[unknown] = size }
            for (index, coordinate) in domain.coordinates.enumerated()
            where coordinate.name == entry.key || coordinate.name.hasPrefix(entry.key + "[") {
                scale.coordinates[index] = size
            }
        }
        return scale
    }
}
