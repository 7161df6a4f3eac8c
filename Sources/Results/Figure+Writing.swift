import Foundation

extension Figure {
    /// Draws the figure to an SVG, PNG or PDF file, by extension.
    ///
    /// `NAME.gp` (the gnuplot script) and `NAME.dat` (its data) are written next to the picture first and stay there, even
    /// when the picture cannot be drawn; the folder must exist. Throws `ResultsError.Kind.missingProgram` when
    /// gnuplot is not installed, `.programFailed` with its words when it complains, `.inconsistent` when the figure has
    /// nothing that can be drawn or its lengths do not fit, and `.cannotWrite`.
    public func write(to path: String) throws(ResultsError) {
        try write(to: path, program: "gnuplot")
    }

    /// Draws with a given program.
    package func write(to path: String, program: String) throws(ResultsError) {
        let base = URL(fileURLWithPath: path).deletingPathExtension()
        let files = try files(picture: path)
        try atomicWrite(files.data, to: base.path + ".dat")
        try atomicWrite(files.script, to: base.path + ".gp")
        try Gnuplot.draw(script: base.lastPathComponent + ".gp", to: path, program: program)
    }

    /// The texts of the script and its data.
    package func files(picture path: String) throws(ResultsError) -> (script: String, data: String) {
        let url = URL(fileURLWithPath: path)
        guard let terminal = GnuplotScript.Terminal(rawValue: url.pathExtension.lowercased()) else {
            throw ResultsError(
                .inconsistent, path: path, "'\(url.pathExtension)' is not a kind of picture; use svg, png or pdf")
        }
        var script = GnuplotScript(
            terminal: terminal, picture: url.lastPathComponent,
            data: url.deletingPathExtension().lastPathComponent + ".dat", title: title)
        do {
            switch content {
            case .comparison(let prediction, let reference):
                try prediction.check()
                if let reference, reference.count != prediction.values.count {
                    throw FigureProblem(
                        "the reference of '\(prediction.name)' has \(reference.count) values, not \(prediction.values.count)"
                    )
                }
                if prediction.axes.count == 1 {
                    script.drawLines(prediction, reference: reference)
                } else {
                    script.drawImages(prediction, reference: reference)
                }
            case .field(let field, let isSigned):
                try field.check()
                if field.axes.count == 1 {
                    script.drawLines(field, reference: nil)
                } else {
                    script.drawImage(field, isSigned: isSigned)
                }
            case .slices(let slices, let isSigned):
                guard !slices.isEmpty else { throw FigureProblem("there are no slices") }
                for slice in slices { try slice.check(axes: 2) }
                script.drawSlices(slices, isSigned: isSigned)
            case .magnitudes(let fields):
                guard let axes = fields.first?.axes else { throw FigureProblem("there are no fields") }
                for field in fields {
                    try field.check()
                    guard field.axes == axes else {
                        throw FigureProblem("'\(field.name)' and '\(fields[0].name)' are not on the same axes")
                    }
                }
                if axes.count == 1 {
                    let curves = fields.map { Figure.Curve($0.name, x: axes[0].values, y: $0.values.map { abs($0) }) }
                    try script.drawCurves(curves, horizontal: axes[0].label, vertical: "magnitude")
                } else {
                    script.drawMagnitudes(fields)
                }
            case .curves(let curves, let horizontal, let vertical):
                try script.drawCurves(curves, horizontal: horizontal, vertical: vertical)
            case .bands(let panels):
                for band in panels.flatMap(\.bands) {
                    guard [band.middle, band.lower, band.upper].allSatisfy({ $0.count == band.x.count }) else {
                        throw FigureProblem("the curves of '\(band.name)' have different lengths")
                    }
                }
                try script.drawBands(panels)
            case .panels(let panels):
                for curve in panels.flatMap(\.curves) where curve.x.count != curve.y.count {
                    throw FigureProblem("the curve '\(curve.name)' has different lengths")
                }
                try script.drawPanels(panels)
            case .clouds(let panels): try script.drawClouds(panels)
            case .snapshots(let snapshots, let axis, let vertical):
                try script.drawSnapshots(snapshots, along: axis, vertical: vertical)
            }
        } catch let problem as FigureProblem {
            throw ResultsError(.inconsistent, path: path, "is not drawn: \(problem.message)")
        } catch {
            throw ResultsError(.inconsistent, path: path, "is not drawn: \(error)")
        }
        return (script.text, script.data)
    }
}

/// Why a figure cannot be drawn.
struct FigureProblem: Error {
    var message: String

    init(_ message: String) { self.message = message }
}

extension PlottedField {
    /// Checks that lengths fit and that there is something to draw, on a number of axes if one is given.
    func check(axes wanted: Int? = nil) throws(FigureProblem) {
        if let wanted, axes.count != wanted {
            throw FigureProblem("'\(name)' has \(axes.count) axes, and \(wanted) are to be shown")
        }
        guard (1...2).contains(axes.count) else {
            throw FigureProblem("'\(name)' has \(axes.count) axes, and a figure shows one or two")
        }
        for axis in axes {
            guard axis.values.count >= 2, axis.values.isStrictlyMonotonic, axis.values.allSatisfy(\.isFinite) else {
                throw FigureProblem(
                    "the axis '\(axis.label)' needs two or more values that strictly increase or decrease")
            }
        }
        let count = axes.reduce(1) { $0 * $1.values.count }
        guard values.count == count else {
            throw FigureProblem("'\(name)' has \(values.count) values on a grid of \(count) points")
        }
        guard values.contains(where: \.isFinite) else { throw FigureProblem("'\(name)' has no finite values") }
    }
}
