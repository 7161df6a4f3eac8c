import Expressions
import LinearAlgebra
import Synchronization

/// A cost that is an expression in the coordinates of both points, computed row by row: memory grows with n + m only.
public final class ExpressionCost: TransportCost {
    /// The number of sources n.
    public let sources: Int
    /// The number of targets m.
    public let targets: Int
    private let dimensions: Int
    /// [source][coordinate]
    private let from: AlignedBuffer<Double>
    /// [coordinate][target]
    private let to: AlignedBuffer<Double>
    private let tape: Tape
    /// The axis that each input of the tape reads: first those of the source, then those of the target.
    private let axes: [Int]
    private let idle = Mutex<[Room]>([])
    private static let block = 1_024

    /// What one thread evaluates with.
    private final class Room: @unchecked Sendable {
        let workspace: TapeWorkspace<Double>
        /// The coordinates of the source, each repeated.
        let constants: AlignedBuffer<Double>

        init(_ tape: Tape, dimensions: Int, block: Int) {
            workspace = TapeWorkspace(tape, blockSize: block)
            constants = AlignedBuffer(count: dimensions * block)
        }
    }

    /// Takes a scalar expression whose flat coordinates are first those of a source point, then those of a target point.
    ///
    /// - Throws: when the expression reads anything besides coordinates.
    public init(_ expression: Expression, from sources: [[Double]], to targets: [[Double]]) throws(ExpressionErrors) {
        let dimensions = sources.first?.count ?? 0
        precondition((sources + targets).allSatisfy { $0.count == dimensions }, "points of equal dimension")
        tape = try Tape([expression])
        axes = try tape.inputs.map { input throws(ExpressionErrors) in
            guard case .coordinate(let axis) = input, axis < 2 * dimensions else {
                throw ExpressionErrors("a cost reads only the coordinates of p and q, and parameters")
            }
            return axis
        }
        self.sources = sources.count
        self.targets = targets.count
        self.dimensions = dimensions
        from = AlignedBuffer(count: sources.count * dimensions)
        to = AlignedBuffer(count: targets.count * dimensions)
        for (index, point) in sources.enumerated() {
            for axis in 0..<dimensions { from.baseAddress[index * dimensions + axis] = point[axis] }
        }
        for (index, point) in targets.enumerated() {
            for axis in 0..<dimensions { to.baseAddress[axis * targets.count + index] = point[axis] }
        }
    }

    /// The costs of a source.
    public func row(_ source: Int, room: UnsafeMutablePointer<Double>) -> UnsafePointer<Double> {
        let own = idle.withLock { $0.popLast() } ?? Room(tape, dimensions: dimensions, block: Self.block)
        for axis in 0..<dimensions {
            (own.constants.baseAddress + axis * Self.block).update(
                repeating: from.baseAddress[source * dimensions + axis], count: Self.block)
        }
        for start in stride(from: 0, to: targets, by: Self.block) {
            let count = min(Self.block, targets - start)
            for (input, axis) in axes.enumerated() {
                own.workspace.setInput(
                    input,
                    axis < dimensions
                        ? UnsafePointer(own.constants.baseAddress + axis * Self.block)
                        : UnsafePointer(to.baseAddress + (axis - dimensions) * targets + start))
            }
            own.workspace.forward(count: count)
            (room + start).update(from: own.workspace.output(0), count: count)
        }
        idle.withLock { $0.append(own) }
        return UnsafePointer(room)
    }
}
