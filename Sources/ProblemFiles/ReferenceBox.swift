import Expressions
import Geometry

/// The part of the domain in which errors against the reference are measured: a box, of which only points of the region count.
public struct ReferenceBox: Sendable, Equatable {
    /// The bounds of all coordinates, the time included; where none were given they are the domain's.
    public var box: Box
    /// Where it was written, for complaints about it.
    public var origin = Origin.none

    /// A box inside the domain's.
    public init(_ box: Box) { self.box = box }

    /// Compares the bounds.
    public static func == (left: ReferenceBox, right: ReferenceBox) -> Bool { left.box == right.box }
}

extension ReferenceBox {
    /// Bounds of a coordinate, or of all components of a family.
    struct Bounds {
        var name: String
        var lower: Double
        var upper: Double
    }

    /// The bounds that differ from the domain's, those of a family at once where its components agree; all, if none do.
    func bounds(in domain: Domain) -> [Bounds] {
        var given: [Bounds] = [], all: [Bounds] = []
        var flat = 0
        for declaration in domain.declarations {
            let axes = flat..<(flat + (declaration.count ?? 1))
            flat = axes.upperBound
            func isGiven(_ axis: Int) -> Bool {
                box.lower[axis] != domain.box.lower[axis] || box.upper[axis] != domain.box.upper[axis]
            }
            func bounds(_ axis: Int, _ name: String) -> Bounds {
                Bounds(name: name, lower: box.lower[axis], upper: box.upper[axis])
            }
            let first = axes.lowerBound
            let isShared = axes.allSatisfy { box.lower[$0] == box.lower[first] && box.upper[$0] == box.upper[first] }
            let parts =
                isShared
                ? [(bounds(first, declaration.name), axes.contains(where: isGiven))]
                : axes.map { (bounds($0, domain.coordinates[$0].name), isGiven($0)) }
            all += parts.map(\.0)
            given += parts.filter(\.1).map(\.0)
        }
        return given.isEmpty ? all : given
    }

    /// The table as a file has it.
    func tree(in domain: Domain) -> OptionTree {
        OptionTree(
            .table(
                bounds(in: domain).map { bounds in
                    OptionTree.Entry(
                        bounds.name, OptionTree(.list([.shortest(bounds.lower), .shortest(bounds.upper)])))
                }))
    }

    /// The box for people: `x from -0.1 to 0.1, t from 0 to 0.5`.
    package func phrase(in domain: Domain) -> String {
        bounds(in: domain).map { "\($0.name) from \($0.lower.shortText) to \($0.upper.shortText)" }
            .joined(separator: ", ")
    }
}
