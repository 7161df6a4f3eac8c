import Expressions
import Geometry
import LinearSystems
import ProblemFiles
import Results

/// The cells of a grid, x fastest: their centres, and what lies in them.
struct GridCells {
    /// Cells along each coordinate, two or three.
    let cells: [Int]
    /// Sides of the box.
    let lengths: [Double]
    /// Where the box begins.
    let lower: [Double]

    init(_ cells: [Int], _ lengths: [Double], lower: [Double]? = nil) {
        self.cells = cells
        self.lengths = lengths
        self.lower = lower ?? lengths.map { _ in 0 }
    }

    var count: Int { cells.reduce(1, *) }

    /// Cells in a stretch that is worked on at once: all but the last coordinate.
    private var layer: Int { count / cells[cells.count - 1] }

    /// The centres along a coordinate.
    func centres(_ axis: Int) -> [Double] {
        (0..<cells[axis]).map { lower[axis] + lengths[axis] * (Double($0) + 0.5) / Double(cells[axis]) }
    }

    /// Coordinates of the centres in a layer.
    func layerPoints(_ number: Int) -> [[Double]] {
        let axes = cells.indices.map(centres)
        var columns = cells.indices.map { _ in [Double]() }
        for axis in cells.indices { columns[axis].reserveCapacity(layer) }
        for place in 0..<layer {
            columns[0].append(axes[0][place % cells[0]])
            if cells.count == 3 { columns[1].append(axes[1][place / cells[0]]) }
        }
        // Of the layers' own coordinate there is one value; in one dimension a layer is a cell.
        columns[cells.count - 1] = [Double](repeating: axes[cells.count - 1][number], count: layer)
        return columns
    }

    /// Values at all centres.
    ///
    /// - Throws: the first that is not finite.
    func values(
        of expression: Expression, noun: String, _ origin: Origin, mustBePositive: Bool = false, isWanted: [Bool]? = nil
    ) throws(ProblemErrors) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(count)
        for number in 0..<cells[cells.count - 1] {
            let points = layerPoints(number)
            let values = try LinearSystemInput.evaluated(expression, at: points, origin)
            let first = result.count
            let place = values.indices.first { place in
                let value = values[place]
                return (!value.isFinite || mustBePositive && value <= 0) && isWanted?[first + place] ?? true
            }
            if let place {
                let position = zip(LinearSystemStatement.Grid.coordinates, points).map {
                    "\($0) = \(NumberText.short($1[place], digits: 4))"
                }.joined(separator: ", ")
                throw LinearSystemInput.complaint(
                    origin, "\(noun) is \(values[place]) at \(position)",
                    hint: mustBePositive ? "it must be positive and finite" : "it must be finite")
            }
            result += values
        }
        return result
    }

    /// Which cells belong to a set, by their centres.
    func contains(_ set: LinearSystemStatement.Cells, noun: String) throws(ProblemErrors) -> [Bool] {
        switch set {
        case .positive(let expression, let origin):
            return try values(of: expression, noun: noun, origin).map { $0 > 0 }
        case .shapes(let shapes):
            var result: [Bool] = []
            result.reserveCapacity(count)
            var sides = [Int8](repeating: 0, count: layer)
            for number in 0..<cells[cells.count - 1] {
                let columns = layerPoints(number)
                let rows = (0..<layer).flatMap { place in columns.map { $0[place] } }
                var isInside = [Bool](repeating: false, count: layer)
                for shape in shapes {
                    shape.sides(rows, count: layer, tolerance: 0, to: &sides)
                    for place in 0..<layer where sides[place] <= 0 { isInside[place] = true }
                }
                result += isInside
            }
            return result
        }
    }

    /// From the last coordinate fastest, as files have it, to the first.
    static func reordered(_ values: [Double], _ cells: [Int]) -> [Double] {
        let (x, y, z) = (cells[0], cells[1], cells.count == 3 ? cells[2] : 1)
        var result = [Double](repeating: 0, count: values.count)
        for i in 0..<x {
            for j in 0..<y {
                for k in 0..<z { result[i + x * (j + y * k)] = values[(i * y + j) * z + k] }
            }
        }
        return result
    }
}

extension LinearSystemStatement.Grid {
    /// The centres of cells.
    var places: GridCells { GridCells(cells, lengths) }

    /// The domain that the section describes.
    ///
    /// - Throws: wrong numbers in the mask, a coefficient that is not positive, no fluid.
    func domain() throws(ProblemErrors) -> GridDomain {
        let kinds = try kinds()
        let coefficients = try coefficient.map { (given) throws(ProblemErrors) in
            try places.values(
                of: given.expression, noun: "the coefficient", given.origin, mustBePositive: true)
        }
        func ends(_ axis: Int) -> (low: GridDomain.Wall, high: GridDomain.Wall) {
            guard axis < walls.count else { return (.neumann, .neumann) }
            return (Self.wall(walls[axis].low), Self.wall(walls[axis].high))
        }
        let spacing = zip(lengths, cells).map { $0 / Double($1) }
        do throws(LinearSystemError) {
            return try GridDomain(
                cells: (cells[0], cells[1], cells.count == 3 ? cells[2] : 1), kinds: kinds,
                walls: GridDomain.Walls(x: ends(0), y: ends(1), z: ends(2)),
                spacing: (spacing[0], spacing[1], spacing.count == 3 ? spacing[2] : spacing[1]),
                coefficients: coefficients)
        } catch {
            throw LinearSystemInput.complaint(origin, error.description)
        }
    }

    private static func wall(_ wall: LinearSystemStatement.Wall) -> GridDomain.Wall {
        switch wall {
        case .neumann: .neumann
        case .dirichlet: .dirichlet
        case .dirichletFace: .dirichletFace
        }
    }

    private func kinds() throws(ProblemErrors) -> [UInt8] {
        var kinds = [UInt8](repeating: GridDomain.Kind.fluid.rawValue, count: cellCount)
        if let mask {
            let array: DataArray
            do throws(ResultsError) {
                let file = try DataFile(mask.path)
                let named = mask.values.map { [$0] }
                let names = named == nil ? try file.names() : named ?? []
                guard names.count == 1 else {
                    throw ResultsError(
                        .missingDataset, path: mask.path,
                        "holds several arrays, \(names.prefix(30).joined(separator: ", ")); 'mask_values' names one")
                }
                array = try file.arrays(names)[0]
            } catch {
                throw LinearSystemInput.complaint(mask, error.message)
            }
            guard array.shape == cells else {
                throw LinearSystemInput.complaint(
                    mask,
                    "the mask is \(array.shapeText), but the grid has \(cells.map(String.init).joined(separator: " x ")) cells"
                )
            }
            if let place = array.values.firstIndex(where: { ![0, 1, 2].contains($0) }) {
                var (rest, index) = (place, [Int]())
                for length in cells.reversed() {
                    index.append(rest % length)
                    rest /= length
                }
                throw LinearSystemInput.complaint(
                    mask,
                    "the mask is \(array.values[place]) at [\(index.reversed().map(String.init).joined(separator: ", "))]",
                    hint: "0 is solid, 1 fluid, 2 a cell where u is 0")
            }
            return GridCells.reordered(array.values, cells).map { UInt8($0) }
        }
        if let air {
            for (cell, isAir) in try places.contains(air, noun: "'grid.air'").enumerated() where isAir {
                kinds[cell] = GridDomain.Kind.dirichlet.rawValue
            }
        }
        if let solid {
            for (cell, isSolid) in try places.contains(solid, noun: "'grid.solid'").enumerated() where isSolid {
                kinds[cell] = GridDomain.Kind.solid.rawValue
            }
        }
        return kinds
    }
}
