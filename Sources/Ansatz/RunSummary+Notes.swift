import Results

extension RunSummary {
    /// Rows about checkpoints that are further than the results, and about a run that was to replace this one.
    static func notes(_ folder: String, fields: FieldFile?) throws -> [String] {
        var lines: [String] = []
        let isGoingOn = LogWriter.isInUse(folder + "/" + LogWriter.defaultName)
        if FileSystem.kind(folder + "/" + Checkpoint.defaultName) != nil {
            let heading = try Checkpoint.Heading(contentsOf: folder + "/" + Checkpoint.defaultName)
            if fields == nil || fields?.attribute("steps") != .integer(heading.steps) {
                lines.append(row("checkpoint", heading, isGoingOn: isGoingOn))
            }
        } else if fields == nil, !isGoingOn {
            lines.append(ReportText.row("checkpoint", "none yet; --resume starts from the beginning"))
        }
        for name in try RunFolder.parts(in: folder) {
            let part = folder + "/" + name
            let isGoingOn = LogWriter.isInUse(part + "/" + LogWriter.defaultName)
            let path = part + "/" + Checkpoint.defaultName
            if FileSystem.kind(path) != nil {
                lines.append(
                    row("a newer run", try Checkpoint.Heading(contentsOf: path), isGoingOn: isGoingOn))
            } else {
                let state = isGoingOn ? "is going on" : "was ended from outside; remove \(part) to forget it"
                lines.append(ReportText.row("a newer run", "that is to replace this one \(state)"))
            }
        }
        return lines
    }

    private static func row(_ title: String, _ heading: Checkpoint.Heading, isGoingOn: Bool) -> String {
        let place = "step \(NumberText.grouped(heading.steps)) after \(NumberText.seconds(heading.seconds))"
        if isGoingOn { return ReportText.row(title, place + ", going on") }
        let command = heading.resumeCommand.isEmpty ? "--resume" : heading.resumeCommand
        return ReportText.row(title, place + "; to go on: " + command)
    }
}
