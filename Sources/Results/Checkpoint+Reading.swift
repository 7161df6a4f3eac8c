import CHDF5

extension Checkpoint {
    /// Reads a file.
    ///
    /// Throws `ResultsError` when there is no such file, when it is damaged, no checkpoint or one of another version.
    public init(contentsOf path: String) throws(ResultsError) {
        self = try HDF5.use { session throws(ResultsError) in
            let reader = try CheckpointReader(path: path, session: session)
            let heading = try reader.heading()
            var weights: [Block] = []
            var state = State()
            for name in try reader.names() {
                let (group, path) = name.dividedAtSlash
                if group == "weights" {
                    weights.append(try reader.block(name, called: path))
                } else if group == "state" {
                    try reader.read(name, called: path, into: &state)
                }
            }
            guard !weights.isEmpty else { throw reader.damage("it holds no weights") }
            let checkpoint = Checkpoint(heading: heading, weights: weights, state: state)
            guard try reader.hash() == checkpoint.contentHash else {
                throw reader.damage("what it holds is not what was written")
            }
            return checkpoint
        }
    }
}

extension Checkpoint.Heading {
    /// Reads what a checkpoint belongs to and where it stands, and nothing else of the file.
    ///
    /// Throws as reading a whole checkpoint does.
    public init(contentsOf path: String) throws(ResultsError) {
        self = try HDF5.use { session throws(ResultsError) in
            try CheckpointReader(path: path, session: session).heading()
        }
    }
}

/// Reads the parts of a checkpoint. Used inside `HDF5.use`.
private struct CheckpointReader {
    let path: String
    let reader: HDF5Reader
    let session: HDF5Session

    /// Opens a file and makes sure that it is a checkpoint of this version.
    init(path: String, session: HDF5Session) throws(ResultsError) {
        self.path = path
        self.session = session
        do throws(ResultsError) {
            reader = try HDF5Reader(path: path, session: session)
        } catch {
            guard error.kind == .unreadable else { throw error }
            throw ResultsError(
                .unreadable, path: path, "cannot be read as a checkpoint: it \(error.message)")
        }
    }

    func heading() throws(ResultsError) -> Checkpoint.Heading {
        let attributes = try reader.attributes()
        guard
            case .integer(let version)? = attributes.first(where: { $0.name == Checkpoint.Heading.versionName })?.value
        else {
            throw ResultsError(
                .unreadable, path: path,
                "is an HDF5 file, but no checkpoint: it lacks the attribute '\(Checkpoint.Heading.versionName)'")
        }
        guard version == Checkpoint.schemaVersion else {
            throw ResultsError(
                .unreadable, path: path,
                "is a checkpoint of version \(version); this program reads version \(Checkpoint.schemaVersion)")
        }
        func integer(_ name: String) throws(ResultsError) -> Int {
            guard case .integer(let value)? = attributes.first(where: { $0.name == name })?.value, value >= 0 else {
                throw damage("the attribute '\(name)' is not there or not a count")
            }
            return value
        }
        func text(_ name: String) throws(ResultsError) -> String {
            guard case .text(let value)? = attributes.first(where: { $0.name == name })?.value else {
                throw damage("the attribute '\(name)' is not there or no text")
            }
            return value
        }
        let secondsName = Checkpoint.Heading.secondsName
        guard case .number(let seconds)? = attributes.first(where: { $0.name == secondsName })?.value,
            seconds.isFinite, seconds >= 0
        else { throw damage("the attribute '\(secondsName)' is not there or no time") }
        guard let problem = try reader.characters(of: reader.open(Checkpoint.Heading.textName)) else {
            throw damage("'\(Checkpoint.Heading.textName)' is no text")
        }
        /// Files of before had no such times.
        func samplingTime(_ name: String) throws(ResultsError) -> Double {
            guard let attribute = attributes.first(where: { $0.name == name }) else { return 0 }
            guard case .number(let seconds) = attribute.value, seconds.isFinite, seconds >= 0 else {
                throw damage("the attribute '\(name)' is no time")
            }
            return seconds
        }
        var heading = Checkpoint.Heading(
            programVersion: try text("program_version"), problemName: try text("problem_name"), problemText: problem,
            problemPath: try text("problem_path"),
            problemSHA256: try text("problem_sha256"), method: try text("method"), precision: try text("precision"),
            resumeCommand: try text("resume_command"), stage: try integer("stage"),
            stageStep: try integer("stage_step"),
            steps: try integer("steps"), seconds: seconds, end: try text("stage_end"),
            endSentence: try text("stage_end_sentence"),
            files: .init(
                historyRows: try integer("history_rows"), historyBytes: try integer("history_bytes"),
                logBytes: try integer("log_bytes")))
        heading.samplingSeconds = try samplingTime(Checkpoint.Heading.samplingName)
        heading.samplingRuleSeconds = try samplingTime(Checkpoint.Heading.samplingRuleName)
        return heading
    }

    func hash() throws(ResultsError) -> UInt64? {
        let attributes = try reader.attributes()
        guard case .integer(let value)? = attributes.first(where: { $0.name == Checkpoint.Heading.hashName })?.value
        else {
            return nil
        }
        return UInt64(bitPattern: Int64(value))
    }

    func names() throws(ResultsError) -> [String] { try reader.datasetNames(limit: .max) }

    func block(_ name: String, called label: String) throws(ResultsError) -> Checkpoint.Block {
        let array = try reader.numbers(of: reader.open(name), name: name)
        guard array.shape.count == 2 else { throw damage("'\(name)' is no matrix") }
        return Checkpoint.Block(name: label, rows: array.shape[0], columns: array.shape[1], values: array.values)
    }

    func read(_ name: String, called label: String, into state: inout Checkpoint.State) throws(ResultsError) {
        let dataset = try reader.open(name)
        let type = try session.keep(H5Dget_type(dataset), H5Tclose, or: damage(HDF5.lastMessage))
        switch (H5Tget_class(type), try reader.shape(of: dataset).count) {
        case (H5T_INTEGER, 0):
            var value: Int64 = 0
            guard H5Dread(dataset, chdf5_native_int64(), 0, 0, HDF5.standard, &value) >= 0 else {
                throw damage(HDF5.lastMessage)
            }
            state.counters[label] = Int(value)
        case (H5T_FLOAT, 0): state.numbers[label] = try reader.numbers(of: dataset, name: name).values[0]
        case (H5T_FLOAT, 1): state.arrays[label] = try reader.numbers(of: dataset, name: name).values
        default: throw damage("'\(name)' is neither a vector nor a number")
        }
    }

    func damage(_ what: String) -> ResultsError {
        ResultsError(.unreadable, path: path, "is a damaged checkpoint: \(what)")
    }
}

extension String {
    /// What stands before the first slash, and what stands after it.
    fileprivate var dividedAtSlash: (String, String) {
        guard let slash = firstIndex(of: "/") else { return (self, "") }
        return (String(self[..<slash]), String(self[index(after: slash)...]))
    }
}
