import Foundation
import Results

/// Spectra of stochastically accelerated particles.
struct AccelerationReference {
    /// Places of the tables.
    let places = 401

    /// The table of a spectrum as a file. Throws when two limits differ by more than 10⁻⁹, or when the spectrum differs by as
    /// much from its closed form, if there is one.
    func file(
        _ problem: MomentumDiffusion, title: String, closedForm: ((Double) -> Double)? = nil
    ) throws -> FieldFile {
        let (values, difference) = problem.limit(places: places, refinement: 20)
        print("largest difference of two limits: \(difference)")
        guard difference < 1e-9 else { throw ResolutionError(difference: difference, allowed: 1e-9) }
        let grid = (0..<places).map {
            problem.lower + (problem.upper - problem.lower) * Double($0) / Double(places - 1)
        }
        if let closedForm {
            let difference = zip(grid, values).reduce(0) { max($0, abs(closedForm($1.0) - $1.1)) }
            print("largest difference from the closed form: \(difference)")
            guard difference < 1e-9 else { throw ResolutionError(difference: difference, allowed: 1e-9) }
        }
        return FieldFile(
            axes: [.init("y", grid, longName: "logarithm of the momentum")],
            variables: [
                .init("psi", values, longName: "logarithm of the spectrum"),
                .init("N", values.map { exp($0) }, longName: "spectrum"),
                .init(
                    "w", zip(grid, values).map { exp($1 - problem.logEquilibrium($0)) },
                    longName: "spectrum beside that without source and escape"),
            ],
            attributes: [
                .init("Conventions", "CF-1.10"), .init("title", title),
                .init("source", "self-adjoint finite volumes, extrapolated; written by generate-data"),
                .init("references", "M. Walter and T. Eichmann, arXiv:2411.14804"),
            ])
    }
}
