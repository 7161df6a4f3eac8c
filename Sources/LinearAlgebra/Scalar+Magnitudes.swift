import CKernels

extension Scalar {
    /// Σ |xᵢ| over n elements, accumulated in double precision.
    public static func sumOfMagnitudes(_ n: Int, _ x: UnsafePointer<Self>) -> Double {
        let elements = UnsafeRawPointer(x)
        return switch precision {
        case .double: ansatz_optimizer_sum_of_magnitudes_f64(n, elements.assumingMemoryBound(to: Double.self))
        case .single: ansatz_optimizer_sum_of_magnitudes_f32(n, elements.assumingMemoryBound(to: Float.self))
        }
    }
}
