import Randomness

extension SampledSet {
    /// Independent, uniformly distributed points, row-major.
    ///
    /// - Throws: ``GeometryError/sparse`` when fewer than one mapped point in 10,000 belongs to the set.
    public func points(_ count: Int, from stream: inout RandomStream) throws(GeometryError) -> [Double] {
        try points(count) { unit, _ in stream.fillUniform(unit) }
    }

    /// The next points of a sequence whose dimension is ``sampleDimensions``, row-major.
    ///
    /// A single point needs no sequence: it is repeated.
    ///
    /// - Throws: ``GeometryError/sparse`` when fewer than one mapped point in 10,000 belongs to the set.
    public func points(_ count: Int, from sequence: inout SobolSequence) throws(GeometryError) -> [Double] {
        precondition(sampleDimensions == 0 || sequence.dimensions == sampleDimensions, "the dimensions differ")
        return try points(count) { unit, rows in
            if !unit.isEmpty { sequence.fill(unit, count: rows) }
        }
    }

    /// The points of a Latin hypercube design of `count` points whose dimension is ``sampleDimensions``, row-major.
    ///
    /// Where points are left out because they do not belong, further designs replace them. A single point needs no
    /// design: it is repeated.
    ///
    /// - Throws: ``GeometryError/sparse`` when fewer than one mapped point in 10,000 belongs to the set.
    public func points(_ count: Int, from design: inout LatinHypercube) throws(GeometryError) -> [Double] {
        precondition(sampleDimensions == 0 || design.dimensions == sampleDimensions, "the dimensions differ")
        if sampleDimensions > 0 { design.begin(count) }
        return try points(count) { unit, rows in
            if !unit.isEmpty { design.fill(unit, count: rows) }
        }
    }

    /// Draws as many points as are missing, keeps those that belong, and so on: no point is drawn in vain.
    ///
    /// - Parameter fill: writes the next points of the unit cube, and is told how many.
    private func points(
        _ count: Int, fill: (UnsafeMutableBufferPointer<Double>, Int) -> Void
    ) throws(GeometryError) -> [Double] {
        precondition(count >= 0, "negative number of points")
        var isSparse = false
        let drawn = [Double](unsafeUninitializedCapacity: count * dimensions) { points, initialized in
            initialized = 0
            guard count > 0, let target = points.baseAddress else { return }
            target.initialize(repeating: 0, count: count * dimensions)
            initialized = count * dimensions
            isSparse = !draw(count, to: target, fill: fill)
        }
        if isSparse { throw GeometryError.sparse }
        return drawn
    }

    /// Whether enough points were found.
    private func draw(
        _ count: Int, to target: UnsafeMutablePointer<Double>, fill: (UnsafeMutableBufferPointer<Double>, Int) -> Void
    ) -> Bool {
        let dimensions = dimensions, sampleDimensions = sampleDimensions, acceptsAll = acceptsAll
        let tile = min(count, max(1, 16_384 / max(1, dimensions)))
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, tile * sampleDimensions)) { unit in
            withUnsafeTemporaryAllocation(of: Bool.self, capacity: tile) { flags in
                unit.initialize(repeating: 0)
                flags.initialize(repeating: true)
                guard let unitStart = unit.baseAddress, let flagStart = flags.baseAddress else { return false }
                var kept = 0, tries = 0
                while kept < count {
                    let rows = min(tile, count - kept)
                    fill(UnsafeMutableBufferPointer(rebasing: unit[..<(rows * sampleDimensions)]), rows)
                    let start = target + kept * dimensions
                    map(unitStart, to: start, count: rows)
                    if acceptsAll {
                        kept += rows
                        continue
                    }
                    accept(start, count: rows, to: flagStart)
                    kept += keep(rows, of: start, where: flagStart)
                    tries += rows
                    if tries >= SamplingLimits.tries, kept < tries / SamplingLimits.triesPerPoint { return false }
                }
                return true
            }
        }
    }

    /// Moves the flagged rows to the front and returns their number.
    private func keep(_ rows: Int, of points: UnsafeMutablePointer<Double>, where flags: UnsafePointer<Bool>) -> Int {
        let dimensions = dimensions
        var kept = 0
        for row in 0..<rows where flags[row] {
            if kept < row {
                (points + kept * dimensions).update(from: points + row * dimensions, count: dimensions)
            }
            kept += 1
        }
        return kept
    }
}

/// When a search for points is given up.
enum SamplingLimits {
    /// Fewer accepted points than one in this many are too few.
    static let triesPerPoint = 10_000
    /// The least number of tries before that is judged.
    static let tries = 1 << 20
}
