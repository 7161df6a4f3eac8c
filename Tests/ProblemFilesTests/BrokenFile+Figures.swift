extension BrokenFile {
    /// Slips in figures.
    static let figures: [BrokenFile] = [
        BrokenFile(
            "figure of an unknown kind",
            #"kind = "losses""#,
            #"kind = "loss""#, in: Samples.helmholtz,
            says: """
                p.toml:71:8: error: unknown value 'loss' for 'output.plots[2].kind'
                   71 | kind = "loss"
                      |        ^^^^^^
                   available: compare, field, lines, slices, residual, losses, weights, gradients, sampling
                """),
        BrokenFile(
            "figure of an unknown format",
            #""history.svg""#,
            #""history.jpeg""#, in: Samples.helmholtz,
            says: """
                p.toml:70:8: error: 'output.plots[2].file' must be a file name that ends in .svg, .png, .pdf
                   70 | file = "history.jpeg"
                      |        ^^^^^^^^^^^^^^
                """),
        BrokenFile(
            "figure of the history with a field and a cut",
            #"kind = "losses""#,
            #"kind = "weights"\#nfield = "u"\#nat = { x = 0 }"#, in: Samples.helmholtz,
            says: """
                p.toml:72:9: error: a figure of weights shows no field
                   72 | field = "u"
                      |         ^^^

                p.toml:73:6: error: a figure of weights has no coordinates to cut
                   73 | at = { x = 0 }
                      |      ^^^^^^^^^
                """),
        BrokenFile(
            "slices of a plane",
            #"kind = "losses""#,
            #"kind = "slices""#, in: Samples.helmholtz,
            says: """
                p.toml:71:8: error: slices need three coordinates besides the time, and the saved fields vary along 2
                   71 | kind = "slices"
                      |        ^^^^^^^^
                   use kind = "field" or kind = "lines"
                """),
        BrokenFile(
            "residuals that are not saved",
            text: Samples.helmholtz.replacing(#"kind = "losses""#, with: #"kind = "residual""#)
                .replacing("residual = 'residual(helmholtz)' }", with: "rest = 'residual(helmholtz)' }"),
            says: """
                p.toml:71:8: error: the saved fields hold no residual
                   71 | kind = "residual"
                      |        ^^^^^^^^^^
                   add one: output.fields.quantities = { residual_NAME = 'residual(NAME)' }
                """),
        BrokenFile(
            "a path for what has none",
            #"kind  = "compare""#,
            #"kind  = "residual"\#nalong = "x""#, in: Samples.helmholtz,
            says: """
                p.toml:67:9: error: 'along' belongs to figures of kind 'lines'
                   67 | along = "x"
                      |         ^^^
                """),
    ]
}
