/// Why a linear system cannot be set up or solved as asked.
public enum LinearSystemError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A cell has a kind that does not exist.
    case kind(Int, cell: Int)
    /// No cell holds an unknown.
    case noFluid
    /// A coefficient is not positive and finite.
    case coefficient(Double, cell: Int)
    /// An edge length is not positive and finite.
    case spacing(Double)
    /// A right-hand side or initial guess has the wrong length.
    case length(found: Int, needed: Int)
    /// A right-hand side or initial guess holds a number that is not finite.
    case notFinite(Double, index: Int)
    /// A component without given values has sources that do not add up to zero.
    case incompatible(component: Int, cells: Int, cell: Int, sum: Double)
    /// A method for three dimensions met a box with fewer than two cells along an axis.
    case flat
    /// More memory is needed than there is.
    case memory(needed: Int, available: Int)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .kind(let kind, let cell):
            "cell \(cell) has kind \(kind); write 0 for solid, 1 for fluid, 2 for given values"
        case .noFluid: "no cell is fluid, so there is nothing to solve for"
        case .coefficient(let value, let cell):
            "the coefficient of cell \(cell) is \(value); it must be positive and finite"
        case .spacing(let value): "an edge of a cell is \(value) long; it must be positive and finite"
        case .length(let found, let needed): "found \(found) numbers where the system has \(needed)"
        case .notFinite(let value, let index): "number \(index) is \(value); all must be finite"
        case .incompatible(let component, let cells, let cell, let sum):
            "component \(component) (\(cells) unknowns, one is cell \(cell)) has no given values, and its right-hand side sums to \(sum), "
                + "not 0: there is no solution; give a value somewhere, or ask for the projection"
        case .flat:
            "this method is for boxes of three dimensions with at least two cells along each axis; use another preconditioner"
        case .memory(let needed, let available):
            "\(needed) bytes are needed and \(available) are available; use fewer cells"
        }
    }
}
