import CKernels

/// Turns graphs into a straight-line program by numbering values.
struct TapeCompiler {
    private enum Key: Hashable {
        case constant(UInt64)
        case operation(UInt16, Int16, Int32, Int32, Int32)
    }

    /// A register before inputs, constants and results are laid out one after the other.
    private enum Source {
        case input(Int)
        case constant(Double)
        case result(operation: ansatz_tape_operation, exponent: Int16, a: Int32, b: Int32, c: Int32)
    }

    private(set) var inputs: [TapeInput] = []
    private var sources: [Source] = []
    private var inputRegisters: [TapeInput: Int32] = [:]
    private var known: [Key: Int32] = [:]
    /// Registers of nodes without free indices.
    private var closed: [Node.Digest: Int32] = [:]
    private var orders: [ObjectIdentifier: [Node]] = [:]
    private var indices: [Int: Int] = [:]
    private var steps = 0

    mutating func compile(_ roots: [Node]) throws(ExpressionErrors) -> [Int32] {
        var registers: [Int32] = []
        for root in roots { registers.append(try emit(root)) }
        return registers
    }

    private mutating func emit(_ root: Node) throws(ExpressionErrors) -> Int32 {
        let order: [Node]
        if let known = orders[ObjectIdentifier(root)] {
            order = known
        } else {
            order = root.postorder(enteringBinders: false)
            orders[ObjectIdentifier(root)] = order
        }
        var registers: [ObjectIdentifier: Int32] = [:]
        for node in order {
            steps += 1
            if steps > Limits.instructions { throw Self.tooLong }
            let register: Int32
            if node.freeIndices.isEmpty, let found = closed[node.digest] {
                register = found
            } else {
                let operands = node.isBinder ? [] : node.children.map { registers[ObjectIdentifier($0)]! }
                register = try emit(node, operands)
                if node.freeIndices.isEmpty { closed[node.digest] = register }
            }
            registers[ObjectIdentifier(node)] = register
        }
        return registers[ObjectIdentifier(root)]!
    }

    private static let tooLong = ExpressionErrors(
        "the expression has more than \(Limits.instructions) operations when its sums are written out")

    private mutating func emit(_ node: Node, _ operands: [Int32]) throws(ExpressionErrors) -> Int32 {
        switch node.kind {
        case .constant(let value, _): return constant(value)
        case .parameter(let index): return input(.parameter(index))
        case .coordinate(let flat): return input(.coordinate(flat))
        case .member(let first, let count): return input(.coordinate(try flat(first, count, operands[0])))
        case .index(let index, _, _): return constant(Double(indices[index] ?? 0))
        case .field(let field): return try emit(field, operands)
        case .tabulated(let table):
            if let constant = Evaluator.constant(node) { return self.constant(constant) }
            return input(.table(try TableReading(table, at: node.children)))
        case .datum(let place): return input(.datum(place))
        case .normal(let axis): return input(.normal(axis))
        case .normalMember(let count): return input(.normal(try flat(0, count, operands[0])))
        case .sum: return sum(operands)
        case .product: return operands.dropFirst().reduce(operands[0]) { multiply($0, $1) }
        case .quotient: return divide(operands[0], operands[1])
        case .power: return power(operands[0], operands[1])
        case .call(let function): return apply(function.operation, operands)
        case .choice: return select(operands[0], operands[1], operands[2])
        case .comparison(let comparison):
            let (operation, isSwapped) = comparison.operation
            return apply(operation, isSwapped ? [operands[1], operands[0]] : operands)
        case .not: return apply(ANSATZ_TAPE_NOT, operands)
        case .and: return operands.dropFirst().reduce(operands[0]) { apply(ANSATZ_TAPE_AND, [$0, $1]) }
        case .or: return operands.dropFirst().reduce(operands[0]) { apply(ANSATZ_TAPE_OR, [$0, $1]) }
        case .element: return operands[try flat(1, operands.count - 1, operands[0])]
        case .named: return operands[0]
        case .reduction(let isProduct, let index, let lower, let upper):
            return try unroll(node.children[0], isProduct: isProduct, index: index, lower...upper)
        case .sample, .mean:
            throw ExpressionErrors(
                "a mean over random vectors cannot be computed at every point",
                hint: "it may stand in references and outputs, where it is estimated by itself")
        case .integral:
            throw ExpressionErrors(
                "an integral or average cannot be computed point by point",
                hint: "it may stand in conditions and in output.values, where it is computed by itself")
        }
    }

    /// The flat index of a component whose number has become a constant.
    private func flat(_ first: Int, _ count: Int, _ register: Int32) throws(ExpressionErrors) -> Int {
        guard case .constant(let value) = sources[Int(register)], value >= 1, value <= Double(count),
            value == value.rounded()
        else { throw ExpressionErrors("an index lies outside of 1 to \(count)") }
        return first + Int(value) - 1
    }

    private mutating func emit(_ field: Node.Field, _ operands: [Int32]) throws(ExpressionErrors) -> Int32 {
        var derivative = field.derivative
        if case .partial(let coordinates) = derivative, !operands.isEmpty {
            var all = coordinates
            for (family, register) in zip(field.families, operands) {
                all.append(try flat(family.first, family.count, register))
            }
            derivative = .partial(all.sorted())
        }
        let data = FieldDerivative(unknown: field.unknown, derivative: derivative)
        return input(field.trace == .none ? .field(data) : .trace(data, field.trace))
    }

    /// Writes a sum or product out, a Laplacian over a family in one piece.
    private mutating func unroll(
        _ body: Node, isProduct: Bool, index: Int, _ range: ClosedRange<Int>
    ) throws(ExpressionErrors) -> Int32 {
        var terms: [Int32] = []
        var rest: Node? = body
        if !isProduct {
            var general: [Node] = []
            for term in body.kind == .sum ? body.children : [body] {
                if let register = try laplacian(term, index, range) {
                    terms.append(register)
                } else {
                    general.append(term)
                }
            }
            if !terms.isEmpty { rest = general.isEmpty ? nil : .sum(general) }
        }
        if let rest {
            let outer = indices[index]
            var values: [Int32] = []
            for i in range {
                indices[index] = i
                values.append(try emit(rest))
            }
            indices[index] = outer
            if isProduct { return values.dropFirst().reduce(values[0]) { multiply($0, $1) } }
            terms += values
        }
        return sum(terms)
    }

    /// The sum over i of c ∂²u/∂xᵢ², with c free of i and x a whole family, as c Δu.
    private mutating func laplacian(_ term: Node, _ index: Int, _ range: ClosedRange<Int>) throws(ExpressionErrors)
        -> Int32?
    {
        let factors = term.unnamed.kind == .product ? term.unnamed.children : [term]
        var found: Node.Field?
        var coefficients: [Node] = []
        for factor in factors {
            if !factor.freeIndices.contains(index) {
                coefficients.append(factor)
                continue
            }
            guard found == nil, case .field(let field) = factor.unnamed.kind, field.derivative == .value,
                field.families.count == 2, field.families[0] == field.families[1],
                field.families[0].count == range.count, range.lowerBound == 1, range.count > 1,
                factor.unnamed.children.allSatisfy({
                    if case .index(index, _, _) = $0.kind { return true }
                    return false
                })
            else { return nil }
            found = field
        }
        guard var field = found else { return nil }
        let family = field.families[0]
        field.derivative = .laplacian(Array(family.first..<family.first + family.count))
        field.families = []
        var register = try emit(field, [])
        for coefficient in coefficients { register = multiply(try emit(coefficient), register) }
        return register
    }

    // MARK: Operations

    private mutating func input(_ input: TapeInput) -> Int32 {
        if let register = inputRegisters[input] { return register }
        let register = add(.input(inputs.count))
        inputs.append(input)
        inputRegisters[input] = register
        return register
    }

    private mutating func add(_ source: Source) -> Int32 {
        sources.append(source)
        return Int32(sources.count - 1)
    }

    private mutating func constant(_ value: Double) -> Int32 {
        let key = Key.constant(value.bitPattern)
        if let register = known[key] { return register }
        let register = add(.constant(value))
        known[key] = register
        return register
    }

    private func value(_ register: Int32) -> Double? {
        if case .constant(let value) = sources[Int(register)] { return value }
        return nil
    }

    /// Emits an operation, folded if all operands are constants.
    private mutating func apply(_ operation: ansatz_tape_operation, _ operands: [Int32], exponent: Int16 = 0) -> Int32 {
        let values = operands.compactMap(value)
        if values.count == operands.count {
            return constant(operation.value(values, exponent: exponent))
        }
        var (a, b) = (operands[0], operands.count > 1 ? operands[1] : operands[0])
        let c = operands.count > 2 ? operands[2] : a
        if operation == ANSATZ_TAPE_ADD || operation == ANSATZ_TAPE_MULTIPLY, a > b { swap(&a, &b) }
        let key = Key.operation(operation.rawValue, exponent, a, b, c)
        if let register = known[key] { return register }
        let register = add(.result(operation: operation, exponent: exponent, a: a, b: b, c: operands.count > 2 ? c : a))
        known[key] = register
        return register
    }

    /// The register of which this is the opposite.
    private func negatedOperand(_ register: Int32) -> Int32? {
        if case .result(ANSATZ_TAPE_NEGATE, _, let a, _, _) = sources[Int(register)] { return a }
        return nil
    }

    private mutating func negate(_ a: Int32) -> Int32 { negatedOperand(a) ?? apply(ANSATZ_TAPE_NEGATE, [a]) }

    private mutating func sum(_ terms: [Int32]) -> Int32 {
        guard let first = terms.first else { return constant(0) }
        return terms.dropFirst().reduce(first) { add($0, $1) }
    }

    private mutating func add(_ a: Int32, _ b: Int32) -> Int32 {
        if value(a) == 0 { return b }
        if value(b) == 0 { return a }
        if let inner = negatedOperand(b) { return apply(ANSATZ_TAPE_SUBTRACT, [a, inner]) }
        if let inner = negatedOperand(a) { return apply(ANSATZ_TAPE_SUBTRACT, [b, inner]) }
        return apply(ANSATZ_TAPE_ADD, [a, b])
    }

    private mutating func multiply(_ a: Int32, _ b: Int32) -> Int32 {
        if value(a) == 0 || value(b) == 1 { return a }
        if value(b) == 0 || value(a) == 1 { return b }
        if value(a) == -1 { return negate(b) }
        if value(b) == -1 { return negate(a) }
        if a == b { return apply(ANSATZ_TAPE_SQUARE, [a]) }
        return apply(ANSATZ_TAPE_MULTIPLY, [a, b])
    }

    private mutating func divide(_ a: Int32, _ b: Int32) -> Int32 {
        if let divisor = value(b) {
            if divisor == 1 { return a }
            // Exact for powers of two only; otherwise the quotient is kept as it was written.
            if abs(divisor.significand) == 1, (1 / divisor).isNormal { return multiply(constant(1 / divisor), a) }
        }
        return apply(ANSATZ_TAPE_DIVIDE, [a, b])
    }

    private mutating func power(_ a: Int32, _ b: Int32) -> Int32 {
        guard let exponent = value(b) else { return apply(ANSATZ_TAPE_POWER, [a, b]) }
        switch exponent {
        case 0: return constant(1)
        case 1: return a
        case 2: return multiply(a, a)
        case 0.5: return apply(ANSATZ_TAPE_SQRT, [a])
        case -1: return divide(constant(1), a)
        default:
            if exponent == exponent.rounded(), abs(exponent) <= 64 {
                return apply(ANSATZ_TAPE_INTEGER_POWER, [a], exponent: Int16(exponent))
            }
            return apply(ANSATZ_TAPE_POWER, [a, b])
        }
    }

    private mutating func select(_ condition: Int32, _ a: Int32, _ b: Int32) -> Int32 {
        if let truth = value(condition) { return truth != 0 ? a : b }
        return a == b ? a : apply(ANSATZ_TAPE_SELECT, [condition, a, b])
    }

    // MARK: Layout

    /// Drops what no output needs and lays registers out: inputs, constants, results.
    mutating func finish(_ registers: [Int32]) -> Tape {
        // Every output is the result of an instruction that belongs to it alone.
        var outputs: [Int32] = []
        var taken = Set<Int32>()
        for register in registers {
            if case .result = sources[Int(register)], taken.insert(register).inserted {
                outputs.append(register)
            } else {
                let copy = add(.result(operation: ANSATZ_TAPE_COPY, exponent: 0, a: register, b: register, c: register))
                outputs.append(copy)
            }
        }
        var isNeeded = [Bool](repeating: false, count: sources.count)
        for output in outputs { isNeeded[Int(output)] = true }
        for place in sources.indices.reversed() where isNeeded[place] {
            if case .result(_, _, let a, let b, let c) = sources[place] {
                for operand in [a, b, c] { isNeeded[Int(operand)] = true }
            }
        }
        var renumbered = [Int32](repeating: 0, count: sources.count)
        var keptInputs: [TapeInput] = []
        var constants: [Double] = []
        for (place, source) in sources.enumerated() where isNeeded[place] {
            if case .input(let input) = source {
                renumbered[place] = Int32(keptInputs.count)
                keptInputs.append(inputs[input])
            }
        }
        for (place, source) in sources.enumerated() where isNeeded[place] {
            if case .constant(let value) = source {
                renumbered[place] = Int32(keptInputs.count + constants.count)
                constants.append(value)
            }
        }
        var program: [TapeInstruction] = []
        for (place, source) in sources.enumerated() where isNeeded[place] {
            guard case .result(let operation, let exponent, let a, let b, let c) = source else { continue }
            let result = Int32(keptInputs.count + constants.count + program.count)
            renumbered[place] = result
            program.append(
                TapeInstruction(
                    operation: operation.rawValue, exponent: exponent, result: result, a: renumbered[Int(a)],
                    b: renumbered[Int(b)], c: renumbered[Int(c)]))
        }
        return Tape(
            inputs: keptInputs, program: program, constants: constants,
            outputs: outputs.map { Int(renumbered[Int($0)]) })
    }
}
