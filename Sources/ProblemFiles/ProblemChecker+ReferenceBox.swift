import Expressions
import Geometry
import Randomness

extension ProblemChecker {
    /// Takes `box` out of the entries of `[reference]`, notes it, and returns the other entries.
    ///
    /// A field that is called `box` keeps its expression; only a table is a box.
    mutating func readReferenceBox(_ entries: [OptionTree.Entry], _ domain: Domain) -> [OptionTree.Entry] {
        let names = unknowns.map(\.name) + definitions.map(\.definition.name)
        guard let entry = entries.first(where: { $0.key == "box" }),
            entry.tree.isTable || !names.contains(entry.key)
        else { return entries }
        let rest = entries.filter { $0.key != entry.key }
        guard !rest.isEmpty else {
            complain(
                entry.keyOrigin, "'reference.box' says where fields are compared, but no field has a reference",
                hint: "add one, for example \(unknowns.first?.name ?? "u") = 'u_exact', or leave the box out")
            return []
        }
        guard !entry.tree.isTable || !entry.tree.entries.isEmpty else {
            complain(
                entry.tree.origin, "the box of the reference is empty",
                hint:
                    "give bounds, \(domain.declarations.first?.name ?? "x") = [from, to]; those left out are the domain's"
            )
            return rest
        }
        let count = diagnostics.count
        guard let box = box(entry.tree, domain.declarations, defaults: domain.box), boundsAreKnown else { return rest }
        checkEnds(entry.tree, box, domain)
        if diagnostics.count == count, !Self.meets(box, domain) {
            complain(
                entry.tree.origin, "hardly any point of the region lies in the box of the reference",
                hint: "errors are measured at points that lie in both")
        }
        guard diagnostics.count == count else { return rest }
        var given = ReferenceBox(box)
        given.origin = entry.tree.origin
        referenceBox = given
        return rest
    }

    /// Complains of bounds that reach beyond those of the domain, once for each that was written.
    private mutating func checkEnds(_ tree: OptionTree, _ box: Box, _ domain: Domain) {
        for entry in tree.entries {
            let axes = domain.coordinates.indices.filter { axis in
                let name = domain.coordinates[axis].name
                return name == entry.key || name.hasPrefix(entry.key + "[") && tree[name] == nil
            }
            let beyond = axes.first { axis in
                let slack = 1e-9 * (domain.box.upper[axis] - domain.box.lower[axis])
                return box.lower[axis] < domain.box.lower[axis] - slack
                    || box.upper[axis] > domain.box.upper[axis] + slack
            }
            guard let axis = beyond else { continue }
            let (lower, upper) = (domain.box.lower[axis].shortText, domain.box.upper[axis].shortText)
            complain(
                entry.tree.origin, "the bounds of '\(entry.key)' reach out of the domain",
                hint: "\(domain.coordinates[axis].name) runs from \(lower) to \(upper)")
        }
    }

    /// Whether at least about a thousandth of the box lies in the region.
    private static func meets(_ box: Box, _ domain: Domain) -> Bool {
        guard domain.spaceTime.region.box == nil else { return true }
        let count = max(100, min(20_000, 2_000_000 / box.dimensions))
        var stream = RandomStream(seed: 1, name: "reference box")
        let columns = zip(box.lower, box.upper).map { lower, upper in
            (0..<count).map { _ in lower + (upper - lower) * stream.uniform() }
        }
        let found = domain.spaceTime.regionContains(columns: columns).count { $0 }
        return found > 0 && 1_000 * found >= count
    }
}
