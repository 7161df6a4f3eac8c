/// What a problem file states.
public enum ProblemFile: Sendable {
    /// Partial differential equations.
    case pde(Problem)
    /// Optimal transport.
    case transport(TransportStatement)
    /// A linear system.
    case linearSystem(LinearSystemStatement)
    /// The training of a model for linear systems.
    case training(TrainingStatement)

    /// The name of the problem.
    public var name: String {
        switch self {
        case .pde(let problem): problem.name
        case .transport(let statement): statement.name
        case .linearSystem(let statement): statement.name
        case .training(let statement): statement.name
        }
    }

    /// The line that says what it is.
    public var title: String {
        switch self {
        case .pde(let problem): problem.title
        case .transport(let statement): statement.title
        case .linearSystem(let statement): statement.title
        case .training(let statement): statement.title
        }
    }

    /// Where the problem comes from.
    public var citations: [String] {
        switch self {
        case .pde(let problem): problem.citations
        case .transport(let statement): statement.citations
        case .linearSystem(let statement): statement.citations
        case .training(let statement): statement.citations
        }
    }

    /// What it is, in a few words.
    public var noun: String {
        switch self {
        case .pde: "problem of equations"
        case .transport: "transport problem"
        case .linearSystem: "linear system"
        case .training: "training of a model"
        }
    }
}
