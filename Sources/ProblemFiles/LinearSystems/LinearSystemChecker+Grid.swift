import Expressions
import Geometry

extension LinearSystemChecker {
    /// Reads `[grid]`; nil after a complaint.
    mutating func readGrid() -> (grid: LinearSystemStatement.Grid, tree: OptionTree)? {
        let count = base.diagnostics.count
        let options = base.resolve(LinearSystemStatement.gridOptions, "grid")
        guard base.diagnostics.count == count else { return nil }
        let cells = options.integers("cells")
        guard cells.count == 2 || cells.count == 3 else {
            base.complain(
                options.origin(of: "cells"),
                "'grid.cells' has \(cells.count) number\(cells.count == 1 ? "" : "s"), not two or three",
                hint: "cells = [64, 64, 64] along x, y and z")
            return nil
        }
        let lengths = options.has("lengths") ? options.numbers("lengths") : cells.map { _ in 1.0 }
        guard lengths.count == cells.count else {
            base.complain(
                options.origin(of: "lengths"),
                "'grid.lengths' has \(lengths.count) numbers, but there are \(cells.count) of cells")
            return nil
        }
        guard cells.allSatisfy({ $0 >= 2 }) else {
            base.complain(
                options.origin(of: "cells"), "a grid has at least two cells along each coordinate",
                hint: "two numbers describe a grid in two dimensions")
            return nil
        }
        guard let walls = readWalls(options, cells.count) else { return nil }
        let declarations = cells.indices.map {
            CoordinateDeclaration(name: LinearSystemStatement.Grid.coordinates[$0])
        }
        let solid = options.optionTree("solid").flatMap { readCells($0, "grid.solid", declarations) }
        let air = options.optionTree("air").flatMap { readCells($0, "grid.air", declarations) }
        if options.has("mask") {
            for key in ["solid", "air"] where options.has(key) {
                base.complain(options.origin(of: key), "'grid.\(key)' has no meaning beside 'mask'")
            }
        } else if options.has("mask_values") {
            base.complain(options.origin(of: "mask_values"), "'grid.mask_values' has no meaning without 'mask'")
        }
        var coefficient: (Expression, Origin)?
        if let tree = options.optionTree("coefficient") {
            coefficient = base.scalar(tree, "grid.coefficient", declarations).map { ($0, tree.origin) }
        }
        guard base.diagnostics.count == count else { return nil }
        let grid = LinearSystemStatement.Grid(
            cells: cells, lengths: lengths, walls: walls, solid: solid, air: air,
            mask: options.has("mask") ? reference(options, "mask", values: "mask_values") : nil,
            coefficient: coefficient, origin: options.origin)
        return (grid, options.tree)
    }

    private mutating func readWalls(
        _ options: ResolvedOptions, _ dimensions: Int
    ) -> [(low: LinearSystemStatement.Wall, high: LinearSystemStatement.Wall)]? {
        func wall(_ name: String?) -> LinearSystemStatement.Wall { name.flatMap { .init(rawValue: $0) } ?? .neumann }
        guard let table = options.optionalTable("walls") else {
            return [(low: LinearSystemStatement.Wall, high: LinearSystemStatement.Wall)](
                repeating: (.neumann, .neumann), count: dimensions)
        }
        let names = LinearSystemStatement.Grid.coordinates
        for name in names[dimensions...] {
            for end in ["low", "high"] where table.has("\(name)_\(end)") {
                base.complain(table.origin(of: "\(name)_\(end)"), "there is no wall '\(name)_\(end)' in two dimensions")
                return nil
            }
        }
        let standard = wall(table.optionalText("all"))
        return names[..<dimensions].map { name in
            func end(_ end: String) -> LinearSystemStatement.Wall {
                table.optionalText("\(name)_\(end)").map(wall) ?? standard
            }
            return (end("low"), end("high"))
        }
    }

    /// Reads a shape, several shapes, or an expression; nil after a complaint.
    private mutating func readCells(
        _ tree: OptionTree, _ path: String, _ declarations: [CoordinateDeclaration]
    ) -> LinearSystemStatement.Cells? {
        if tree.text != nil {
            return base.scalar(tree, path, declarations).map { .positive($0, tree.origin) }
        }
        if tree.isTable { return base.shape(tree, path, declarations).map { .shapes([$0]) } }
        guard let elements = tree.elements else {
            base.complain(
                tree.origin, "'\(path)' must be shapes or an expression, not \(tree.kindName)",
                hint:
                    "[{ ball = { center = [0.5, 0.5, 0.5], radius = 0.2 } }], or \"0.2 - norm(…)\", which is positive inside"
            )
            return nil
        }
        var shapes: [any Shape] = []
        for (index, element) in elements.enumerated() {
            guard let shape = base.shape(element, "\(path)[\(index + 1)]", declarations) else { return nil }
            shapes.append(shape)
        }
        return .shapes(shapes)
    }
}
