import CHDF5

extension Checkpoint {
    /// Writes the file; it either is complete or keeps what it held before, even if the machine stops meanwhile.
    ///
    /// Throws `ResultsError.Kind.inconsistent` when a block's shape does not fit its values or a path is also the
    /// beginning of another one, and `.cannotWrite`.
    public func write(to path: String) throws(ResultsError) {
        for block in weights where block.rows * block.columns != block.values.count {
            throw ResultsError(
                .inconsistent, path: path,
                "the block '\(block.name)' of \(block.rows) x \(block.columns) has \(block.values.count) values")
        }
        let bytes = try HDF5Builder.image(path: path) { (builder) throws(ResultsError) in
            try write(to: builder)
        }
        try atomicWrite(bytes, to: path)
    }

    private func write(to builder: HDF5Builder) throws(ResultsError) {
        for attribute in heading.attributes { try builder.write(attribute, to: builder.file) }
        try builder.write(
            .init(Heading.hashName, Int(Int64(bitPattern: contentHash))), to: builder.file)
        let text = Array(heading.problemText.utf8)
        let type = try builder.stringType(bytes: 1, isASCII: false)
        let dataset = try builder.create(
            Heading.textName, type: type, shape: [text.count], creation: HDF5.standard, in: builder.file)
        if !text.isEmpty { try builder.check(H5Dwrite(dataset, type, 0, 0, HDF5.standard, text)) }

        let weights = try builder.group("weights", in: builder.file)
        for block in self.weights {
            try write(block.values, shape: [block.rows, block.columns], name: block.name, to: weights, builder)
        }
        let state = try builder.group("state", in: builder.file)
        // Sorted, so that equal states give equal files.
        for (name, array) in self.state.arrays.sorted(by: { $0.key < $1.key }) {
            try write(array, shape: [array.count], name: name, to: state, builder)
        }
        for (name, counter) in self.state.counters.sorted(by: { $0.key < $1.key }) {
            var value = Int64(counter)
            let dataset = try create(name, type: chdf5_file_int64(), shape: [], in: state, builder)
            try builder.check(H5Dwrite(dataset, chdf5_native_int64(), 0, 0, HDF5.standard, &value))
        }
        for (name, number) in self.state.numbers.sorted(by: { $0.key < $1.key }) {
            var value = number
            let dataset = try create(name, type: chdf5_file_float64(), shape: [], in: state, builder)
            try builder.check(H5Dwrite(dataset, chdf5_native_double(), 0, 0, HDF5.standard, &value))
        }
    }

    /// A vector or matrix, as 32-bit floats if that loses nothing.
    private func write(
        _ values: [Double], shape: [Int], name: String, to group: hid_t, _ builder: HDF5Builder
    ) throws(ResultsError) {
        let isSingle = values.allSatisfy { Double(Float($0)).bitPattern == $0.bitPattern }
        let type = isSingle ? chdf5_file_float32() : chdf5_file_float64()
        let dataset = try create(name, type: type, shape: shape, in: group, builder)
        guard !values.isEmpty else { return }
        try builder.check(H5Dwrite(dataset, chdf5_native_double(), 0, 0, HDF5.standard, values))
    }

    private func create(
        _ name: String, type: hid_t, shape: [Int], in group: hid_t, _ builder: HDF5Builder
    ) throws(ResultsError) -> hid_t {
        do throws(ResultsError) {
            return try builder.create(name, type: type, shape: shape, creation: HDF5.standard, in: group)
        } catch {
            throw ResultsError(.inconsistent, path: error.path, "a checkpoint cannot hold '\(name)': \(error.message)")
        }
    }
}

extension Checkpoint.Heading {
    static let versionName = "ansatz_checkpoint"
    static let hashName = "content_hash"
    static let textName = "problem_text"
    static let secondsName = "seconds"
    static let samplingName = "sampling_seconds"
    static let samplingRuleName = "sampling_rule_seconds"

    /// All but the problem's text.
    fileprivate var attributes: [FieldFile.Attribute] {
        [
            .init(Self.versionName, Checkpoint.schemaVersion), .init("program_version", programVersion),
            .init("problem_name", problemName), .init("problem_path", problemPath),
            .init("problem_sha256", problemSHA256), .init("method", method),
            .init("precision", precision), .init("resume_command", resumeCommand), .init("stage", stage),
            .init("stage_step", stageStep), .init("steps", steps), .init(Self.secondsName, seconds),
            .init("stage_end", end), .init("stage_end_sentence", endSentence),
            .init("history_rows", files.historyRows), .init("history_bytes", files.historyBytes),
            .init("log_bytes", files.logBytes), .init(Self.samplingName, samplingSeconds),
            .init(Self.samplingRuleName, samplingRuleSeconds),
        ]
    }
}
