import Results

/// `comparison.h5`: every member on the dimensions variant, seed and row, in the netCDF-4 layout.
extension Comparison {
    /// The name of the file.
    public static let fileName = "comparison.h5"
    private static let labelsName = "variants"
    private static let errorPrefix = "relative_l2_"
    private static let finalPrefix = "final_"
    private static let parameterPrefix = "parameter_"

    /// The comparison as fields. Rows that a member lacks, and members that are not finished, are NaN.
    package func fieldFile(command: String, date: String) -> FieldFile {
        let rowCount = max(1, members.map(\.steps.count).max() ?? 1)
        let count = seeds.count * rowCount
        var places: [Int?] = []
        for label in labels {
            for seed in seeds { places.append(members.firstIndex { $0.label == label && $0.seed == seed }) }
        }
        func curve(_ name: String, _ label: String, units: String = "1", _ values: (Member) -> [Double])
            -> FieldFile.Variable
        {
            var all = [Double](repeating: .nan, count: labels.count * count)
            for (place, index) in places.enumerated() {
                let values = index.map { values(members[$0]) } ?? []
                for (row, value) in values.enumerated() { all[place * rowCount + row] = value }
            }
            return .init(name, all, longName: label, units: units)
        }
        func number(_ name: String, _ label: String, units: String = "1", _ value: (Member) -> Double)
            -> FieldFile.Variable
        {
            let all = places.map { index in index.map { value(members[$0]) } ?? .nan }
            return .init(name, all, axes: ["variant", "seed"], longName: label, units: units)
        }
        var variables = [
            curve("step", "optimizer steps", \.steps), curve("seconds", "seconds of training", units: "s", \.seconds),
            curve("loss", "weighted loss", \.losses),
        ]
        for (index, name) in unknowns.enumerated() {
            variables.append(curve(Self.errorPrefix + name, "relative L2 error of \(name)") { $0.errors[index] })
        }
        for (index, name) in unknowns.enumerated() {
            variables.append(
                number(Self.finalPrefix + Self.errorPrefix + name, "relative L2 error of \(name) at the end") {
                    $0.finalErrors[index]
                })
        }
        for (index, name) in parameters.enumerated() {
            variables.append(number(Self.parameterPrefix + name, "value found for \(name)") { $0.parameters[index] })
        }
        variables += [
            number("steps", "optimizer steps in all", \.stepCount),
            number("wall_seconds", "seconds of training in all", units: "s", \.time),
            number("failed", "1 where the loss stopped being a number") { $0.isFailed ? 1 : 0 },
            number("missed", "1 where an expectation was missed") { $0.isMissed ? 1 : 0 },
        ]
        return FieldFile(
            axes: [
                .init("variant", labels.indices.map { Double($0) }, longName: "index of the variant"),
                .init("seed", seedAxis, longName: "seed"),
                .init("row", (0..<rowCount).map { Double($0) }, longName: "row of the history"),
            ], variables: variables,
            attributes: [
                .init("Conventions", "CF-1.8"), .init("title", "Comparison: \(name)"),
                .init("source", "ansatz \(Program.version)"), .init("history", "\(date) \(command)"),
                .init("problem_name", name), .init(Self.labelsName, labels.joined(separator: "\n")),
                .init("seeds", seeds.map(String.init).joined(separator: " ")),
            ])
    }

    /// The seeds as coordinates; counted from 0 where one has more digits than a coordinate keeps.
    private var seedAxis: [Double] {
        let exact = seeds.compactMap { Double(exactly: $0) }
        return exact.count == seeds.count ? exact : seeds.indices.map { Double($0) }
    }

    /// Reads the comparison in a folder; nil if there is none.
    public init?(folder: String) throws(ResultsError) {
        let path = FileSystem.join(folder, Self.fileName)
        guard FileSystem.kind(path) == .file else { return nil }
        try self.init(contentsOf: path)
    }

    /// Reads a comparison back.
    ///
    /// Throws `ResultsError` when the file is missing, or is not a comparison.
    public init(contentsOf path: String) throws(ResultsError) {
        let file = try FieldFile(contentsOf: path)
        func text(_ name: String) throws(ResultsError) -> String {
            guard case .text(let text) = file.attribute(name) else {
                throw ResultsError(.unreadable, path: path, "is not a comparison: it has no attribute '\(name)'")
            }
            return text
        }
        let labels = try text(Self.labelsName).split(separator: "\n").map(String.init)
        let seeds = try text("seeds").split(separator: " ").compactMap { UInt64($0) }
        let rowCount = file.axis("row")?.values.count ?? 0
        func values(_ name: String, rows: Int) throws(ResultsError) -> [Double] {
            guard let values = file.variable(name)?.values, values.count == labels.count * seeds.count * rows else {
                throw ResultsError(.unreadable, path: path, "is not a comparison: '\(name)' is missing or too short")
            }
            return values
        }
        func names(_ prefix: String) -> [String] {
            file.variables.map(\.name).filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        }
        let unknowns = names(Self.errorPrefix)
        let parameters = names(Self.parameterPrefix)
        let steps = try values("step", rows: rowCount)
        let seconds = try values("seconds", rows: rowCount)
        let losses = try values("loss", rows: rowCount)
        let numbers = [try values("steps", rows: 1), try values("wall_seconds", rows: 1)]
        let flags = [try values("failed", rows: 1), try values("missed", rows: 1)]
        var errors: [[Double]] = []
        var finalErrors: [[Double]] = []
        var found: [[Double]] = []
        for name in unknowns {
            errors.append(try values(Self.errorPrefix + name, rows: rowCount))
            finalErrors.append(try values(Self.finalPrefix + Self.errorPrefix + name, rows: 1))
        }
        for name in parameters { found.append(try values(Self.parameterPrefix + name, rows: 1)) }
        var members: [Member] = []
        for (index, label) in labels.enumerated() {
            for (position, seed) in seeds.enumerated() {
                let place = index * seeds.count + position
                guard !numbers[0][place].isNaN else { continue }
                let rows = (place * rowCount..<(place + 1) * rowCount).prefix { !steps[$0].isNaN }
                members.append(
                    Member(
                        label: label, seed: seed, steps: rows.map { steps[$0] }, seconds: rows.map { seconds[$0] },
                        losses: rows.map { losses[$0] }, errors: errors.map { list in rows.map { list[$0] } },
                        finalErrors: finalErrors.map { $0[place] }, parameters: found.map { $0[place] },
                        stepCount: numbers[0][place], time: numbers[1][place], isFailed: flags[0][place] == 1,
                        isMissed: flags[1][place] == 1))
            }
        }
        self.init(
            name: try text("problem_name"), labels: labels, seeds: seeds, unknowns: unknowns, parameters: parameters,
            members: members)
    }
}
