import CKernels
import LinearAlgebra

/// W h + b, or its tanh, at a block of points, with derivatives.
///
/// Rows are features, points run along them: with a block as a matrix A of one row per point the products are Z = A Wᵀ,
/// dA = dZ W and dWᵀ = Aᵀ dZ.
struct FlowLayer {
    /// The points of a block: all rows are this long.
    static let points = Int(ANSATZ_FLOW_POINTS)

    let inputs: Int
    let outputs: Int
    private let weight: Int
    private let bias: Int
    private let isHidden: Bool
    /// Nil without inputs: the outputs are constants.
    private let products: Products?

    private struct Products {
        var forward: SmallProduct<Double>, reverse: SmallProduct<Double>, gradient: SmallProduct<Double>
    }

    /// A layer with the places of its parameters.
    init(inputs: Int, outputs: Int, weight: Int, bias: Int, isHidden: Bool) {
        self.inputs = inputs
        self.outputs = outputs
        self.weight = weight
        self.bias = bias
        self.isHidden = isHidden
        let points = Self.points
        products =
            inputs == 0
            ? nil
            : Products(
                forward: Double.smallProduct(
                    rows: points, columns: outputs, inner: inputs, leadingA: points, leadingB: inputs,
                    leadingC: points, accumulate: true),
                reverse: Double.smallProduct(
                    rows: points, columns: inputs, inner: outputs, leadingA: points, leadingB: outputs,
                    leadingC: points, accumulate: false),
                gradient: Double.smallProduct(
                    rows: inputs, columns: outputs, inner: points, leadingA: inputs, leadingB: points,
                    leadingC: inputs, accumulate: true))
    }

    /// Writes Wᵀ to the place of W.
    func transpose(_ parameters: UnsafePointer<Double>, to transposed: UnsafeMutablePointer<Double>) {
        Kernels<Double>.transpose(
            rows: inputs, columns: outputs, parameters + weight, leading: inputs, transposed + weight, leading: outputs)
    }

    func forward(
        _ input: UnsafePointer<Double>, _ parameters: UnsafePointer<Double>, to output: UnsafeMutablePointer<Double>
    ) {
        for row in 0..<outputs {
            (output + row * Self.points).update(repeating: parameters[bias + row], count: Self.points)
        }
        products?.forward(input, parameters + weight, output)
        if isHidden { ansatz_vector_tanh_f64(outputs * Self.points, output, output) }
    }

    /// Adds derivatives by the parameters to `gradient` and writes those by the inputs to `inputAdjoints`.
    ///
    /// - Parameters:
    ///   - adjoints: derivatives by the outputs; overwritten.
    ///   - transposed: parameters with weights as `transpose` leaves them.
    ///   - scratch: room for the inputs.
    func reverse(
        input: UnsafePointer<Double>, output: UnsafePointer<Double>, adjoints: UnsafeMutablePointer<Double>,
        transposed: UnsafePointer<Double>, scratch: UnsafeMutablePointer<Double>,
        gradient: UnsafeMutablePointer<Double>, inputAdjoints: UnsafeMutablePointer<Double>
    ) {
        ansatz_flow_layer_reverse(Int32(outputs), isHidden ? output : nil, adjoints, gradient + bias)
        guard let products else { return }
        Kernels<Double>.transpose(
            rows: Self.points, columns: inputs, input, leading: Self.points, scratch, leading: inputs)
        products.gradient(scratch, adjoints, gradient + weight)
        products.reverse(adjoints, transposed + weight, inputAdjoints)
    }
}
