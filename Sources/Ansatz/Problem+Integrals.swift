import Expressions
import Geometry
import PhysicsInformed
import ProblemFiles

extension Problem {
    /// The scalar components of a residual without their integrals, and these, numbered on from unknown parameters.
    ///
    /// - Throws: `ExpressionErrors` when integrals stand in one another, or run over what is not there.
    func separatingIntegrals(
        of residual: Expression
    ) throws(ExpressionErrors) -> (components: [Expression], integrals: [IntegralTerm]) {
        var separator = IntegralSeparator(firstParameter: unknownParameters.count)
        var components: [Expression] = []
        for component in residual.components { components.append(try separator.separate(component)) }
        var integrals: [IntegralTerm] = []
        for integral in separator.integrals {
            guard let place = domain.place(named: integral.place) else {
                throw ExpressionErrors("there is no face '\(integral.place)' to integrate over")
            }
            integrals.append(
                IntegralTerm(integral.body, over: place.points, isAverage: integral.isAverage))
        }
        return (components, integrals)
    }
}

extension ConditionLocation {
    /// The same for the engine.
    var points: PointLocation {
        PointLocation(pieces.map { PointLocation.Piece($0.place, filter: $0.filter) })
    }
}
