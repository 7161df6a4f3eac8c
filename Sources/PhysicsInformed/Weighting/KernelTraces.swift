import LinearAlgebra

/// Traces of the tangent kernels of loss terms: Kₜ = (1/Nₜ) Σₚ Σ_c ‖∂r_c(xₚ)/∂θ‖², exact, on the present points.
///
/// Runs on the calling thread, a tile of points at a time: rules ask for it once in many steps.
final class KernelTraces<S: Scalar> {
    private let loss: LossFunction<S>
    /// Rows of the Jacobian, a tile of points each; the second for sites beyond the first.
    private let rows: AlignedBuffer<S>
    private let scratch: AlignedBuffer<S>
    private let stride: Int
    /// The derivatives of integrals, by group of terms.
    private var integralRows: [Int: AlignedBuffer<S>] = [:]

    init(_ loss: LossFunction<S>) {
        self.loss = loss
        stride = (loss.parameterCount + 15) / 16 * 16
        let points = loss.groups.map(\.program.tilePoints).max() ?? 1
        let hasTraces = loss.groups.contains { $0.program.sites.count > 1 }
        rows = AlignedBuffer(count: points * stride)
        scratch = AlignedBuffer(count: hasTraces ? points * stride : 0)
        for (index, group) in loss.groups.enumerated() {
            guard let integrals = group.integrals, integrals.count > 0 else { continue }
            integralRows[index] = AlignedBuffer(count: integrals.count * integrals.groupCount * stride)
        }
    }

    /// Writes the trace of each term; one that is not finite where the residual or its derivative is not.
    func evaluate(_ parameters: UnsafePointer<S>, into traces: inout [Double]) {
        loss.prepare(parameters)
        for (index, group) in loss.groups.enumerated() {
            for term in group.terms { traces[term.index] = 0 }
            if let integrals = group.integrals, let target = integralRows[index] {
                integrals.derivatives(into: target.baseAddress, stride: stride, parameterCount: loss.parameterCount)
            }
            let size = group.program.tilePoints
            for start in Swift.stride(from: 0, to: group.points.count, by: size) {
                add(index, start: start, count: min(size, group.points.count - start), to: &traces)
            }
            for term in group.terms { traces[term.index] /= Double(group.points.count) }
        }
    }

    /// Adds what a tile contributes.
    private func add(_ index: Int, start: Int, count: Int, to traces: inout [Double]) {
        let group = loss.groups[index]
        let workspace = group.workspaces[0]
        workspace.forward(group.points, start: start, count: count)
        let outputs = group.terms.reduce(0) { max($0, $1.outputs.upperBound) }
        for term in group.terms {
            for output in term.outputs {
                for other in 0..<outputs { workspace.outputAdjoint(other).update(repeating: 0, count: count) }
                workspace.outputAdjoint(output).update(repeating: 1, count: count)
                workspace.jacobianRows(
                    group.points, start: start, count: count, into: rows.baseAddress, scratch: scratch.baseAddress,
                    leading: stride)
                addIntegrals(index, start: start, count: count)
                for point in 0..<count {
                    traces[term.index] += S.sumOfSquares(loss.parameterCount, rows.baseAddress + point * stride)
                }
            }
        }
    }

    /// ∂r/∂θ gains Σ_k ∂r/∂I_k ∂I_k/∂θ from the integrals that a residual reads.
    private func addIntegrals(_ index: Int, start: Int, count: Int) {
        let group = loss.groups[index]
        guard let integrals = group.integrals, let derivatives = integralRows[index],
            let values = group.points.integrals
        else { return }
        for integral in 0..<integrals.count {
            let adjoint = values.adjoint(integral) + start
            for point in 0..<count {
                let row = (integral * integrals.groupCount + (start + point) % integrals.groupCount) * stride
                S.addScaled(
                    loss.parameterCount, adjoint[point], derivatives.baseAddress + row,
                    rows.baseAddress + point * stride)
            }
        }
    }
}
