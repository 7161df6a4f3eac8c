import Expressions
import Geometry
import LinearAlgebra
import Networks
import Optimizers
import Randomness

/// The integrals of one loss term, with the times at which they are taken.
///
/// In a steady problem, and where the term holds at one time only, there is one value for all points. Otherwise times are
/// drawn, one in each of as many equal parts of the time, and point p of the term is moved to time p mod times.
final class TermIntegrals<S: Scalar> {
    /// How many integrals there are.
    let count: Int
    /// The number of values of each.
    let groupCount: Int
    private let sets: [IntegralSet<S>]
    private let span: ClosedRange<Double>?
    private let timeAxis: Int?
    private let fixedTime: Double?
    private var stream: RandomStream
    /// The stream's position before the last draw, from which the same times can be drawn again.
    private var drawnFrom = 0
    /// The set and tile of each number.
    private let tiles: [(set: Int, tile: Int)]

    /// - Throws: `ExpressionErrors` when a body cannot be evaluated point by point, or when the term holds at several
    ///   fixed times, or at fixed and other times; `ChannelPlanError`, `SamplingError`.
    init(
        _ term: ResidualTerm, of problem: CollocationProblem, network: Network, scheme: PointScheme, seed: UInt64
    ) throws {
        let domain = problem.domain
        count = term.integrals.count
        span = domain.time
        timeAxis = domain.timeAxis
        guard Set(term.location.pieces.map { domain.fixedTime(of: $0.place) }).count <= 1 else {
            throw ExpressionErrors(
                "a condition with an integral cannot hold at one time and at others",
                hint: "make two conditions of it")
        }
        fixedTime = term.fixedTime(in: domain)
        groupCount = span == nil || fixedTime != nil ? 1 : max(1, term.times)
        var members: [(location: PointLocation, integrals: [(number: Int, term: IntegralTerm)])] = []
        for (number, integral) in term.integrals.enumerated() {
            if let known = members.firstIndex(where: { $0.location == integral.location }) {
                members[known].integrals.append((number, integral))
            } else {
                members.append((integral.location, [(number, integral)]))
            }
        }
        let groups = groupCount
        sets = try members.enumerated().map { index, member in
            try IntegralSet(
                member.integrals, of: problem, network: network, pointsPerGroup: term.integralPoints,
                groupCount: groups, scheme: scheme, seed: seed, name: "\(term.name)/integral \(index + 1)")
        }
        tiles = sets.enumerated().flatMap { set, integrals in (0..<integrals.tileCount).map { (set, $0) } }
        stream = RandomStream(seed: seed, name: "times/\(term.name)")
    }

    var tileCount: Int { tiles.count }

    func makeWorkspaces(_ lanes: Int, _ parameters: ParameterTile<S>) {
        for set in sets { set.makeWorkspaces(lanes, parameters) }
    }

    /// Takes the network's parameters of the following evaluations.
    func prepare(_ parameters: UnsafePointer<S>) {
        for set in sets { set.program.prepare(parameters) }
    }

    /// Draws times and points, and moves the points of the term to these times.
    func draw(_ points: PointSet<S>) throws(SamplingError) {
        drawnFrom = Int(truncatingIfNeeded: stream.position)
        let times = drawTimes(points)
        for set in sets { try set.draw(times: times) }
    }

    /// Draws the times and points of the last draw again, after its state was restored.
    func redraw(_ points: PointSet<S>) throws(SamplingError) {
        stream.move(to: UInt64(bitPattern: Int64(drawnFrom)))
        let times = drawTimes(points)
        for set in sets { try set.redraw(times: times) }
    }

    /// Shows where the random numbers stood before the last draw: times and points follow from that.
    func visitState(_ visitor: StateVisitor<S>) {
        visitor.counter("times", &drawnFrom)
        for index in sets.indices { visitor.below("integral \(index + 1)") { sets[index].visitState(visitor) } }
    }

    private func drawTimes(_ points: PointSet<S>) -> [Double] {
        var times: [Double] = []
        if let span {
            let length = span.upperBound - span.lowerBound
            for group in 0..<groupCount {
                let share = (Double(group) + stream.uniform()) / Double(groupCount)
                times.append(fixedTime ?? min(span.upperBound, span.lowerBound + share * length))
            }
        }
        if let timeAxis, fixedTime == nil {
            let row = points.coordinate(timeAxis)
            for point in 0..<points.count { row[point] = S(times[point % groupCount]) }
        }
        return times
    }

    func forward(tile index: Int, lane: Int) {
        let (set, tile) = tiles[index]
        sets[set].forward(tile: tile, lane: lane)
    }

    func reduce(_ points: PointSet<S>) {
        guard let rows = points.integrals else { return }
        for set in sets { set.reduce(into: rows, count: points.count) }
    }

    func gather(_ points: PointSet<S>) {
        guard let rows = points.integrals else { return }
        for set in sets { set.gather(from: rows, count: points.count) }
    }

    /// Writes the derivative of integral k at time j to row k · times + j of `rows`.
    func derivatives(into rows: UnsafeMutablePointer<S>, stride: Int, parameterCount: Int) {
        for set in sets { set.derivatives(into: rows, stride: stride, parameterCount: parameterCount) }
    }

    func reverse(tile index: Int, lane: Int, into gradient: UnsafeMutablePointer<S>) {
        let (set, tile) = tiles[index]
        sets[set].reverse(tile: tile, lane: lane, into: gradient)
    }
}

extension ResidualTerm {
    /// The one time at which the term holds; nil when it holds at several, and without time.
    func fixedTime(in domain: SpaceTime) -> Double? {
        let times = Set(location.pieces.map { domain.fixedTime(of: $0.place) })
        return times.count == 1 ? times.first ?? nil : nil
    }
}

extension SpaceTime {
    /// The one time at which a place is; nil for places at all times, and without time.
    func fixedTime(of place: SpaceTimePlace) -> Double? {
        guard let time else { return nil }
        switch place {
        case .interior: return nil
        case .face(let face):
            switch face.kind {
            case .wall: return nil
            case .start: return time.lowerBound
            case .end: return time.upperBound
            }
        case .point(let point): return point.count == dimensions ? point[dimensions - 1] : nil
        }
    }
}
