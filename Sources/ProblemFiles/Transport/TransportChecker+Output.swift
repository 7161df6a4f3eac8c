extension TransportChecker {
    /// Reads `[output]`, whose demands must fit the measures and the cost (nil after a complaint).
    mutating func readOutput(
        _ options: ResolvedOptions, _ source: TransportStatement.Measure?, _ target: TransportStatement.Measure?,
        _ cost: TransportStatement.Cost?
    ) -> TransportStatement.Output {
        let output = TransportStatement.Output(
            directory: options.text("directory"), plan: options.optionTree("plan")?.boolean,
            rows: options.integers("rows").map { $0 - 1 }, dropping: options.number("dropping"),
            map: options.boolean("map"), interpolation: options.optionalInteger("interpolation"),
            divergence: options.boolean("divergence"), plots: options.has("plots") ? options.texts("plots") : nil)
        guard let source, let target else { return output }
        if let row = output.rows.first(where: { $0 >= source.count }) {
            base.complain(
                options.origin(of: "rows"), "'output.rows' names source \(row + 1), and there are \(source.count)",
                hint: "sources are numbered from 1")
        }
        if output.rows.count > 1_000 {
            base.complain(
                options.origin(of: "rows"), "'output.rows' names \(output.rows.count) sources",
                hint: "at most 1000 rows are written; output.plan = true writes the entries that matter of all")
        }
        if Set(output.rows).count < output.rows.count {
            base.complain(options.origin(of: "rows"), "'output.rows' names a source twice")
        }
        let dimensions = source.coordinates.count
        if output.interpolation != nil, dimensions == 0 || target.coordinates.count != dimensions {
            base.complain(
                options.origin(of: "interpolation"),
                "'output.interpolation' needs points on both sides of equal dimension",
                hint: "masses that are known by number have no place between source and target")
        }
        if output.divergence, let cost {
            let between: Bool
            switch cost {
            case .distance, .expression: between = true
            case .matrix, .random: between = false
            }
            if !between {
                base.complain(
                    options.origin(of: "divergence"),
                    "'output.divergence' needs costs among the sources, too, which a matrix does not give",
                    hint: "give cost.between")
            }
            if source.strength != nil || target.strength != nil {
                base.complain(
                    options.origin(of: "divergence"), "'output.divergence' is for masses that are met",
                    hint: "leave out 'strength'")
            }
        }
        if let plots = output.plots, plots.contains("interpolation"), output.interpolation == nil {
            base.complain(
                options.origin(of: "plots"),
                "'output.plots' asks for 'interpolation', of which no moments are asked for",
                hint: "output.interpolation = 5")
        }
        return output
    }
}
