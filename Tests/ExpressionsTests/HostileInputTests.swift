import Expressions
import Testing

@Suite struct HostileInputTests {
    @Test(arguments: [
        String(repeating: "(", count: 100_000),
        String(repeating: "(", count: 100_000) + "x" + String(repeating: ")", count: 100_000),
        String(repeating: "-", count: 100_000) + "x", String(repeating: "not ", count: 100_000) + "x",
        String(repeating: "2^", count: 100_000) + "2",
        String(repeating: "[", count: 100_000), String(repeating: "f(", count: 100_000),
        String(repeating: "x[", count: 100_000),
        "x" + String(repeating: "[1]", count: 100_000), "x" + String(repeating: "()", count: 100_000),
        String(repeating: "if(", count: 10_000),
    ])
    func deepNestingIsAnErrorNotACrash(_ text: String) {
        #expect(throws: ExpressionErrors.self) { _ = try Syntax.parse(text) }
    }

    @Test(arguments: [
        String(repeating: "* ", count: 100_000), String(repeating: "x ", count: 3_000),
        String(repeating: ")", count: 100_000),
        String(repeating: "x + ", count: 400_000), String(repeating: "\u{0}", count: 1_000),
        String(repeating: "é\u{301}", count: 1_000) + "(", "\u{202E}x",
    ])
    func longNonsenseIsAnErrorInReasonableTime(_ text: String) {
        #expect(throws: ExpressionErrors.self) { _ = try Syntax.parse(text) }
    }

    @Test func theDeepestTextThatIsReadIsResolvedOnASmallStack() throws {
        let depth = 190
        let scope = try planeScope()
        for (open, close) in [
            ("(", ")"), ("sin(", ")"), ("-(", ")"), ("[", "][1]"), ("2^(", ")"), ("if(1 < 2, ", ", 1)"), ("g(", ")"),
            ("1 + x*(", ")"),
        ] {
            let count = open == "g(" ? 30 : open == "-(" || open == "2^(" ? 60 : depth
            let text = String(repeating: open, count: count) + "0.5" + String(repeating: close, count: count)
            let expression = try scope.read(text)
            #expect(expression.description.isEmpty == false)
            _ = try Tape([expression])
        }
    }

    @Test func longSumsAndProductsAreNoProblem() throws {
        let scope = try planeScope()
        let sum = try scope.read((1...5_000).map { "sin(\($0)*x)/\($0)" }.joined(separator: " + "))
        #expect(try Tape([sum.derivative(along: 0)]).instructionCount > 5_000)
        let product = try scope.read((1...2_000).map { "(x + 1/\($0))" }.joined(separator: "*"))
        #expect(product.derivative(along: 0).value(at: [0, 0, 0])[0].isFinite)
    }

    @Test func definitionsThatDoubleStayShared() throws {
        var scope = try planeScope()
        try scope.define("a0", body: try Syntax.parse("x + 1"))
        for k in 1...200 { try scope.define("a\(k)", body: try Syntax.parse("a\(k - 1)/a\(k - 1) + a\(k - 1)*x")) }
        let expression = try scope.read("a200")
        #expect(try Tape([expression]).instructionCount < 1_000)
        #expect(try Tape([expression.derivative(along: 0)]).instructionCount < 5_000)
        #expect(expression.simplified().description.count < 1_000)
        #expect(expression.typeset(scope) == "a200")
    }

    @Test func functionsThatDoubleRunIntoALimit() throws {
        var scope = try planeScope()
        try scope.define("f0", arguments: ["y"], body: try Syntax.parse("y + 1"))
        for k in 1...40 {
            try scope.define("f\(k)", arguments: ["y"], body: try Syntax.parse("f\(k - 1)(y) + f\(k - 1)(2*y)"))
        }
        #expect { _ = try scope.read("f25(x)") } throws: { "\($0)".contains("the expression grows too large") }
        #expect { _ = try scope.read("f40(x)") } throws: { error in
            "\(error)".contains("functions call one another more than") || "\(error)".contains("grows too large")
        }
        let doubled = String(repeating: "g(", count: 30) + "x" + String(repeating: ")", count: 30)
        #expect(try Tape([scope.read(doubled)]).instructionCount < 200)
    }

    @Test func repeatedDifferentiationRunsIntoALimit() throws {
        let scope = try planeScope()
        let nested =
            String(repeating: "d(", count: 100) + "sin(x)^x*exp(x*y)^cos(x)" + String(repeating: ", x)", count: 100)
        #expect { _ = try scope.read(nested) } throws: { "\($0)".contains("the derivative grows too large") }
        #expect(throws: ExpressionErrors.self) { _ = try scope.read("d(u, x, 1000000000000)") }
    }

    @Test func sumsWithinSumsRunIntoALimit() throws {
        let scope = try familyScope(1_000)
        let text = "sum(i in 1:d, sum(j in 1:d, sum(k in 1:d, x[i]*x[j]*x[k])))"
        #expect { _ = try Tape([scope.read(text)]) } throws: {
            "\($0)".contains("operations when its sums are written out")
        }
        #expect(throws: ExpressionErrors.self) { _ = try scope.read("sum(i in 1:1e300, x[1])") }
        #expect(try scope.read("sum(i in 1:1e6, sum(j in 1:1e6, sum(k in 1:1e6, sin(i*j*k))))").constantValue == nil)
    }

    @Test func aDeepChainOfOperatorsIsReleasedWithoutRecursion() {
        var expression = Expression.coordinate(0)
        for _ in 0..<200_000 { expression = expression.applying("sin")! }
        #expect(expression.derivative(along: 1).constantValue == 0)
    }
}
