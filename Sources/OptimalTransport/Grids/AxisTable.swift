import CKernels
import LinearAlgebra

/// The costs of one axis as the kernels want them, from inputs j to outputs i.
///
/// Where the cost depends on the difference of equally spaced nodes alone, the table holds it once for each difference.
final class AxisTable: Sendable {
    let outputs: Int
    let inputs: Int
    private let values: AlignedBuffer<Double>
    private let offset: Int
    private let stride: Int
    /// Distances between neighbours, the first 0: for |δ| on the same nodes.
    private let steps: [Double]?
    /// Numbers that may be read beyond the end.
    private static let excess = 16

    /// Outputs are the sources, or the targets when `transposed`.
    init(_ axis: GridAxis, transposed: Bool) {
        let to = transposed ? axis.targets : axis.sources, from = transposed ? axis.sources : axis.targets
        (outputs, inputs) = (to.count, from.count)
        if axis.cost == .absolute, axis.period == 0, to == from {
            steps = [0] + zip(to.dropFirst(), to).map { $0 - $1 }
        } else {
            steps = nil
        }
        if axis.cost == .squared || axis.cost == .absolute, let step = Self.step(to, from) {
            (offset, stride) = (outputs - 1, -1)
            values = AlignedBuffer(count: outputs + inputs - 1 + Self.excess)
            for index in 0..<outputs + inputs - 1 {
                let distance = axis.distance(to[0] - from[0] + Double(outputs - 1 - index) * step)
                values.baseAddress[index] = axis.cost == .squared ? distance * distance : distance
            }
        } else {
            (offset, stride) = (0, inputs)
            values = AlignedBuffer(count: outputs * inputs + Self.excess)
            for output in 0..<outputs {
                for input in 0..<inputs {
                    values.baseAddress[output * inputs + input] =
                        transposed ? axis.cost(input, output) : axis.cost(output, input)
                }
            }
        }
    }

    /// The distance of neighbours, if all are equally far apart on both sides.
    private static func step(_ first: [Double], _ second: [Double]) -> Double? {
        guard first.count > 1, second.count > 1 else { return nil }
        let step = (first[first.count - 1] - first[0]) / Double(first.count - 1)
        let size = max(abs(first[0]), abs(first[first.count - 1]), abs(second[0]), abs(second[second.count - 1]))
        for nodes in [first, second] {
            for (index, node) in nodes.enumerated()
            where abs(node - nodes[0] - Double(index) * step) > 8 * size.ulp { return nil }
        }
        return step
    }

    /// Doubles of working memory that one call needs.
    var room: Int {
        steps == nil
            ? ansatz_grid_room(outputs, inputs)
            : max(ansatz_grid_absolute_room(outputs), ansatz_grid_room(outputs, inputs))
    }

    // MARK: Stages

    /// A stage on neighbouring lines of a field.
    struct Lines {
        var all: Int
        var range: Range<Int>
        var room: UnsafeMutablePointer<Double>
    }

    /// The table prepared for one regularisation.
    struct Scaled {
        let table: AxisTable
        let scale: Double
        fileprivate let axis: ansatz_grid_axis
        fileprivate let steps: [Double]?
    }

    /// Prepares the table for the kernel exp(−scale · c).
    func scaled(by scale: Double) -> Scaled {
        Scaled(
            table: self, scale: scale,
            axis: ansatz_grid_axis(
                n: outputs, m: inputs, cost: values.baseAddress + offset, stride: stride, scale: scale),
            steps: steps?.map { $0 * scale })
    }
}

extension AxisTable.Scaled {
    typealias Input = UnsafePointer<Double>
    typealias Output = UnsafeMutablePointer<Double>

    /// t ← log Σ_j exp(y_j − scale · c_ij)
    func logSum(_ lines: AxisTable.Lines, _ y: Input, _ t: Output) {
        let range = lines.range
        if let steps {
            ansatz_grid_absolute_log_sum(
                table.outputs, steps, lines.all, range.lowerBound, range.upperBound, y, t, lines.room)
        } else {
            withUnsafePointer(to: axis) {
                ansatz_grid_log_sum($0, lines.all, range.lowerBound, range.upperBound, y, t, lines.room)
            }
        }
    }

    /// out_i ← Σ_j w_ij z_j, or Σ_j w_ij (z_j + c_ij)
    func average(_ lines: AxisTable.Lines, _ y: Input, _ t: Input, _ z: Input, addsCost: Bool, _ out: Output) {
        let range = lines.range
        if let steps {
            ansatz_grid_absolute_average(
                table.outputs, steps, 1 / scale, lines.all, range.lowerBound, range.upperBound, y, t, z,
                addsCost ? 1 : 0, out, lines.room)
        } else {
            withUnsafePointer(to: axis) {
                ansatz_grid_average(
                    $0, lines.all, range.lowerBound, range.upperBound, y, t, z, addsCost ? 1 : 0, out, lines.room)
            }
        }
    }

    /// out_j ← Σ_i w_ij z_i
    func spread(_ lines: AxisTable.Lines, _ y: Input, _ t: Input, _ z: Input, _ out: Output) {
        let range = lines.range
        if let steps {
            ansatz_grid_absolute_spread(
                table.outputs, steps, lines.all, range.lowerBound, range.upperBound, y, t, z, out, lines.room)
        } else {
            withUnsafePointer(to: axis) {
                ansatz_grid_spread($0, lines.all, range.lowerBound, range.upperBound, y, t, z, out, lines.room)
            }
        }
    }

    /// Whether average and spread can be done in one pass.
    var hasNormal: Bool { steps == nil }

    /// out_j ← Σ_i w_ij d_i Σ_k w_ik z_k
    func normal(_ lines: AxisTable.Lines, _ y: Input, _ t: Input, _ d: Input, _ z: Input, _ out: Output) {
        let range = lines.range
        withUnsafePointer(to: axis) {
            ansatz_grid_normal($0, lines.all, range.lowerBound, range.upperBound, y, t, d, z, out, lines.room)
        }
    }

    /// out_i ← min_j (c_ij + z_j)
    func minimum(_ lines: AxisTable.Lines, _ z: Input, _ out: Output) {
        let range = lines.range
        withUnsafePointer(to: axis) {
            ansatz_grid_minimum($0, lines.all, range.lowerBound, range.upperBound, z, out, lines.room)
        }
    }
}
