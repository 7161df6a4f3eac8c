/// How points are spread.
public enum PointScheme: String, Sendable, CaseIterable, Codable {
    /// Independent and uniform.
    case uniform
    /// A scrambled Sobol' sequence, continued at each draw: more even, lower integration error.
    case sobol
    /// Latin hypercube designs, a new one at each draw: even in each coordinate by itself.
    case latinHypercube = "latin-hypercube"

    /// One line for listings.
    public var summary: String {
        switch self {
        case .uniform: "independent points, uniform by volume or area"
        case .sobol: "a scrambled Sobol' sequence: evenly spread points"
        case .latinHypercube: "Latin hypercube designs: one point in each of N strips of every coordinate"
        }
    }
}
