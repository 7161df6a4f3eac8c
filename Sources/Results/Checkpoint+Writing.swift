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
        let bytes = try HDF5.use { session throws(ResultsError) in
            try CheckpointBuilder(path: path, session: session).build(self)
        }
        try atomicWrite(bytes, to: path)
    }
}

/// Builds a `Checkpoint` as an HDF5 file in memory. Used inside `HDF5.use`.
private struct CheckpointBuilder {
    let path: String
    let session: HDF5Session

    func build(_ checkpoint: Checkpoint) throws(ResultsError) -> [UInt8] {
        let values =
            checkpoint.weights.reduce(0) { $0 + $1.values.count }
            + checkpoint.state.arrays.values.reduce(0) { $0 + $1.count }
        let access = try handle(H5Pcreate(chdf5_file_access_class()), H5Pclose)
        try check(H5Pset_fapl_core(access, max(1 << 16, values), false))
        try check(H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18))
        let file = try handle(H5Fcreate("checkpoint", chdf5_truncate(), HDF5.standard, access), H5Fclose)
        try writeHeading(checkpoint.heading, to: file)

        let creation = try handle(H5Pcreate(chdf5_group_create_class()), H5Pclose)
        try check(H5Pset_link_creation_order(creation, chdf5_creation_order()))
        let weights = try handle(H5Gcreate2(file, "weights", HDF5.standard, creation, HDF5.standard), H5Gclose)
        for block in checkpoint.weights {
            try write(block.values, shape: [block.rows, block.columns], name: block.name, to: weights)
        }
        try write(
            Int(Int64(bitPattern: checkpoint.contentHash)), name: Checkpoint.Heading.hashName, to: file)
        let state = try handle(H5Gcreate2(file, "state", HDF5.standard, creation, HDF5.standard), H5Gclose)
        // Sorted, so that equal states give equal files.
        for (name, array) in checkpoint.state.arrays.sorted(by: { $0.key < $1.key }) {
            try write(array, shape: [array.count], name: name, to: state)
        }
        for (name, counter) in checkpoint.state.counters.sorted(by: { $0.key < $1.key }) {
            var value = Int64(counter)
            let dataset = try create(name, type: chdf5_file_int64(), shape: [], in: state)
            try check(H5Dwrite(dataset, chdf5_native_int64(), 0, 0, HDF5.standard, &value))
        }
        for (name, number) in checkpoint.state.numbers.sorted(by: { $0.key < $1.key }) {
            var value = number
            let dataset = try create(name, type: chdf5_file_float64(), shape: [], in: state)
            try check(H5Dwrite(dataset, chdf5_native_double(), 0, 0, HDF5.standard, &value))
        }
        return try bytes(of: file)
    }

    private func writeHeading(_ heading: Checkpoint.Heading, to file: hid_t) throws(ResultsError) {
        for (name, number) in heading.integers { try write(number, name: name, to: file) }
        for (name, text) in heading.texts { try write(text, name: name, to: file) }
        try write(heading.seconds, name: Checkpoint.Heading.secondsName, to: file)
        let bytes = Array(heading.problemText.utf8)
        let type = try stringType(bytes: 1)
        let dataset = try create(Checkpoint.Heading.textName, type: type, shape: [bytes.count], in: file)
        guard !bytes.isEmpty else { return }
        try check(H5Dwrite(dataset, type, 0, 0, HDF5.standard, bytes))
    }

    /// A vector or matrix, as 32-bit floats if that loses nothing.
    private func write(_ values: [Double], shape: [Int], name: String, to group: hid_t) throws(ResultsError) {
        let isSingle = values.allSatisfy { Double(Float($0)).bitPattern == $0.bitPattern }
        let dataset = try create(
            name, type: isSingle ? chdf5_file_float32() : chdf5_file_float64(), shape: shape, in: group)
        guard !values.isEmpty else { return }
        try check(H5Dwrite(dataset, chdf5_native_double(), 0, 0, HDF5.standard, values))
    }

    // MARK: Pieces

    private func write(_ number: Int, name: String, to file: hid_t) throws(ResultsError) {
        let attribute = try attribute(name, type: chdf5_file_int64(), of: file)
        var value = Int64(number)
        try check(H5Awrite(attribute, chdf5_native_int64(), &value))
    }

    private func write(_ number: Double, name: String, to file: hid_t) throws(ResultsError) {
        let attribute = try attribute(name, type: chdf5_file_float64(), of: file)
        var value = number
        try check(H5Awrite(attribute, chdf5_native_double(), &value))
    }

    /// Text of fixed length; empty text is one zero byte.
    private func write(_ text: String, name: String, to file: hid_t) throws(ResultsError) {
        let bytes = text.isEmpty ? [0] : Array(text.utf8)
        let type = try stringType(bytes: bytes.count)
        try check(H5Awrite(try attribute(name, type: type, of: file), type, bytes))
    }

    private func attribute(_ name: String, type: hid_t, of file: hid_t) throws(ResultsError) -> hid_t {
        let space = try handle(H5Screate(H5S_SCALAR), H5Sclose)
        return try handle(H5Acreate2(file, name, type, space, HDF5.standard, HDF5.standard), H5Aclose)
    }

    private func stringType(bytes: Int) throws(ResultsError) -> hid_t {
        let type = try handle(H5Tcopy(chdf5_c_string()), H5Tclose)
        try check(H5Tset_size(type, bytes))
        try check(H5Tset_strpad(type, H5T_STR_NULLPAD))
        try check(H5Tset_cset(type, H5T_CSET_UTF8))
        return type
    }

    /// A dataset whose name may be a path; a single value when `shape` is empty.
    private func create(
        _ name: String, type: hid_t, shape: [Int], in group: hid_t
    ) throws(ResultsError) -> hid_t {
        let space = try handle(
            shape.isEmpty
                ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil), H5Sclose
        )
        let links = try handle(H5Pcreate(chdf5_link_create_class()), H5Pclose)
        try check(H5Pset_create_intermediate_group(links, 1))
        let dataset = H5Dcreate2(group, name, type, space, links, HDF5.standard, HDF5.standard)
        return try session.keep(
            dataset, H5Dclose,
            or: ResultsError(.inconsistent, path: path, "cannot hold '\(name)': \(HDF5.lastMessage)"))
    }

    private func bytes(of file: hid_t) throws(ResultsError) -> [UInt8] {
        try check(H5Fflush(file, H5F_SCOPE_GLOBAL))
        let size = H5Fget_file_image(file, nil, 0)
        guard size > 0 else { throw failure }
        var written = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            written = H5Fget_file_image(file, buffer.baseAddress, size)
            count = max(0, written)
        }
        guard written == size else { throw failure }
        return bytes
    }

    private func handle(_ id: hid_t, _ close: @escaping (hid_t) -> herr_t) throws(ResultsError) -> hid_t {
        try session.keep(id, close, or: failure)
    }

    private func check(_ status: herr_t) throws(ResultsError) {
        guard status >= 0 else { throw failure }
    }

    private var failure: ResultsError {
        ResultsError(.cannotWrite, path: path, "cannot be built: \(HDF5.lastMessage)")
    }
}

extension Checkpoint.Heading {
    static let versionName = "ansatz_checkpoint"
    static let hashName = "content_hash"
    static let textName = "problem_text"
    static let secondsName = "seconds"

    /// The whole numbers, by the names of their attributes.
    fileprivate var integers: [(String, Int)] {
        [
            (Self.versionName, Checkpoint.schemaVersion), ("stage", stage), ("stage_step", stageStep), ("steps", steps),
            ("history_rows", files.historyRows), ("history_bytes", files.historyBytes), ("log_bytes", files.logBytes),
        ]
    }

    /// The texts, by the names of their attributes.
    fileprivate var texts: [(String, String)] {
        [
            ("program_version", programVersion), ("problem_name", problemName), ("problem_sha256", problemSHA256),
            ("method", method), ("precision", precision), ("resume_command", resumeCommand), ("stage_end", end),
            ("stage_end_sentence", endSentence),
        ]
    }
}
