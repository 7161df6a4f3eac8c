import Randomness

/// What a region knows about itself; shared by its copies and its faces.
final class RegionModel: Sendable {
    /// A step of the evaluation of set operations on a stack.
    enum Step: Sendable {
        case part(Int)
        case union, difference, intersection
    }

    /// How the outward normals of the region relate to those of the shape.
    enum Orientation: Sendable {
        /// Equal: the shape is never subtracted.
        case kept
        /// Opposite: it is only subtracted.
        case flipped
        /// Different from point to point.
        case mixed
    }

    /// A face of a part.
    struct FaceRecord: Sendable {
        let part: Int
        let face: any ShapeFace
        var isTrimmed = false
        var orientation = Orientation.kept
        /// What is left of the face's own measure; nil where that is all, which takes long in very many dimensions.
        var measure: Double?
        /// Some points of the boundary on a trimmed face, to look for the closest one.
        var samples: [Double] = []
    }

    let construction: Construction
    let dimensions: Int
    let parts: [RegionPart]
    let steps: [Step]
    /// The most values on the stack.
    let depth: Int
    let bounds: Box
    /// Within this distance a point counts as lying on a face; well above rounding.
    let tolerance: Double
    /// Where points of each part can lie, [part][axis], with room for the tolerance.
    let lower: [Double]
    let upper: [Double]
    let enclosing: any SampledSet
    let measure: Double
    let measureError: Double
    /// Those that survive first.
    let records: [FaceRecord]
    let survivingCount: Int
    let hash: Int

    /// Whether the region is a single shape.
    var isSingle: Bool { steps.count == 1 }

    /// A box needs no checks.
    init(_ box: Box, name: String?) {
        construction = Construction(box, name: name)
        dimensions = box.dimensions
        parts = [RegionPart(box, name: name)]
        steps = [.part(0)]
        depth = 1
        bounds = box
        tolerance = 0
        lower = []
        upper = []
        enclosing = box
        measure = box.measure
        measureError = 0
        records = box.faces.map { FaceRecord(part: 0, face: $0) }
        survivingCount = records.count
        hash = construction.hashValue
    }

    init(_ construction: Construction) throws(GeometryError) {
        let parts = construction.parts
        let dimensions = parts[0].shape.dimensions
        for part in parts where part.shape.dimensions != dimensions {
            throw .dimensions(dimensions, part.shape.dimensions)
        }
        // A box alone is as good as its bounds.
        if parts.count > 1 || !(parts[0].shape is Box) {
            for part in parts { try part.shape.checkDigits() }
        }
        let extent = construction.extent
        guard zip(extent.lower, extent.upper).allSatisfy({ $0 < $1 }) else { throw .empty }
        guard let bounds = extent.box, let enclosing = construction.enclosing else { throw .unbounded }
        self.construction = construction
        self.dimensions = dimensions
        self.parts = parts
        self.bounds = bounds
        self.enclosing = enclosing
        hash = construction.hashValue
        let steps = Self.steps(construction, parts)
        self.steps = steps
        depth = Self.depth(steps)
        let diagonal = bounds.sides.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let magnitude = zip(bounds.lower, bounds.upper).reduce(0) { max($0, abs($1.0), abs($1.1)) }
        let tolerance = max(1e-10 * diagonal, 1e-12 * magnitude)
        self.tolerance = tolerance
        lower = parts.flatMap { $0.shape.extent.lower.map { $0 - 16 * tolerance } }
        upper = parts.flatMap { $0.shape.extent.upper.map { $0 + 16 * tolerance } }

        let evaluation = Evaluation(
            dimensions: dimensions, parts: parts.map(\.shape), steps: steps, depth: depth, tolerance: tolerance,
            lower: lower, upper: upper)
        if steps.count == 1 {
            measure = parts[0].shape.measure
            measureError = 0
            records = parts[0].shape.faces.map { FaceRecord(part: 0, face: $0) }
            survivingCount = records.count
        } else {
            (measure, measureError) = try Self.measure(evaluation, enclosing)
            (records, survivingCount) = Self.records(evaluation, construction, parts, bounds)
        }
    }

    /// What is needed to evaluate points.
    var evaluation: Evaluation {
        Evaluation(
            dimensions: dimensions, parts: parts.map(\.shape), steps: steps, depth: depth, tolerance: tolerance,
            lower: lower, upper: upper)
    }

    private static func steps(_ construction: Construction, _ parts: [RegionPart]) -> [Step] {
        switch construction {
        case .part(let part): [.part(parts.firstIndex(of: part) ?? 0)]
        case .union(let left, let right): steps(left, parts) + steps(right, parts) + [.union]
        case .difference(let left, let right): steps(left, parts) + steps(right, parts) + [.difference]
        case .intersection(let left, let right): steps(left, parts) + steps(right, parts) + [.intersection]
        }
    }

    private static func depth(_ steps: [Step]) -> Int {
        var height = 0, depth = 0
        for step in steps {
            if case .part = step { height += 1 } else { height -= 1 }
            depth = max(depth, height)
        }
        return depth
    }

    /// The share of evenly spread points of the enclosing set that belong to the region.
    private static func measure(
        _ evaluation: Evaluation, _ enclosing: any SampledSet
    ) throws(GeometryError) -> (Double, Double) {
        let count = 1 << 16
        var kept = 0
        EvenPoints.visit(enclosing, count: count) { points, rows in
            evaluation.withFlags(rows) { flags in
                evaluation.contains(points, count: rows, to: flags)
                for row in 0..<rows where flags[row] { kept += 1 }
            }
        }
        guard kept > 0 else { throw .empty }
        guard kept >= count / SamplingLimits.triesPerPoint else { throw .sparse }
        let share = Double(kept) / Double(count)
        return (
            share * enclosing.measure, (share * (1 - share) / Double(count)).squareRoot() * enclosing.measure
        )
    }

    /// Whether a part is added, subtracted, or both.
    private static func orientations(_ construction: Construction, _ parts: [RegionPart]) -> [Orientation] {
        var isAdded = [Bool](repeating: false, count: parts.count), isSubtracted = isAdded
        func visit(_ construction: Construction, _ isPositive: Bool) {
            switch construction {
            case .part(let part):
                guard let index = parts.firstIndex(of: part) else { return }
                if isPositive { isAdded[index] = true } else { isSubtracted[index] = true }
            case .difference(let left, let right):
                visit(left, isPositive)
                visit(right, !isPositive)
            case .union(let left, let right), .intersection(let left, let right):
                visit(left, isPositive)
                visit(right, isPositive)
            }
        }
        visit(construction, true)
        return parts.indices.map { isAdded[$0] && isSubtracted[$0] ? .mixed : isAdded[$0] ? .kept : .flipped }
    }

    /// The faces of all parts with what is left of them.
    private static func records(
        _ evaluation: Evaluation, _ construction: Construction, _ parts: [RegionPart], _ bounds: Box
    ) -> (records: [FaceRecord], survivingCount: Int) {
        let orientations = orientations(construction, parts)
        var surviving: [FaceRecord] = [], vanished: [FaceRecord] = []
        let faceCount = parts.reduce(0) { $0 + $1.shape.faces.count }
        let most = 1 << 14, count = min(most, max(1 << 10, (1 << 20) / max(1, faceCount)))
        for (index, part) in parts.enumerated() {
            for whole in part.shape.faces.map({ $0 as any ShapeFace }) {
                let face = whole.clipped(to: bounds)
                var record = FaceRecord(part: index, face: face, orientation: orientations[index])
                var share = share(of: &record, evaluation, count)
                // That nothing is left is not said lightly.
                if share == 0, count < most { share = Self.share(of: &record, evaluation, most) }
                record.isTrimmed = share < 1 || face.measure != whole.measure
                record.measure = share * face.measure
                if !record.isTrimmed { record.samples = [] }
                if share > 0 { surviving.append(record) } else { vanished.append(record) }
            }
        }
        return (surviving + vanished, surviving.count)
    }

    /// The share of evenly spread points of a face that lie on the boundary; keeps some of them.
    private static func share(of record: inout FaceRecord, _ evaluation: Evaluation, _ count: Int) -> Double {
        let dimensions = evaluation.dimensions
        let count = record.face.sampleDimensions == 0 ? 1 : count
        var kept = 0
        var samples: [Double] = []
        let most = 512 * dimensions
        let part = record.part, face = record.face
        EvenPoints.visit(face, count: count) { points, rows in
            evaluation.withFlags(rows) { flags in
                evaluation.accept(points, count: rows, on: face, of: part, to: flags)
                for row in 0..<rows where flags[row] {
                    kept += 1
                    guard samples.count < most else { continue }
                    samples += UnsafeBufferPointer(start: points + row * dimensions, count: dimensions)
                }
            }
        }
        record.samples = samples
        return Double(kept) / Double(count)
    }
}

/// The same evenly spread points of a set each time.
enum EvenPoints {
    /// Calls `body` with batches of mapped points; the last batch may be smaller.
    static func visit(_ set: any SampledSet, count: Int, _ body: (UnsafePointer<Double>, Int) -> Void) {
        let samples = set.sampleDimensions
        let tile = min(count, max(1, 65_536 / max(1, set.dimensions)), 1_024)
        var stream = RandomStream(seed: 0, name: "geometry")
        var sequence =
            (1...SobolSequence.maximumDimensions).contains(samples)
            ? SobolSequence(dimensions: samples, scrambledBy: stream) : nil
        var unit = [Double](repeating: 0, count: max(1, tile * samples))
        var points = [Double](repeating: 0, count: tile * set.dimensions)
        for first in stride(from: 0, to: count, by: tile) {
            let rows = min(tile, count - first)
            unit.withUnsafeMutableBufferPointer { unit in
                if samples == 0 {
                } else if sequence?.fill(unit, count: rows) == nil {
                    stream.fillUniform(unit)
                }
            }
            set.map(unit, to: &points, count: rows)
            body(points, rows)
        }
    }
}
