import Expressions
import Foundation
import Synchronization
import Testing

@Suite struct HostileInputTests {
    /// Pieces that are repeated, in front of and behind a name.
    static let nests = [
        ("(", ""), ("(", ")"), ("-", ""), ("not ", ""), ("2^", ""), ("[", ""), ("f(", ""), ("x[", ""), ("", "[1]"),
        ("", "()"), ("if(", ""),
    ]

    @Test(arguments: nests)
    func deepNestingIsAnErrorNotACrash(_ front: String, _ back: String) {
        let text = String(repeating: front, count: 100_000) + "x" + String(repeating: back, count: 100_000)
        #expect(throws: ExpressionErrors.self) { _ = try Syntax.parse(text) }
    }

    @Test(arguments: [
        ("* ", 100_000), ("x ", 3_000), (")", 100_000), ("x + ", 400_000), ("\u{0}", 1_000), ("é\u{301}(", 500),
        ("\u{202E}x", 1),
    ])
    func longNonsenseIsAnErrorInReasonableTime(_ piece: String, _ count: Int) {
        #expect(throws: ExpressionErrors.self) { _ = try Syntax.parse(String(repeating: piece, count: count)) }
    }

    @Test func theDeepestTextThatIsReadIsResolvedOnASmallStack() throws {
        let depth = 190
        let scope = try planeScope()
        let done = DispatchSemaphore(value: 0)
        let failures = Mutex<[String]>([])
        let thread = Thread {
            for (open, close) in [
                ("(", ")"), ("sin(", ")"), ("-(", ")"), ("[", "][1]"), ("2^(", ")"), ("if(1 < 2, ", ", 1)"),
                ("g(", ")"),
                ("1 + x*(", ")"),
            ] {
                let count = open == "g(" ? 30 : open == "-(" || open == "2^(" ? 90 : depth
                let text = String(repeating: open, count: count) + "0.5" + String(repeating: close, count: count)
                do {
                    let expression = try scope.read(text)
                    _ = try Tape([expression, expression.derivative(along: 0)])
                    if "\(expression)\(expression.typeset)".isEmpty { throw ExpressionErrors("no text") }
                } catch {
                    failures.withLock { $0.append("\(open): \(error)") }
                }
            }
            done.signal()
        }
        thread.stackSize = 512 * 1024
        thread.start()
        done.wait()
        #expect(failures.withLock { $0 } == [])
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
