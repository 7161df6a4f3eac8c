import LinearAlgebra

/// One axis of a box without obstacles: the widths of its cells, and what happens at its ends.
///
/// Finite volumes give the tridiagonal matrix T, with 2/(hᵢ + hᵢ₊₁) between neighbours; at an end nothing (no flux), 1/h
/// for a zero at the centre of a missing neighbour as wide as the last cell, 2/h for a zero on the face. −d²/dx² is H⁻¹ T with H = diag h.
public struct BoxAxis: Sendable, Equatable {
    /// What happens at an end.
    public enum End: Sendable, CaseIterable {
        /// No flux.
        case neumann
        /// Zero at the centre of the missing neighbour.
        case dirichlet
        /// Zero on the face.
        case dirichletFace

        /// The end that a wall of a grid makes.
        public init(_ wall: GridDomain.Wall) {
            switch wall {
            case .neumann: self = .neumann
            case .dirichlet: self = .dirichlet
            case .dirichletFace: self = .dirichletFace
            }
        }
    }

    /// The widths of the cells.
    public let widths: [Double]
    /// The end before the first cell.
    public let low: End
    /// The end behind the last cell.
    public let high: End

    /// An axis of cells with given widths.
    ///
    /// - Precondition: at least one cell; widths are positive.
    public init(widths: [Double], low: End, high: End) {
        precondition(!widths.isEmpty && widths.allSatisfy { $0 > 0 && $0.isFinite }, "cells have positive widths")
        self.widths = widths
        self.low = low
        self.high = high
    }

    /// An axis of equal cells.
    public init(cells: Int, width: Double, low: End, high: End) {
        self.init(widths: Array(repeating: width, count: cells), low: low, high: high)
    }

    /// The number of cells.
    public var cells: Int { widths.count }

    /// Whether all cells are equally wide.
    public var isUniform: Bool { widths.allSatisfy { $0 == widths[0] } }

    /// Whether constants are mapped to nothing.
    public var isSingular: Bool { low == .neumann && high == .neumann }

    private static func conductance(_ end: End, _ width: Double) -> Double {
        switch end {
        case .neumann: 0
        case .dirichlet: 1 / width
        case .dirichletFace: 2 / width
        }
    }

    /// The couplings of cell i to the cell before it and to the one behind it, ends included.
    package func couplings(_ i: Int) -> (before: Double, behind: Double) {
        let width = widths[i]
        return (
            i > 0 ? 2 / (widths[i - 1] + width) : Self.conductance(low, width),
            i + 1 < cells ? 2 / (width + widths[i + 1]) : Self.conductance(high, width)
        )
    }

    /// Eigenvalues of H⁻¹ T, ascending, exactly 0 for the constants of a singular axis, and the orthonormal vectors v of
    /// H^(−1/2) T H^(−1/2), one after the other.
    func eigenpairs() -> (values: [Double], vectors: [Double]) {
        let diagonal = (0..<cells).map { i in (couplings(i).before + couplings(i).behind) / widths[i] }
        let off = (0..<cells - 1).map { i in -couplings(i).behind / (widths[i] * widths[i + 1]).squareRoot() }
        guard var pairs = tridiagonalEigenpairs(diagonal: diagonal, offDiagonal: off) else {
            preconditionFailure("a positive tridiagonal matrix has eigenpairs")
        }
        if isSingular {
            pairs.values[0] = 0
            let length = widths.reduce(0, +).squareRoot()
            for i in 0..<cells { pairs.vectors[i] = widths[i].squareRoot() / length }
        }
        return pairs
    }
}
