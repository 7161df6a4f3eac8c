import Foundation
import Results

/// The solution of u_t + u u_x = ν u_xx on [−1, 1] with u = −sin πx at t = 0 and u = 0 at both ends.
///
/// Hopf's and Cole's substitution u = −2ν φ_x / φ turns it into the heat equation, whence, with η = z √(4νt),
///
///     u(t, x) = −∫ sin π(x − η) f(x − η) exp(−z²) dz / ∫ f(x − η) exp(−z²) dz,   f(y) = exp(−cos(πy) / (2πν)).
///
/// The exponent 1/(2πν) is 50 for ν = 0.01/π; both integrals are scaled by their largest term.
struct BurgersReference {
    /// The viscosity ν.
    let viscosity = 0.01 / Double.pi
    /// Times of the table.
    let times = (0...100).map { Double($0) / 100 }
    /// Places of the table.
    let places = (0...256).map { Double($0 - 128) / 128 }

    private let rule = GaussHermite(400)

    /// The solution at a point, by Gauss–Hermite quadrature.
    func value(time: Double, place: Double) -> Double {
        solution(time: time, place: place, nodes: rule.nodes, logWeights: rule.logWeights)
    }

    /// The solution at a point, by the trapezoidal rule, whose error decays as fast for such integrands.
    func trapezoidalValue(time: Double, place: Double) -> Double {
        let nodes = (-2600...2600).map { Double($0) / 200 }
        return solution(time: time, place: place, nodes: nodes, logWeights: nodes.map { -$0 * $0 })
    }

    private func solution(time: Double, place: Double, nodes: [Double], logWeights: [Double]) -> Double {
        if abs(place) == 1 || place == 0 { return 0 }
        if time == 0 { return -sin(.pi * place) }
        let width = (4 * viscosity * time).squareRoot()
        let exponents = zip(nodes, logWeights).map { node, logWeight in
            logWeight - cos(.pi * (place - width * node)) / (2 * .pi * viscosity)
        }
        let largest = exponents.max() ?? 0
        var numerator = 0.0
        var denominator = 0.0
        for (node, exponent) in zip(nodes, exponents) {
            let share = exp(exponent - largest)
            numerator += share * sin(.pi * (place - width * node))
            denominator += share
        }
        return -numerator / denominator
    }

    /// The table as a file. Throws when the two quadratures differ by more than 10⁻¹².
    func file() throws -> FieldFile {
        var values: [Double] = []
        var difference = 0.0
        for time in times {
            for place in places {
                values.append(value(time: time, place: place))
                difference = max(difference, abs(values[values.count - 1] - trapezoidalValue(time: time, place: place)))
            }
        }
        print("largest difference of the two quadratures: \(difference)")
        guard difference < 1e-12 else { throw QuadratureError(difference: difference) }
        return FieldFile(
            axes: [.init("t", times, isTime: true), .init("x", places)],
            variables: [.init("usol", values, longName: "velocity")],
            attributes: [
                .init("Conventions", "CF-1.10"),
                .init("title", "Viscous Burgers equation, steepening sine wave"),
                .init(
                    "source", "Cole-Hopf integral, Gauss-Hermite quadrature with 400 nodes; written by generate-data"),
                .init("references", "C. Basdevant et al., Computers & Fluids 14 (1986) 23-41"),
                .init("parameter_nu", viscosity),
            ])
    }
}

/// The two quadratures disagree.
struct QuadratureError: Error, CustomStringConvertible {
    /// By how much.
    var difference: Double
    var description: String { "the two quadratures differ by \(difference), more than 1e-12" }
}
