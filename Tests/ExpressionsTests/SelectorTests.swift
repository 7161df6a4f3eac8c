import Expressions
import Testing

@Suite struct SelectorTests {
    private let faces = ["left", "right", "x.min", "hole.rim", "edge[2]", "inlet"]

    private func selector(_ text: String) throws -> Selector {
        var scope = try planeScope()
        try scope.declare(parameter: "T", value: 2)
        return try scope.resolveSelector(try Syntax.parseSelector(text), faces: faces)
    }

    @Test(arguments: [
        ("left or right", "left or right"), ("boundary", "boundary"),
        ("interior and abs(x) < 0.1", "interior and abs(x) < 0.1"),
        ("t = 0", "coordinate 2 = 0"), ("t = T/2", "coordinate 2 = 1"),
        ("hole.rim and not (x > 0.5 or y < k)", "hole.rim and not (x > 0.5 or y < k)"),
        ("edge[2]", "edge[2]"), ("point(0, k)", "point(0, 2.5)"),
        ("(left or inlet) and y > 0.25", "(left or inlet) and y > 0.25"),
        ("x.min and t = 0", "x.min and coordinate 2 = 0"),
    ])
    func selectorsAreUnderstood(_ text: String, _ meaning: String) throws {
        #expect("\(try selector(text))" == meaning)
    }

    @Test(arguments: [
        ("lfet", "there is no face 'lfet'", "did you mean 'left'?"),
        ("hole.rin", "there is no face 'hole.rin'", "did you mean 'hole.rim'?"),
        ("x", "'x' is not a face", "x = 0"), ("left and x + 1", "a face or a comparison is needed here", ""),
        ("t = x", "the value of a coordinate must be a constant", ""),
        ("s = 0", "a coordinate is needed", "the coordinates are x, y, t"), ("point(0)", "'point' takes 2 numbers", ""),
        ("u < 1", "'u' is an unknown and cannot be used here", ""),
        ("lfet or rigth", "there is no face 'rigth'", "did you mean 'right'?"),
    ])
    func brokenSelectorsAreComplainedAbout(_ text: String, _ message: String, _ hint: String) {
        #expect {
            _ = try selector(text)
        } throws: { error in
            guard let issues = (error as? ExpressionErrors)?.issues else { return false }
            return issues.contains { $0.message.contains(message) && (hint.isEmpty || $0.hint?.contains(hint) == true) }
        }
    }
}
