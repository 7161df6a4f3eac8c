import CHDF5

/// Builds an HDF5 file in memory, object by object. Made and used inside `HDF5.use`.
///
/// In memory, so that only our own code ever writes to the disk: HDF5 itself may crash at exit after it met a full disk.
package struct HDF5Builder {
    /// The name that errors give.
    let path: String
    /// The root group.
    let file: hid_t
    private let session: HDF5Session

    /// The bytes of a file that `body` fills.
    static func image(
        path: String, _ body: (HDF5Builder) throws(ResultsError) -> Void
    ) throws(ResultsError) -> [UInt8] {
        try HDF5.use { session throws(ResultsError) in
            let builder = try HDF5Builder(path: path, session: session)
            try body(builder)
            return try builder.bytes()
        }
    }

    private init(path: String, session: HDF5Session) throws(ResultsError) {
        self.path = path
        self.session = session
        func handle(_ id: hid_t, _ close: @escaping (hid_t) -> herr_t) throws(ResultsError) -> hid_t {
            try session.keep(id, close, or: HDF5Builder.failure(path))
        }
        func check(_ status: herr_t) throws(ResultsError) {
            guard status >= 0 else { throw HDF5Builder.failure(path) }
        }
        let access = try handle(H5Pcreate(chdf5_file_access_class()), H5Pclose)
        try check(H5Pset_fapl_core(access, 1 << 20, false))
        // The oldest format of each piece, for old readers; and newer superblocks come with a checksum that
        // H5Fget_file_image spoils.
        try check(H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18))
        let creation = try handle(H5Pcreate(chdf5_file_create_class()), H5Pclose)
        try check(H5Pset_link_creation_order(creation, chdf5_creation_order()))
        try check(H5Pset_attr_creation_order(creation, chdf5_creation_order()))
        // Equal contents give equal files, whenever they are written.
        try check(H5Pset_obj_track_times(creation, false))
        file = try handle(H5Fcreate("fields", chdf5_truncate(), creation, access), H5Fclose)
    }

    private func bytes() throws(ResultsError) -> [UInt8] {
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

    // MARK: Groups and datasets

    /// A group that keeps the order in which things are put into it.
    func group(_ name: String, in parent: hid_t) throws(ResultsError) -> hid_t {
        let creation = try handle(H5Pcreate(chdf5_group_create_class()), H5Pclose)
        try check(H5Pset_link_creation_order(creation, chdf5_creation_order()))
        try check(H5Pset_attr_creation_order(creation, chdf5_creation_order()))
        try check(H5Pset_obj_track_times(creation, false))
        return try handle(H5Gcreate2(parent, name, HDF5.standard, creation, HDF5.standard), H5Gclose)
    }

    /// The properties of a dataset that is to be created.
    func datasetCreation() throws(ResultsError) -> hid_t {
        let creation = try handle(H5Pcreate(chdf5_dataset_create_class()), H5Pclose)
        try check(H5Pset_attr_creation_order(creation, chdf5_creation_order()))
        try check(H5Pset_obj_track_times(creation, false))
        return creation
    }

    /// The usual properties, but for the time of writing.
    private func untimedCreation() throws(ResultsError) -> hid_t {
        let creation = try handle(H5Pcreate(chdf5_dataset_create_class()), H5Pclose)
        try check(H5Pset_obj_track_times(creation, false))
        return creation
    }

    /// Compression, byte shuffle and checksums for chunks of a shape.
    func compress(_ creation: hid_t, chunk: [Int]) throws(ResultsError) {
        try check(H5Pset_chunk(creation, Int32(chunk.count), chunk.map { hsize_t($0) }))
        try check(H5Pset_shuffle(creation))
        try check(H5Pset_deflate(creation, 2))
        try check(H5Pset_fletcher32(creation))
    }

    /// A dataset without values; groups that its name goes through are made. An empty shape is that of a single value.
    func create(_ name: String, type: hid_t, shape: [Int], creation: hid_t, in parent: hid_t)
        throws(ResultsError) -> hid_t
    {
        let space = try arraySpace(shape)
        let creation = creation == HDF5.standard ? try untimedCreation() : creation
        let links = try handle(H5Pcreate(chdf5_link_create_class()), H5Pclose)
        try check(H5Pset_create_intermediate_group(links, 1))
        return try handle(H5Dcreate2(parent, name, type, space, links, creation, HDF5.standard), H5Dclose)
    }

    /// A dataset of numbers.
    func write(_ name: String, _ numbers: [Double], shape: [Int], in parent: hid_t) throws(ResultsError) {
        let dataset = try create(
            name, type: chdf5_file_float64(), shape: shape, creation: HDF5.standard, in: parent)
        guard !numbers.isEmpty else { return }
        try check(H5Dwrite(dataset, chdf5_native_double(), 0, 0, HDF5.standard, numbers))
    }

    /// A dataset of whole numbers.
    func write(_ name: String, _ numbers: [Int], shape: [Int]? = nil, in parent: hid_t) throws(ResultsError) {
        let dataset = try create(
            name, type: chdf5_file_int64(), shape: shape ?? [numbers.count], creation: try datasetCreation(),
            in: parent)
        guard !numbers.isEmpty else { return }
        try check(H5Dwrite(dataset, chdf5_native_int64(), 0, 0, HDF5.standard, numbers.map { Int64($0) }))
    }

    // MARK: Attributes

    /// Gives an object an attribute.
    func write(_ attribute: FieldFile.Attribute, to object: hid_t) throws(ResultsError) {
        switch attribute.value {
        case .text(let text): try writeText(attribute.name, text, to: object)
        case .number(let number): try writeNumbers(attribute.name, [number], fileType: chdf5_file_float64(), to: object)
        case .numbers(let numbers):
            try writeNumbers(attribute.name, numbers, fileType: chdf5_file_float64(), to: object)
        case .integer(let integer): try writeIntegers(attribute.name, [integer], to: object)
        }
    }

    /// Text of fixed length: the readers of other programs ask for character data. Empty text is one zero byte.
    private func writeText(_ name: String, _ text: String, to object: hid_t) throws(ResultsError) {
        let bytes = text.isEmpty ? [0] : Array(text.utf8)
        let type = try stringType(bytes: bytes.count, isASCII: bytes.allSatisfy { $0 < 0x80 })
        let space = try handle(H5Screate(H5S_SCALAR), H5Sclose)
        let attribute = try handle(
            H5Acreate2(object, name, type, space, HDF5.standard, HDF5.standard), H5Aclose)
        try check(H5Awrite(attribute, type, bytes))
    }

    /// An array of real numbers as an attribute.
    func writeNumbers(_ name: String, _ numbers: [Double], fileType: hid_t, to object: hid_t) throws(ResultsError) {
        let space = try arraySpace([numbers.count])
        let attribute = try handle(
            H5Acreate2(object, name, fileType, space, HDF5.standard, HDF5.standard), H5Aclose)
        guard !numbers.isEmpty else { return }
        try check(H5Awrite(attribute, chdf5_native_double(), numbers))
    }

    /// An array of whole numbers as an attribute.
    func writeIntegers(_ name: String, _ numbers: [Int], to object: hid_t) throws(ResultsError) {
        let space = try arraySpace([numbers.count])
        let attribute = try handle(
            H5Acreate2(object, name, chdf5_file_int64(), space, HDF5.standard, HDF5.standard), H5Aclose)
        try check(H5Awrite(attribute, chdf5_native_int64(), numbers.map { Int64($0) }))
    }

    /// One whole number as an attribute that is not an array.
    func writeScalar(_ name: String, _ number: Int, to object: hid_t) throws(ResultsError) {
        let space = try handle(H5Screate(H5S_SCALAR), H5Sclose)
        let attribute = try handle(
            H5Acreate2(object, name, chdf5_file_int64(), space, HDF5.standard, HDF5.standard), H5Aclose)
        var value = Int64(number)
        try check(H5Awrite(attribute, chdf5_native_int64(), &value))
    }

    // MARK: Pieces

    /// Text of a fixed number of bytes.
    func stringType(bytes: Int, isASCII: Bool) throws(ResultsError) -> hid_t {
        let type = try handle(H5Tcopy(chdf5_c_string()), H5Tclose)
        try check(H5Tset_size(type, bytes))
        try check(H5Tset_strpad(type, H5T_STR_NULLPAD))
        if !isASCII { try check(H5Tset_cset(type, H5T_CSET_UTF8)) }
        return type
    }

    private func arraySpace(_ shape: [Int]) throws(ResultsError) -> hid_t {
        try handle(H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil), H5Sclose)
    }

    /// Takes over an identifier until the file is done; throws when the call that made it failed.
    func handle(_ id: hid_t, _ close: @escaping (hid_t) -> herr_t) throws(ResultsError) -> hid_t {
        try session.keep(id, close, or: failure)
    }

    /// Throws when a call failed.
    func check(_ status: herr_t) throws(ResultsError) {
        guard status >= 0 else { throw failure }
    }

    /// What the library says about the last call that failed.
    var failure: ResultsError { HDF5Builder.failure(path) }

    private static func failure(_ path: String) -> ResultsError {
        ResultsError(.cannotWrite, path: path, "cannot be built: \(HDF5.lastMessage)")
    }
}
