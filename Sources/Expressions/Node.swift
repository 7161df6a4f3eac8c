/// A scalar (or truth value) in the graph of resolved expressions: immutable, with shared subtrees.
///
/// Nodes are compared by a digest of 128 bits that stands for the whole structure below; names of definitions and
/// coordinates do not enter the digest of what they name. All passes over graphs are loops over `postorder`, never
/// recursions, so the depth of a graph is bounded by memory alone.
final class Node: @unchecked Sendable {
    let kind: Kind
    /// Written only while the node is destroyed.
    private(set) var children: [Node]
    let digest: Digest
    /// The number of nodes to print, sharing undone and names of definitions counting as one; saturates.
    let printedSize: Int
    /// The longest path down to print.
    let printedDepth: Int
    /// The longest path down.
    let depth: Int
    /// The largest identifier of a binder within; 0 without binders.
    let binders: Int
    /// Whether an index variable, or a component of a drawn vector, occurs that is not bound within.
    let freeIndices: [Int]
    let features: Features

    enum Kind: Hashable {
        case constant(Double, name: String?)
        /// An unknown parameter.
        case parameter(Int)
        case coordinate(Int)
        /// Component i of a coordinate family whose components start at a flat index; child: i, counted from 1.
        case member(first: Int, count: Int)
        /// A bound index variable with its range.
        case index(Int, lower: Int, upper: Int)
        /// A component of a vector drawn by the mean with this identifier; child: the component.
        case sample(Int)
        /// A derivative of an unknown; children: the components of `families` along which it is also taken.
        case field(Field)
        /// A derivative of a function that is known on a grid; children: the place where it is read.
        case tabulated(Table)
        /// A number given at each point, by its place among those of the point.
        case datum(Int)
        case normal(Int)
        /// A component of the normal; child: which one.
        case normalMember(count: Int)
        case sum
        case product
        case quotient
        case power
        case call(Function)
        /// `if(a, b, c)`.
        case choice
        case comparison(Syntax.Comparison)
        case not
        case and
        case or
        /// `sum` or `prod` over an index; child: the body.
        case reduction(isProduct: Bool, index: Int, lower: Int, upper: Int)
        /// The mean over a vector of independent standard normal components.
        case mean(Int, count: Int)
        case integral(isAverage: Bool, over: String)
        /// Component i, counted from 1, of a list; children: i, then the components.
        case element
        /// A definition shown by its name; child: what it stands for.
        case named(String)
    }

    struct Field: Hashable {
        var unknown: Int
        var derivative: Derivative
        /// Families along a component of which the derivative is also taken, parallel to the children.
        var families: [Family] = []
        var trace: Trace = .none
    }

    struct Table: Hashable {
        var function: TabulatedFunction
        /// The coordinates that the function depends on, by flat index.
        var coordinates: [Int]
        /// How often it is differentiated along each of them.
        var orders: [Int]
    }

    struct Family: Hashable {
        var first: Int
        var count: Int
    }

    struct Digest: Hashable {
        var high: UInt64
        var low: UInt64
    }

    /// What occurs anywhere below.
    struct Features: OptionSet {
        let rawValue: Int
        static let coordinate = Features(rawValue: 1)
        static let field = Features(rawValue: 2)
        static let normal = Features(rawValue: 4)
        static let parameter = Features(rawValue: 8)
        static let mean = Features(rawValue: 16)
        static let integral = Features(rawValue: 32)
        static let trace = Features(rawValue: 64)
        static let name = Features(rawValue: 128)
        static let datum = Features(rawValue: 1 << 12)
    }

    init(_ kind: Kind, _ children: [Node] = []) {
        self.kind = kind
        self.children = children
        if case .named = kind {
            digest = children[0].digest
        } else {
            digest = Digest(kind, children)
        }
        var size = 1
        var depth = 0
        var printedDepth = 0
        var binders = 0
        var free: [Int] = []
        var features = Features(kind)
        for child in children {
            size = size.addingReportingOverflow(child.printedSize).overflow ? Int.max : size + child.printedSize
            printedDepth = max(printedDepth, child.printedDepth + 1)
            depth = max(depth, child.depth + 1)
            binders = max(binders, child.binders)
            features.formUnion(child.features)
            for index in child.freeIndices where !free.contains(index) { free.append(index) }
        }
        switch kind {
        case .index(let index, _, _), .sample(let index):
            if !free.contains(index) { free.append(index) }
        case .reduction(_, let index, _, _), .mean(let index, _):
            free.removeAll { $0 == index }
            binders = max(binders, index)
        case .named:
            size = 1
            printedDepth = 0
        default: break
        }
        printedSize = size
        self.printedDepth = printedDepth
        self.depth = depth
        self.binders = binders
        freeIndices = free
        self.features = features
    }

    deinit {
        // A deep graph would otherwise be released by a recursion as deep.
        guard depth > 64 else { return }
        var released = children
        children = []
        while var node = released.popLast() {
            if isKnownUniquelyReferenced(&node) {
                released += node.children
                node.children = []
            }
        }
    }

    /// Every distinct node below and including this one, children first.
    ///
    /// Bodies of binders and what names of definitions stand for are entered unless excluded.
    func postorder(enteringBinders: Bool = true, enteringNames: Bool = true) -> [Node] {
        var order: [Node] = []
        var seen = Set<ObjectIdentifier>()
        var stack: [(node: Node, isExpanded: Bool)] = [(self, false)]
        while let (node, isExpanded) = stack.popLast() {
            if isExpanded {
                order.append(node)
                continue
            }
            guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
            stack.append((node, true))
            if node.isBinder && !enteringBinders { continue }
            if !enteringNames, case .named = node.kind { continue }
            for child in node.children.reversed() where !seen.contains(ObjectIdentifier(child)) {
                stack.append((child, false))
            }
        }
        return order
    }

    /// Whether this node binds an index or a drawn vector.
    var isBinder: Bool {
        switch kind {
        case .reduction, .mean: true
        default: false
        }
    }

    /// The node without the name of a definition around it.
    var unnamed: Node {
        var node = self
        while case .named = node.kind { node = node.children[0] }
        return node
    }

    /// The number, if this is one.
    var number: Double? {
        if case .constant(let value, _) = unnamed.kind { return value }
        return nil
    }

    /// The number, if this is one that has no name of its own.
    var literal: Double? {
        if case .constant(let value, nil) = kind { return value }
        return nil
    }

    func isLiteral(_ value: Double) -> Bool { literal == value }
}

extension Node: Hashable {
    static func == (left: Node, right: Node) -> Bool { left === right || left.digest == right.digest }
    func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

extension Node.Features {
    init(_ kind: Node.Kind) {
        self =
            switch kind {
            case .coordinate, .member: .coordinate
            case .field(let field): field.trace == .none ? .field : [.field, .trace]
            case .normal, .normalMember: .normal
            case .parameter: .parameter
            case .datum: .datum
            case .mean: .mean
            case .integral: .integral
            case .named: .name
            default: []
            }
    }
}

extension Node.Digest {
    /// Mixes the kind and the digests of the children; names of constants count, since they are printed.
    init(_ kind: Node.Kind, _ children: [Node]) {
        var high: UInt64 = 0x9E37_79B9_7F4A_7C15
        var low: UInt64 = 0xD1B5_4A32_D192_ED03
        func mix(_ word: UInt64) {
            high = (high ^ word) &* 0xFF51_AFD7_ED55_8CCD
            high ^= high >> 32
            low = (low &+ word) &* 0xC4CE_B9FE_1A85_EC53
            low ^= low >> 29
            high = high &+ low.byteSwapped
        }
        func mix(_ number: Int) { mix(UInt64(bitPattern: Int64(number))) }
        func mix(_ text: String) {
            mix(text.utf8.count)
            for byte in text.utf8 { mix(UInt64(byte)) }
        }
        func mix(_ derivative: Derivative) {
            switch derivative {
            case .partial(let coordinates):
                mix(coordinates.count)
                for coordinate in coordinates { mix(coordinate) }
            case .laplacian(let coordinates):
                mix(-coordinates.count)
                for coordinate in coordinates { mix(coordinate) }
            }
        }
        switch kind {
        case .constant(let value, let name):
            mix(1)
            mix((value == 0 ? 0 : value).bitPattern)
            mix(name ?? "")
        case .parameter(let parameter): mix(2); mix(parameter)
        case .coordinate(let coordinate): mix(3); mix(coordinate)
        case .member(let first, let count): mix(4); mix(first); mix(count)
        case .index(let index, let lower, let upper): mix(5); mix(index); mix(lower); mix(upper)
        case .sample(let index): mix(6); mix(index)
        case .field(let field):
            mix(7)
            mix(field.unknown)
            mix(field.derivative)
            for family in field.families { mix(family.first); mix(family.count) }
            for entry in field.trace.entries { mix(entry.coordinate); mix(entry.value.bitPattern) }
        case .normal(let axis): mix(8); mix(axis)
        case .normalMember(let count): mix(9); mix(count)
        case .sum: mix(10)
        case .product: mix(11)
        case .quotient: mix(12)
        case .power: mix(13)
        case .call(let function): mix(14); mix(function.rawValue)
        case .choice: mix(15)
        case .comparison(let comparison): mix(16); mix(comparison.rawValue)
        case .not: mix(17)
        case .and: mix(18)
        case .or: mix(19)
        case .reduction(let isProduct, let index, let lower, let upper):
            mix(isProduct ? 20 : 21); mix(index); mix(lower); mix(upper)
        case .mean(let index, let count): mix(22); mix(index); mix(count)
        case .integral(let isAverage, let region): mix(isAverage ? 23 : 24); mix(region)
        case .element: mix(25)
        case .named(let name): mix(26); mix(name)
        case .tabulated(let table):
            mix(27)
            mix(table.function.name)
            mix(table.function.fingerprint)
            mix(table.function.interpolation.rawValue)
            for (coordinate, order) in zip(table.coordinates, table.orders) { mix(coordinate); mix(order) }
        case .datum(let place): mix(28); mix(place)
        }
        mix(children.count)
        for child in children {
            mix(child.digest.high)
            mix(child.digest.low)
        }
        self.init(high: high, low: low)
    }
}
