import Glibc

extension Figure {
    /// Histograms of the gradients' entries by layer at one step, and norms, cosines and stiffness over the steps.
    ///
    /// Histograms and norms are of the weighted terms, as the optimizer sees them. At most six layers are shown, spread
    /// from the first to the last.
    public static func gradients(_ history: GradientHistory, title: String? = nil) -> Figure {
        var panels: [CurvePanel] = []
        if let last = history.rows.last { panels += histograms(last, history) }
        let steps = history.rows.map { Double($0.step) }
        func curves(_ value: (GradientHistory.Row, Int) -> Double) -> [Curve] {
            history.terms.indices.map { term in
                Curve(history.terms[term], x: steps, y: history.rows.map { value($0, term) })
            }
        }
        panels.append(
            CurvePanel(
                curves { $0.weights[$1] * $0.norms[$1] }, title: "norms", horizontal: "steps",
                vertical: "weight × |gradient|", scale: .logarithmic))
        if history.terms.count > 1 {
            var agreement: [Curve] = []
            for i in history.terms.indices {
                for j in history.terms.indices where j > i {
                    agreement.append(
                        Curve(
                            "\(history.terms[i]), \(history.terms[j])", x: steps,
                            y: history.rows.map { $0.cosines[i][j] }))
                }
            }
            // Many pairs would hide one another.
            if agreement.count > 6 { agreement = [] }
            // For two terms it is their cosine.
            if history.terms.count > 2 {
                agreement.append(Curve("alignment of all", x: steps, y: history.rows.map(\.alignment)))
            }
            panels.append(
                CurvePanel(
                    agreement, title: "cosines", horizontal: "steps", vertical: "cosine of the angle",
                    scale: .between(-1, 1)))
        }
        if history.rows.contains(where: { $0.stiffness.contains(where: \.isFinite) }) {
            panels.append(
                CurvePanel(
                    curves { $0.stiffness[$1] }, title: "stiffness, weights left out", horizontal: "steps",
                    vertical: "largest eigenvalue", scale: .logarithmic))
        }
        return Figure(.panels(panels), title: title)
    }

    private static func histograms(_ row: GradientHistory.Row, _ history: GradientHistory) -> [CurvePanel] {
        let count = history.layers.count
        let shown = count <= 6 ? Array(0..<count) : (0..<6).map { $0 * (count - 1) / 5 }
        let bins = Double(history.binsPerDecade)
        return shown.map { layer in
            let curves = history.terms.indices.map { term -> Curve in
                let counts = row.histograms[term][layer]
                let total = Double(counts.reduce(0, +))
                // Multiplying by the weight moves logarithms; bins are drawn at their middles.
                let shift = row.weights[term] > 0 ? log10(row.weights[term]) : 0
                // The first bin holds entries that vanish, for which there is no place on the axis.
                let filled = counts.indices.dropFirst().filter { counts[$0] > 0 }
                guard let first = filled.first, let last = filled.last, total > 0 else {
                    return Curve(history.terms[term], x: [], y: [])
                }
                let places = max(1, first - 1)...min(counts.count - 1, last + 1)
                return Curve(
                    history.terms[term],
                    x: places.map { history.lowestExponent + (Double($0) + 0.5) / bins + shift },
                    y: places.map { Double(counts[$0]) * bins / total })
            }
            return CurvePanel(
                curves.filter { !$0.x.isEmpty },
                title: "\(history.layers[layer]), step \(row.step)", horizontal: "magnitude of an entry",
                vertical: "part per decade", scale: .linear, hasExponents: true)
        }
    }
}
