import LinearAlgebra
import Networks

/// What a weighting rule sees at an update: gradients of the single terms, or traces of their tangent kernels.
///
/// Gradients are those of the unweighted terms, by all parameters of the network and by the search variables of unknown
/// parameters.
public final class TermStatistics<S: Scalar> {
    /// For each term, whether it is the residual of an equation.
    public let isEquation: [Bool]
    /// The present weights.
    public internal(set) var weights: [Double]
    /// Kᵢ of each term, where the rule measures tangent kernels.
    public internal(set) var kernelTraces: [Double]

    private let gradients: TermGradients<S>
    /// Σ wᵢ ∇Lᵢ over the equations.
    private let equationGradient: AlignedBuffer<S>
    private let blocks: [Block]

    /// A block of parameters; one of an unknown parameter belongs to no layer.
    private struct Block {
        var range: Range<Int>
        var isMatrix: Bool
        var layer: Substring?
    }

    init(_ gradients: TermGradients<S>, isEquation: [Bool], weights: [Double], layout: ParameterLayout) {
        self.gradients = gradients
        self.isEquation = isEquation
        self.weights = weights
        kernelTraces = [Double](repeating: 0, count: weights.count)
        equationGradient = AlignedBuffer(count: gradients.parameterCount)
        blocks = layout.blocks.map { block in
            // Blocks are called layer.k.weight, layer.k.bias.
            let layer = block.name.prefix(upTo: block.name.lastIndex(of: ".") ?? block.name.startIndex)
            return Block(
                range: block.range, isMatrix: block.columns > 1 || block.name.hasSuffix("weight"),
                layer: CollocationProblem.isUnknownParameter(block.name) ? nil : layer)
        }
    }

    /// Takes the gradients as they are now.
    func gather(weights: [Double]) {
        self.weights = weights
        let target = equationGradient.baseAddress
        target.update(repeating: 0, count: gradients.parameterCount)
        for term in isEquation.indices where isEquation[term] {
            S.addScaled(gradients.parameterCount, S(weights[term]), gradients[term], target)
        }
    }

    /// ‖∇Lᵢ‖.
    public func gradientNorm(of term: Int) -> Double {
        S.sumOfSquares(gradients.parameterCount, gradients[term]).squareRoot()
    }

    /// The parameters that count: all of them in one part, or a part for each layer.
    public func parts(matricesOnly: Bool, byLayer: Bool) -> [[Range<Int>]] {
        let counted = blocks.filter { $0.isMatrix || !matricesOnly }
        guard byLayer else { return [counted.map(\.range)] }
        var parts: [(layer: Substring, ranges: [Range<Int>])] = []
        for block in counted {
            guard let layer = block.layer else { continue }
            if parts.last?.layer == layer {
                parts[parts.count - 1].ranges.append(block.range)
            } else {
                parts.append((layer, [block.range]))
            }
        }
        return parts.map(\.ranges)
    }

    /// max |∇L_r| over some parameters, where L_r is the weighted sum of the equations.
    public func largestEquationGradient(in part: [Range<Int>]) -> Double {
        var largest = 0.0
        for range in part {
            let found = Double(S.maximumMagnitude(range.count, equationGradient.baseAddress + range.lowerBound))
            if !(found <= largest) { largest = found }
        }
        return largest
    }

    /// mean |∇Lᵢ| over some parameters.
    public func meanGradient(of term: Int, in part: [Range<Int>]) -> Double {
        let sum = part.reduce(0) { $0 + S.sumOfMagnitudes($1.count, gradients[term] + $1.lowerBound) }
        return sum / Double(part.reduce(0) { $0 + $1.count })
    }

    /// Aims at (mean of a size over the terms that count) / (that size) for each of them.
    func aimAtMean(_ aims: inout [Double?], size: (Int) -> Double) {
        var sum = 0.0, count = 0
        for term in aims.indices where weights[term] > 0 {
            let size = size(term)
            aims[term] = size
            sum += size
            count += 1
        }
        for term in aims.indices {
            guard let size = aims[term] else { continue }
            aims[term] = sum / Double(count) / size
        }
    }
}
