/// The product of a set of space and an interval of time, or of a set of space and one instant; time is the last coordinate.
struct OverTime: SampledSet {
    let base: any SampledSet
    let from: Double
    let to: Double

    /// - Parameters:
    ///   - from: the first time.
    ///   - to: the last time; the same for an instant.
    init(_ base: any SampledSet, from: Double, to: Double) {
        precondition(from <= to, "time runs forward")
        self.base = base
        self.from = from
        self.to = to
    }

    var isInstant: Bool { from == to }
    var dimensions: Int { base.dimensions + 1 }
    var sampleDimensions: Int { base.sampleDimensions + (isInstant ? 0 : 1) }
    var measure: Double { isInstant ? base.measure : base.measure * (to - from) }
    var acceptsAll: Bool { base.acceptsAll }

    func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        let (source, target) = (base.sampleDimensions, base.dimensions)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, count * (source + target))) { memory in
            guard let units = memory.baseAddress else { return }
            let places = units + count * source
            for point in 0..<count {
                for index in 0..<source { units[point * source + index] = unit[point * sampleDimensions + index] }
            }
            base.map(units, to: places, count: count)
            for point in 0..<count {
                let row = points + point * dimensions
                for axis in 0..<target { row[axis] = places[point * target + axis] }
                let fraction = isInstant ? 0 : unit[point * sampleDimensions + source]
                row[target] = min(to, from + fraction * (to - from))
            }
        }
    }

    func accept(_ points: UnsafePointer<Double>, count: Int, to flags: UnsafeMutablePointer<Bool>) {
        withSpace(of: points, count: count) { base.accept($0, count: count, to: flags) }
    }

    /// The points without their times.
    func withSpace(of points: UnsafePointer<Double>, count: Int, _ body: (UnsafePointer<Double>) -> Void) {
        let width = base.dimensions
        withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, count * width)) { memory in
            guard let places = memory.baseAddress else { return }
            for point in 0..<count {
                for axis in 0..<width { places[point * width + axis] = points[point * dimensions + axis] }
            }
            body(places)
        }
    }
}
