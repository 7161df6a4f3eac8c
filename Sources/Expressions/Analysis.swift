/// What an expression reads, and how.
extension Expression {
    private var allNodes: [Node] {
        switch storage {
        case .list(let roots):
            if roots.count == 1 { return roots[0].postorder() }
            var seen = Set<ObjectIdentifier>()
            return roots.flatMap { $0.postorder() }.filter { seen.insert(ObjectIdentifier($0)).inserted }
        case .family(_, let body): return body.postorder()
        }
    }

    private var features: Node.Features {
        switch storage {
        case .list(let roots): roots.reduce(into: Node.Features()) { $0.formUnion($1.features) }
        case .family(_, let body): body.features
        }
    }

    /// The derivatives of unknowns that are read, traces included, each once and in order; sums are run through.
    public var fieldDerivatives: [FieldDerivative] {
        guard features.contains(.field) else { return [] }
        var roots = nodes
        if !features.isDisjoint(with: [.mean, .integral]) {
            // Their bodies are looked at by themselves, since no tape may hold them.
            var bodies: [Node] = []
            roots = roots.map { root in
                root.rewritten(where: { !$0.features.isDisjoint(with: [.mean, .integral]) }) { node, operands in
                    switch node.kind {
                    case .mean(let sample, _): bodies.append(operands[0].withoutSample(sample))
                    case .integral: bodies.append(operands[0])
                    default: return node.rebuilt(operands)
                    }
                    return .one
                }
            }
            roots += bodies
        }
        var compiler = TapeCompiler()
        guard (try? compiler.compile(roots)) != nil else { return fieldsWithoutIndices }
        let found = compiler.inputs.compactMap { input -> FieldDerivative? in
            switch input {
            case .field(let field), .trace(let field, _): field
            default: nil
            }
        }
        return Set(found).sorted()
    }

    /// The derivatives that do not depend on an index, for expressions too large to run through.
    private var fieldsWithoutIndices: [FieldDerivative] {
        let found = allNodes.compactMap { node -> FieldDerivative? in
            guard case .field(let field) = node.kind, field.families.isEmpty else { return nil }
            return FieldDerivative(unknown: field.unknown, derivative: field.derivative)
        }
        return Set(found).sorted()
    }

    /// Whether the unknown fields enter at most linearly (a constant part is allowed).
    public var isLinearInUnknowns: Bool {
        var degrees: [ObjectIdentifier: Int] = [:]
        for node in allNodes {
            let inner = node.children.map { degrees[ObjectIdentifier($0)] ?? 0 }
            let highest = inner.max() ?? 0
            let degree: Int
            switch node.kind {
            case .field: degree = 1
            case .sum, .named, .mean, .integral: degree = highest
            case .product: degree = min(2, inner.reduce(0, +))
            case .quotient: degree = inner[1] > 0 ? 2 : inner[0]
            case .choice, .element: degree = inner[0] > 0 ? 2 : highest
            case .reduction(let isProduct, _, _, _): degree = isProduct && highest > 0 ? 2 : highest
            default: degree = highest > 0 ? 2 : 0
            }
            degrees[ObjectIdentifier(node)] = degree
        }
        return degrees.values.allSatisfy { $0 < 2 }
    }

    /// The highest order of a derivative of an unknown; 0 without any.
    public var differentialOrder: Int {
        allNodes.reduce(0) { order, node in
            guard case .field(let field) = node.kind else { return order }
            return max(order, field.derivative.order + field.families.count)
        }
    }

    /// Whether the outward normal is read.
    public var usesNormal: Bool { features.contains(.normal) }
    /// Whether a mean over random vectors occurs, which no tape can compute.
    public var usesMean: Bool { features.contains(.mean) }
    /// Whether an integral or average occurs, which no tape can compute.
    public var usesIntegral: Bool { features.contains(.integral) }
    /// Whether an unknown is read at held coordinates, as in `u(t = 0)`.
    public var usesTrace: Bool { features.contains(.trace) }

    /// Whether the time is read itself; derivatives along it do not count.
    public var usesTime: Bool { names.time.map { usedCoordinates.contains($0) } ?? false }

    /// The flat indices of the coordinates whose values are read, in order.
    public var usedCoordinates: [Int] {
        var used = Set<Int>()
        for node in allNodes {
            switch node.kind {
            case .coordinate(let flat): used.insert(flat)
            case .member(let first, let count): used.formUnion(first..<first + count)
            default: break
            }
        }
        return used.sorted()
    }
}

extension Node {
    /// The body of a mean with zeros for the drawn vector, for looking at what else it reads.
    func withoutSample(_ sample: Int) -> Node {
        rewritten(where: { $0.freeIndices.contains(sample) }) { node, operands in
            if case .sample(sample) = node.kind { return .zero }
            return node.rebuilt(operands)
        }
    }
}
