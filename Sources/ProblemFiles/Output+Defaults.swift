import Expressions

extension FieldOutput {
    /// What is saved when nothing is said: the unknowns and the residuals of scalar equations.
    ///
    /// The points are 501 in one dimension, 201 per axis in two and 65 in three; beyond that 201 along the first coordinate,
    /// the others in the middle.
    public static func standard(for problem: Problem) -> FieldOutput {
        var points = GridPoints(problem.domain)
        points.fillIn()
        return FieldOutput(
            file: defaultFile, axes: points.axes, base: points.base,
            quantities: Quantity.standard(unknowns: problem.unknowns, equations: problem.equations))
    }

    /// The file name when none is given.
    static let defaultFile = "fields.h5"
}

extension Quantity {
    /// The unknowns by their names, and `residual_NAME` for each scalar equation.
    static func standard(unknowns: [Unknown], equations: [Equation]) -> [Quantity] {
        let fields = unknowns.enumerated().map { Quantity($1.name, .field($0), text: $1.name) }
        let scalar = equations.filter { $0.residual.shape == .scalar }
        return fields
            + scalar.map {
                Quantity("residual_\($0.name)", $0.residual, text: "residual(\($0.name))", origin: $0.origin)
            }
    }
}

extension Plot {
    /// The figures when none are named: one for each unknown, and the losses.
    ///
    /// Unknowns are compared with a reference if there is one, and drawn as lines beyond three coordinates.
    public static func standard(for problem: Problem) -> [Plot] {
        standard(domain: problem.domain, unknowns: problem.unknowns, hasReference: problem.reference != nil)
    }

    static func standard(domain: Domain, unknowns: [Unknown], hasReference: Bool) -> [Plot] {
        let kind: Kind = domain.coordinates.count > 3 ? .lines : hasReference ? .compare : .field
        let fields = unknowns.map { unknown in
            Plot(file: "\(unknown.name).svg", kind: kind, field: unknown.name, along: kind == .lines ? 0 : nil)
        }
        return fields + [Plot(file: "losses.svg", kind: .losses)]
    }
}
