import Expressions
import ProblemFiles
import Testing

@Suite struct ProblemReaderTests {
    private func read(
        _ text: String, _ overrides: [String] = [], variant: String? = nil
    ) throws -> Problem {
        try ProblemReader.read(text: text, path: "p.toml", overrides: overrides, variant: variant)
    }

    @Test func theSampleIsUnderstood() throws {
        let problem = try read(Samples.helmholtz)
        #expect(problem.name == "helmholtz-2d" && problem.warnings.isEmpty)
        #expect(problem.parameters.map(\.value) == [1, 1, 4])
        #expect(problem.domain.coordinates.map(\.name) == ["x", "y"])
        #expect(problem.domain.box.lower == [-1, -1] && problem.domain.box.upper == [1, 1])
        #expect(problem.unknowns == [Unknown("u", about: "wave amplitude")])
        #expect(problem.equations.map(\.name) == ["helmholtz"])
        let walls = try #require(problem.conditions.first)
        #expect(walls.location.faces == problem.domain.spaceTime.faces && walls.location.isWholeFaces)
        #expect(problem.method["network"]?["layers"] == [50, 50, 50, 50])
        #expect(problem.run.precision == .single && problem.run.seed == 1234 && problem.run.budget == 600)
        #expect(problem.expectations == Expectations(relativeL2: ["u": 1e-3], within: 300))
        #expect(problem.output.fields?.pointCount == 201 * 201)
        #expect(problem.output.plots.map(\.kind) == [.compare, .losses])
    }

    @Test(arguments: [
        (["x"], [501]), (["x", "y"], [201, 201]), (["x", "y", "z"], [65, 65, 65]), (["x[1:5]"], [201]),
    ])
    func theDefaultOutputIsThatOfTheManual(coordinates: [String], counts: [Int]) throws {
        let bounds = coordinates.map { "\($0.prefix(1)) = [0, 1]" }.joined(separator: ", ")
        let text = Samples.minimal
            .replacingOccurrences(of: "[\"x\", \"y\"]", with: "\(coordinates)")
            .replacingOccurrences(of: "x = [0, 1], y = [0, 1]", with: bounds)
        let problem = try read(text)
        let standard = FieldOutput.standard(for: problem), fields = try #require(problem.output.fields)
        #expect(fields.axes.map(\.values.count) == counts)
        #expect(fields.axes == standard.axes && fields.base == standard.base && fields.file == standard.file)
        #expect(fields.quantities.map(\.name) == ["u", "residual_poisson"])
        #expect(standard.quantities.map(\.name) == ["u", "residual_poisson"])
        #expect(problem.output.plots == Plot.standard(for: problem))
        #expect(problem.output.plots.map(\.kind) == [coordinates == ["x[1:5]"] ? .lines : .field, .losses])
    }

    /// The source makes the exact solution true: putting it into the residual gives nothing but rounding.
    @Test func theReferenceSatisfiesTheEquation() throws {
        let problem = try read(Samples.helmholtz)
        guard case .exact(let expressions, _)? = problem.reference, let exact = expressions["u"] else {
            Issue.record("no exact reference")
            return
        }
        let residual = try #require(problem.equations.first).residual.substituting(unknowns: [exact])
        for point in [[0.1, 0.2], [-0.7, 0.33], [0.9, -0.95]] {
            #expect(abs(residual.value(at: point)[0]) < 1e-11)
        }
    }

    @Test func definitionsOverUnknownsMayBeCompared() throws {
        let settings = [
            "definitions.slope='2*u_x'", "reference.slope='2*d(u_exact, x)'", "expect.relative_l2.slope=0.1",
        ]
        let problem = try ProblemReader.read(text: Samples.helmholtz, path: "p.toml", overrides: settings)
        #expect(problem.comparedQuantities.map(\.name) == ["slope"] && problem.expectations.relativeL2["slope"] == 0.1)
        guard case .exact(let exact, _)? = problem.reference, let field = exact["u"], let slope = exact["slope"] else {
            Issue.record("no exact reference")
            return
        }
        let found = problem.comparedQuantities[0].expression.substituting(unknowns: [field])
        let point = [0.1, 0.2]
        #expect(abs(found.value(at: point)[0] - slope.value(at: point)[0]) < 1e-12)
        let again = try ProblemReader.read(text: problem.resolvedText(), path: "p.toml")
        #expect(again.comparedQuantities.map(\.name) == ["slope"])
    }

    @Test func timeComesLastAndItsEndsAreFaces() throws {
        let problem = try read(Samples.burgers)
        #expect(problem.domain.coordinates.map(\.name) == ["x", "t"] && problem.domain.timeIndex == 1)
        #expect(problem.domain.box.lower == [-1, 0] && problem.domain.box.upper == [1, 1])
        let faces = problem.conditions.map { $0.location.faces.map(\.index) }
        #expect(faces == [[2], [0, 1]])
        #expect(problem.conditions.map(\.enforcement) == [.exact, .exact])
        #expect(problem.domain.faces.map(\.name) == ["ends"])
        #expect(problem.output.plots.first?.cuts == [Plot.Cut(coordinate: 1, values: [0.25, 0.5, 0.75])])
        let axes = try #require(problem.output.fields?.axes)
        #expect(axes.map(\.coordinate) == [0, 1] && axes.map(\.values.count) == [256, 101])
        #expect(axes[0].values.first == -1 && axes[0].values.last == 1)
    }

    @Test func familiesHaveAFaceForEveryEndOfEveryComponent() throws {
        let problem = try read(Samples.family)
        #expect(problem.domain.coordinates.count == 10 && problem.domain.coordinates[2].name == "x[3]")
        #expect(problem.conditions.first?.location.faces.count == 20)
        #expect(problem.output.fields?.axes.map(\.coordinate) == [0])
        let third = try read(Samples.family.replacing("\"boundary\"", with: "\"x.max[3] or x[4] = 0\""))
        let faces = third.conditions[0].location.faces
        #expect(faces.map(\.index) == [5, 6])
    }

    @Test(
        arguments: [
            ("boundary", [0, 1, 2, 3], []),
            ("boundary and not top", [0, 1, 2], []),
            ("x.min or y = 1", [0, 3], []),
            ("left and y > 0.25", [0], [0]),
            ("left or right and y > 0.25", [0, 1], [1]),
            ("boundary and x > 0.5", [1, 2, 3], [1, 2, 3]),
            ("interior and norm([x, y]) < 0.1", [-1], [-1]),
            ("not (interior or left) and boundary", [1, 2, 3], []),
        ] as [(String, [Int], [Int])])
    func selectorsChooseFacesAndFilters(selector: String, faces: [Int], filtered: [Int]) throws {
        let problem = try read(Samples.minimal.replacing("\"boundary\"", with: "\"\(selector)\""))
        let pieces = problem.conditions[0].location.pieces
        func index(_ piece: ConditionLocation.Piece) -> Int {
            piece.place.face?.index ?? -1
        }
        #expect(pieces.map(index) == faces)
        #expect(pieces.filter { $0.filter != nil }.map(index) == filtered)
        for filter in pieces.compactMap(\.filter) { #expect(filter.shape == .truth) }
    }

    @Test func filtersHoldWhereTheySay() throws {
        let problem = try read(
            Samples.minimal.replacing("\"boundary\"", with: "\"left and (y < 0.25 or not y < 0.5)\""))
        let filter = try #require(problem.conditions[0].location.pieces[0].filter)
        for (y, holds) in [(0.1, 1.0), (0.3, 0), (0.7, 1)] { #expect(filter.value(at: [0, y]) == [holds]) }
    }

    @Test func parametersMayComeInAnyOrder() throws {
        let text = Samples.minimal.replacing("[domain]", with: "[parameters]\nb = 'a^2'\na = '2*c'\nc = 3\n\n[domain]")
        #expect(try read(text).parameters.map(\.value) == [36, 6, 3])
    }

    @Test func boundsMayBeExpressions() throws {
        let text = Samples.minimal.replacing("[domain]", with: "[parameters]\nL = 2\n\n[domain]")
            .replacing("y = [0, 1]", with: "y = ['-L/2', 'pi*L']")
        let box = try read(text).domain.box
        #expect(box.lower[1] == -1 && box.upper[1] == 2 * Double.pi)
    }

    @Test func unknownParametersAreRead() throws {
        let problem = try read(Samples.inverse)
        #expect(problem.warnings.isEmpty)
        #expect(problem.parameters.map(\.name) == ["scale"])
        let nu = problem.unknownParameters[0], c = problem.unknownParameters[1]
        #expect(nu.name == "nu" && nu.start == 0.01 && nu.range == 1e-4...1e-1)
        #expect(nu.scale == .logarithmic && nu.rate == 1)
        #expect(nu.reference == 0.01 / Double.pi && nu.referenceText == "scale/pi")
        #expect(c == UnknownParameter("c", start: 0.02, rate: 0.5))
        #expect(problem.expectations.parameters == ["nu": 0.01])
        #expect(problem.equations[0].residual.unknownParameters == [0, 1])
        guard case .exact(let exact, _)? = problem.reference else {
            Issue.record("the exact fields are missing")
            return
        }
        #expect(Array(exact.keys) == ["u"])
    }

    @Test func aConditionOnIntegralsNeedsNoPlace() throws {
        let text = Samples.minimal + "\ngauge = { equation = 'average(u over region) + u(x = 0, y = 1) = 0' }\n"
        let problem = try read(text)
        #expect(problem.conditions.map(\.isGlobal) == [false, true])
        #expect(try read(problem.resolvedText()).resolvedText() == problem.resolvedText())
        #expect(try read(problem.resolvedText()).conditions[1].isGlobal)
    }

    @Test(arguments: [("region", 1), ("boundary", 4), ("left", 1), ("x.max", 1), ("nowhere", -1)])
    func placesOfIntegralsAreNamed(name: String, pieces: Int) throws {
        #expect(try read(Samples.minimal).domain.place(named: name)?.pieces.count ?? -1 == pieces)
    }

    @Test func aReferenceMayHoldParametersAlone() throws {
        let problem = try read(Samples.inverse.replacing("u  = '-sin(pi*x)*exp(-t)'\n", with: ""))
        #expect(problem.reference == nil && problem.unknownParameters[0].reference != nil)
        #expect(try read(problem.resolvedText()).unknownParameters == problem.unknownParameters)
    }

    // MARK: - Settings and variants

    @Test func settingsReplaceValues() throws {
        let problem = try read(
            Samples.helmholtz,
            [
                "parameters.k=2", "method.stages[1].steps=7", "run.precision=\"float64\"", "run.threads = 3",
                "definitions.\"f(z)\"='2*z'", "domain.region.box.x=[0, 1]",
            ])
        #expect(problem.parameters[0].value == 2)
        #expect(problem.method["stages"]?.elements?[0]["steps"] == 7)
        #expect(problem.run.precision == .double && problem.run.threads == 3)
        #expect(problem.definitions.last == Definition("f", arguments: ["z"], text: "2*z"))
        #expect(problem.domain.box.lower == [0, -1])
    }

    @Test func settingsComeAfterVariants() throws {
        let variant = try read(Samples.helmholtz, variant: "deep")
        #expect(variant.method["network"]?["layers"] == [64, 64, 64, 64, 64])
        #expect(variant.method["network"]?["activation"] == "tanh")
        // A table in one piece replaces the whole table.
        #expect(variant.method["stages"]?.elements?[0]["rate"] == ["start": 1e-2])
        #expect(variant.variant == "deep")
        let both = try read(Samples.helmholtz, ["method.network.layers=[3]"], variant: "deep")
        #expect(both.method["network"]?["layers"] == [3])
    }

    @Test func aMissingVariantIsNamed() {
        let error = #expect(throws: ProblemErrors.self) { try read(Samples.helmholtz, variant: "plan") }
        #expect(error?.description == "p.toml:1:1: error: there is no variant 'plan'\n   did you mean 'plain'?")
    }

    // MARK: - The completed text

    @Test(arguments: [
        Samples.minimal, Samples.helmholtz, Samples.burgers, Samples.family, Samples.plate, Samples.inverse,
    ])
    func theCompletedTextReadsBackToAnEqualProblem(text: String) throws {
        let problem = try read(text)
        let completed = problem.resolvedText()
        let again = try read(completed)
        #expect(again.resolvedText() == completed)
        #expect(again.tree() == problem.tree())
        #expect(again.equations.map(\.residual) == problem.equations.map(\.residual))
        #expect(again.conditions.map(\.residual) == problem.conditions.map(\.residual))
        #expect(again.conditions.map(\.location.faces) == problem.conditions.map(\.location.faces))
        #expect(
            again.conditions.map { $0.location.pieces.map(\.filter) }
                == problem.conditions.map { $0.location.pieces.map(\.filter) })
        #expect(again.domain.box == problem.domain.box && again.unknowns == problem.unknowns)
        #expect(again.output.fields?.axes == problem.output.fields?.axes)
        #expect(again.output.fields?.base == problem.output.fields?.base)
        #expect(again.output.plots == problem.output.plots)
        #expect(again.run == problem.run && again.expectations == problem.expectations)
        #expect(again.unknownParameters == problem.unknownParameters)
        #expect(again.method == problem.method && again.variants == problem.variants)
    }

    @Test func aProblemBuiltInSwiftPrintsAsAFile() throws {
        let sample = try read(Samples.minimal)
        let x = Expression.coordinate(0)
        let built = Problem(
            name: "built", scope: sample.scope, domain: sample.domain, unknowns: [Unknown("u")],
            equations: [
                Equation("poisson", .field(0, .laplacian([0, 1])), equals: x * x)
            ],
            conditions: [
                Condition(
                    "ends", on: ConditionLocation(sample.domain.spaceTime.faces.prefix(2).map { .init(.face($0)) }),
                    .field(0), equals: 0, enforcement: .exact)
            ],
            method: ["kind": "pinn"])
        let again = try read(built.resolvedText())
        #expect(again.conditions[0].location.faces == built.conditions[0].location.faces)
        #expect(again.conditions[0].enforcement == .exact && again.method == built.method)
        for point in [[0.5, 0.25], [0.1, 0.9]] {
            let exact = x * x * x
            let first = built.equations[0].residual.substituting(unknowns: [exact]).value(at: point)[0]
            let second = again.equations[0].residual.substituting(unknowns: [exact]).value(at: point)[0]
            #expect(abs(first - second) < 1e-14)
        }
    }

    // MARK: - Warnings

    @Test func anUnusedDefinitionIsAWarning() throws {
        let problem = try read(
            Samples.minimal + "\n[definitions]\nspare = 'x'\nused = 'y'\n[output]\nvalues = { v = 'used' }")
        #expect(
            problem.warnings.map(\.description) == [
                """
                p.toml:17:1: warning: the definition 'spare' is not used
                   17 | spare = 'x'
                      | ^^^^^
                """
            ])
    }

    @Test func unequalNumbersOfEquationsAndUnknownsAreAWarning() throws {
        let problem = try read(Samples.minimal.replacing("u = {}", with: "u = {}\nv = {}"))
        #expect(problem.warnings.map(\.message) == ["1 equation for 2 unknowns"])
    }

    // MARK: - Robustness

    /// Whatever happens to a valid file, reading it ends with a problem or with complaints.
    @Test func mutatedFilesNeverStopTheProgram() {
        var generator = Generator(state: 2_024)
        let pieces = [
            "'", "\"", "=", "[", "]", "{", "}", ".", "\n", "(", ")", "1e999", "^", "x[", "u_x", ",", "\\u00e9", "nan",
            "é", "#",
        ]
        var refused = 0
        let count = 400
        for round in 0..<count {
            var bytes = Array([Samples.helmholtz, Samples.burgers, Samples.family, Samples.plate][round % 4].utf8)
            for _ in 0...generator.below(3) {
                let place = generator.below(bytes.count)
                switch generator.below(4) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(contentsOf: Array(pieces[generator.below(pieces.count)].utf8), at: place)
                case 2: bytes[place] = UInt8(generator.below(95) + 32)
                default: bytes.removeSubrange(place..<min(bytes.count, place + generator.below(40)))
                }
            }
            do {
                _ = try read(String(decoding: bytes, as: UTF8.self))
            } catch {
                refused += 1
                #expect((error as? ProblemErrors)?.description.isEmpty == false)
            }
        }
        #expect(refused > count / 4 && refused < count)
    }

    private struct Generator {
        var state: UInt64
        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(max(1, bound)))
        }
    }
}
