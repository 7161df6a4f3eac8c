import Expressions
import Randomness

/// Random parse trees, for properties that hold for every text.
struct RandomTrees {
    var stream: RandomStream

    init(_ name: String, _ index: Int) {
        stream = RandomStream(seed: 20_240, name: name, index: UInt64(index))
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(stream.next() % UInt64(elements.count))]
    }

    /// Any tree the parser can yield, without regard to meaning.
    mutating func anything(depth: Int) -> Syntax {
        guard depth > 0 else {
            let leaves: [Syntax.Kind] = [
                .number(2), .number(0.1), .number(1e-7), .number(1.5e300), .name(["x"]), .name(["u_xx"]), .name(["ν"]),
                .name(["hole", "rim"]), .name(["u"]),
            ]
            return Syntax(pick(leaves))
        }
        func inverse(_ draw: UInt64) -> Bool { draw % 2 == 0 }
        switch stream.next() % 12 {
        case 0, 1: return Syntax(.sum(terms(depth)))
        case 2, 3: return Syntax(.product(terms(depth)))
        case 4: return Syntax(.power(anything(depth: depth - 1), anything(depth: depth - 1)))
        case 5: return Syntax(.negation(anything(depth: depth - 1)))
        case 6:
            return Syntax(
                .comparison(
                    pick(Syntax.Comparison.allCases), anything(depth: depth - 1), anything(depth: depth - 1)))
        case 7: return Syntax(.not(anything(depth: depth - 1)))
        case 8: return Syntax(.and([anything(depth: depth - 1), anything(depth: depth - 1)]))
        case 9: return Syntax(.or([anything(depth: depth - 1), anything(depth: depth - 1), anything(depth: 0)]))
        case 10: return Syntax(.list([anything(depth: depth - 1), anything(depth: 0)]))
        default:
            let first = anything(depth: depth - 1)
            let second = anything(depth: depth - 1)
            let arguments: [Syntax.Argument] = [
                .plain(first), .range(name: "i", lower: first, upper: second),
                .drawn(name: "z", distribution: "normal", [second]), .placement(Syntax(.name(["t"])), second),
                .over(first, region: ["hole", "rim"]),
            ]
            return Syntax(.call(Syntax(.name(["f"])), [pick(arguments), .plain(second)]))
        }
    }

    private mutating func terms(_ depth: Int) -> [Syntax.Term] {
        (0..<Int(2 + stream.next() % 2)).map { place in
            Syntax.Term(isInverse: place > 0 && stream.next() % 2 == 0, value: anything(depth: depth - 1))
        }
    }

    /// A scalar text over x, y, t and u whose value and derivatives are finite near (0.4, 0.7, 0.3).
    mutating func scalar(depth: Int, withFields: Bool = false) -> String {
        guard depth > 0 else {
            let leaves =
                ["x", "y", "t", "2", "0.5", "k", "pi", "3"] + (withFields ? ["u", "u_x", "u_yy", "v", "p"] : [])
            return pick(leaves)
        }
        func next() -> String { scalar(depth: depth - 1, withFields: withFields) }
        switch stream.next() % 22 {
        case 0, 1: return "(\(next()) + \(next()))"
        case 2: return "(\(next()) - \(next()))"
        case 3, 4: return "\(bracketed(next()))*\(bracketed(next()))"
        case 5: return "\(bracketed(next()))/(2 + sin(\(next())))"
        case 6: return "sin(\(next()))"
        case 7: return "cos(\(next()))^2"
        case 8: return "exp(-abs(sin(\(next()))))"
        case 9: return "sqrt(1 + \(bracketed(next()))^2)"
        case 10: return "tanh(\(next()))"
        case 11: return "(2 + cos(\(next())))^\(pick(["3", "-2", "1.5", "k", "sin(x)"]))"
        case 12: return "-\(bracketed(next()))"
        case 13: return "log(3 + sin(\(next())))"
        case 14: return "atan2(\(next()), 3 + cos(\(next())))"
        case 15: return "min(\(next()), \(next()))"
        case 16: return "if(\(next()) < \(next()), \(next()), \(next()))"
        case 17: return "sum(i in 1:3, sin(i*\(bracketed(next()))))"
        case 18: return "prod(i in 1:3, 1 + sin(\(next()))/(1 + i))"
        case 19: return "erf(sin(\(next())))"
        case 20: return "atan(\(next()))"
        default: return "log10(4 + sin(\(next())))*step(\(next()))"
        }
    }

    private func bracketed(_ text: String) -> String { "(\(text))" }
}

/// The scope in which most tests read their texts: x, y and the time t; unknowns u, v; a parameter k and an unknown one p.
func planeScope() throws -> Scope {
    var scope = Scope(coordinates: [
        CoordinateDeclaration(name: "x"), CoordinateDeclaration(name: "y"),
        CoordinateDeclaration(name: "t", isTime: true),
    ])
    try scope.declare(unknown: "u", origin: "declared on line 7")
    try scope.declare(unknown: "v")
    try scope.declare(parameter: "k", value: 2.5)
    try scope.declare(unknownParameter: "p", index: 0)
    try scope.define("q", body: try Syntax.parse("sin(k*x)*y"))
    try scope.define("g", arguments: ["s"], body: try Syntax.parse("s^2 + 1"))
    return scope
}

/// The scope over a family x[1:d] and the time.
func familyScope(_ count: Int) throws -> Scope {
    var scope = Scope(coordinates: [
        CoordinateDeclaration(name: "x", count: count), CoordinateDeclaration(name: "t", isTime: true),
    ])
    try scope.declare(parameter: "d", value: Double(count))
    try scope.declare(unknown: "u")
    return scope
}

extension Scope {
    func read(_ text: String, _ context: Context = .condition) throws -> Expression {
        try resolve(try Syntax.parse(text), in: context)
    }
}
