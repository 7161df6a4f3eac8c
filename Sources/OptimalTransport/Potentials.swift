import LinearAlgebra

/// The potentials x of the sources and y of the targets.
///
/// Adding a constant to x and taking it from y changes nothing. The potential of a mass of zero is −∞.
public final class Potentials {
    /// Potentials of the sources.
    public let x: AlignedBuffer<Double>
    /// Potentials of the targets.
    public let y: AlignedBuffer<Double>

    init(rows: Int, columns: Int) {
        x = AlignedBuffer(count: rows)
        y = AlignedBuffer(count: columns)
    }

    /// Zero where there is mass.
    public convenience init(for problem: TransportProblem) {
        self.init(rows: problem.source.count, columns: problem.target.count)
        for (index, mass) in problem.source.enumerated() where mass == 0 { x.baseAddress[index] = -.infinity }
        for (index, mass) in problem.target.enumerated() where mass == 0 { y.baseAddress[index] = -.infinity }
    }

    func copy(from other: Potentials) {
        x.baseAddress.update(from: other.x.baseAddress, count: x.count)
        y.baseAddress.update(from: other.y.baseAddress, count: y.count)
    }

    /// (x, y) ← those of another and a multiple of a step.
    func move(
        from other: Potentials, by length: Double, _ stepX: UnsafePointer<Double>, _ stepY: UnsafePointer<Double>
    ) {
        copy(from: other)
        Double.addScaled(x.count, length, stepX, x.baseAddress)
        Double.addScaled(y.count, length, stepY, y.baseAddress)
    }
}

/// Potentials in single precision, for sweeps far from the solution.
final class SinglePotentials {
    let x: AlignedBuffer<Float>
    let y: AlignedBuffer<Float>

    init(_ potentials: Potentials) {
        x = AlignedBuffer(count: potentials.x.count)
        y = AlignedBuffer(count: potentials.y.count)
        Float.convert(x.count, from: potentials.x.baseAddress, to: x.baseAddress)
        Float.convert(y.count, from: potentials.y.baseAddress, to: y.baseAddress)
    }

    func widen(to potentials: Potentials) {
        Float.convert(x.count, from: x.baseAddress, to: potentials.x.baseAddress)
        Float.convert(y.count, from: y.baseAddress, to: potentials.y.baseAddress)
    }
}
