import Expressions
import LinearAlgebra
import Networks

/// The memory one lane needs to run a `PointProgram` on a tile of points; nothing is allocated after `init`.
final class PointWorkspace<S: Scalar> {
    let program: PointProgram<S>
    private let network: NetworkWorkspace<S>
    private let tape: TapeWorkspace<S>
    private let composed: AlignedBuffer<S>
    private let composedAdjoints: AlignedBuffer<S>
    private let tile: Int

    init(_ program: PointProgram<S>) {
        self.program = program
        tile = program.network.tilePoints
        network = program.network.makeWorkspace()
        tape = TapeWorkspace(program.tape, blockSize: tile)
        composed = AlignedBuffer(count: max(1, program.compositions.count * tile))
        composedAdjoints = AlignedBuffer(count: max(1, program.compositions.count * tile))
        for (index, composition) in program.compositions.enumerated() {
            if composition.isDirect {
                let channel = composition.terms[0].channel
                tape.setInput(composition.input, network.value(output: composition.output, channel: channel))
                tape.setInputAdjoint(composition.input, network.adjoint(output: composition.output, channel: channel))
            } else {
                tape.setInput(composition.input, composed.baseAddress + index * tile)
                tape.setInputAdjoint(composition.input, composedAdjoints.baseAddress + index * tile)
            }
        }
    }

    /// Evaluates the expressions at `points[start ..< start + count]`; `count` is at most the tile's size.
    func forward(_ points: PointSet<S>, start: Int, count: Int) {
        for (input, axis) in program.coordinateInputs { tape.setInput(input, points.coordinate(axis) + start) }
        for (input, axis) in program.normalInputs { tape.setInput(input, points.normal(axis) + start) }
        if !program.compositions.isEmpty {
            for axis in 0..<program.coordinateCount {
                (network.points + axis * tile).update(from: points.coordinate(axis) + start, count: count)
            }
            network.forward(count: count)
            compose(points, start: start, count: count)
        }
        tape.forward(count: count)
    }

    /// Values of expression `k` after `forward`, contiguous over the tile's points.
    func output(_ k: Int) -> UnsafeMutablePointer<S> { tape.output(k) }

    /// Where the caller puts the derivative of the loss by expression `k` before `reverse`.
    func outputAdjoint(_ k: Int) -> UnsafeMutablePointer<S> { tape.outputAdjoint(k) }

    /// Adds the gradient by the network's parameters to `gradient`; follows `forward` on the same tile.
    func reverse(_ points: PointSet<S>, start: Int, count: Int, into gradient: UnsafeMutablePointer<S>) {
        guard !program.compositions.isEmpty else { return }
        pullBack(points, start: start, count: count)
        network.reverse(count: count, into: gradient)
    }

    private func compose(_ points: PointSet<S>, start: Int, count: Int) {
        for index in program.compositions.indices {
            let composition = program.compositions[index]
            if composition.isDirect { continue }
            let target = composed.baseAddress + index * tile
            if let lift = composition.lift {
                target.update(from: points.coefficient(lift) + start, count: count)
            } else {
                target.update(repeating: 0, count: count)
            }
            for (channel, factor) in composition.terms {
                S.addProduct(
                    count, points.coefficient(factor) + start,
                    network.value(output: composition.output, channel: channel), target)
            }
        }
    }

    private func pullBack(_ points: PointSet<S>, start: Int, count: Int) {
        network.clearAdjoints()
        composedAdjoints.baseAddress.update(repeating: 0, count: composedAdjoints.count)
        tape.reverse(count: count)
        for index in program.compositions.indices {
            let composition = program.compositions[index]
            if composition.isDirect { continue }
            let adjoint = composedAdjoints.baseAddress + index * tile
            for (channel, factor) in composition.terms {
                S.addProduct(
                    count, points.coefficient(factor) + start, adjoint,
                    network.adjoint(output: composition.output, channel: channel))
            }
        }
    }
}
