import Results

extension ComparisonRun.Outcome {
    /// The table, and where the results are.
    public var text: String {
        let total = comparison.labels.count * comparison.seeds.count
        let count = comparison.members.count
        let table = count > 0 ? comparison.text + "\n\n" : ""
        if isInterrupted {
            return table
                + "\(comparison.name): interrupted, \(count) of \(total) members are finished; "
                + "to go on: \(resumeCommand)"
        }
        return table + "\(comparison.name): \(count) members compared; results are in \(folder)"
    }

    /// The same for programs.
    public var json: JSONValue {
        .object(
            comparison.objectMembers + [
                .init("interrupted", .truth(isInterrupted)), .init("directory", .text(folder)),
                .init("warnings", .list(warnings.map(JSONValue.text))),
            ])
    }
}
