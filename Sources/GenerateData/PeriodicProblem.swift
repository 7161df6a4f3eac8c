import Foundation
import Results

/// An equation u_t = L u + M f(u) for a real u that is periodic in x, L and M being diagonal in Fourier space.
///
/// Solved with Fourier modes, of which the upper third stays empty so that products do not fold back (S. A. Orszag's rule),
/// and `ExponentialStepper` in time.
struct PeriodicProblem {
    /// Where the period begins.
    var start: Double
    /// Its length.
    var period: Double
    /// The last time.
    var end: Double
    /// Intervals between times of the table.
    var intervals: Int
    /// Places of the table in a period.
    var places: Int
    /// L by angular frequency.
    var linear: (Double) -> Complex
    /// M by angular frequency.
    var outer: (Double) -> Complex
    /// f
    var nonlinear: (Double) -> Double
    /// u at t = 0.
    var initial: (Double) -> Double
    /// The Fourier coefficients of u at t = 0, about x = 0, by whole number, where they are known better than by sampling.
    var initialCoefficient: ((Int) -> Double)?
    /// Modes and steps of the table, and those that it is compared with.
    var fine: Resolution, coarse: Resolution
    /// The largest difference of the two that is allowed.
    var tolerance = 1e-9

    /// How finely space and time are resolved.
    struct Resolution {
        /// Fourier modes.
        var modes: Int
        /// Steps between times of the table.
        var steps: Int
    }

    /// u by time and place, the place running fastest, without the closing end point.
    func solution(_ resolution: Resolution) -> [Double] {
        let modes = resolution.modes
        let grid = FourierGrid(modes: modes, period: period)
        let kept = grid.frequencies.map { abs($0) * period / (2 * .pi) < Double(modes) / 3 }
        let factor = zip(grid.frequencies, kept).map { $1 ? outer($0) : Complex(0) }
        let stepper = ExponentialStepper(
            linear: grid.frequencies.map(linear), step: end / Double(intervals * resolution.steps))
        func nonlinearPart(_ coefficients: [Complex]) -> [Complex] {
            var values = coefficients
            grid.transformBack(&values)
            for index in values.indices { values[index] = Complex(nonlinear(values[index].real)) }
            grid.transform(&values)
            for index in values.indices { values[index] = factor[index] * values[index] }
            return values
        }

        var state = grid.places.map { Complex(initial(start + $0)) }
        grid.transform(&state)
        if let initialCoefficient {
            for index in state.indices {
                let number = index <= modes / 2 ? index : index - modes
                state[index] =
                    initialCoefficient(number) * Complex.exp(Complex(0, grid.frequencies[index] * start))
            }
        }
        for index in state.indices where !kept[index] { state[index] = Complex(0) }

        let stride = modes / places
        var table = (0..<places).map { initial(start + period * Double($0) / Double(places)) }
        for _ in 0..<intervals {
            for _ in 0..<resolution.steps { stepper.advance(&state, nonlinearPart) }
            var values = state
            grid.transformBack(&values)
            table += (0..<places).map { values[$0 * stride].real }
        }
        return table
    }

    /// The table with both ends of the period as a file. Throws when two resolutions differ by more than the tolerance.
    func file(title: String, longName: String, references: String) throws -> FieldFile {
        let values = solution(fine)
        let difference = zip(values, solution(coarse)).reduce(0) { max($0, abs($1.0 - $1.1)) }
        print("largest difference of the two resolutions: \(difference)")
        // Not a number compares as false.
        guard difference < tolerance else { throw ResolutionError(difference: difference, allowed: tolerance) }
        var closed: [Double] = []
        for row in 0...intervals {
            closed += values[row * places..<(row + 1) * places]
            closed.append(values[row * places])
        }
        return FieldFile(
            axes: [
                .init("t", (0...intervals).map { end * Double($0) / Double(intervals) }, isTime: true),
                .init("x", (0...places).map { start + period * Double($0) / Double(places) }),
            ],
            variables: [.init("u", closed, longName: longName)],
            attributes: [
                .init("Conventions", "CF-1.10"), .init("title", title),
                .init(
                    "source",
                    "Fourier modes and ETDRK4, \(fine.modes) modes and \(fine.steps * intervals) steps; "
                        + "written by generate-data"),
                .init("references", references),
            ])
    }
}
