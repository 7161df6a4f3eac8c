import Expressions
import Geometry
import LinearAlgebra
import Networks
import Optimizers

/// Integrals over one set of space: measure times the mean over points, at one or several times.
///
/// All times have the same number of points, cut into tiles of one time and one piece each. Forward leaves a sum for
/// each tile; once the derivative of the loss by each integral is known, the tiles run again and backwards.
final class IntegralSet<S: Scalar> {
    /// Some points of one piece at one time.
    private struct Tile {
        var group: Int
        var piece: Int
        var start: Int
        var count: Int
    }

    let program: PointProgram<S>
    /// The numbers of the integrals among those of the term.
    let numbers: [Int]
    private let points: PointSet<S>
    private let sampler: PointSampler
    private let coefficients: CoefficientEvaluator?
    private let timeAxis: Int?
    private let pieceCount: Int
    private let pointsPerGroup: Int
    private let groupCount: Int
    private let tiles: [Tile]
    /// The weight of a point, [piece][body].
    private let weights: [Double]
    private var workspaces: [PointWorkspace<S>] = []
    private let tileSums: AlignedBuffer<Double>
    private let ones: AlignedBuffer<S>
    /// The integrals, and the derivatives of the loss by them, [time][body].
    private let sums: AlignedBuffer<Double>
    private let adjoints: AlignedBuffer<Double>

    /// Compiles the bodies of integrals that share their location.
    ///
    /// - Parameters:
    ///   - pointsPerGroup: points on each piece at each time.
    ///   - name: names the random streams.
    init(
        _ integrals: [(number: Int, term: IntegralTerm)], of problem: CollocationProblem, network: Network,
        pointsPerGroup: Int, groupCount: Int, scheme: PointScheme, seed: UInt64, name: String
    ) throws {
        let location = integrals[0].term.location
        let domain = problem.domain
        let measures = try location.spatialMeasures(in: domain)
        program = try PointProgram(
            integrals.map(\.term.body), network: network, exact: problem.exactConditions,
            coordinateCount: domain.dimensions)
        guard program.normalInputs.isEmpty || !location.pieces.contains(where: { $0.place == .interior }) else {
            throw ExpressionErrors("the normal is known on faces only")
        }
        numbers = integrals.map(\.number)
        timeAxis = domain.timeAxis
        pieceCount = location.pieces.count
        self.pointsPerGroup = pointsPerGroup
        self.groupCount = groupCount
        sampler = PointSampler(
            location, in: domain, pointsPerPiece: pointsPerGroup * groupCount, scheme: scheme, seed: seed, name: name)
        points = PointSet(
            coordinateCount: domain.dimensions, count: sampler.pointCount, hasNormals: !program.normalInputs.isEmpty,
            coefficientCount: program.coefficients.count)
        coefficients = program.coefficients.isEmpty ? nil : try CoefficientEvaluator(program.coefficients)
        let whole = measures.reduce(0, +)
        weights = measures.flatMap { measure in
            integrals.map { measure / (Double(pointsPerGroup) * ($0.term.isAverage ? whole : 1)) }
        }
        var tiles: [Tile] = []
        for piece in 0..<pieceCount {
            for group in 0..<groupCount {
                let first = (piece * groupCount + group) * pointsPerGroup
                for offset in stride(from: 0, to: pointsPerGroup, by: program.tilePoints) {
                    let count = min(program.tilePoints, pointsPerGroup - offset)
                    tiles.append(Tile(group: group, piece: piece, start: first + offset, count: count))
                }
            }
        }
        self.tiles = tiles
        tileSums = AlignedBuffer(count: tiles.count * integrals.count)
        sums = AlignedBuffer(count: groupCount * integrals.count)
        adjoints = AlignedBuffer(count: groupCount * integrals.count)
        ones = AlignedBuffer(count: program.tilePoints)
        ones.baseAddress.update(repeating: 1, count: program.tilePoints)
    }

    var tileCount: Int { tiles.count }

    func makeWorkspaces(_ lanes: Int, _ parameters: ParameterTile<S>) {
        workspaces = (0..<lanes).map { _ in PointWorkspace(program, parameters: parameters) }
    }

    /// Draws new points; those of group j get time j.
    func draw(times: [Double]) throws(SamplingError) {
        try sampler.fill(points)
        place(times)
    }

    /// Draws the points of the last draw again, after its state was restored.
    func redraw(times: [Double]) throws(SamplingError) {
        try sampler.refill(points)
        place(times)
    }

    /// Shows the state of the sampler.
    func visitState(_ visitor: StateVisitor<S>) { sampler.visitState(visitor) }

    private func place(_ times: [Double]) {
        if let timeAxis {
            for piece in 0..<pieceCount {
                for group in 0..<groupCount {
                    let first = (piece * groupCount + group) * pointsPerGroup
                    (points.coordinate(timeAxis) + first).update(repeating: S(times[group]), count: pointsPerGroup)
                }
            }
        }
        coefficients?.evaluate(at: points)
    }

    /// Evaluates a tile and keeps its share of the integrals.
    func forward(tile index: Int, lane: Int) {
        let tile = tiles[index]
        let workspace = workspaces[lane]
        workspace.forward(points, start: tile.start, count: tile.count)
        for body in numbers.indices {
            let sum = S.dot(tile.count, workspace.output(body), ones.baseAddress)
            tileSums.baseAddress[index * numbers.count + body] = weights[tile.piece * numbers.count + body] * sum
        }
    }

    /// Sums the tiles in order and writes the integrals where the residual reads them: point p has time p mod times.
    func reduce(into rows: IntegralRows<S>, count: Int) {
        sums.baseAddress.update(repeating: 0, count: sums.count)
        for index in tiles.indices {
            let first = tiles[index].group * numbers.count
            for body in numbers.indices {
                sums.baseAddress[first + body] += tileSums.baseAddress[index * numbers.count + body]
            }
        }
        for body in numbers.indices {
            let row = rows.value(numbers[body])
            for point in 0..<count {
                row[point] = S(sums.baseAddress[point % groupCount * numbers.count + body])
            }
        }
    }

    /// Sums the derivatives of the loss over the points that read an integral, in order.
    func gather(from rows: IntegralRows<S>, count: Int) {
        adjoints.baseAddress.update(repeating: 0, count: adjoints.count)
        for body in numbers.indices {
            let row = rows.adjoint(numbers[body])
            for point in 0..<count {
                adjoints.baseAddress[point % groupCount * numbers.count + body] += Double(row[point])
            }
        }
    }

    /// Evaluates a tile again and adds its share of the gradient.
    func reverse(tile index: Int, lane: Int, into gradient: UnsafeMutablePointer<S>) {
        let tile = tiles[index]
        let workspace = workspaces[lane]
        workspace.forward(points, start: tile.start, count: tile.count)
        for body in numbers.indices {
            let factor =
                weights[tile.piece * numbers.count + body]
                * adjoints.baseAddress[tile.group * numbers.count + body]
            workspace.outputAdjoint(body).update(repeating: S(factor), count: tile.count)
        }
        workspace.reverse(points, start: tile.start, count: tile.count, into: gradient)
    }

    /// Writes the derivative of each integral at each time by the optimization vector: that of integral k at time j goes
    /// to row k · times + j of `rows`.
    func derivatives(into rows: UnsafeMutablePointer<S>, stride: Int, parameterCount: Int) {
        for body in numbers.indices {
            for group in 0..<groupCount {
                let row = rows + (numbers[body] * groupCount + group) * stride
                row.update(repeating: 0, count: parameterCount)
                adjoints.baseAddress.update(repeating: 0, count: adjoints.count)
                adjoints.baseAddress[group * numbers.count + body] = 1
                for index in tiles.indices where tiles[index].group == group {
                    reverse(tile: index, lane: 0, into: row)
                }
            }
        }
    }
}
