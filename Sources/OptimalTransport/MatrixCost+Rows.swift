import LinearAlgebra
import Parallelism

extension MatrixCost {
    /// Bytes that a matrix of costs of this size takes, copy in single precision included.
    public static func bytes(sources: Int, targets: Int) -> Int { 12 * sources * targets }

    /// Computes all rows of another cost once and keeps them, which saves time where rows are costly and memory is there.
    public convenience init(rowsOf cost: any TransportCost, pool: WorkerPool) {
        self.init(sources: cost.sources, targets: cost.targets)
        let blocks = min(64, cost.sources)
        pool.forEach(blocks) { [self] block in
            let room = AlignedBuffer<Double>(count: targets)
            for row in cost.sources * block / blocks..<cost.sources * (block + 1) / blocks {
                set(row, cost.row(row, room: room.baseAddress))
            }
        }
    }
}
