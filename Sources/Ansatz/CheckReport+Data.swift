import Expressions
import ProblemFiles

extension CheckReport {
    /// What the files of `[data]` hold: points and noise of measurements, grids and ranges of coefficients.
    static func dataRows(_ problem: Problem) -> [Row] {
        problem.data.map { data in
            switch data.use {
            case .observations(let observations):
                let quantities = observations.quantities.map { "\($0.text) \(span($0.values))" }.joined(separator: ", ")
                let points = "\(NumberText.grouped(observations.count)) points"
                return Row(
                    kind: "data", name: data.name, text: "\(quantities) at \(points) from \(data.file)",
                    remark: noise(observations))
            case .coefficient(let field):
                let names = field.coordinates.map { problem.domain.coordinates[$0].name }.joined(separator: ", ")
                let function = field.function
                let shape = function.axes.map { String($0.count) }.joined(separator: " x ")
                return Row(
                    kind: "data", name: data.name,
                    text: "\(function.name)(\(names)) \(span(function.values)) on \(shape) points from \(data.file)",
                    remark: function.interpolation.rawValue)
            }
        }
    }

    private static func span(_ values: [Double]) -> String {
        guard let least = values.min(), let most = values.max() else { return "" }
        return "from \(NumberText.short(least)) to \(NumberText.short(most))"
    }

    private static func noise(_ observations: Observations) -> String {
        let texts = observations.quantities.map { quantity in
            switch quantity.noise {
            case .unknown: "not given"
            case .constant(let deviation): NumberText.short(deviation)
            case .byPoint(let deviations): span(deviations)
            }
        }
        return Set(texts).count == 1 ? "noise \(texts[0])" : "noise \(texts.joined(separator: ", "))"
    }
}
