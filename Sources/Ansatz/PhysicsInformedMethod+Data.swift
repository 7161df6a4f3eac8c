import PhysicsInformed
import ProblemFiles

extension PhysicsInformedMethod {
    /// A loss term for each set of measurements: the mean over its points of the squared misfit in units of the noise,
    /// summed over what was measured.
    static func dataTerms(_ problem: Problem, weights: ResolvedOptions.Selection) -> [ResidualTerm] {
        problem.data.compactMap { data in
            data.observations.map { observations in
                ResidualTerm(
                    name: data.name, components: observations.residuals,
                    data: PointData(points: observations.points, columns: observations.columns),
                    weight: startWeight(data.name, weights))
            }
        }
    }
}
