/// The points of saved fields while they are put together.
struct GridPoints {
    let domain: Domain
    /// The coordinates that vary, by index; even spacing is kept as a formula until the size has been checked.
    private var spacing: [Int: Spacing] = [:]
    private var held: Set<Int> = []
    var base: [Double]

    init(_ domain: Domain) {
        self.domain = domain
        base = domain.box.center
    }

    mutating func vary(_ index: Int, from lower: Double, to upper: Double, count: Int) {
        spacing[index] = .even(lower, upper, count)
    }

    mutating func set(_ index: Int, _ list: [Double]) { spacing[index] = .list(list) }

    mutating func hold(_ index: Int, _ value: Double) {
        base[index] = value
        held.insert(index)
    }

    func isSettled(_ index: Int) -> Bool { spacing[index] != nil || held.contains(index) }

    /// A grid for the coordinates that nothing is said about; beyond three of them a line along the first one.
    mutating func fillIn() {
        let open = domain.coordinates.indices.filter { !isSettled($0) }
        let count = open.count == 1 ? 501 : open.count == 2 ? 201 : 65
        for index in open.count <= 3 ? open : Array(open.prefix(1)) {
            vary(
                index, from: domain.box.lower[index], to: domain.box.upper[index], count: open.count <= 3 ? count : 201)
        }
    }

    var axes: [FieldOutput.Axis] {
        spacing.sorted { $0.key < $1.key }.map { FieldOutput.Axis(coordinate: $0.key, values: $0.value.values) }
    }

    /// How many points there are, as far as the integers reach.
    var count: Int {
        spacing.values.reduce(1) { product, spacing in
            let (result, overflow) = product.multipliedReportingOverflow(by: spacing.count)
            return overflow ? .max : result
        }
    }

    private enum Spacing {
        case even(Double, Double, Int)
        case list([Double])

        var count: Int {
            switch self {
            case .even(_, _, let count): count
            case .list(let values): values.count
            }
        }

        var values: [Double] {
            switch self {
            case .even(let lower, let upper, let count):
                FieldOutput.evenValues(from: lower, to: upper, count: count)
            case .list(let values): values
            }
        }
    }
}

extension FieldOutput {
    /// Evenly spaced values, the ends exact; the middle for one point.
    static func evenValues(from lower: Double, to upper: Double, count: Int) -> [Double] {
        guard count > 1 else { return [0.5 * lower + 0.5 * upper] }
        return (0..<count).map { index in
            index == count - 1 ? upper : lower + (upper - lower) * (Double(index) / Double(count - 1))
        }
    }
}
