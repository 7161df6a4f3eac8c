import CHDF5
import Foundation

/// Reads datasets and attributes of any HDF5 file. Made and used inside `HDF5.use`.
struct HDF5Reader {
    /// The name that errors give.
    let path: String
    private let session: HDF5Session
    private let file: hid_t

    /// Opens a file for reading; a file of another format is recognised by its first bytes and named in the error.
    init(path: String, session: HDF5Session) throws(ResultsError) {
        self.path = path
        self.session = session
        let start = try DataFile.firstBytes(of: path, count: 16)
        file = try session.keep(
            H5Fopen(path, chdf5_read_only(), HDF5.standard), H5Fclose,
            or: ResultsError(.unreadable, path: path, HDF5Reader.complaint(start)))
    }

    // MARK: Datasets

    /// Paths of all datasets, in order of creation where the file keeps it; at most `limit`.
    func datasetNames(limit: Int = 1000) throws(ResultsError) -> [String] {
        var names: [String] = []
        try collect(group: "/", depth: 0, limit: limit, into: &names)
        return names
    }

    private func collect(group: String, depth: Int, limit: Int, into names: inout [String]) throws(ResultsError) {
        // Even hard links may form circles.
        guard depth < 16 else { return }
        let handle = try session.keep(H5Gopen2(file, group, HDF5.standard), H5Gclose, or: failure)
        var info = H5G_info_t()
        guard H5Gget_info(handle, &info) >= 0 else { throw failure }
        let byOrder = (0..<info.nlinks).allSatisfy { link in
            H5Lget_name_by_idx(handle, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, link, nil, 0, HDF5.standard) >= 0
        }
        for link in 0..<info.nlinks where names.count < limit {
            let index = byOrder ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME
            let length = H5Lget_name_by_idx(handle, ".", index, H5_ITER_INC, link, nil, 0, HDF5.standard)
            guard length >= 0 else { throw failure }
            var buffer = [CChar](repeating: 0, count: length + 1)
            H5Lget_name_by_idx(handle, ".", index, H5_ITER_INC, link, &buffer, length + 1, HDF5.standard)
            let name = String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let full = group == "/" ? name : group + "/" + name
            // Other links would list datasets twice, or for ever.
            guard chdf5_is_hard_link(handle, name) != 0 else { continue }
            let object = H5Oopen(file, full, HDF5.standard)
            guard object >= 0 else { continue }
            defer { H5Oclose(object) }
            switch H5Iget_type(object) {
            case H5I_DATASET: names.append(full)
            case H5I_GROUP: try collect(group: full, depth: depth + 1, limit: limit, into: &names)
            default: break
            }
        }
    }

    /// Opens a dataset; the error lists what the file holds.
    func open(_ name: String) throws(ResultsError) -> hid_t {
        if isDataset(name) {
            return try session.keep(H5Dopen2(file, name, HDF5.standard), H5Dclose, or: failure)
        }
        throw ResultsError.missing(name, "dataset", among: try datasetNames(limit: 31), path: path)
    }

    private func isDataset(_ name: String) -> Bool {
        let object = H5Oopen(file, name, HDF5.standard)
        guard object >= 0 else { return false }
        defer { H5Oclose(object) }
        return H5Iget_type(object) == H5I_DATASET
    }

    /// Lengths of a dataset's axes.
    func shape(of dataset: hid_t) throws(ResultsError) -> [Int] {
        let space = try session.keep(H5Dget_space(dataset), H5Sclose, or: failure)
        return try shape(ofSpace: space)
    }

    private func shape(ofSpace space: hid_t) throws(ResultsError) -> [Int] {
        let rank = H5Sget_simple_extent_ndims(space)
        guard rank >= 0 else { throw failure }
        var lengths = [hsize_t](repeating: 0, count: Int(rank))
        H5Sget_simple_extent_dims(space, &lengths, nil)
        return lengths.map { Int($0) }
    }

    /// Reads a dataset that must have a shape, in which nil stands for any length.
    func numbers(
        _ name: String, shape: [Int?], orThrow damage: (String) -> ResultsError
    ) throws(ResultsError) -> DataArray {
        let array = try numbers(of: open(name), name: name)
        guard array.shape.count == shape.count, zip(array.shape, shape).allSatisfy({ $1 == nil || $0 == $1 }) else {
            throw damage("'\(name)' has the shape \(array.shape)")
        }
        return array
    }

    /// Reads integers or floats of any width; packed netCDF values (`scale_factor`, `add_offset`) are unpacked and
    /// `_FillValue` becomes NaN.
    ///
    /// `slab` reads only a box of indices: where it starts and how long it is along each axis.
    func numbers(
        of dataset: hid_t, name: String, slab: (start: [Int], count: [Int])? = nil
    ) throws(ResultsError) -> DataArray {
        try checkNumeric(dataset, name: name)
        let shape: [Int]
        if let slab { shape = slab.count } else { shape = try self.shape(of: dataset) }
        let count = shape.reduce(1, *)
        var (memory, file): (hid_t, hid_t) = (0, 0)
        if let slab, count > 0 {
            file = try session.keep(H5Dget_space(dataset), H5Sclose, or: failure)
            let (start, lengths) = (slab.start.map { hsize_t($0) }, slab.count.map { hsize_t($0) })
            guard H5Sselect_hyperslab(file, H5S_SELECT_SET, start, nil, lengths, nil) >= 0 else { throw failure }
            memory = try session.keep(H5Screate_simple(Int32(lengths.count), lengths, nil), H5Sclose, or: failure)
        }
        var status: herr_t = 0
        var values: [Double] = []
        if count > 0 {
            values = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
                status = H5Dread(dataset, chdf5_native_double(), memory, file, HDF5.standard, buffer.baseAddress)
                initialized = status >= 0 ? count : 0
            }
        }
        guard status >= 0 else {
            throw ResultsError(.unreadable, path: path, "'\(name)' cannot be read: \(HDF5.lastMessage)")
        }
        let missing = try number("_FillValue", of: dataset)
        let factor = try number("scale_factor", of: dataset) ?? 1
        let offset = try number("add_offset", of: dataset) ?? 0
        if missing != nil || factor != 1 || offset != 0 {
            for index in values.indices {
                values[index] = values[index] == missing ? .nan : values[index] * factor + offset
            }
        }
        return DataArray(shape: shape, values: values)
    }

    /// Throws unless the dataset holds integers or floats.
    func checkNumeric(_ dataset: hid_t, name: String) throws(ResultsError) {
        let type = try session.keep(H5Dget_type(dataset), H5Tclose, or: failure)
        let kind = H5Tget_class(type)
        guard kind == H5T_INTEGER || kind == H5T_FLOAT else {
            throw ResultsError(
                .wrongShape, path: path, "'\(name)' holds \(HDF5Reader.word(for: kind)), where real numbers are needed")
        }
    }

    /// Lengths of the chunks that a dataset is stored in; nil when it is stored in one piece.
    func chunkShape(of dataset: hid_t, rank: Int) throws(ResultsError) -> [Int]? {
        let list = try session.keep(H5Dget_create_plist(dataset), H5Pclose, or: failure)
        guard H5Pget_layout(list) == H5D_CHUNKED else { return nil }
        var lengths = [hsize_t](repeating: 0, count: rank)
        guard H5Pget_chunk(list, Int32(rank), &lengths) == Int32(rank) else { throw failure }
        return lengths.map { Int($0) }
    }

    /// Whether the dataset is kept as 32-bit floats.
    func isSingle(_ dataset: hid_t) -> Bool {
        let type = H5Dget_type(dataset)
        guard type >= 0 else { return false }
        defer { H5Tclose(type) }
        return H5Tget_class(type) == H5T_FLOAT && H5Tget_size(type) == 4
    }

    /// A variable of characters as text; `nil` if the dataset is something else.
    func characters(of dataset: hid_t) throws(ResultsError) -> String? {
        let type = try session.keep(H5Dget_type(dataset), H5Tclose, or: failure)
        guard H5Tget_class(type) == H5T_STRING, H5Tis_variable_str(type) == 0, H5Tget_size(type) == 1 else {
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: try shape(of: dataset).reduce(1, *))
        guard H5Dread(dataset, type, 0, 0, HDF5.standard, &bytes) >= 0 else { throw failure }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a dataset is the scale of a dimension.
    func isScale(_ dataset: hid_t) -> Bool { H5DSis_scale(dataset) > 0 }

    /// Whether a scale is attached to an axis of a dataset.
    func isAttached(_ scale: hid_t, to dataset: hid_t, axis: Int) -> Bool {
        H5DSis_attached(dataset, scale, UInt32(axis)) > 0
    }

    // MARK: Attributes

    /// Attributes of the file as a whole.
    func attributes() throws(ResultsError) -> [FieldFile.Attribute] {
        try attributes(of: try session.keep(H5Gopen2(file, "/", HDF5.standard), H5Gclose, or: failure))
    }

    /// Attributes that are texts or numbers, in order of creation where the file keeps it; others are left out.
    func attributes(of object: hid_t) throws(ResultsError) -> [FieldFile.Attribute] {
        var attributes: [FieldFile.Attribute] = []
        let count = H5Aget_num_attrs(object)
        guard count >= 0 else { throw failure }
        for index in 0..<hsize_t(count) {
            var id = H5Aopen_by_idx(
                object, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, index, HDF5.standard, HDF5.standard)
            if id < 0 {
                id = H5Aopen_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, index, HDF5.standard, HDF5.standard)
            }
            let attribute = try session.keep(id, H5Aclose, or: failure)
            let length = H5Aget_name(attribute, 0, nil)
            guard length >= 0 else { throw failure }
            var buffer = [CChar](repeating: 0, count: length + 1)
            H5Aget_name(attribute, length + 1, &buffer)
            let name = String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if let value = try value(of: attribute) { attributes.append(.init(name, value)) }
        }
        return attributes
    }

    /// A numeric attribute of one element; `nil` if there is none.
    private func number(_ name: String, of object: hid_t) throws(ResultsError) -> Double? {
        guard H5Aexists(object, name) > 0 else { return nil }
        let attribute = try session.keep(H5Aopen(object, name, HDF5.standard), H5Aclose, or: failure)
        switch try value(of: attribute) {
        case .number(let number): return number
        case .integer(let integer): return Double(integer)
        default: return nil
        }
    }

    private func value(of attribute: hid_t) throws(ResultsError) -> FieldFile.Attribute.Value? {
        let type = try session.keep(H5Aget_type(attribute), H5Tclose, or: failure)
        let space = try session.keep(H5Aget_space(attribute), H5Sclose, or: failure)
        let count = H5Sget_simple_extent_npoints(space)
        switch H5Tget_class(type) {
        case H5T_STRING:
            if count == 0 { return .text("") }
            guard count == 1 else { return nil }
            return .text(try text(of: attribute, type: type))
        case H5T_INTEGER where count == 1:
            var number: Int64 = 0
            guard H5Aread(attribute, chdf5_native_int64(), &number) >= 0 else { throw failure }
            return .integer(Int(number))
        case H5T_INTEGER, H5T_FLOAT:
            var numbers = [Double](repeating: 0, count: max(0, Int(count)))
            guard numbers.isEmpty || H5Aread(attribute, chdf5_native_double(), &numbers) >= 0 else { throw failure }
            return numbers.count == 1 ? .number(numbers[0]) : .numbers(numbers)
        default: return nil
        }
    }

    private func text(of attribute: hid_t, type: hid_t) throws(ResultsError) -> String {
        if H5Tis_variable_str(type) > 0 {
            var pointer: UnsafeMutablePointer<CChar>?
            guard H5Aread(attribute, type, &pointer) >= 0 else { throw failure }
            guard let pointer else { return "" }
            defer { H5free_memory(pointer) }
            return String(cString: pointer)
        }
        var bytes = [UInt8](repeating: 0, count: H5Tget_size(type))
        guard H5Aread(attribute, type, &bytes) >= 0 else { throw failure }
        let end = bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    // MARK: Errors

    private var failure: ResultsError {
        ResultsError(.unreadable, path: path, "cannot be read: \(HDF5.lastMessage)")
    }

    /// What to say about a file that HDF5 cannot open.
    private static func complaint(_ start: [UInt8]) -> String {
        func begins(_ text: String) -> Bool { start.starts(with: text.utf8) }
        if let known = DataFile.formerFormat(start) { return known }
        if begins("PK") || begins("\u{1}NUMPY") { return "is a NumPy or zip file, not an HDF5 file" }
        if start.starts(with: [0x89, 0x48, 0x44, 0x46]) { return "is a damaged HDF5 file: \(HDF5.lastMessage)" }
        return start.isEmpty ? "is empty" : "is not an HDF5 file"
    }

    private static func word(for kind: H5T_class_t) -> String {
        switch kind {
        case H5T_STRING: "text"
        case H5T_COMPOUND: "compound values (complex numbers, perhaps)"
        case H5T_REFERENCE: "references"
        default: "values of another kind"
        }
    }
}
