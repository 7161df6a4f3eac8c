/// Set operations on batches of points: sides and distances of the parts, combined on a stack.
///
/// Sides combine as distances do: the least for a union, the greatest for an intersection, and a difference is the
/// intersection with the negative. All work is done in tiles of points that stay in the cache.
struct Evaluation: Sendable {
    let dimensions: Int
    let parts: [any Shape]
    let steps: [RegionModel.Step]
    let depth: Int
    let tolerance: Double
    /// Where points of each part can lie, [part][axis].
    let lower: [Double]
    let upper: [Double]

    /// Points at a time.
    var tile: Int { min(256, max(1, 65_536 / max(1, dimensions))) }

    /// Whether points lie in the region.
    func contains(_ points: UnsafePointer<Double>, count: Int, to flags: UnsafeMutablePointer<Bool>) {
        let tile = tile
        withScratch(tile) { scratch in
            for first in stride(from: 0, to: count, by: tile) {
                let rows = min(tile, count - first)
                let start = points + first * dimensions
                for part in parts.indices {
                    sides(of: part, start, rows, tolerance: 0, scratch, to: scratch.minus + part * tile)
                }
                let result = combine(scratch.minus, rows, scratch)
                for row in 0..<rows { flags[first + row] = result[row] <= 0 }
            }
        }
    }

    /// Distances from the parts' boundaries, combined.
    func signedDistances(
        _ points: UnsafePointer<Double>, count: Int, to distances: UnsafeMutablePointer<Double>
    ) {
        let tile = tile
        withUnsafeTemporaryAllocation(of: Double.self, capacity: depth * tile) { memory in
            memory.initialize(repeating: 0)
            guard let stack = memory.baseAddress else { return }
            for first in stride(from: 0, to: count, by: tile) {
                let rows = min(tile, count - first)
                var top = stack
                for step in steps {
                    if case .part(let part) = step {
                        parts[part].signedDistances(points + first * dimensions, count: rows, to: top)
                        top += tile
                        continue
                    }
                    top -= tile
                    let left = top - tile
                    switch step {
                    case .union: for row in 0..<rows { left[row] = min(left[row], top[row]) }
                    case .difference: for row in 0..<rows { left[row] = max(left[row], -top[row]) }
                    case .intersection: for row in 0..<rows { left[row] = max(left[row], top[row]) }
                    case .part: break
                    }
                }
                (distances + first).update(from: stack, count: rows)
            }
        }
    }

    /// Whether points of a part's face lie on the boundary of the region and belong to no earlier part's face.
    func accept(
        _ points: UnsafePointer<Double>, count: Int, on face: any ShapeFace, of part: Int,
        to flags: UnsafeMutablePointer<Bool>
    ) {
        face.accept(points, count: count, to: flags)
        visitSides(of: points, count: count, on: face, of: part) { inside, outside, isTaken, first, rows in
            for row in 0..<rows {
                flags[first + row] =
                    flags[first + row] && (inside[row] <= 0) != (outside[row] <= 0) && !isTaken[row]
            }
        }
    }

    /// Turns normals of a part's face round where the region lies on their side.
    func orient(
        _ normals: UnsafeMutablePointer<Double>, at points: UnsafePointer<Double>, count: Int,
        on face: any ShapeFace, of part: Int
    ) {
        visitSides(of: points, count: count, on: face, of: part) { _, outside, _, first, rows in
            for row in 0..<rows where outside[row] <= 0 {
                for place in (first + row) * dimensions..<(first + row + 1) * dimensions { normals[place].negate() }
            }
        }
    }

    /// Calls `body` with the side of the region next to each point, just inside and just outside of the part, whether a
    /// face of an earlier part coincides there, the index of the first point and the number of points.
    private func visitSides(
        of points: UnsafePointer<Double>, count: Int, on face: any ShapeFace, of own: Int,
        _ body: (UnsafePointer<Int8>, UnsafePointer<Int8>, UnsafePointer<Bool>, Int, Int) -> Void
    ) {
        let tile = tile
        withScratch(tile) { scratch in
            for first in stride(from: 0, to: count, by: tile) {
                let rows = min(tile, count - first)
                let start = points + first * dimensions
                face.outwardNormals(at: start, count: rows, to: scratch.normals)
                scratch.flags.update(repeating: false, count: rows)
                for part in parts.indices {
                    let minus = scratch.minus + part * tile, plus = scratch.plus + part * tile
                    if part == own {
                        minus.update(repeating: -1, count: rows)
                        plus.update(repeating: 1, count: rows)
                        continue
                    }
                    sides(of: part, start, rows, tolerance: tolerance, scratch, to: minus)
                    plus.update(from: minus, count: rows)
                    for row in 0..<rows where minus[row] == 0 {
                        minus[row] = side(of: part, beside: start, row, by: -8 * tolerance, scratch)
                        plus[row] = side(of: part, beside: start, row, by: 8 * tolerance, scratch)
                        if part < own, minus[row] != plus[row] { scratch.flags[row] = true }
                    }
                }
                let outside = combine(scratch.plus, rows, scratch)
                scratch.plus.update(from: outside, count: rows)
                let inside = combine(scratch.minus, rows, scratch)
                body(inside, scratch.plus, scratch.flags, first, rows)
            }
        }
    }

    /// The side of a part on which a point lies after a step along its normal.
    private func side(
        of part: Int, beside points: UnsafePointer<Double>, _ row: Int, by step: Double, _ scratch: Scratch
    ) -> Int8 {
        for axis in 0..<dimensions {
            scratch.gathered[axis] =
                points[row * dimensions + axis] + step * scratch.normals[row * dimensions + axis]
        }
        var side: Int8 = 0
        parts[part].sides(scratch.gathered, count: 1, tolerance: 0, to: &side)
        return side <= 0 ? -1 : 1
    }

    /// The sides of one part; only points within its extent are looked at.
    private func sides(
        of part: Int, _ points: UnsafePointer<Double>, _ rows: Int, tolerance: Double, _ scratch: Scratch,
        to result: UnsafeMutablePointer<Int8>
    ) {
        guard parts.count > 1 else {
            parts[part].sides(points, count: rows, tolerance: tolerance, to: result)
            return
        }
        let dimensions = dimensions
        let found = find(part, points, rows, scratch.indices)
        if found == rows {
            parts[part].sides(points, count: rows, tolerance: tolerance, to: result)
            return
        }
        result.update(repeating: 1, count: rows)
        guard found > 0 else { return }
        for place in 0..<found {
            let row = Int(scratch.indices[place])
            for axis in 0..<dimensions {
                scratch.gathered[place * dimensions + axis] = points[row * dimensions + axis]
            }
        }
        parts[part].sides(scratch.gathered, count: found, tolerance: tolerance, to: scratch.gatheredSides)
        for place in 0..<found { result[Int(scratch.indices[place])] = scratch.gatheredSides[place] }
    }

    /// Lists the points within the extent of a part and returns their number.
    private func find(
        _ part: Int, _ points: UnsafePointer<Double>, _ rows: Int, _ indices: UnsafeMutablePointer<Int32>
    ) -> Int {
        let base = part * dimensions
        var found = 0
        if dimensions == 2 {
            let left = lower[base], right = upper[base], bottom = lower[base + 1], top = upper[base + 1]
            for row in 0..<rows {
                let x = points[2 * row], y = points[2 * row + 1]
                indices[found] = Int32(truncatingIfNeeded: row)
                // All four, without a jump: which points are near is hard to foresee.
                let within = SIMD4(x, -x, y, -y) .>= SIMD4(left, -right, bottom, -top)
                found += all(within) ? 1 : 0
            }
            return found
        }
        lower.withUnsafeBufferPointer { lower in
            upper.withUnsafeBufferPointer { upper in
                for row in 0..<rows {
                    var isNear = true
                    for axis in 0..<dimensions {
                        let value = points[row * dimensions + axis]
                        isNear = isNear && lower[base + axis] <= value && value <= upper[base + axis]
                    }
                    indices[found] = Int32(truncatingIfNeeded: row)
                    found += isNear ? 1 : 0
                }
            }
        }
        return found
    }

    /// The sides of the whole from those of the parts, [part][tile]; the result lies at the bottom of the stack.
    private func combine(_ sides: UnsafePointer<Int8>, _ rows: Int, _ scratch: Scratch) -> UnsafePointer<Int8> {
        let tile = tile
        var top = scratch.stack
        for step in steps {
            if case .part(let part) = step {
                top.update(from: sides + part * tile, count: rows)
                top += tile
                continue
            }
            top -= tile
            let left = top - tile
            switch step {
            case .union: for row in 0..<rows { left[row] = min(left[row], top[row]) }
            case .difference: for row in 0..<rows { left[row] = max(left[row], -top[row]) }
            case .intersection: for row in 0..<rows { left[row] = max(left[row], top[row]) }
            case .part: break
            }
        }
        return UnsafePointer(scratch.stack)
    }
}

extension Evaluation {
    /// Memory for a tile.
    private struct Scratch {
        /// Sides of the parts, just inside and just outside of a face, [part][tile].
        let minus: UnsafeMutablePointer<Int8>
        let plus: UnsafeMutablePointer<Int8>
        let stack: UnsafeMutablePointer<Int8>
        let gatheredSides: UnsafeMutablePointer<Int8>
        let flags: UnsafeMutablePointer<Bool>
        let indices: UnsafeMutablePointer<Int32>
        let gathered: UnsafeMutablePointer<Double>
        let normals: UnsafeMutablePointer<Double>
    }

    private func withScratch(_ tile: Int, _ body: (Scratch) -> Void) {
        let rows = tile * parts.count
        withUnsafeTemporaryAllocation(of: Int8.self, capacity: 2 * rows + (depth + 1) * tile) { bytes in
            withFlags(tile) { flags in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: tile + 1) { indices in
                    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * tile * dimensions) { numbers in
                        bytes.initialize(repeating: 0)
                        indices.initialize(repeating: 0)
                        numbers.initialize(repeating: 0)
                        guard let byte = bytes.baseAddress, let index = indices.baseAddress,
                            let number = numbers.baseAddress
                        else { return }
                        body(
                            Scratch(
                                minus: byte, plus: byte + rows, stack: byte + 2 * rows,
                                gatheredSides: byte + 2 * rows + depth * tile, flags: flags, indices: index,
                                gathered: number, normals: number + tile * dimensions))
                    }
                }
            }
        }
    }

    /// Memory for a truth value for each of some points.
    func withFlags(_ count: Int, _ body: (UnsafeMutablePointer<Bool>) -> Void) {
        withUnsafeTemporaryAllocation(of: Bool.self, capacity: max(1, count)) { flags in
            flags.initialize(repeating: false)
            if let start = flags.baseAddress { body(start) }
        }
    }
}
