import Expressions
import Results

extension TransportChecker {
    /// Reads `[cost]`; nil after a complaint, or when a measure is missing.
    mutating func readCost(
        _ source: TransportStatement.Measure?, _ target: TransportStatement.Measure?
    ) -> (cost: TransportStatement.Cost, tree: OptionTree)? {
        let count = base.diagnostics.count
        let options = base.resolve(TransportStatement.costOptions, "cost")
        guard base.diagnostics.count == count, let source, let target else { return nil }
        let given = ["between", "file", "random"].filter { options.has($0) }
        guard given.count == 1 else {
            let message =
                given.isEmpty ? "'cost' is missing" : "'cost' is given twice: \(given.joined(separator: " and "))"
            let hint = "one of between = 'norm2(p - q)', file = \"costs.npy\", random = \"splitmix64\""
            base.diagnostics.append(
                base.root["cost"] == nil
                    ? Diagnostic(.error, message, hint: hint, file: base.source.name)
                    : options.origin.diagnostic(.error, message, hint: hint))
            return nil
        }
        var allowed: [String: [String]] = ["between": ["periods"], "file": ["values"], "random": ["seed"]]
        for key in ["periods", "values", "seed"]
        where options.isGiven(key) && !(allowed.removeValue(forKey: given[0]) ?? []).contains(key) {
            base.complain(options.origin(of: key), "'cost.\(key)' has no meaning beside '\(given[0])'")
            return nil
        }
        let cost: TransportStatement.Cost?
        switch given[0] {
        case "between": cost = readBetween(options, source, target)
        case "file": cost = readMatrix(options, rows: source.count, columns: target.count)
        default: cost = .random(seed: UInt64(options.has("seed") ? options.integer("seed") : 0))
        }
        return cost.map { ($0, options.tree) }
    }

    private mutating func readBetween(
        _ options: ResolvedOptions, _ source: TransportStatement.Measure, _ target: TransportStatement.Measure
    ) -> TransportStatement.Cost? {
        guard let tree = options.optionTree("between") else { return nil }
        let dimensions = source.coordinates.count
        guard dimensions > 0, dimensions == target.coordinates.count else {
            let isIndexed = dimensions == 0 || target.coordinates.isEmpty
            base.complain(
                tree.origin,
                isIndexed
                    ? "'cost.between' needs points, and \(dimensions == 0 ? "the source" : "the target") has none"
                    : "the points of the source have \(dimensions) coordinates, those of the target \(target.coordinates.count)",
                hint: isIndexed ? "'uniform' numbers masses only; their costs come from a file or are random" : nil)
            return nil
        }
        let family = ["p", "q"].map { CoordinateDeclaration(name: $0, count: dimensions) }
        let scalars = ["p", "q"].map { CoordinateDeclaration(name: $0) }
        // On a line both 'abs(p - q)' and 'abs(p[1] - q[1])' are natural.
        let isScalar = dimensions == 1 && !(tree.text ?? "").contains("[")
        guard let expression = base.scalar(tree, "cost.between", isScalar ? scalars : family) else { return nil }
        let distance = Self.distance(expression, dimensions, isScalar ? scalars : family)
        let periods = options.numbers("periods")
        guard options.has("periods") else {
            return distance.map { .distance($0, periods: [Double](repeating: 0, count: dimensions)) }
                ?? .expression(expression)
        }
        guard periods.count == dimensions else {
            base.complain(
                options.origin(of: "periods"),
                "'cost.periods' has \(periods.count) numbers, but points have \(dimensions) coordinates")
            return nil
        }
        guard let distance else {
            base.complain(
                options.origin(of: "periods"), "'cost.periods' goes with a distance only",
                hint: "one of \(Self.forms(dimensions, isScalar: isScalar).map(\.text).joined(separator: ", "))")
            return nil
        }
        return .distance(distance, periods: periods)
    }

    /// The distance that an expression is, if it is one that is computed faster.
    private static func distance(
        _ expression: Expression, _ dimensions: Int, _ coordinates: [CoordinateDeclaration]
    ) -> TransportStatement.Cost.Distance? {
        let scope = Scope(coordinates: coordinates)
        return forms(dimensions, isScalar: coordinates[0].count == nil).first { form in
            guard let syntax = try? Syntax.parse(form.text), let other = try? scope.resolve(syntax, in: .coefficient)
            else { return false }
            return other == expression
        }?.distance
    }

    private static func forms(
        _ dimensions: Int, isScalar: Bool
    ) -> [(text: String, distance: TransportStatement.Cost.Distance)] {
        if isScalar {
            return [
                ("abs(p - q)", .manhattan), ("norm(p - q)", .euclidean), ("(p - q)^2", .squaredEuclidean),
                ("norm2(p - q)", .squaredEuclidean),
            ]
        }
        let sum = (1...dimensions).map { "abs(p[\($0)] - q[\($0)])" }.joined(separator: " + ")
        return [
            (sum, .manhattan), ("sum(i in 1:\(dimensions), abs(p[i] - q[i]))", .manhattan),
            ("norm(p - q)", .euclidean), ("norm2(p - q)", .squaredEuclidean),
        ]
    }

    private mutating func readMatrix(
        _ options: ResolvedOptions, rows: Int, columns: Int
    ) -> TransportStatement.Cost? {
        guard let file = open(options) else { return nil }
        var values: [Double] = []
        var shape: [Int] = []
        do throws(ResultsError) {
            let names = try file.names()
            if let name = options.optionalText("values") ?? (file.format != .csv && names.count == 1 ? names[0] : nil) {
                let array = try file.arrays([name])[0]
                (values, shape) = (array.values, array.shape)
            } else if file.format == .csv {
                let table = try file.arrays(names)
                shape = [table.first?.values.count ?? 0, table.count]
                values = (0..<shape[0]).flatMap { row in table.map { $0.values[row] } }
            } else {
                base.complain(
                    options.origin(of: "file"), "'cost.values' must name the matrix",
                    hint: "the file holds \(names.prefix(30).joined(separator: ", "))")
                return nil
            }
        } catch {
            base.complain(
                options.origin(of: options.has("values") ? "values" : "file"),
                "\(options.text("file")): \(error.message)")
            return nil
        }
        guard shape == [rows, columns] else {
            base.complain(
                options.origin(of: "file"),
                "the matrix of costs is \(shape.map(String.init).joined(separator: " x ")), but there are \(rows) sources "
                    + "and \(columns) targets")
            return nil
        }
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            base.complain(
                options.origin(of: "file"),
                "the cost of row \(index / columns + 1), column \(index % columns + 1) is \(values[index])",
                hint: "costs are finite; a pair that must not be joined gets a large cost")
            return nil
        }
        return .matrix(values)
    }
}
