import Randomness
import Testing

@Suite struct LatinHypercubeTests {
    private func points(_ count: Int, _ dimensions: Int, from design: inout LatinHypercube) -> [Double] {
        var values = [Double](repeating: .nan, count: count * dimensions)
        values.withUnsafeMutableBufferPointer { design.fill($0, count: count) }
        return values
    }

    @Test(arguments: [(1, 1), (7, 3), (64, 2), (1_000, 5)])
    func everyStripOfEveryCoordinateHasOnePoint(count: Int, dimensions: Int) {
        var design = LatinHypercube(dimensions: dimensions, from: RandomStream(seed: 3, name: "latin"))
        for _ in 0..<2 {
            design.begin(count)
            // In two parts: the design is one all the same.
            let values =
                points(count / 2, dimensions, from: &design) + points(count - count / 2, dimensions, from: &design)
            for dimension in 0..<dimensions {
                let strips = stride(from: dimension, to: values.count, by: dimensions).map {
                    Int(values[$0] * Double(count))
                }
                #expect(strips.sorted() == Array(0..<count))
            }
        }
    }

    @Test func aDesignIsRandomAndCanBeDrawnAgain() {
        var design = LatinHypercube(dimensions: 2, from: RandomStream(seed: 3, name: "latin"))
        let position = design.position
        design.begin(50)
        let first = points(50, 2, from: &design)
        let second = points(50, 2, from: &design)
        #expect(first != second)
        design.position = position
        design.begin(50)
        #expect(points(50, 2, from: &design) == first)
        #expect(points(50, 2, from: &design) == second)
        // The order of one coordinate says nothing about the other.
        let (x, y) = (
            stride(from: 0, to: 100, by: 2).map { first[$0] }, stride(from: 1, to: 100, by: 2).map { first[$0] }
        )
        let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - 0.5) * ($1.1 - 0.5) } / 50
        #expect(abs(covariance * 12) < 4 / 50.0.squareRoot())
    }
}
