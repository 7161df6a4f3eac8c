import LinearSystems
import Testing

@Suite struct GridShapeTests {
    @Test(arguments: [(1, 1, 1), (5, 4, 3), (7, 9, 1), (16, 2, 3)])
    func neighboursOfCellsAreCellsOrZeros(_ x: Int, _ y: Int, _ z: Int) {
        let shape = GridShape(x, y, z)
        var places = Set<Int>()
        for k in 0..<z { for j in 0..<y { for i in 0..<x { places.insert(shape.place(i, j, k)) } } }
        #expect(places.count == shape.cellCount)
        for k in -1...z {
            for j in -1...y {
                for i in -1...x {
                    let place = shape.place(i, j, k)
                    #expect((0..<shape.count).contains(place))
                    let isCell = (0..<x).contains(i) && (0..<y).contains(j) && (0..<z).contains(k)
                    #expect(places.contains(place) == isCell)
                }
            }
        }
    }
}
