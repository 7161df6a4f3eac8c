import Expressions
import LinearAlgebra
import Randomness
import Testing

@Suite struct TapeTests {
    /// Runs a tape at points whose input k at point p is `input(k, p)`; returns outputs and, for output adjoints 1, 0.5, …,
    /// the adjoints of inputs.
    private func run<S: Scalar>(
        _ tape: Tape, _ type: S.Type, points: Int, _ input: (TapeInput, Int) -> Double
    ) -> (outputs: [[Double]], adjoints: [[Double]]) {
        let workspace = TapeWorkspace<S>(tape, blockSize: points)
        let values = tape.inputs.map { name in
            let buffer = AlignedBuffer<S>(count: points)
            for p in 0..<points { buffer.baseAddress[p] = S(input(name, p)) }
            return buffer
        }
        let adjoints = tape.inputs.map { _ in AlignedBuffer<S>(count: points) }
        for k in tape.inputs.indices {
            workspace.setInput(k, values[k].baseAddress)
            workspace.setInputAdjoint(k, adjoints[k].baseAddress)
        }
        workspace.forward(count: points)
        let outputs = (0..<tape.outputCount).map { k in (0..<points).map { Double(workspace.output(k)[$0]) } }
        for k in 0..<tape.outputCount {
            for p in 0..<points { workspace.outputAdjoint(k)[p] = S(1 / Double(k + 1)) }
        }
        workspace.reverse(count: points)
        withExtendedLifetime(values) {}
        return (outputs, adjoints.map { buffer in (0..<points).map { Double(buffer.baseAddress[$0]) } })
    }

    private func value(_ input: TapeInput, _ p: Int) -> Double {
        let base: Double
        switch input {
        case .coordinate(let flat): base = [0.4, 0.7, 0.3][flat % 3]
        case .field(let field): base = Double(field.hashValueOfContent(.none) % 97) / 97
        case .trace(let field, let trace): base = Double(abs(field.hashValueOfContent(trace)) % 97) / 97
        case .normal(let axis): base = [0.6, 0.8, 0][axis % 3]
        case .parameter: base = 1.5
        case .table, .datum: base = .nan
        }
        return base + 0.017 * Double(p)
    }

    private func reference(_ expression: Expression, _ p: Int) -> Double {
        expression.value(
            at: (0..<3).map { value(.coordinate($0), p) }, normals: (0..<2).map { value(.normal($0), p) },
            parameters: [value(.parameter(0), p)]
        ) { field, trace in value(trace == .none ? .field(field) : .trace(field, trace), p) }[0]
    }

    static let operations = [
        "x + y", "x - y", "-x", "x*y", "x/y", "x^2", "x^3", "x^4", "x^5", "x^7", "x^-3", "x^1.7", "x^y", "sqrt(x)",
        "exp(x)", "log(x)",
        "log10(x)", "sin(3*x)", "cos(3*x)", "tan(x)", "asin(x - 0.3)", "acos(x - 0.3)", "atan(x)", "atan2(x, y)",
        "sinh(x)", "cosh(x)", "tanh(x)",
        "erf(x)", "abs(x - 0.5)", "sign(x - 0.5)*x", "min(x, 0.5)", "max(x, 0.5)", "floor(9*x)*x", "mod(7*x, y)",
        "step(x - 0.5)*y",
        "if(x < 0.5, x, y)", "if(x <= 0.5 and y > 0.8, x, y)", "if(x == y or not (x != x), x, y)",
        "if(y >= 0.8, x*y, y)",
        "u_t - 1e-4*u_xx + 5*u^3 - 5*u", "p*u + n[1]*u_x", "u(t = 0)*u - u_x(x = 1)", "x*x", "u", "2", "2*k",
        "0.1*x + 1/3",
    ]

    @Test(arguments: operations)
    func forwardAgreesWithPlainEvaluationAndReverseWithDerivatives(_ text: String) throws {
        let expression = try planeScope().read(text)
        let tape = try Tape([expression])
        let points = 37
        let double = run(tape, Double.self, points: points, value)
        let single = run(tape, Float.self, points: points, value)
        for p in 0..<points {
            let expected = reference(expression, p)
            #expect(abs(double.outputs[0][p] - expected) <= 4e-15 * max(1, abs(expected)), "\(text) at \(p)")
            #expect(abs(single.outputs[0][p] - expected) <= 4e-6 * max(1, abs(expected)), "\(text) at \(p)")
        }
        for (k, input) in tape.inputs.enumerated() {
            let h = 1e-4
            func shifted(_ shift: Double) -> [Double] {
                run(tape, Double.self, points: points) { value($0, $1) + ($0 == input ? shift : 0) }.outputs[0]
            }
            let (a, b, c, d) = (shifted(h), shifted(-h), shifted(2 * h), shifted(-2 * h))
            for p in 0..<points {
                let numerical = (8 * (a[p] - b[p]) - (c[p] - d[p])) / (12 * h)
                guard abs(a[p] - b[p]) < 0.1 else { continue }
                #expect(
                    abs(double.adjoints[k][p] - numerical) <= 1e-7 * max(1, abs(numerical)) || isNearKink(input, p),
                    "\(text) \(input) at \(p)")
                #expect(
                    abs(single.adjoints[k][p] - double.adjoints[k][p]) <= 2e-5 * max(1, abs(numerical))
                        || isNearKink(input, p), "\(text) \(input) at \(p)")
            }
        }
    }

    /// The table's kinks lie where x is a half or y is 0.8.
    private func isNearKink(_ input: TapeInput, _ p: Int) -> Bool {
        switch input {
        case .coordinate(0): abs(value(input, p) - 0.5) < 0.01
        case .coordinate(1): abs(value(input, p) - 0.8) < 0.01
        default: false
        }
    }

    @Test func randomExpressionsAgreeForwardAndInReverse() throws {
        let scope = try planeScope()
        for index in 0..<200 {
            var trees = RandomTrees("tape", index)
            let texts = (0..<2).map { _ in trees.scalar(depth: 1 + index % 4, withFields: true) }
            let expressions = try texts.map { try scope.read($0) }
            let tape = try Tape(expressions)
            let result = run(tape, Double.self, points: 3, value)
            for (k, expression) in expressions.enumerated() {
                for p in 0..<3 {
                    let expected = reference(expression, p)
                    #expect(abs(result.outputs[k][p] - expected) <= 1e-12 * max(1, abs(expected)), "\(texts[k])")
                }
            }
            guard let place = tape.inputs.firstIndex(of: .coordinate(0)) else { continue }
            let h = 1e-5
            let up = run(tape, Double.self, points: 1) { value($0, $1) + ($0 == .coordinate(0) ? h : 0) }.outputs
            let down = run(tape, Double.self, points: 1) { value($0, $1) - ($0 == .coordinate(0) ? h : 0) }.outputs
            let numerical = (0..<2).reduce(0) { $0 + (up[$1][0] - down[$1][0]) / (2 * h * Double($1 + 1)) }
            guard abs(numerical) < 1e3 else { continue }
            #expect(abs(result.adjoints[place][0] - numerical) <= 1e-5 * max(1, abs(numerical)), "\(texts)")
        }
    }

    @Test func commonSubexpressionsAreComputedOnceAndConstantsBeforehand() throws {
        let scope = try planeScope()
        #expect(try Tape([scope.read("sin(k*pi/2)^2*u + sin(k*pi/2)^2*u_x")]).instructionCount == 3)
        #expect(try Tape([scope.read("sin(x)*u + sin(x)*v + cos(sin(x))")]).instructionCount == 6)
        let allenCahn = try Tape([scope.read("u_t - 1e-4*u_xx + 5*u^3 - 5*u")])
        #expect(allenCahn.inputs.count == 3)
        #expect(allenCahn.instructionCount == 7)
    }

    @Test func aSumOfSecondDerivativesIsReadAsOneLaplacian() throws {
        let scope = try familyScope(100)
        let laplacian = TapeInput.field(FieldDerivative(unknown: 0, derivative: .laplacian(Array(0..<100))))
        for text in [
            "laplacian(u)", "sum(i in 1:d, d(u, x[i], 2))", "sum(i in 1:100, 3*d(u, x[i], x[i]))", "div(grad(u))",
            "d*laplacian(u) + 1",
        ] {
            #expect(try Tape([scope.read(text)]).inputs == [laplacian], "\(text)")
        }
        let mixed = try Tape([scope.read("sum(i in 1:d, d(u, x[i], 2) - d(u, x[i])^2)")])
        #expect(mixed.inputs.count == 101)
        #expect(mixed.inputs.contains(laplacian))
        let plane = try planeScope()
        #expect(
            try Tape([plane.read("laplacian(u)")]).inputs
                == [.field(FieldDerivative(unknown: 0, derivative: .laplacian([0, 1])))])
    }

    @Test func sumsInAHundredThousandDimensionsAreWrittenOut() throws {
        let scope = try familyScope(100_000)
        let tape = try Tape([scope.read("u_t + laplacian(u) - norm2(grad(u))")])
        #expect(tape.inputs.count == 100_002)
    }

    @Test func meansAndIntegralsHaveNoTape() throws {
        let scope = try planeScope()
        for (text, message) in [
            ("mean(z ~ normal(3), z[1]*x)", "a mean over random vectors"),
            ("average(u over region)", "an integral or average"),
        ] {
            #expect { _ = try Tape([scope.read(text, .output)]) } throws: { "\($0)".contains(message) }
        }
    }

    @Test func unwantedAdjointsAreNotComputedAndWantedOnesAdded() throws {
        let tape = try Tape([planeScope().read("u*v"), planeScope().read("u")])
        let workspace = TapeWorkspace<Double>(tape, blockSize: 4)
        let values = AlignedBuffer<Double>(count: 4)
        for p in 0..<4 { values.baseAddress[p] = Double(p + 2) }
        let adjoint = AlignedBuffer<Double>(count: 4)
        for p in 0..<4 { adjoint.baseAddress[p] = 100 }
        for k in tape.inputs.indices { workspace.setInput(k, values.baseAddress) }
        workspace.setInputAdjoint(
            tape.inputs.firstIndex(of: .field(FieldDerivative(unknown: 0, derivative: .value)))!, adjoint.baseAddress)
        for _ in 0..<2 {
            workspace.forward(count: 4)
            for k in 0..<2 { for p in 0..<4 { workspace.outputAdjoint(k)[p] = 1 } }
            workspace.reverse(count: 4)
        }
        withExtendedLifetime(values) {}
        // ∂(u v + u)/∂u = v + 1, added twice.
        for p in 0..<4 { #expect(adjoint.baseAddress[p] == 100 + 2 * Double(p + 3)) }
    }
}
