import LinearAlgebra

/// The network of a coupling on a block of points: two tanh layers between the coordinates that stay and the outputs.
///
/// Its memory, and that of adjoints alike, are the rows of inputs, of both hidden layers and of outputs.
struct FlowConditioner {
    let coupling: FlowCoupling
    /// The rows of its memory.
    let rowCount: Int
    /// Where the outputs begin in its memory.
    let outputs: Int
    private let layers: [FlowLayer]
    /// Where the inputs of each layer begin, and the last one's outputs.
    private let places: [Int]

    init(_ coupling: FlowCoupling, width: Int) {
        self.coupling = coupling
        let sizes = [coupling.kept.count, width, width, coupling.outputs]
        layers = (0..<3).map {
            FlowLayer(
                inputs: sizes[$0], outputs: sizes[$0 + 1], weight: coupling.weights[$0], bias: coupling.biases[$0],
                isHidden: $0 < 2)
        }
        var places = [0]
        for size in sizes { places.append(places[places.count - 1] + size * FlowLayer.points) }
        rowCount = sizes.reduce(0, +)
        self.places = places
        outputs = places[3]
    }

    /// The rows of its largest input.
    var widestInput: Int { layers.reduce(0) { max($0, $1.inputs) } }

    func transpose(_ parameters: UnsafePointer<Double>, to transposed: UnsafeMutablePointer<Double>) {
        for layer in layers { layer.transpose(parameters, to: transposed) }
    }

    /// Evaluates the outputs at coordinates, [axis][point].
    func forward(
        _ coordinates: UnsafePointer<Double>, _ parameters: UnsafePointer<Double>,
        _ memory: UnsafeMutablePointer<Double>
    ) {
        for (place, axis) in coupling.kept.enumerated() {
            let (from, to) = (coordinates + axis * FlowLayer.points, memory + place * FlowLayer.points)
            for point in 0..<FlowLayer.points { to[point] = 2 * from[point] - 1 }
        }
        for (index, layer) in layers.enumerated() {
            layer.forward(memory + places[index], parameters, to: memory + places[index + 1])
        }
    }

    /// Adds derivatives by the parameters to `gradient`, and those by the coordinates that stay to `coordinates`; follows
    /// `forward`, with the derivatives by the outputs in place among the adjoints.
    func reverse(
        _ memory: UnsafePointer<Double>, _ adjoints: UnsafeMutablePointer<Double>,
        transposed: UnsafePointer<Double>, scratch: UnsafeMutablePointer<Double>,
        gradient: UnsafeMutablePointer<Double>, coordinates: UnsafeMutablePointer<Double>
    ) {
        for index in layers.indices.reversed() {
            layers[index].reverse(
                input: memory + places[index], output: memory + places[index + 1],
                adjoints: adjoints + places[index + 1],
                transposed: transposed, scratch: scratch, gradient: gradient, inputAdjoints: adjoints + places[index])
        }
        for (place, axis) in coupling.kept.enumerated() {
            let (from, to) = (adjoints + place * FlowLayer.points, coordinates + axis * FlowLayer.points)
            for point in 0..<FlowLayer.points { to[point] += 2 * from[point] }
        }
    }
}
