import PhysicsInformed
import ProblemFiles

extension SearchedParameter {
    /// The search for an unknown parameter of a problem.
    init(_ parameter: UnknownParameter) {
        self.init(
            parameter.name, start: parameter.start, range: parameter.range,
            scale: parameter.scale == .logarithmic ? .logarithmic : .linear, rate: parameter.rate)
    }
}
