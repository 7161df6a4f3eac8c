/// A set of one point, whose measure is one.
struct SinglePoint: SampledSet, Hashable {
    let point: [Double]

    var dimensions: Int { point.count }
    var sampleDimensions: Int { 0 }
    var measure: Double { 1 }

    func map(_ unit: UnsafePointer<Double>, to points: UnsafeMutablePointer<Double>, count: Int) {
        for index in 0..<count {
            for axis in point.indices { points[index * dimensions + axis] = point[axis] }
        }
    }
}
