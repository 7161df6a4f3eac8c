import Expressions
import Geometry

extension ProblemChecker {
    /// Reads a shape with its placement, `{ disk = { … }, moved = [1, 0] }`; nil after an error.
    mutating func shape(
        _ tree: OptionTree, _ path: String, _ declarations: [CoordinateDeclaration]
    ) -> (any Shape)? {
        let first = declarations.first?.name ?? "x"
        guard tree.isTable else {
            complain(
                tree.origin, "'\(path)' must be a shape, not \(tree.kindName)", hint: "{ box = { \(first) = [0, 1] } }")
            return nil
        }
        let names = ShapeOptions.shapes.map(\.name)
        let chosen = tree.entries.filter { names.contains($0.key) }
        for entry in tree.entries where !ShapeOptions.keys.contains(entry.key) {
            if chosen.isEmpty {
                complain(
                    entry.keyOrigin, "unknown shape '\(entry.key)'",
                    hint: NearestName.hint(for: entry.key, among: names, label: "available"))
            } else {
                diagnostics.append(.unknownKey(entry, in: path, names: ShapeOptions.keys))
            }
        }
        guard let entry = chosen.first else {
            if tree.entries.allSatisfy({ ShapeOptions.keys.contains($0.key) }) {
                complain(tree.origin, "'\(path)' has no shape", hint: "{ box = { \(first) = [0, 1] } }")
            }
            return nil
        }
        if chosen.count > 1 {
            complain(
                chosen[1].keyOrigin, "'\(path)' has two shapes, '\(entry.key)' and '\(chosen[1].key)'",
                hint: "declare both in [domain.shapes] and join them: region = \"a + b\"")
            return nil
        }
        let placed = OptionTree(
            .table(tree.entries.filter { ShapeOptions.placement[$0.key] != nil }), origin: tree.origin)
        let count = diagnostics.count
        let placement = ShapeOptions.placement.resolve(placed, path: path, into: &diagnostics)
        guard let shape = shape(entry, "\(path).\(entry.key)", declarations) else { return nil }
        guard diagnostics.count == count else { return nil }
        let reading = ShapeReading(options: placement, path: path, coordinates: Self.flat(declarations))
        guard let placed = self.placed(shape, reading) else { return nil }
        return make(reading) { () throws(GeometryError) in
            if !(placed is Box) { try placed.checkDigits() }
            return placed
        }
    }

    private static func flat(_ declarations: [CoordinateDeclaration]) -> [String] {
        declarations.flatMap { declaration in
            declaration.count.map { count in (0..<count).map { "\(declaration.name)[\($0 + 1)]" } }
                ?? [declaration.name]
        }
    }

    /// Reads what the key of a shape holds.
    private mutating func shape(
        _ entry: OptionTree.Entry, _ path: String, _ declarations: [CoordinateDeclaration]
    ) -> (any Shape)? {
        if entry.key == "box" { return box(entry.tree, declarations) }
        guard let table = ShapeOptions.shapes.first(where: { $0.name == entry.key })?.table else { return nil }
        let count = diagnostics.count
        let options = table.resolve(entry.tree, path: path, into: &diagnostics)
        guard diagnostics.count == count else { return nil }
        let reading = ShapeReading(options: options, path: path, coordinates: Self.flat(declarations))
        guard livesHere(entry, reading) else { return nil }
        switch entry.key {
        case "disk", "ball": return ball(reading)
        case "annulus": return annulus(reading)
        case "ellipse": return ellipse(reading)
        case "polygon": return polygon(reading)
        case "sector": return sector(reading)
        case "halfspace": return halfSpace(reading)
        case "cylinder": return cylinder(reading)
        case "cone": return cone(reading)
        default: return torus(reading)
        }
    }

    /// Whether the domain has as many coordinates as the shape needs.
    private mutating func livesHere(_ entry: OptionTree.Entry, _ reading: ShapeReading) -> Bool {
        let needed: Int? =
            switch entry.key {
            case "disk", "ellipse", "polygon", "sector": 2
            case "cylinder", "cone", "torus": 3
            default: nil
            }
        let given = reading.coordinates.count
        guard let needed, needed != given else { return true }
        complain(
            entry.keyOrigin,
            "\(entry.key == "ellipse" ? "an" : "a") \(entry.key) has \(needed) coordinates, and this domain has \(given)",
            hint: entry.key == "disk" ? "a ball may have any number: ball = { center = …, radius = … }" : nil)
        return false
    }

    private mutating func ball(_ reading: ShapeReading) -> (any Shape)? {
        guard let center = vector("center", reading, canRepeat: true), let radius = number("radius", reading) else {
            return nil
        }
        return make(reading) { () throws(GeometryError) in try Ball(center: center, radius: radius) }
    }

    private mutating func annulus(_ reading: ShapeReading) -> (any Shape)? {
        guard let center = vector("center", reading, canRepeat: true), let inner = number("inner", reading),
            let outer = number("outer", reading)
        else { return nil }
        return make(reading) { () throws(GeometryError) in
            try Annulus(center: center, inner: inner, outer: outer)
        }
    }

    private mutating func ellipse(_ reading: ShapeReading) -> (any Shape)? {
        guard let center = vector("center", reading), let radii = vector("radii", reading),
            let angle = number("angle", reading)
        else { return nil }
        return make(reading) { () throws(GeometryError) in
            let ellipse = try Ellipse(center: center, radii: radii)
            return angle == 0 ? ellipse : try ellipse.rotated(by: angle, about: center)
        }
    }

    private mutating func sector(_ reading: ShapeReading) -> (any Shape)? {
        guard let center = vector("center", reading), let radius = number("radius", reading),
            let from = number("from", reading), let to = number("to", reading), let inner = number("inner", reading)
        else { return nil }
        return make(reading) { () throws(GeometryError) in
            try Sector(center: center, radius: radius, from: from, to: to, inner: inner)
        }
    }

    private mutating func halfSpace(_ reading: ShapeReading) -> (any Shape)? {
        guard let point = vector("point", reading), let normal = vector("normal", reading) else { return nil }
        return make(reading) { () throws(GeometryError) in try HalfSpace(point: point, normal: normal) }
    }

    private mutating func cylinder(_ reading: ShapeReading) -> (any Shape)? {
        guard let base = vector("base", reading), let axis = vector("axis", reading),
            let radius = number("radius", reading), let height = number("height", reading)
        else { return nil }
        return make(reading) { () throws(GeometryError) in
            try Cylinder(base: base, axis: axis, radius: radius, height: height)
        }
    }

    private mutating func cone(_ reading: ShapeReading) -> (any Shape)? {
        guard let base = vector("base", reading), let axis = vector("axis", reading),
            let radius = number("radius", reading), let height = number("height", reading),
            let top = number("top", reading)
        else { return nil }
        return make(reading) { () throws(GeometryError) in
            try Cone(base: base, axis: axis, radius: radius, height: height, top: top)
        }
    }

    private mutating func torus(_ reading: ShapeReading) -> (any Shape)? {
        guard let center = vector("center", reading), let axis = vector("axis", reading),
            let radius = number("radius", reading), let thickness = number("thickness", reading)
        else { return nil }
        return make(reading) { () throws(GeometryError) in
            try Torus(center: center, axis: axis, radius: radius, thickness: thickness)
        }
    }

    /// Moves, turns and scales a shape, in this order.
    private mutating func placed(_ shape: any Shape, _ reading: ShapeReading) -> (any Shape)? {
        var shape = shape
        if reading.options.has("moved") {
            guard let offset = vector("moved", reading),
                let moved = make(reading, { () throws(GeometryError) in try shape.moved(by: offset) })
            else { return nil }
            shape = moved
        }
        if let inner = reading.inside("rotated") {
            guard let angle = number("angle", inner), let point = optionalVector("about", inner) else { return nil }
            var axis: [Double]? = inner.options.has("axis") ? [] : nil
            // Outside of space an axis is wrong whatever its numbers are.
            if axis != nil, inner.coordinates.count == 3 {
                guard let given = vector("axis", inner) else { return nil }
                axis = given
            }
            let turned = make(inner) { () throws(GeometryError) in
                guard let axis else { return try shape.rotated(by: angle, about: point.value) }
                return try shape.rotated(by: angle, axis: axis, about: point.value)
            }
            guard let turned else { return nil }
            shape = turned
        }
        if let inner = reading.inside("scaled") {
            guard let factor = number("factor", inner), let point = optionalVector("about", inner),
                let scaled = make(
                    inner, { () throws(GeometryError) in try shape.scaled(by: factor, about: point.value) })
            else { return nil }
            shape = scaled
        }
        return shape
    }
}

/// The options of a shape while it is read.
struct ShapeReading {
    let options: ResolvedOptions
    let path: String
    /// The flat coordinates of space.
    let coordinates: [String]

    /// The same for a table in the options, if it is given.
    func inside(_ name: String) -> ShapeReading? {
        options.optionalTable(name).map {
            ShapeReading(options: $0, path: "\(path).\(name)", coordinates: coordinates)
        }
    }
}

extension ProblemChecker {
    /// Makes a shape; what is wrong with it is said at the option at fault.
    mutating func make(
        _ reading: ShapeReading, _ body: () throws(GeometryError) -> any Shape
    ) -> (any Shape)? {
        do {
            return try body()
        } catch {
            var origin = reading.options.origin
            if case .degenerate(_, let parameter, _, _) = error, reading.options.declares(parameter) {
                origin = reading.options.origin(of: parameter)
            } else if reading.options.declares("points") {
                origin = reading.options.origin(of: reading.options.has("points") ? "points" : "file")
            }
            complain(origin, error.message, hint: error.hint)
            return nil
        }
    }

    /// A constant.
    fileprivate mutating func number(_ name: String, _ reading: ShapeReading) -> Double? {
        reading.options.optionTree(name).flatMap { constant($0, "\(reading.path).\(name)") }
    }

    /// One constant for each coordinate; where it may, a single one stands for all.
    fileprivate mutating func vector(_ name: String, _ reading: ShapeReading, canRepeat: Bool = false) -> [Double]? {
        guard let tree = reading.options.optionTree(name) else { return nil }
        return vector(tree, "\(reading.path).\(name)", reading.coordinates, canRepeat: canRepeat)
    }

    mutating func vector(
        _ tree: OptionTree, _ path: String, _ coordinates: [String], canRepeat: Bool = false
    ) -> [Double]? {
        let count = coordinates.count
        if canRepeat, count > 3, tree.elements == nil {
            return constant(tree, path).map { Array(repeating: $0, count: count) }
        }
        let shown = coordinates.prefix(4).joined(separator: ", ") + (count > 4 ? ", …" : "")
        guard let elements = tree.elements else {
            complain(
                tree.origin,
                "'\(path)' must be an array of \(count) number\(count == 1 ? "" : "s"), not \(tree.kindName)",
                hint: "one for each of \(shown)")
            return nil
        }
        guard elements.count == count else {
            complain(
                tree.origin,
                "'\(path)' has \(elements.count) number\(elements.count == 1 ? "" : "s") instead of \(count)",
                hint: "one for each of \(shown)")
            return nil
        }
        let values = elements.map { constant($0, path) }
        let known = values.compactMap(\.self)
        return known.count == values.count ? known : nil
    }

    /// A vector that need not be given; nil after an error.
    fileprivate mutating func optionalVector(_ name: String, _ reading: ShapeReading) -> OptionalVector? {
        guard reading.options.has(name) else { return OptionalVector() }
        return vector(name, reading).map { OptionalVector(value: $0) }
    }

    fileprivate struct OptionalVector {
        var value: [Double]?
    }
}
