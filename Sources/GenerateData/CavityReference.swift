import COpenBLAS
import Foundation
import Results

/// The flow in the unit square under a lid that moves with unit speed, at the Reynolds number 100.
///
/// `CavityFlow` on three grids, whose errors are expanded in even powers of the spacing and eliminated (L. F. Richardson). What
/// is left is largest near the ends of the lid, where the velocity jumps.
struct CavityReference {
    /// The viscosity: one over the Reynolds number.
    let viscosity = 0.01
    /// Places of the table along both coordinates: centres of cells, since the pressure is infinite at the ends of the lid.
    let places = (0..<100).map { (Double($0) + 0.5) / 100 }
    /// Intervals of the grids.
    let grids = [112, 160, 208, 256]

    private static let names = ["psi", "u", "v", "p"]

    /// ψ, u, v, p at the places, `[field][x][y]`, in the limit of the given grids.
    func limit(_ flows: [CavityFlow]) -> [[[Double]]] {
        let squares = flows.map { pow($0.grid.spacing, 2) }
        // The weights of interpolation by a polynomial in the square of the spacing, at 0.
        let weights = squares.indices.map { one in
            squares.indices.reduce(1.0) { product, other in
                other == one ? product : product * squares[other] / (squares[other] - squares[one])
            }
        }
        var limit: [[[Double]]] = []
        for (flow, weight) in zip(flows, weights) {
            let fields = flow.fields(at: places)
            if limit.isEmpty { limit = fields.map { $0.map { $0.map { _ in 0 } } } }
            for field in fields.indices {
                for i in places.indices {
                    for j in places.indices { limit[field][i][j] += weight * fields[field][i][j] }
                }
            }
        }
        return limit
    }

    /// The table as a file. Throws when two limits differ too much: by more than 10⁻⁶ in ψ, u, v and 5·10⁻⁶ in p at 0.06
    /// and more from the ends of the lid, and by more than 2·10⁻⁴ and 2·10⁻³ nearer.
    func file() throws -> FieldFile {
        // The same bits on every machine.
        openblas_set_num_threads(1)
        var flows: [CavityFlow] = []
        for intervals in grids {
            flows.append(try CavityFlow(intervals: intervals, viscosity: viscosity, start: flows.last))
        }
        let fine = limit(Array(flows[1...])), coarse = limit(Array(flows[..<3]))
        for (field, name) in Self.names.enumerated() {
            var (near, far) = (0.0, 0.0)
            for (i, x) in places.enumerated() {
                for (j, y) in places.enumerated() {
                    let difference = abs(fine[field][i][j] - coarse[field][i][j])
                    if hypot(min(x, 1 - x), 1 - y) < 0.06 {
                        near = max(near, difference)
                    } else {
                        far = max(far, difference)
                    }
                }
            }
            print("largest difference of two limits, \(name): \(near) near the ends of the lid, \(far) elsewhere")
            // The pressure is relative to a place in the lower corner, where it is known less well.
            let allowed = name == "p" ? (near: 2e-3, far: 5e-6) : (near: 2e-4, far: 1e-6)
            guard far < allowed.far else { throw ResolutionError(difference: far, allowed: allowed.far) }
            guard near < allowed.near else { throw ResolutionError(difference: near, allowed: allowed.near) }
        }
        let labels = ["streamfunction", "velocity along x", "velocity along y", "pressure"]
        let columns = zip(Self.names, labels).enumerated().map { field, pair in
            FieldFile.Variable(
                pair.0, places.indices.flatMap { j in fine[field].map { $0[j] } }, longName: pair.1)
        }
        let speed = zip(columns[1].values, columns[2].values).map { hypot($0, $1) }
        return FieldFile(
            axes: [.init("y", places), .init("x", places)],
            variables: columns + [.init("speed", speed, longName: "speed")],
            attributes: [
                .init("Conventions", "CF-1.10"), .init("title", "Lid-driven cavity, Reynolds number 100"),
                .init(
                    "source",
                    "differences of second order for streamfunction and vorticity beside the Stokes flow of both "
                        + "corners, extrapolated from graded grids of 160, 208 and 256 intervals; written by generate-data"
                ),
                .init("references", "U. Ghia et al., J. Comput. Phys. 48 (1982) 387-411"),
                .init("parameter_Re", 1 / viscosity),
            ])
    }
}
