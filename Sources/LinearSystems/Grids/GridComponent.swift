import CKernels

/// A connected part of the fluid cells of a grid.
struct GridComponent: Sendable {
    /// Cells in a row.
    struct Run: Sendable {
        /// The place of the first.
        var place: Int
        /// How many.
        var count: Int
    }

    /// The runs, in the order in which they lie in memory.
    var runs: [Run]
    /// How many cells.
    var cells: Int { runs.reduce(0) { $0 + $1.count } }

    /// The parts that touch no cell or wall where the solution is given.
    ///
    /// Runs of neighbouring rows that overlap belong together: time in proportion to the rows, not to the cells, beyond one look at each.
    static func untied(_ level: GridLevel) -> [GridComponent] {
        let shape = level.shape
        let (nx, ny, nz) = shape.cells
        var (first, last): ([Int32], [Int32]) = ([], [])
        var tied: [UInt8] = []
        var parent: [Int32] = []
        var rowStart = [0]
        rowStart.reserveCapacity(ny * nz + 1)
        let room = (nx + 1) / 2 + 1
        var (someFirst, someLast) = ([Int32](repeating: 0, count: room), [Int32](repeating: 0, count: room))
        var someTied = [UInt8](repeating: 0, count: room)
        func root(_ run: Int32) -> Int32 {
            var run = run
            while parent[Int(run)] != run {
                parent[Int(run)] = parent[Int(parent[Int(run)])]
                run = parent[Int(run)]
            }
            return run
        }
        func join(_ row: Int, _ other: Int) {
            var (a, b) = (rowStart[row], rowStart[other])
            let (endA, endB) = (rowStart[row + 1], rowStart[other + 1])
            while a < endA, b < endB {
                if first[a] < last[b], first[b] < last[a] {
                    let (one, two) = (root(Int32(a)), root(Int32(b)))
                    if one != two {
                        parent[Int(max(one, two))] = min(one, two)
                        tied[Int(min(one, two))] |= tied[Int(max(one, two))]
                    }
                }
                if last[a] < last[b] { a += 1 } else { b += 1 }
            }
        }
        for k in 0..<nz {
            for j in 0..<ny {
                let count = withUnsafePointer(to: level.kernel) {
                    ansatz_cells_runs(
                        $0, level.kinds.baseAddress + shape.origin, shape.row * j + shape.plane * k, &someFirst,
                        &someLast,
                        &someTied)
                }
                for run in 0..<count {
                    parent.append(Int32(parent.count))
                    first.append(someFirst[run])
                    last.append(someLast[run])
                    tied.append(someTied[run])
                }
                rowStart.append(parent.count)
                let row = j + ny * k
                if j > 0 { join(row, row - 1) }
                if k > 0 { join(row, row - ny) }
            }
        }
        guard parent.indices.contains(where: { parent[$0] == $0 && tied[$0] == 0 }) else { return [] }
        var numbers: [Int32: Int] = [:]
        var components: [GridComponent] = []
        for row in 0..<ny * nz {
            for run in rowStart[row]..<rowStart[row + 1] {
                let root = root(Int32(run))
                guard tied[Int(root)] == 0 else { continue }
                if numbers[root] == nil {
                    numbers[root] = components.count
                    components.append(GridComponent(runs: []))
                }
                guard let number = numbers[root] else { continue }
                components[number].runs.append(
                    Run(
                        place: shape.place(Int(first[run]), row % ny, row / ny), count: Int(last[run] - first[run])))
            }
        }
        return components
    }

    /// Makes the mean over the cells zero.
    func subtractMean(_ vector: UnsafeMutablePointer<Double>) {
        var sum = 0.0
        for run in runs { for place in run.place..<run.place + run.count { sum += vector[place] } }
        let mean = sum / Double(cells)
        for run in runs { for place in run.place..<run.place + run.count { vector[place] -= mean } }
    }

    /// Makes the mean over the cells zero.
    func subtractMean(_ vector: UnsafeMutablePointer<Float>) {
        var sum = 0.0
        for run in runs { for place in run.place..<run.place + run.count { sum += Double(vector[place]) } }
        let mean = Float(sum / Double(cells))
        for run in runs { for place in run.place..<run.place + run.count { vector[place] -= mean } }
    }
}
