import Expressions
import Testing

@Suite struct ParserTests {
    @Test func everyTreePrintsToATextThatGivesItBack() throws {
        for index in 0..<3_000 {
            var trees = RandomTrees("syntax", index)
            let tree = trees.anything(depth: 1 + index % 5)
            #expect(try Syntax.parse("\(tree)") == tree, "\(tree)")
        }
    }

    @Test(arguments: [
        ("-x^2", "-x^2"), ("(-x)^2", "(-x)^2"), ("2^3^2", "2^3^2"), ("(2^3)^2", "(2^3)^2"),
        ("a - (b - c)", "a - (b - c)"),
        ("a-b-c", "a - b - c"), ("a/(b*c)", "a/(b*c)"), ("a/b*c", "a/b*c"), ("a*-b", "a*-b"), ("2**-3", "2^-3"),
        ("not (a and b) or c", "not (a and b) or c"), ("not a and b", "not a and b"),
        ("(a or b) and c", "(a or b) and c"),
        ("+x", "x"), ("--x", "--x"), ("1e-3 + .5 + 2.", "0.001 + 0.5 + 2.0"), ("x[i + 1]", "x[i + 1]"),
        ("u(t = 0, x = 0)", "u(t = 0, x = 0)"), ("average(p over hole.rim)", "average(p over hole.rim)"),
        ("mean(z ~ normal(d), z[1])", "mean(z ~ normal(d), z[1])"), ("sum(i in 1:d, x[i])", "sum(i in 1:d, x[i])"),
        ("[a, b]", "[a, b]"), ("if(x<0 and y>=1, 1, 0)", "if(x < 0 and y >= 1, 1, 0)"), ("ν*θ_1", "ν*θ_1"),
    ])
    func printingNeedsNoMoreBracketsThanTheRulesOfPrecedence(_ text: String, _ printed: String) throws {
        let tree = try Syntax.parse(text)
        #expect("\(tree)" == printed.replacing("2.0", with: "2"))
        #expect(try Syntax.parse("\(tree)") == tree)
    }

    @Test func everyNodeKnowsItsPlace() throws {
        let tree = try Syntax.parse("ν*u_x + 2")
        #expect(tree.range == SourceRange(lower: 0, upper: 10))
        guard case .sum(let terms) = tree.kind else {
            Issue.record("not a sum")
            return
        }
        #expect(terms[0].value.range == SourceRange(lower: 0, upper: 6))
        #expect(terms[1].operatorRange == SourceRange(lower: 7, upper: 8))
        #expect(terms[1].value.range == SourceRange(lower: 9, upper: 10))
    }

    struct Slip: Sendable {
        var text: String
        var messages: [String]
        var places: [ClosedRange<Int>]
        var hint: String?
    }

    static let slips = [
        Slip(text: "2x", messages: ["an operator is missing between '2' and 'x'"], places: [0...2], hint: "'2*x'"),
        Slip(
            text: "2 sin(x) + 3y", messages: ["between '2' and 'sin'", "between '3' and 'y'"],
            places: [0...5, 11...13], hint: "'2*sin(x)'"),
        Slip(text: "(x + 1", messages: ["the bracket '(' is not closed"], places: [0...1]),
        Slip(text: "x + 1)", messages: ["')' closes a bracket that was not opened"], places: [5...6]),
        Slip(text: "[x, y", messages: ["the bracket '[' is not closed"], places: [0...1]),
        Slip(text: "x +", messages: ["the expression ends too early after '+'"], places: [2...3]),
        Slip(text: "", messages: ["an expression is missing"], places: [0...0]),
        Slip(text: "x * * y", messages: ["something is missing before '*'"], places: [4...5]),
        Slip(text: "x $ y", messages: ["unexpected character '$'", "an operator is missing"], places: [2...3, 0...5]),
        Slip(text: "x ≤ y", messages: ["unexpected character '≤'"], places: [2...5], hint: "write '<='"),
        Slip(text: "a < b < c", messages: ["comparisons cannot be chained"], places: [6...7], hint: "a < b and b < c"),
        Slip(text: "u = 0", messages: ["'=' cannot stand here"], places: [2...3], hint: "=="),
        Slip(text: "1e999", messages: ["the number 1e999 is too large"], places: [0...5]),
        Slip(text: "sin()", messages: [], places: []),
        Slip(text: "()", messages: ["there is nothing between the brackets"], places: [0...2]),
        Slip(text: "sin(x,)", messages: ["something is missing before ')'"], places: [6...7]),
    ]

    @Test(arguments: slips)
    func aBrokenTextIsComplainedAboutInPlace(_ slip: Slip) {
        let found: [ExpressionIssue]
        do {
            _ = try Syntax.parse(slip.text)
            found = []
        } catch {
            found = error.issues
        }
        #expect(found.count == slip.messages.count, "\(slip.text): \(found.map(\.message))")
        for message in slip.messages {
            #expect(found.contains { $0.message.contains(message) }, "\(slip.text): \(found)")
        }
        for place in slip.places {
            let range = SourceRange(lower: place.lowerBound, upper: place.upperBound)
            #expect(found.contains { $0.range == range }, "\(slip.text): \(found)")
        }
        if let hint = slip.hint {
            #expect(found.contains { $0.hint?.contains(hint) == true }, "\(slip.text): \(found)")
        }
    }

    @Test(arguments: [
        ("u_x", "an equation needs one '='", 0...3), ("u = v = 0", "an equation has exactly one '='", 6...7),
        ("u = ", "the expression ends too early after '='", 2...3), (" = 0", "something is missing before '='", 1...2),
    ])
    func anEquationHasOneEqualsSign(_ text: String, _ message: String, _ place: ClosedRange<Int>) {
        #expect {
            _ = try EquationSyntax.parse(text)
        } throws: { error in
            guard let issues = (error as? ExpressionErrors)?.issues else { return false }
            let range = SourceRange(lower: place.lowerBound, upper: place.upperBound)
            return issues.count == 1 && issues[0].message == message && issues[0].range == range
        }
    }

    @Test func anEquationPrintsAndParsesBack() throws {
        let equation = try EquationSyntax.parse("u_t + u*u_x = nu*u_xx")
        #expect("\(equation)" == "u_t + u*u_x = nu*u_xx")
        #expect(try EquationSyntax.parse("\(equation)") == equation)
    }
}
