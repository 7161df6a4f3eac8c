import Foundation
import Results

/// The solution of i h_t + ½ h_xx + |h|² h = 0, periodic on [−5, 5], with h = 2 sech x at t = 0, for 0 ≤ t ≤ π/2.
///
/// Fourier modes in space; in time the splitting into the linear part, exact for every mode, and the nonlinear one, exact at
/// every place since |h| stays, composed to fourth order (H. Yoshida, Phys. Lett. A 150 (1990) 262–268).
struct SchroedingerReference {
    /// Half the period.
    let halfWidth = 5.0
    /// The last time.
    let end = Double.pi / 2
    /// Intervals between times of the table.
    let intervals = 100
    /// Places of the table in a period.
    let places = 200

    /// Real and imaginary part by time and place, the last one running fastest.
    func solution(modes: Int, stepsPerInterval: Int) -> (u: [Double], v: [Double]) {
        let grid = FourierGrid(modes: modes, period: 2 * halfWidth)
        let step = end / Double(intervals * stepsPerInterval)
        var state = grid.places.map { Complex(2 / cosh($0 - halfWidth), 0) }
        var (u, v): ([Double], [Double]) = ([], [])
        let stride = modes / places
        func keep() {
            for index in 0..<places {
                u.append(state[index * stride].real)
                v.append(state[index * stride].imaginary)
            }
        }
        // Yoshida's composition of three symmetric steps.
        let outer = 1 / (2 - pow(2, 1.0 / 3))
        let parts = [outer, 1 - 2 * outer, outer].map { $0 * step }
        let phases = parts.map { part in
            grid.frequencies.map { Complex(cos($0 * $0 * part / 2), -sin($0 * $0 * part / 2)) }
        }
        keep()
        for _ in 0..<intervals {
            for _ in 0..<stepsPerInterval {
                for (part, phase) in zip(parts, phases) {
                    rotate(&state, by: part / 2)
                    grid.multiplySpectrum(of: &state, by: phase)
                    rotate(&state, by: part / 2)
                }
            }
            keep()
        }
        return (u, v)
    }

    /// h ← exp(i |h|² t) h
    private func rotate(_ state: inout [Complex], by time: Double) {
        for index in state.indices {
            let h = state[index]
            let angle = (h.real * h.real + h.imaginary * h.imaginary) * time
            state[index] = h * Complex(cos(angle), sin(angle))
        }
    }

    /// The table as a file. Throws when another resolution gives values that differ by more than 10⁻⁵.
    func file() throws -> FieldFile {
        let fine = solution(modes: 3200, stepsPerInterval: 400)
        let coarse = solution(modes: 1600, stepsPerInterval: 200)
        let difference = zip(fine.u + fine.v, coarse.u + coarse.v).reduce(0) { max($0, abs($1.0 - $1.1)) }
        print("largest difference of the two resolutions: \(difference)")
        guard difference < 1e-5 else { throw ResolutionError(difference: difference, allowed: 1e-5) }
        // The place x = 5 repeats x = −5, so that the table covers the whole period.
        func closed(_ values: [Double]) -> [Double] {
            var rows: [Double] = []
            for row in 0...intervals {
                rows += values[row * places..<(row + 1) * places]
                rows.append(values[row * places])
            }
            return rows
        }
        let spacing = 2 * halfWidth / Double(places)
        return FieldFile(
            axes: [
                .init("t", (0...intervals).map { end * Double($0) / Double(intervals) }, isTime: true),
                .init("x", (0...places).map { -halfWidth + spacing * Double($0) }),
            ],
            variables: [
                .init("u", closed(fine.u), longName: "real part"),
                .init("v", closed(fine.v), longName: "imaginary part"),
            ],
            attributes: [
                .init("Conventions", "CF-1.10"),
                .init("title", "Nonlinear Schroedinger equation, h = 2 sech x at the start"),
                .init(
                    "source",
                    "Fourier modes, fourth-order splitting, 3200 modes and 40000 steps; written by generate-data"),
                .init("references", "M. Raissi et al., J. Comput. Phys. 378 (2019) 686-707"),
            ])
    }
}
