import LinearAlgebra
import Parallelism

/// The kernel exp(−c/ε) of a separable cost on a tensor grid, applied axis by axis.
///
/// Each stage takes the last axis of a field to the front: after d stages the axes stand in their order again. Between stages lie
/// the *levels*: logarithms after each stage, from which the later passes take their weights. A plan with the potentials x and y is
/// then P = diag(r) A_1 ⋯ A_d with stochastic A_k that act along lines: nothing over- or underflows, for any ε.
///
/// Lines are independent of one another, so results do not depend on the number of threads.
final class GridKernel {
    /// A field for each level, the first with the inputs' nodes, the last with the outputs'.
    typealias Levels = [AlignedBuffer<Double>]

    let inputs: Int
    let outputs: Int
    /// In the order of the stages: the last axis first.
    private let tables: [AxisTable]
    private let sizes: [Int]
    private let pool: WorkerPool
    private let rooms: [AlignedBuffer<Double>]
    private let scratch: (AlignedBuffer<Double>, AlignedBuffer<Double>)
    private let middle: AlignedBuffer<Double>
    private var scaled: [AxisTable.Scaled] = []
    /// Blocks of lines that threads share out.
    private static let blocks = 16

    /// From targets to sources, or from sources to targets when `transposed`.
    init(_ cost: GridCost, transposed: Bool, pool: WorkerPool) {
        tables = cost.axes.reversed().map { AxisTable($0, transposed: transposed) }
        var sizes = [transposed ? cost.sources : cost.targets]
        for table in tables { sizes.append(sizes[sizes.count - 1] / table.inputs * table.outputs) }
        self.sizes = sizes
        inputs = sizes[0]
        outputs = sizes[sizes.count - 1]
        self.pool = pool
        let room = tables.map(\.room).max() ?? 0
        rooms = (0..<Self.blocks).map { _ in AlignedBuffer(count: room) }
        let most = sizes.max() ?? 0
        scratch = (AlignedBuffer(count: most), AlignedBuffer(count: most))
        middle = AlignedBuffer(count: outputs)
    }

    func makeLevels() -> Levels { sizes.map { AlignedBuffer(count: $0) } }

    private func prepare(_ scale: Double) -> [AxisTable.Scaled] {
        if scaled.first?.scale != scale { scaled = tables.map { $0.scaled(by: scale) } }
        return scaled
    }

    /// Runs a stage over all of its lines.
    private func forEachBlock(_ stage: Int, _ body: @escaping (AxisTable.Lines) -> Void) {
        let lines = sizes[stage] / tables[stage].inputs
        // Whole tiles of 16 lines, which kernels may work on together.
        let tiles = (lines + 15) / 16, blocks = min(tiles, Self.blocks)
        pool.forEach(blocks) { [rooms] block in
            let range = 16 * (tiles * block / blocks)..<min(lines, 16 * (tiles * (block + 1) / blocks))
            body(AxisTable.Lines(all: lines, range: range, room: rooms[block].baseAddress))
        }
    }

    /// From the logarithms in the first level to those in the last: log Σ_j exp(y_j − scale · c_ij).
    func logSum(_ levels: Levels, scale: Double) {
        for (stage, table) in prepare(scale).enumerated() {
            let (y, t) = (levels[stage].baseAddress, levels[stage + 1].baseAddress)
            forEachBlock(stage) { table.logSum($0, y, t) }
        }
    }

    /// out_i ← Σ_j P_ij z_j / r_i, or with the costs Σ_j P_ij (z_j + c_ij) / r_i.
    func average(
        _ levels: Levels, scale: Double, _ z: UnsafePointer<Double>, addsCost: Bool = false,
        _ out: UnsafeMutablePointer<Double>
    ) {
        var source = z
        for (stage, table) in prepare(scale).enumerated() {
            let target = stage == tables.count - 1 ? out : room(after: source)
            let (from, y, t) = (source, levels[stage].baseAddress, levels[stage + 1].baseAddress)
            forEachBlock(stage) { table.average($0, y, t, from, addsCost: addsCost, target) }
            source = UnsafePointer(target)
        }
    }

    /// out_j ← Σ_i P_ij w_i / r_i
    func spread(
        _ levels: Levels, scale: Double, _ w: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>,
        from last: Int? = nil
    ) {
        let prepared = prepare(scale)
        var source = w
        for stage in (0..<(last ?? tables.count)).reversed() {
            let target = stage == 0 ? out : room(after: source)
            let (from, y, t) = (source, levels[stage].baseAddress, levels[stage + 1].baseAddress)
            forEachBlock(stage) { prepared[stage].spread($0, y, t, from, target) }
            source = UnsafePointer(target)
        }
    }

    /// out_j ← Σ_i P_ij d_i (Σ_k P_ik z_k / r_i) / r_i
    func normal(
        _ levels: Levels, scale: Double, _ d: UnsafePointer<Double>, _ z: UnsafePointer<Double>,
        _ out: UnsafeMutablePointer<Double>
    ) {
        let prepared = prepare(scale), last = tables.count - 1
        guard prepared[last].hasNormal else {
            average(levels, scale: scale, z, middle.baseAddress)
            for index in 0..<outputs { middle.baseAddress[index] *= d[index] }
            spread(levels, scale: scale, middle.baseAddress, out)
            return
        }
        var source = z
        for stage in 0..<last {
            let target = room(after: source)
            let (from, y, t) = (source, levels[stage].baseAddress, levels[stage + 1].baseAddress)
            forEachBlock(stage) { prepared[stage].average($0, y, t, from, addsCost: false, target) }
            source = UnsafePointer(target)
        }
        let (from, y, t) = (source, levels[last].baseAddress, levels[last + 1].baseAddress)
        let target = last == 0 ? out : room(after: source)
        forEachBlock(last) { prepared[last].normal($0, y, t, d, from, target) }
        if last > 0 { spread(levels, scale: scale, UnsafePointer(target), out, from: last) }
    }

    /// out_i ← min_j (c_ij + z_j)
    func minimum(_ z: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        var source = z
        for (stage, table) in prepare(scaled.first?.scale ?? 1).enumerated() {
            let target = stage == tables.count - 1 ? out : room(after: source)
            let from = source
            forEachBlock(stage) { table.minimum($0, from, target) }
            source = UnsafePointer(target)
        }
    }

    /// The field between stages that does not hold the present one.
    private func room(after source: UnsafePointer<Double>) -> UnsafeMutablePointer<Double> {
        source == UnsafePointer(scratch.0.baseAddress) ? scratch.1.baseAddress : scratch.0.baseAddress
    }
}
