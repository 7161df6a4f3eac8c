import CKernels
import LinearAlgebra

/// The couplings of a flow on one block of points.
///
/// A block's tape holds Σ log slopes, then the coordinates before each coupling and after the last, [axis][point], then the
/// memory of each conditioner. Points that are missing in a block are copies of its last.
struct FlowBlock {
    typealias Rows = UnsafeMutablePointer<Double>

    static let points = FlowLayer.points
    let flow: SplineFlow
    private let conditioners: [FlowConditioner]
    /// Where the memory of each conditioner begins.
    private let places: [Int]

    init(_ flow: SplineFlow) {
        self.flow = flow
        conditioners = flow.couplings.map { FlowConditioner($0, width: flow.width) }
        var places = [(1 + (flow.couplingCount + 1) * flow.dimensions) * Self.points]
        for conditioner in conditioners { places.append(places[places.count - 1] + conditioner.rowCount * Self.points) }
        self.places = places
    }

    /// The numbers of a tape.
    var tapeCount: Int { places[places.count - 1] }

    /// The numbers that `reverse` needs room for: weights, derivatives by coordinates, by a conditioner's rows, and scratch.
    var scratchCount: Int {
        let rows = conditioners.reduce(0) { max($0, $1.rowCount) }
        let inputs = conditioners.reduce(0) { max($0, $1.widestInput) }
        return (1 + flow.dimensions + rows + inputs) * Self.points
    }

    /// The coordinates before a coupling, or after the last.
    func state(_ index: Int, of tape: Rows) -> Rows { tape + (1 + index * flow.dimensions) * Self.points }

    /// Derivatives by the coordinates, after `reverse`.
    func slopes(in scratch: Rows) -> Rows { scratch + Self.points }

    /// Writes Wᵀ of all layers to the places of W.
    func transpose(_ parameters: UnsafePointer<Double>, to transposed: Rows) {
        for conditioner in conditioners { conditioner.transpose(parameters, to: transposed) }
    }

    /// Brings points, [point][axis], into the cube and to the beginning of a tape.
    func load(_ points: UnsafePointer<Double>, _ count: Int, to tape: Rows) {
        let d = flow.dimensions, state = state(0, of: tape)
        for axis in 0..<d {
            let row = state + axis * Self.points
            for point in 0..<count { row[point] = min(max(points[point * d + axis], 0), 1) }
            for point in count..<Self.points { row[point] = row[count - 1] }
        }
        tape.update(repeating: 0, count: Self.points)
    }

    /// All couplings, one after another.
    func forward(_ tape: Rows, _ parameters: UnsafePointer<Double>) {
        for index in conditioners.indices {
            let from = state(index, of: tape), to = state(index + 1, of: tape)
            to.update(from: from, count: flow.dimensions * Self.points)
            conditioners[index].forward(from, parameters, tape + places[index])
            forEachSpline(of: index, tape + places[index]) { axis, rows in
                ansatz_flow_forward(Int32(flow.bins), rows, from + axis, to + axis, tape)
            }
        }
    }

    /// The inverses of all couplings, the last first, on the coordinates at the beginning of the tape.
    func inverse(_ tape: Rows, _ parameters: UnsafePointer<Double>) {
        let coordinates = state(0, of: tape)
        for index in conditioners.indices.reversed() {
            conditioners[index].forward(coordinates, parameters, tape + places[index])
            forEachSpline(of: index, tape + places[index]) { axis, rows in
                ansatz_flow_inverse(Int32(flow.bins), rows, coordinates + axis, tape)
            }
        }
    }

    /// Adds derivatives by the parameters to `gradient`; follows `forward`, with weights of the log-densities at the beginning
    /// of `scratch`.
    func reverse(
        _ tape: Rows, transposed: UnsafePointer<Double>, scratch: Rows, into gradient: Rows
    ) {
        let slopes = slopes(in: scratch), adjoints = slopes + flow.dimensions * Self.points
        slopes.update(repeating: 0, count: flow.dimensions * Self.points)
        for index in conditioners.indices.reversed() {
            let conditioner = conditioners[index], memory = tape + places[index], from = state(index, of: tape)
            forEachSpline(of: index, memory) { axis, rows in
                ansatz_flow_reverse(
                    Int32(flow.bins), rows, from + axis, scratch, slopes + axis, adjoints + (rows - memory))
            }
            conditioner.reverse(
                memory, adjoints, transposed: transposed,
                scratch: adjoints + conditioner.rowCount * Self.points, gradient: gradient, coordinates: slopes)
        }
    }

    /// The offset of each coordinate that a coupling moves, and the rows of its spline.
    @inline(__always)
    private func forEachSpline(of index: Int, _ memory: Rows, _ body: (_ axis: Int, _ rows: Rows) -> Void) {
        let conditioner = conditioners[index]
        for (place, axis) in conditioner.coupling.moved.enumerated() {
            body(
                axis * Self.points,
                memory + conditioner.outputs + place * flow.entriesPerCoordinate * Self.points)
        }
    }
}
