import Expressions
import Testing

@Suite struct ResolverTests {
    @Test(arguments: [
        ("u_x", "d(u, x)"), ("u_xy", "d(u, y, x)"), ("u_xx", "d(u, x, 2)"), ("u_t", "dt(u)"), ("q_x", "d(q, x)"),
        ("d(k*u_x, x)", "k*u_xx"), ("d(u*v, x)", "u_x*v + u*v_x"), ("grad(u)[2]", "u_y"),
        ("div(grad(v))", "v_xx + v_yy"),
        ("curl([u, v])", "v_x - u_y"), ("dot(grad(u), grad(v))", "u_x*v_x + u_y*v_y"), ("dn(u)", "n[1]*u_x + n[2]*u_y"),
        ("norm2([x, y])", "x^2 + y^2"), ("norm([x, y])", "sqrt(x^2 + y^2)"), ("g(u_x)", "u_x^2 + 1"),
        ("cross([x, y], [u, v])", "x*v - y*u"),
        ("div([[x*u, y], [1, v]])[1]", "u + x*u_x + 1"), ("grad([u, v])[2][1]", "v_x"), ("d(u, x, 2, y)", "u_xxy"),
        ("laplacian([u, v])[1]", "laplacian(u)"), ("laplacian(2*u + x^2)", "2*laplacian(u) + 2"),
        ("u(t = 0)(x = 1)", "u(x = 1, t = 0)"), ("d(u(t = 0), t)", "0"), ("d(u(t = 0), x)", "u_x(t = 0)"),
        ("(x*u)(x = 2)", "2*u(x = 2)"), ("2**3", "8"), ("x - -y", "x + y"), ("clamp(x, 0, 1)", "min(max(x, 0), 1)"),
        ("sum(i in 1:2, [u, v][i])", "u + v"), ("sum(i in 1:0, u)", "0"), ("prod(i in 1:3, x)", "x^3"),
        ("d(x^k, x)", "k*x^(k - 1)"), ("d(abs(x), x)", "sign(x)"), ("[x, y][1]", "x"), ("dt(q)", "0"),
    ])
    func differentSpellingsMeanTheSame(_ first: String, _ second: String) throws {
        let scope = try planeScope()
        if first.hasPrefix("(") { return }
        let a = try scope.read(first)
        let b = try scope.read(second)
        let field: (FieldDerivative, Trace) -> Double = { derivative, trace in
            Double(abs(derivative.hashValueOfContent(trace)) % 97) / 31 + 0.3
        }
        let point = [0.4, 0.7, 0.3]
        let left = a.value(at: point, normals: [0.6, 0.8], parameters: [1.5], field: field)
        let right = b.value(at: point, normals: [0.6, 0.8], parameters: [1.5], field: field)
        #expect(left.count == right.count)
        for (l, r) in zip(left, right) { #expect(abs(l - r) <= 1e-13 * max(1, abs(r)), "\(a) | \(b)") }
    }

    struct Slip: Sendable {
        var text: String
        var messages: [String]
        var place: ClosedRange<Int>?
        var hint: String?
        var context = Context.condition
    }

    static let slips = [
        Slip(
            text: "u_t + u*ux", messages: ["'ux' is not declared"], place: 8...10,
            hint: "did you mean 'u_x', the derivative of u along x?"),
        Slip(
            text: "u_z", messages: ["'u_z' is not declared: 'z' is not a coordinate"], place: 0...3,
            hint: "the coordinates are x, y, t"),
        Slip(text: "kk*u + w", messages: ["'kk' is not declared", "'w' is not declared"], hint: "did you mean 'k'?"),
        Slip(text: "sine(x)", messages: ["there is no function 'sine'"], place: 0...4, hint: "did you mean 'sin'?"),
        Slip(text: "ln(x)", messages: ["there is no function 'ln'"], hint: "write 'log(x)'"),
        Slip(
            text: "grad(u) + k", messages: ["cannot add a vector and a scalar"], place: 8...9,
            hint: "grad(u) is a vector with 2 components; k is a scalar"),
        Slip(
            text: "u + grad(v)", messages: ["cannot add a scalar and a vector"],
            hint: "u is a scalar (declared on line 7)"),
        Slip(text: "x/0", messages: ["division by zero"], place: 1...3),
        Slip(text: "x/(k - 2.5)", messages: ["division by zero"], place: 1...11),
        Slip(text: "0^-1", messages: ["division by zero"]),
        Slip(text: "sin(x, y)", messages: ["'sin' takes 1 argument, not 2"], place: 0...9),
        Slip(text: "atan2(x)", messages: ["'atan2' takes 2 arguments, not 1"]),
        Slip(text: "sin", messages: ["'sin' is a function and needs arguments"]),
        Slip(
            text: "k(x + 1)", messages: ["'k' is not a function"], place: 0...1,
            hint: "multiplication is written out: 'k*(…)'"),
        Slip(text: "u(0)", messages: ["'u' takes no arguments"], hint: "u(t = 0)"),
        Slip(text: "u(z = 0)", messages: ["'z' is not a coordinate"], place: 2...3),
        Slip(text: "u(t = x)", messages: ["a coordinate can be held at a constant only"], place: 6...7),
        Slip(text: "g(x, y)", messages: ["'g' takes 1 argument, not 2"], hint: "g(s)"),
        Slip(text: "g", messages: ["'g' is a function and needs 1 argument"]),
        Slip(text: "d(u)", messages: ["'d' needs an expression and the coordinates"]),
        Slip(text: "d(u, k)", messages: ["a coordinate is needed"], place: 5...6, hint: "the coordinates are x, y, t"),
        Slip(text: "d(u, x, 99)", messages: ["derivatives are taken up to order 16"]),
        Slip(text: "grad(u)[3]", messages: ["the index is 3, but 'grad(u)' has 2 components"], place: 8...9),
        Slip(text: "x[1]", messages: ["'x' is a scalar and has no components"]),
        Slip(
            text: "sin(grad(u))", messages: ["the argument of 'sin' must be a scalar, not a vector with 2 components"],
            place: 4...11),
        Slip(text: "[u, grad(u)]", messages: ["the components of a vector must be of one kind"]),
        Slip(text: "dot(grad(u), u)", messages: ["'dot' needs two vectors"]),
        Slip(
            text: "grad(u)*grad(v)", messages: ["cannot multiply a vector and a vector"], place: 7...8,
            hint: "dot(a, b)"),
        Slip(text: "1/grad(u)", messages: ["cannot divide by a vector"]),
        Slip(
            text: "if(u, 1, 2)", messages: ["the first argument of 'if' needs a truth value, not a scalar"],
            place: 3...4),
        Slip(text: "u < v + 1 and x", messages: ["'and' needs a truth value, not a scalar"]),
        Slip(text: "(u < v) + 1", messages: ["cannot add a truth value"]),
        Slip(text: "sum(i in 1:x, i)", messages: ["the upper end of 'i' must be a constant"]),
        Slip(text: "sum(i in 1:2.5, i)", messages: ["the upper end of 'i' must be a whole number"]),
        Slip(text: "sum(u)", messages: ["'sum' needs an index"], hint: "sum(i in 1:d, x[i]^2)"),
        Slip(
            text: "sum(i in 1:3, grad(u)[i])", messages: ["the index runs from 1 to 3, but 'grad(u)' has 2 components"]),
        Slip(text: "mean(z ~ normal(2), z[1])", messages: ["'mean' is an estimate and cannot stand here"]),
        Slip(text: "mean(z ~ uniform(2), z[1])", messages: ["there is no distribution 'uniform'"], context: .output),
        Slip(text: "n[1]", messages: ["'n', the outward normal, has a meaning on faces only"], context: .equation),
        Slip(text: "dn(u)", messages: ["'dn', the derivative along the outward normal"], context: .output),
        Slip(text: "average(u over region)", messages: ["'average' cannot stand here"], context: .equation),
        Slip(text: "residual(heat)", messages: ["there is no equation 'heat'"], context: .output),
        Slip(text: "u + x", messages: ["'u' is an unknown and cannot be used here"], context: .coefficient),
        Slip(
            text: "x + k", messages: ["'x' is a coordinate and cannot be used here"],
            hint: "only numbers and known parameters", context: .constant),
        Slip(text: "p + x", messages: ["'p' is an unknown parameter and cannot be used here"], context: .reference),
        Slip(text: "hole.rim + 1", messages: ["'hole.rim' is not a value"], place: 0...8),
        Slip(text: "curl(u*[1, 2, 3])", messages: ["the curl needs a vector"]),
        Slip(text: "div(u)", messages: ["the divergence needs a vector with 2 components"]),
    ]

    @Test(arguments: slips)
    func everySlipOfATextIsNamedWithAWayOut(_ slip: Slip) throws {
        let scope = try planeScope()
        let syntax = try Syntax.parse(slip.text)
        var found: [ExpressionIssue] = []
        do {
            _ = try scope.resolve(syntax, in: slip.context)
        } catch {
            found = error.issues
        }
        #expect(found.count == slip.messages.count, "\(slip.text): \(found)")
        for message in slip.messages {
            #expect(found.contains { $0.message.contains(message) }, "\(slip.text): \(found)")
        }
        if let place = slip.place {
            let range = SourceRange(lower: place.lowerBound, upper: place.upperBound)
            #expect(found.contains { $0.range == range }, "\(slip.text): \(found)")
        }
        if let hint = slip.hint {
            #expect(found.contains { $0.hint?.contains(hint) == true }, "\(slip.text): \(found)")
        }
    }

    @Test func aNameIsDeclaredOnceAndNeverReadsAsADerivative() throws {
        var scope = try planeScope()
        func fails(_ message: String, _ change: (inout Scope) throws -> Void) {
            #expect {
                try change(&scope)
            } throws: { "\($0)".contains(message) }
        }
        fails("'u' is declared twice: it is already an unknown, declared on line 7") {
            try $0.declare(parameter: "u", value: 1)
        }
        fails("'u_x' already means the derivative of u along x") { try $0.declare(parameter: "u_x", value: 1) }
        fails("'q_xt' already means the derivative of q along x and t") { try $0.declare(unknown: "q_xt") }
        fails("'n' is the outward normal") { try $0.declare(parameter: "n", value: 1) }
        fails("'pi' is known") { try $0.declare(unknown: "pi") }
        fails("'2a' is not a name") { try $0.declare(unknown: "2a") }
        fails("'sin' is a function of the language") {
            try $0.define("sin", arguments: ["s"], body: try Syntax.parse("s"))
        }
        try scope.declare(parameter: "w_x", value: 1)
        fails("with 'w' declared, 'w_x' would mean the derivative of w along x") { try $0.declare(unknown: "w") }
        try scope.declare(parameter: "u_exact", value: 3)
        #expect(try scope.read("u_exact").constantValue == 3)
    }

    @Test func definitionsMayNotFormACycle() throws {
        var scope = try planeScope()
        try scope.define("a", body: try Syntax.parse("b_x + 1"))
        try scope.define("b", body: try Syntax.parse("c"))
        #expect {
            try scope.define("c", body: try Syntax.parse("2*a"))
        } throws: { "\($0)".contains("the definition of 'c' refers to itself: c → a → b → c") }
        #expect {
            try scope.define("e", body: try Syntax.parse("e + 1"))
        } throws: { "\($0)".contains("the definition of 'e' refers to itself") }
    }

    @Test func definitionsMayUseLaterOnesAndAreCheckedInTheirOwnText() throws {
        var scope = try planeScope()
        try scope.define("first", body: try Syntax.parse("second^2"))
        try scope.define("second", body: try Syntax.parse("x + 1"))
        try scope.define("wrong", body: try Syntax.parse("x + nope"))
        try scope.define("h", arguments: ["s"], body: try Syntax.parse("s[1] + nope"))
        #expect(try scope.read("d(first, x)").value(at: [2, 0, 0]) == [6])
        for name in ["wrong", "h"] {
            #expect { try scope.checkDefinition(name) } throws: { "\($0)".contains("'nope' is not declared") }
        }
        try scope.checkDefinition("first")
        #expect { _ = try scope.read("wrong + 1") } throws: {
            "\($0)".contains("the definition of 'wrong' cannot be used here")
        }
    }

    @Test func theSidesOfAnEquationAreOfOneKindAndZeroIsOfAnyKind() throws {
        let scope = try planeScope()
        let sides = try scope.resolve(try EquationSyntax.parse("grad(u) = 0"), in: .equation)
        #expect(sides.right.shape == .vector(2))
        #expect((sides.left - sides.right).components.map(\.description) == ["u_x", "u_y"])
        #expect {
            _ = try scope.resolve(try EquationSyntax.parse("grad(u) = 1"), in: .equation)
        } throws: { "\($0)".contains("the sides of the equation are of different kinds") }
    }

    @Test func expressionsPrintToTextsThatGiveThemBack() throws {
        let scope = try planeScope()
        let fixed = [
            "-x^2", "x - (y - t)", "2^k^2", "x/(y*k)", "(-x)^2", "x/y*k", "-(x/y)", "-x/y", "x - y/k*u",
            "-2*x*y - 3*u_xy",
            "not (x < 1) and y > 2 or t == 0", "2*(x/3)", "x*-y", "1/3", "u(t = 0) + u_x(x = 1, t = 0.5)",
            "laplacian(u)(t = 0)",
            "sum(i in 1:3, sin(i*x))", "sum(i in 1:3, sum(j in 1:2, x^i*y^j))", "average(u over region)", "n[1]*u_x",
            "p*u",
            "if(x < 0, -x, x)", "q*u + g(x)", "sqrt(2)*x", "-1*(x + y)", "(x + y)*-1/2", "x^-2", "-(x*y)^2",
        ]
        for text in fixed {
            let expression = try scope.read(text)
            #expect(try scope.read("\(expression)") == expression, "\(text) -> \(expression)")
        }
        for index in 0..<400 {
            var trees = RandomTrees("expressions", index)
            let expression = try scope.read(trees.scalar(depth: 1 + index % 4, withFields: true))
            #expect(try scope.read("\(expression)") == expression, "\(expression)")
        }
    }
}

extension FieldDerivative {
    /// A number that depends on nothing but the content, unlike `hashValue`.
    func hashValueOfContent(_ trace: Trace) -> Int {
        var result = unknown * 31 + 7
        switch derivative {
        case .partial(let coordinates): for coordinate in coordinates { result = result * 13 + coordinate + 1 }
        case .laplacian(let coordinates):
            // The sum of the second derivatives would not agree with this number, so no test may mix the two.
            for coordinate in coordinates { result = result * 17 + coordinate + 5 }
        }
        for entry in trace.entries { result = result * 11 + entry.coordinate + Int(entry.value * 8) }
        return result
    }
}
