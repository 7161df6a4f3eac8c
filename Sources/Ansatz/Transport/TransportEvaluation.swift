import Glibc
import OptimalTransport
import Parallelism
import ProblemFiles
import Results

/// The potential and the map of a transport run at points of one's own.
///
/// With the potentials y of the targets both go on beyond the sources:
///
///     f(p) = −ε log Σ_j exp((y_j − c(p, q_j))/ε),    T(p) = Σ_j w_j q_j,    w_j ∝ exp((y_j − c(p, q_j))/ε),
///
/// without ε the least c(p, q_j) − y_j and its target. At a source f is x − ε log a, and T its mean target. Differences along coordinates
/// with a period are taken the shorter way round.
public struct TransportEvaluation {
    /// Coordinates that a table of points must have.
    public let coordinates: [String]
    private let targetNames: [String]
    private let targets: [[Double]]
    private let potentials: [Double]
    private let epsilon: Double
    private let statement: TransportStatement
    private let periods: [Double]

    /// Reads a run folder; nil when its run is of another kind.
    ///
    /// - Throws: `ResultsError` when its files cannot be read or its costs are not those of points, `ProblemErrors` when its problem
    ///   cannot be.
    public init?(folder: String) throws {
        let run = try StoredRun(folder)
        guard let name = run.fieldsName,
            try FieldFile.attributes(of: run.path(name)).contains(.init("kind", "transport"))
        else { return nil }
        let fields = try run.fields()
        let source = TransportView.Side("source", fields), target = TransportView.Side("target", fields)
        guard !source.coordinates.isEmpty, source.coordinates.count == target.coordinates.count,
            let text = run.problemText(fields), case .number(let epsilon)? = fields.attribute("epsilon"),
            let statement = try Self.costs(text, path: run.path(RunFolder.problemName), source.coordinates.count)
        else {
            throw ResultsError(
                .unreadable, path: folder,
                "has costs from a matrix, which is known for its own sources only; give cost.between to evaluate elsewhere"
            )
        }
        (coordinates, targetNames) = (source.coordinates, target.coordinates)
        // Targets without mass have a potential of minus infinity, which files have no number for.
        let kept = target.potentials.indices.filter { target.potentials[$0].isFinite }
        targets = kept.map { index in target.places.map { $0[index] } }
        potentials = kept.map { target.potentials[$0] }
        self.epsilon = epsilon
        self.statement = statement
        if case .distance(_, let periods) = statement.cost {
            self.periods = periods
        } else {
            periods = [Double](repeating: 0, count: source.coordinates.count)
        }
    }

    /// The statement with the cost between points; nil where the cost is none.
    private static func costs(_ text: String, path: String, _ dimensions: Int) throws -> TransportStatement? {
        // The measures, whose files may lie elsewhere, are not needed.
        var tree = try OptionTree.parse(SourceText(text, name: path))
        guard tree["cost"]?["between"] != nil else { return nil }
        let box = OptionTree(
            .table(
                (1...dimensions).map { OptionTree.Entry("x\($0)", [OptionTree(.number(0)), OptionTree(.number(1))]) }))
        for section in ["source", "target"] { tree[section] = ["random": 1, "box": box] }
        for section in ["output", "expect", "method", "variants"] { tree[section] = nil }
        guard case .transport(let statement) = try ProblemReader.readFile(text: tree.tomlText, path: path) else {
            return nil
        }
        return statement
    }

    /// Names of columns with values at points, which come as columns of coordinates.
    public func evaluate(at points: [[Double]]) throws -> (names: [String], columns: [[Double]]) {
        let rows = (0..<(points.first?.count ?? 0)).map { row in points.map { $0[row] } }
        let names = ["potential"] + targetNames.map { "image_\($0)" }
        var columns = [[Double]](repeating: [], count: names.count)
        // A few at a time, so that costs never fill the memory.
        for start in stride(from: 0, to: rows.count, by: 256) {
            let part = Array(rows[start..<min(start + 256, rows.count)])
            var own = statement
            own.from = .init(
                coordinates: coordinates, points: part.map { $0.allSatisfy(\.isFinite) ? $0 : $0.map { _ in 0 } },
                weights: part.map { _ in 1 })
            own.to = .init(coordinates: targetNames, points: targets, weights: potentials.map { _ in 1 })
            let cost = try TransportPreparation.cost(of: own, pool: WorkerPool(threads: 1)).0
            var room = [Double](repeating: 0, count: targets.count)
            for (row, point) in part.enumerated() {
                let values = room.withUnsafeMutableBufferPointer { buffer -> [Double] in
                    guard let base = buffer.baseAddress, point.allSatisfy(\.isFinite) else {
                        return names.map { _ in .nan }
                    }
                    return self.values(point, cost.row(row, room: base))
                }
                for index in names.indices { columns[index].append(values[index]) }
            }
        }
        return (names, columns)
    }

    /// The potential and the image of a place with given costs.
    private func values(_ point: [Double], _ costs: UnsafePointer<Double>) -> [Double] {
        var best = 0
        for index in targets.indices where potentials[index] - costs[index] > potentials[best] - costs[best] {
            best = index
        }
        let largest = potentials[best] - costs[best]
        var sum = 0.0
        var moments = periods.map { _ in 0.0 }
        for index in targets.indices {
            let weight =
                epsilon > 0 ? exp((potentials[index] - costs[index] - largest) / epsilon) : index == best ? 1 : 0
            guard weight > 0 else { continue }
            sum += weight
            for axis in periods.indices {
                moments[axis] +=
                    weight * TransportInterpolation.difference(targets[index][axis] - point[axis], periods[axis])
            }
        }
        return [-largest - epsilon * log(sum)] + periods.indices.map { point[$0] + moments[$0] / sum }
    }
}
