import OptimalTransport

/// W₁ between masses at points and equal masses at the same points.
package enum UniformDistance {
    /// On a line: the area between the distribution functions.
    package static func onLine(_ places: [Double], _ masses: [Double]) -> Double {
        let order = places.indices.sorted { (places[$0], $0) < (places[$1], $1) }
        var difference = 0.0, area = 0.0
        for (rank, index) in order.enumerated().dropLast() {
            difference += masses[index] - 1 / Double(places.count)
            area += abs(difference) * (places[order[rank + 1]] - places[index])
        }
        return area
    }

    /// In the unit square, exactly between cells: masses of a cell count as at its centre.
    ///
    /// NaN where the simplex method finds no plan for want of memory.
    package static func inCells(_ places: [Double], _ masses: [Double], perAxis: Int) -> Double {
        var own = [Double](repeating: 0, count: perAxis * perAxis), even = own
        func row(_ value: Double) -> Int { min(perAxis - 1, Int(value * Double(perAxis))) }
        for index in masses.indices {
            let cell = row(places[2 * index]) * perAxis + row(places[2 * index + 1])
            own[cell] += masses[index]
            even[cell] += 1 / Double(masses.count)
        }
        // Masses that are lost in the rounding of the method anyhow.
        let sources = own.indices.filter { own[$0] > 1e-12 }, targets = even.indices.filter { even[$0] > 0 }
        func centre(_ cell: Int) -> [Double] {
            [(Double(cell / perAxis) + 0.5) / Double(perAxis), (Double(cell % perAxis) + 0.5) / Double(perAxis)]
        }
        let total = sources.reduce(0) { $0 + own[$1] }
        let cost = DistanceCost(.euclidean, from: sources.map(centre), to: targets.map(centre), periods: [0, 0])
        let solution = try? ExactTransport.solve(
            source: sources.map { own[$0] / total }, target: targets.map { even[$0] }, cost: cost)
        return solution?.cost ?? .nan
    }
}
