import Expressions
import LinearAlgebra
import Networks

/// The memory one lane needs to run a `PointProgram` on a tile of points; nothing is allocated after `init`.
final class PointWorkspace<S: Scalar> {
    let program: PointProgram<S>
    private let sites: [SiteWorkspace<S>]
    private let tape: TapeWorkspace<S>
    private let parameters: ParameterTile<S>
    private let parameterAdjoints: AlignedBuffer<S>
    private let integralAdjoints: AlignedBuffer<S>
    private let ones: AlignedBuffer<S>

    /// - Parameter parameters: the values of unknown parameters, kept up to date by the caller.
    init(_ program: PointProgram<S>, parameters: ParameterTile<S>) {
        self.program = program
        self.parameters = parameters
        let tile = program.tilePoints
        precondition(tile <= ParameterTile<S>.width, "a tile is wider than the rows of parameters")
        let tape = TapeWorkspace<S>(program.tape, blockSize: tile)
        self.tape = tape
        sites = program.sites.map { SiteWorkspace($0, tape: tape) }
        parameterAdjoints = AlignedBuffer(count: max(1, program.parameterInputs.count * tile))
        integralAdjoints = AlignedBuffer(count: max(1, program.integralInputs.count * tile))
        ones = AlignedBuffer(count: tile)
        ones.baseAddress.update(repeating: 1, count: tile)
        for (place, entry) in program.parameterInputs.enumerated() {
            tape.setInput(entry.input, parameters.row(entry.parameter))
            tape.setInputAdjoint(entry.input, parameterAdjoints.baseAddress + place * tile)
        }
        for (place, entry) in program.integralInputs.enumerated() {
            tape.setInputAdjoint(entry.input, integralAdjoints.baseAddress + place * tile)
        }
    }

    /// Evaluates the expressions at `points[start ..< start + count]`; `count` is at most the tile's size.
    func forward(_ points: PointSet<S>, start: Int, count: Int) {
        for (input, axis) in program.coordinateInputs { tape.setInput(input, points.coordinate(axis) + start) }
        for (input, axis) in program.normalInputs { tape.setInput(input, points.normal(axis) + start) }
        for (input, integral) in program.integralInputs {
            tape.setInput(input, points.integrals!.value(integral) + start)
        }
        for (input, slot) in program.tableInputs { tape.setInput(input, points.coefficient(slot) + start) }
        for (input, column) in program.dataInputs { tape.setInput(input, points.datum(column) + start) }
        for index in sites.indices { sites[index].forward(points, start: start, count: count) }
        tape.forward(count: count)
    }

    /// Values of expression `k` after `forward`, contiguous over the tile's points.
    func output(_ k: Int) -> UnsafeMutablePointer<S> { tape.output(k) }

    /// Where the caller puts the derivative of the loss by expression `k` before `reverse`.
    func outputAdjoint(_ k: Int) -> UnsafeMutablePointer<S> { tape.outputAdjoint(k) }

    /// Overwrites row p < count with the derivative of Σ adjoint · expression at point p by the optimization vector.
    ///
    /// Follows `forward` on the same tile. Derivatives by integrals are left in the rows of the points.
    ///
    /// - Parameter scratch: as large as `rows` where the network is evaluated at several sites.
    func jacobianRows(
        _ points: PointSet<S>, start: Int, count: Int, into rows: UnsafeMutablePointer<S>,
        scratch: UnsafeMutablePointer<S>, leading: Int
    ) {
        rows.update(repeating: 0, count: count * leading)
        reverseTape(points, start: start, count: count)
        for index in sites.indices {
            let target = index == 0 ? rows : scratch
            sites[index].jacobianRows(points, start: start, count: count, into: target, leading: leading)
            guard index > 0 else { continue }
            for point in 0..<count {
                S.add(parameters.offset, scratch + point * leading, rows + point * leading)
            }
        }
        for place in program.parameterInputs.indices {
            let parameter = program.parameterInputs[place].parameter
            let adjoints = parameterAdjoints.baseAddress + place * program.tilePoints
            let slope = S(parameters.slope(parameter))
            for point in 0..<count { rows[point * leading + parameters.offset + parameter] += adjoints[point] * slope }
        }
    }

    /// Adds the gradient by the optimization vector to `gradient`; follows `forward` on the same tile.
    ///
    /// Derivatives by integrals are left in the rows of the points.
    func reverse(_ points: PointSet<S>, start: Int, count: Int, into gradient: UnsafeMutablePointer<S>) {
        guard !sites.isEmpty || !program.parameterInputs.isEmpty || !program.integralInputs.isEmpty else { return }
        reverseTape(points, start: start, count: count)
        for index in sites.indices { sites[index].reverse(points, start: start, count: count, into: gradient) }
        for place in program.parameterInputs.indices {
            let parameter = program.parameterInputs[place].parameter
            let sum = S.dot(count, parameterAdjoints.baseAddress + place * program.tilePoints, ones.baseAddress)
            let target = gradient + (parameters.offset + parameter)
            target.pointee += S(sum * parameters.slope(parameter))
        }
    }

    /// From the adjoints of the expressions to those of fields, unknown parameters and integrals.
    private func reverseTape(_ points: PointSet<S>, start: Int, count: Int) {
        for index in sites.indices { sites[index].clearAdjoints() }
        parameterAdjoints.baseAddress.update(repeating: 0, count: parameterAdjoints.count)
        integralAdjoints.baseAddress.update(repeating: 0, count: integralAdjoints.count)
        tape.reverse(count: count)
        for place in program.integralInputs.indices {
            let target = points.integrals!.adjoint(program.integralInputs[place].integral) + start
            target.update(from: integralAdjoints.baseAddress + place * program.tilePoints, count: count)
        }
    }
}
