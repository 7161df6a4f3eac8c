/// Fields on two axes as coloured images.
extension GnuplotScript {
    /// Panels flatter than this stand one above the other.
    private static let flat = 0.45

    /// Reference, prediction and absolute error; the prediction alone without a reference.
    mutating func drawImages(_ prediction: PlottedField, reference: [Double]?) {
        guard let reference else { return drawImage(prediction, isSigned: false) }
        let error = zip(prediction.values, reference).map { abs($0 - $1) }
        let grid = ImageGrid(prediction)
        let columns = [reference, prediction.values, error].map(grid.resample)
        addBlock(grid, columns, names: ["reference", "prediction", "error"])

        let isFlat = grid.panelRatio < Self.flat
        let size = isFlat ? grid.panelSize(widest: 460, highest: 300) : grid.panelSize(widest: 250, highest: 300)
        let shared = Scale(Self.range(columns[0] + columns[1]))
        var largest = Self.range(columns[2])
        largest.lower = 0
        let titles = ["\(prediction.name), reference", "\(prediction.name), prediction", "absolute error"]
        let panels = titles.indices.map { index in
            Panel(
                grid: grid, block: 0, column: 3 + index, title: titles[index], size: size,
                scale: index == 2 ? Scale(largest) : shared, isLabelled: isFlat || index == 0,
                hasBar: isFlat || index > 0)
        }
        draw(panels, perRow: isFlat ? 1 : 3)
    }

    /// One field.
    mutating func drawImage(_ field: PlottedField, isSigned: Bool) {
        let grid = ImageGrid(field)
        let values = grid.resample(field.values)
        addBlock(grid, [values], names: [field.name])
        let scale = isSigned ? Scale.signed(values) : Scale(Self.range(values))
        let panel = Panel(
            grid: grid, block: 0, column: 3, title: field.name, size: grid.panelSize(widest: 420, highest: 420),
            scale: scale, isLabelled: true, hasBar: true)
        draw([panel], perRow: 1)
    }

    /// Cuts of one field on one scale of colours.
    mutating func drawSlices(_ slices: [PlottedField], isSigned: Bool) {
        let grids = slices.map { ImageGrid($0) }
        let values = zip(grids, slices).map { $0.resample($1.values) }
        let all = Array(values.joined())
        let scale = isSigned ? Scale.signed(all) : Scale(Self.range(all))
        // One scale of lengths for all cuts, as far as every panel stays readable.
        let panels = slices.indices.map { index in
            addBlock(grids[index], [values[index]], names: [slices[index].name])
            return Panel(
                grid: grids[index], block: index, column: 3, title: slices[index].name,
                size: grids[index].panelSize(widest: 230, highest: 230), scale: scale, isLabelled: true,
                hasBar: index % 3 == 2 || index == slices.count - 1)
        }
        draw(panels, perRow: 3)
    }

    /// Magnitudes of fields on the same axes, each on a logarithmic scale of its own.
    mutating func drawMagnitudes(_ fields: [PlottedField]) {
        let perRow = fields.count == 4 ? 2 : 3
        let panels = fields.enumerated().map { index, field in
            let grid = ImageGrid(field)
            let magnitudes = grid.resample(field.values.map { abs($0) })
            let scale = Scale.magnitudes(magnitudes)
            // Below the scale is its lower end; only points without a value stay blank.
            addBlock(
                grid, [magnitudes.map { $0 < scale.range.lower ? scale.range.lower : $0 }], names: [field.name])
            let side = fields.count == 1 ? 420.0 : 250
            return Panel(
                grid: grid, block: index, column: 3, title: "|\(field.name)|",
                size: grid.panelSize(widest: side, highest: side), scale: scale, isLabelled: index % perRow == 0,
                hasBar: true)
        }
        draw(panels, perRow: perRow)
    }
}
