import Foundation
import Results
import Testing

/// Figures: scripts that gnuplot accepts, and data that show the field that was given.
@Suite struct FigureTests {
    private static let x = PlotAxis("x_1 (m)", (0..<21).map { Double($0) / 10 - 1 })
    private static let y = PlotAxis("y", (0..<11).map { Double($0 * $0) })
    private static let z = PlotAxis("z", (0..<5).map { 0.1 * Double($0) })
    private static let t = PlotAxis("t", (0..<6).map { Double($0) / 5 }, isTime: true)

    private static func field(_ axes: [PlotAxis], scale: Double = 1) -> PlottedField {
        let count = axes.reduce(1) { $0 * $1.values.count }
        return PlottedField("u_x", axes: axes, values: (0..<count).map { scale * cos(0.3 * Double($0)) })
    }

    private static func reference(_ axes: [PlotAxis]) -> [Double] { field(axes).values.map { $0 + 1e-5 * $0 * $0 } }

    private static let history = History(
        terms: ["it's_a {term}", "walls"], unknowns: ["u"],
        rows: (0..<20).map { step in
            .init(
                step: 1000 * step, stage: 1, seconds: 1, loss: 1, rate: 1, losses: [pow(10, -Double(step)), 0],
                weights: [1, 1], errors: [step % 3 == 0 ? pow(0.5, Double(step)) : .nan])
        })
    private static let first = History(
        terms: ["a"], unknowns: [],
        rows: Array(history.rows.prefix(1)).map { row in
            .init(step: 0, stage: 1, seconds: 0, loss: 1, rate: 1, losses: [row.losses[0]], weights: [1])
        })

    /// A field with a hole.
    private static func holed(_ name: String, _ axes: [PlotAxis]) -> PlottedField {
        var field = field(axes, scale: 1e-7)
        field.name = name
        for index in field.values.indices where index % 21 < 6 { field.values[index] = .nan }
        return field
    }

    /// Eight bands, the last without width and with gaps.
    private static func panel(_ horizontal: String) -> Figure.BandPanel {
        let x = (0..<9).map { Double(100 * $0) }
        let bands = (0..<8).map { index in
            let middle = x.map { pow(10, -$0 / 200 - Double(index)) }
            return Figure.Band(
                "variant_\(index)'s", x: x, middle: middle, lower: middle.map { index == 7 ? $0 : $0 / 3 },
                upper: index == 7 ? middle : middle.map { 2 * $0 })
        }
        return Figure.BandPanel(
            bands: bands + [.init("gap", x: [0, 1], middle: [0, 1], lower: [.nan, 1], upper: [.infinity, 1])],
            horizontal: horizontal, vertical: "error {a}")
    }

    /// Points with and without masses, and lines between them.
    private static func cloud(_ title: String) -> Figure.CloudPanel {
        Figure.CloudPanel(
            [.init("it's_a", x: [0, 1, 2], y: [0, 0.5, 0.1], masses: [1, 0, 3]), .init("b", x: [3], y: [0.2])],
            segments: [.init(from: [0, 0], to: [3, 0.2]), .init(from: [1, 0.5], to: [3, 0.2])],
            hasHeads: title.isEmpty, title: title, horizontal: "x_1", vertical: "y")
    }

    /// Three terms with one that vanishes, over nine layers.
    private static let gradients = GradientHistory(
        terms: ["it's_a", "b {c}", "d"], layers: (1...9).map { "layer.\($0)" }, lowestExponent: -16, binsPerDecade: 4,
        rows: (0..<4).map { row in
            .init(
                step: 500 * row, weights: [1, 10, 0], norms: [20, 4000, 0], stiffness: [.nan, 3e3, 30],
                cosines: [[1, 0.5, .nan], [0.5, 1, .nan], [.nan, .nan, .nan]], alignment: .nan,
                histograms: (0..<3).map { term in
                    (0..<9).map { layer in (0..<96).map { term < 2 && abs($0 - 40 - layer) < 9 ? $0 % 7 : 0 } }
                })
        })

    static let figures: [(name: String, figure: Figure)] = [
        ("gradients", .gradients(gradients, title: "Gradients")),
        (
            "slices",
            Figure(
                .slices([holed("z = 0", [y, x]), holed("x = {1}", [x, y]), field([y, y])], isSigned: false),
                title: "Slices")
        ),
        (
            "bands",
            Figure(.bands([panel("steps"), panel("seconds"), panel("steps")]), title: "Bands")
        ),
        (
            "bands-logarithmic",
            Figure(
                .bands([
                    panel("steps"),
                    .init(bands: panel("").bands, horizontal: "seconds", vertical: "", isLogarithmic: true),
                    panel("steps"),
                ]))
        ),
        ("cloud", Figure(.clouds([cloud("")]), title: "It's {one}")),
        ("clouds", Figure(.clouds([cloud("a {b}"), cloud("c"), cloud("d"), cloud("e")]), title: "Four")),
        ("slices-signed", Figure(.slices([field([y, x])], isSigned: true))),
        ("residual", Figure(.magnitudes([holed("residual_a", [y, x])]))),
        ("residual-zero", Figure(.magnitudes([field([y, x], scale: 0)]))),
        ("residuals", Figure(.magnitudes(["a", "b", "c", "d"].map { holed($0, [t, x]) }), title: "Four")),
        ("residual-line", Figure(.magnitudes([holed("a", [x]), holed("b", [x])]))),
        ("compare-flat", Figure(.comparison(field([z, x]), reference: reference([z, x])), title: "Flat")),
        (
            "compare",
            Figure(.comparison(field([y, x]), reference: reference([y, x])), title: "It's 'x_1' \\ \"∂\" {a}")
        ),
        ("compare-time", Figure(.comparison(field([t, x]), reference: reference([t, x])))),
        ("compare-exact", Figure(.comparison(field([t, x]), reference: field([t, x]).values))),
        ("compare-alone", Figure(.comparison(field([y, x]), reference: nil))),
        ("compare-line", Figure(.comparison(field([x]), reference: reference([x])), title: "line")),
        ("compare-line-exact", Figure(.comparison(field([x]), reference: field([x]).values))),
        ("field", Figure(.field(field([y, x], scale: 1e7), isSigned: false))),
        ("field-constant", Figure(.field(field([y, x], scale: 0), isSigned: false))),
        ("field-signed", Figure(.field(field([y, x], scale: 1e-9), isSigned: true))),
        ("field-line", Figure(.field(field([y]), isSigned: false))),
        ("losses", .losses(history, title: "Loss")), ("losses-first", .losses(first)), ("weights", .weights(history)),
        (
            "lines",
            Figure(
                .snapshots(
                    [.init("t = 0", field([x]).values, reference: reference([x])), .init("t = 1", field([x]).values)],
                    along: x, vertical: "u"))
        ),
    ]

    @Test(.enabled(if: Gnuplot.isInstalled), arguments: figures.indices)
    func gnuplotDrawsEveryKind(_ index: Int) throws {
        let (name, figure) = Self.figures[index]
        let folder = try TemporaryFolder()
        let kinds = ["svg": "<?xml", "png": "\u{89}PNG", "pdf": "%PDF"]
        let kind = name == "compare" ? Array(kinds.keys) : ["svg"]
        for kind in kind {
            try figure.write(to: folder.file("\(name).\(kind)"))
            #expect(try folder.names == ["\(name).dat", "\(name).gp", "\(name).\(kind)"].sorted())
            let start = try #require(FileManager.default.contents(atPath: folder.file("\(name).\(kind)"))).prefix(5)
            let wanted = try #require(kinds[kind]).unicodeScalars.map { UInt8($0.value) }
            #expect(start.starts(with: wanted))
            if kind == "svg" {
                let text = try String(contentsOfFile: folder.file("\(name).svg"), encoding: .utf8)
                #expect(!text.contains("scale(0.00)"), "viewers refuse such a picture")
            }
            try FileManager.default.removeItem(atPath: folder.file("\(name).\(kind)"))
        }
    }

    @Test(arguments: figures.indices) func scriptsAreStable(_ index: Int) throws {
        let figure = Self.figures[index].figure
        let one = try figure.files(picture: "/somewhere/a.svg")
        let other = try figure.files(picture: "/elsewhere/a.svg")
        #expect(one == other)
        #expect(one.script.contains("data = 'a.dat'") && one.script.contains("output = 'a.svg'"))
        #expect(!one.script.contains("where/"))
    }

    /// What is written is read back, and what is no such file is refused.
    @Test func gradientsAreReadBack() throws {
        let folder = try TemporaryFolder()
        var history = Self.gradients
        for index in history.rows.indices {
            history.rows[index].cosines = [[1, 0, 0.5], [0, 1, 0], [0.5, 0, 1]]
            (history.rows[index].alignment, history.rows[index].stiffness) = (0.25, [1, 2, 3])
        }
        try history.write(to: folder.file("gradients.h5"))
        #expect(try GradientHistory(contentsOf: folder.file("gradients.h5")) == history)
        history.rows = []
        try history.write(to: folder.file("empty.h5"))
        #expect(try GradientHistory(contentsOf: folder.file("empty.h5")) == history)
        #expect(throws: ResultsError.self) { try GradientHistory(contentsOf: folder.file("none.h5")) }
    }

    /// gnuplot would count steps of the axis from its lower end, and label 2000 as a thousand.
    @Test func logarithmicAxesHaveTicksAtPowersOfTen() throws {
        let figure = Figure(.curves([.init("a", x: [0, 1], y: [25, 3300])], horizontal: "x", vertical: "y"))
        #expect(try figure.files(picture: "a.svg").script.contains("set ytics 1e1,1e1\n"))
        let wide = Figure(.curves([.init("a", x: [0, 1], y: [3e-13, 3300])], horizontal: "x", vertical: "y"))
        #expect(try wide.files(picture: "a.svg").script.contains("set ytics 1e-15,1e3\n"))
    }

    /// Abscissae of one panel may be logarithmic, which its neighbours do not take over.
    @Test func logarithmicAbscissae() throws {
        let band = Figure.Band("a", x: [0, 1e-3, 1], middle: [1, 2, 3], lower: [1, 2, 3], upper: [1, 2, 3])
        let panels = [true, false].map {
            Figure.BandPanel(bands: [band], horizontal: "s", vertical: "e", isLogarithmic: $0)
        }
        let script = try Figure(.bands(panels)).files(picture: "a.svg").script
        let lines = script.split(separator: "\n")
        let set = try #require(lines.firstIndex(of: "set logscale x"))
        let unset = try #require(lines.firstIndex(of: "unset logscale x"))
        #expect(set < unset && script.contains("set xtics 1e-3,1e1"))
    }

    @Test func withoutGnuplotTheScriptStaysAndTheErrorNamesThePackage() throws {
        let folder = try TemporaryFolder()
        let error = try #require(throws: ResultsError.self) {
            try Self.figures[0].figure.write(to: folder.file("a.svg"), program: "no-such-gnuplot")
        }
        #expect(error.kind == .missingProgram && error.message.contains("apt install gnuplot-nox"))
        #expect(try folder.names == ["a.dat", "a.gp"])
    }

    @Test func aProgramThatFailsIsAnErrorAndKeepsTheEarlierPicture() throws {
        let folder = try TemporaryFolder()
        try atomicWrite("earlier", to: folder.file("a.svg"))
        let error = try #require(throws: ResultsError.self) {
            try Self.figures[0].figure.write(to: folder.file("a.svg"), program: "false")
        }
        #expect(error.kind == .programFailed)
        #expect(try folder.text("a.svg") == "earlier")
        #expect(try folder.names == ["a.dat", "a.gp", "a.svg"])
    }

    @Test func comparisonsShareOneColourScale() throws {
        var prediction = Self.field([Self.y, Self.x])
        prediction.values[7] = 3
        let script = try Figure(.comparison(prediction, reference: prediction.values.map { $0 - 1 }))
            .files(picture: "a.svg").script
        let ranges = script.split(separator: "\n").filter { $0.hasPrefix("set cbrange") }
        #expect(ranges.count == 3 && ranges[0] == ranges[1] && ranges[0] != ranges[2])
        #expect(ranges[0].hasSuffix(":3.0]"))
    }

    @Test func signedFieldsHaveWhiteAtZero() throws {
        var field = Self.field([Self.y, Self.x])
        field.values[7] = -3
        let script = try Figure(.field(field, isSigned: true)).files(picture: "a.svg").script
        #expect(script.contains("set cbrange [-3.0:3.0]"))
        #expect(script.contains("4 \"#ffffff\"") && script.contains("8 \"#67001f\""))
    }

    /// What has no value is a gap in the data; what is below the scale of magnitudes is not.
    @Test func onlyPointsWithoutAValueStayBlank() throws {
        var field = Self.field([Self.y, Self.x])
        field.values[3] = .nan
        field.values[4] = 0
        field.values[5] = -2
        let (script, data) = try Figure(.magnitudes([field])).files(picture: "a.svg")
        let rows = data.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ") }
        #expect(rows.count == field.values.count && rows[0].count == 3)
        let shown = rows.map { $0[2] }
        #expect(shown.count { $0 == "nan" } == 1)
        #expect(shown.allSatisfy { $0 == "nan" || Double($0).map { $0 >= 1.9e-5 } == true })
        #expect(script.contains("set logscale cb") && script.contains(":2.0]"))
    }

    @Test func slicesShareOneColourScaleAndBar() throws {
        let slices = ["a", "b", "c"].map {
            PlottedField($0, axes: [Self.y, Self.x], values: Self.field([Self.y, Self.x]).values)
        }
        let script = try Figure(.slices(slices, isSigned: false)).files(picture: "a.svg").script
        let lines = script.split(separator: "\n")
        #expect(Set(lines.filter { $0.hasPrefix("set cbrange") }).count == 1)
        #expect(lines.count { $0.hasPrefix("set colorbox") } == 1)
        #expect(lines.count { $0.hasPrefix("plot data index") } == 3)
    }

    /// A pixel is as wide as it is high where both axes are space.
    @Test func coordinatesOfSpaceHaveOneScale() {
        for (width, height) in [(1.0, 1.0), (1, 2.5), (4, 1), (9, 1)] {
            let axes = [PlotAxis("y", [0, height]), PlotAxis("x", [0, width])]
            let grid = ImageGrid(PlottedField("u", axes: axes, values: [0, 1, 2, 3]))
            #expect(abs(grid.panelRatio - height / width) < 1e-12)
        }
    }

    static let broken: [(figure: Figure, words: String)] = [
        (Figure(.bands([])), "no value is positive"),
        (
            Figure(.bands([.init(bands: [.init("a", x: [1], middle: [1])], horizontal: "", vertical: "")])),
            "the curves of 'a' have different lengths"
        ),
        (Figure(.slices([], isSigned: false)), "no slices"), (Figure(.magnitudes([])), "no fields"),
        (Figure(.slices([field([x])], isSigned: false)), "'u_x' has 1 axes, and 2 are to be shown"),
        (Figure(.magnitudes([field([y, x]), field([x, y])])), "not on the same axes"),
        (Figure(.comparison(field([y, x]), reference: [1])), "the reference of 'u_x' has 1 values"),
        (Figure(.field(field([t, y, x]), isSigned: false)), "has 3 axes"),
        (Figure(.field(field([]), isSigned: false)), "has 0 axes"),
        (Figure(.field(PlottedField("u", axes: [x], values: [1]), isSigned: false)), "1 values on a grid of 21 points"),
        (Figure(.field(field([.init("x", [1, 1])]), isSigned: false)), "strictly increase"),
        (Figure(.field(field([.init("x", [1])]), isSigned: false)), "two or more values"),
        (Figure(.field(field([x], scale: .nan), isSigned: false)), "no finite values"),
        (.losses(History(terms: ["a"], unknowns: [])), "no value is positive and finite"),
        (Figure(.snapshots([], along: x, vertical: "u")), "no snapshots"),
        (Figure(.clouds([])), "there are no points"),
        (
            Figure(.clouds([.init([.init("a", x: [1, 2], y: [1])], horizontal: "x", vertical: "y")])),
            "the points of 'a' have different numbers of coordinates"
        ),
        (
            Figure(.snapshots([.init("a", field([x]).values, reference: [])], along: x, vertical: "u")),
            "has 0 values, not 21"
        ),
    ]

    @Test(arguments: broken.indices) func impossibleFiguresAreErrors(_ index: Int) throws {
        let error = try #require(throws: ResultsError.self) { try Self.broken[index].figure.files(picture: "a.svg") }
        #expect(error.kind == .inconsistent)
        #expect(error.message.contains(Self.broken[index].words), "\(error)")
    }

    @Test func otherPicturesAreErrors() throws {
        let error = try #require(throws: ResultsError.self) { try Self.figures[0].figure.files(picture: "a.jpeg") }
        #expect(error.message.contains("use svg, png or pdf"))
    }

    // MARK: Pieces

    /// Linear interpolation keeps linear functions, whatever the grid and its direction.
    @Test func resamplingReproducesLinearFields() {
        let uneven: [Double] = (0..<30).map { pow(Double($0), 1.5) }
        let long: [Double] = (0..<700).map { Double($0) / 70 }
        let horizontals: [[Double]] = [uneven, uneven.reversed(), long, long.reversed(), [0, 1]]
        let verticals: [[Double]] = [uneven, uneven.reversed(), [-1, 3]]
        func linear(_ slow: Double, _ fast: Double) -> Double { 2 * slow - 3 * fast + 1 }
        for horizontal in horizontals {
            for vertical in verticals {
                for isTime in [false, true] {
                    let axes = [PlotAxis("t", vertical, isTime: isTime), PlotAxis("x", horizontal)]
                    let values = vertical.flatMap { slow in horizontal.map { linear(slow, $0) } }
                    let grid = ImageGrid(PlottedField("u", axes: axes, values: values))
                    #expect(grid.horizontal.label == (isTime ? "t" : "x"))
                    #expect(grid.horizontal.values.count <= ImageGrid.mostPoints)
                    let wanted = grid.vertical.values.flatMap { v in
                        grid.horizontal.values.map { h in isTime ? linear(h, v) : linear(v, h) }
                    }
                    #expect(zip(grid.resample(values), wanted).allSatisfy { abs($0 - $1) < 1e-9 })
                }
            }
        }
    }

    @Test func tickStepsAreRoundAndFewEnough() {
        for exponent in -8...8 {
            for mantissa in stride(from: 1.0, to: 10, by: 0.37) {
                for intervals in 3...9 {
                    let length = mantissa * pow(10, Double(exponent))
                    let step = GnuplotScript.step(length, intervals: intervals)
                    #expect(length / step <= Double(intervals) * (1 + 1e-6))
                    #expect(length / step >= Double(intervals) / 2.5 - 1e-6)
                    let leading = step / pow(10, floor(log10(step) + 1e-9))
                    #expect([1, 2, 2.5, 5].contains { abs($0 - leading) < 1e-6 })
                }
            }
        }
    }
}
