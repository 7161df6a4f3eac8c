import Expressions
import LinearAlgebra
import Networks

/// The memory one lane needs to evaluate the network at one site of a program; nothing is allocated after `init`.
final class SiteWorkspace<S: Scalar> {
    private let site: NetworkSite<S>
    private let network: NetworkWorkspace<S>
    private let composed: AlignedBuffer<S>
    private let composedAdjoints: AlignedBuffer<S>
    private let tile: Int
    private let coordinateCount: Int

    /// Binds the fields to the inputs of the tape.
    init(_ site: NetworkSite<S>, tape: TapeWorkspace<S>) {
        self.site = site
        tile = site.network.tilePoints
        coordinateCount = site.network.network.inputs
        network = site.network.makeWorkspace()
        composed = AlignedBuffer(count: max(1, site.compositions.count * tile))
        composedAdjoints = AlignedBuffer(count: max(1, site.compositions.count * tile))
        for (index, composition) in site.compositions.enumerated() {
            if composition.isDirect {
                let channel = composition.terms[0].channel
                tape.setInput(composition.input, network.value(output: composition.output, channel: channel))
                tape.setInputAdjoint(composition.input, network.adjoint(output: composition.output, channel: channel))
            } else {
                tape.setInput(composition.input, composed.baseAddress + index * tile)
                tape.setInputAdjoint(composition.input, composedAdjoints.baseAddress + index * tile)
            }
        }
        // Held coordinates are the same in every tile.
        for entry in site.trace.entries {
            (network.points + entry.coordinate * tile).update(repeating: S(entry.value), count: tile)
        }
    }

    /// Evaluates the fields at `points[start ..< start + count]`.
    func forward(_ points: PointSet<S>, start: Int, count: Int) {
        for axis in 0..<coordinateCount where site.trace.value(of: axis) == nil {
            (network.points + axis * tile).update(from: points.coordinate(axis) + start, count: count)
        }
        network.forward(count: count)
        for index in site.compositions.indices {
            let composition = site.compositions[index]
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

    /// Makes room for the adjoints that the tape's reverse sweep adds.
    func clearAdjoints() {
        network.clearAdjoints()
        composedAdjoints.baseAddress.update(repeating: 0, count: composedAdjoints.count)
    }

    /// Adds the gradient by the network's parameters to `gradient`; follows the tape's reverse sweep on the same tile.
    func reverse(_ points: PointSet<S>, start: Int, count: Int, into gradient: UnsafeMutablePointer<S>) {
        passAdjoints(points, start: start, count: count)
        network.reverse(count: count, into: gradient)
    }

    /// Like `reverse`, but overwrites a row for each point.
    func jacobianRows(
        _ points: PointSet<S>, start: Int, count: Int, into rows: UnsafeMutablePointer<S>, leading: Int
    ) {
        passAdjoints(points, start: start, count: count)
        network.jacobianRows(count: count, into: rows, leading: leading)
    }

    /// From the adjoints of the fields to those of the network's channels.
    private func passAdjoints(_ points: PointSet<S>, start: Int, count: Int) {
        for index in site.compositions.indices {
            let composition = site.compositions[index]
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
