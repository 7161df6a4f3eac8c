import CHDF5
import Foundation

/// Reads datasets and attributes of any HDF5 file. Made and used inside `HDF5.use`.
struct HDF5Reader {
    /// The name that errors give.
    let path: String
    private let file: HDF5Handle

    /// Opens a file for reading; a file of another format is recognised by its first bytes and named in the error.
    init(path: String) throws(ResultsError) {
        self.path = path
        let start = try HDF5Reader.firstBytes(of: path)
        file = try HDF5Handle(
            H5Fopen(path, chdf5_read_only(), HDF5.standard), H5Fclose,
            or: ResultsError(.unreadable, path: path, HDF5Reader.complaint(start)))
    }

    /// A dataset of numbers.
    struct Array {
        /// Lengths of the axes, slowest first; empty for a single number.
        var shape: [Int]
        /// The numbers, the last axis running fastest.
        var values: [Double]
    }

    // MARK: Datasets

    /// Paths of all datasets, in order of creation where the file keeps it; at most `limit`.
    func datasetNames(limit: Int = 1000) throws(ResultsError) -> [String] {
        var names: [String] = []
        try collect(group: "/", depth: 0, limit: limit, into: &names)
        return names
    }

    private func collect(group: String, depth: Int, limit: Int, into names: inout [String]) throws(ResultsError) {
        // Links may form circles.
        guard depth < 16 else { return }
        let handle = try HDF5Handle(H5Gopen2(file.id, group, HDF5.standard), H5Gclose, or: failure)
        var info = H5G_info_t()
        guard H5Gget_info(handle.id, &info) >= 0 else { throw failure }
        let byOrder = (0..<info.nlinks).allSatisfy { link in
            H5Lget_name_by_idx(handle.id, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, link, nil, 0, HDF5.standard) >= 0
        }
        for link in 0..<info.nlinks where names.count < limit {
            let index = byOrder ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME
            let length = H5Lget_name_by_idx(handle.id, ".", index, H5_ITER_INC, link, nil, 0, HDF5.standard)
            guard length >= 0 else { throw failure }
            var buffer = [CChar](repeating: 0, count: length + 1)
            H5Lget_name_by_idx(handle.id, ".", index, H5_ITER_INC, link, &buffer, length + 1, HDF5.standard)
            let name = String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let full = group == "/" ? name : group + "/" + name
            let object = H5Oopen(file.id, full, HDF5.standard)
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
    func open(_ name: String) throws(ResultsError) -> HDF5Handle {
        if isDataset(name) {
            return try HDF5Handle(H5Dopen2(file.id, name, HDF5.standard), H5Dclose, or: failure)
        }
        let names = try datasetNames(limit: 30)
        let list = names.isEmpty ? "it holds none" : "it holds " + names.joined(separator: ", ")
        throw ResultsError(.missingDataset, path: path, "has no dataset '\(name)'; \(list)")
    }

    private func isDataset(_ name: String) -> Bool {
        let object = H5Oopen(file.id, name, HDF5.standard)
        guard object >= 0 else { return false }
        defer { H5Oclose(object) }
        return H5Iget_type(object) == H5I_DATASET
    }

    /// Lengths of a dataset's axes.
    func shape(of dataset: HDF5Handle) throws(ResultsError) -> [Int] {
        let space = try HDF5Handle(H5Dget_space(dataset.id), H5Sclose, or: failure)
        return try shape(ofSpace: space)
    }

    private func shape(ofSpace space: HDF5Handle) throws(ResultsError) -> [Int] {
        let rank = H5Sget_simple_extent_ndims(space.id)
        guard rank >= 0 else { throw failure }
        var lengths = [hsize_t](repeating: 0, count: Int(rank))
        H5Sget_simple_extent_dims(space.id, &lengths, nil)
        return lengths.map { Int($0) }
    }

    /// Reads integers or floats of any width; packed netCDF values (`scale_factor`, `add_offset`) are unpacked and
    /// `_FillValue` becomes NaN.
    func numbers(of dataset: HDF5Handle, name: String) throws(ResultsError) -> Array {
        let type = try HDF5Handle(H5Dget_type(dataset.id), H5Tclose, or: failure)
        let kind = H5Tget_class(type.id)
        guard kind == H5T_INTEGER || kind == H5T_FLOAT else {
            throw ResultsError(
                .wrongShape, path: path, "'\(name)' holds \(HDF5Reader.word(for: kind)), where real numbers are needed")
        }
        let shape = try shape(of: dataset)
        let count = shape.reduce(1, *)
        var status: herr_t = 0
        var values = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
            if count > 0 {
                status = H5Dread(dataset.id, chdf5_native_double(), 0, 0, HDF5.standard, buffer.baseAddress)
            }
            initialized = status >= 0 ? count : 0
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
        return Array(shape: shape, values: values)
    }

    /// Whether the dataset is kept as 32-bit floats.
    func isSingle(_ dataset: HDF5Handle) -> Bool {
        let type = H5Dget_type(dataset.id)
        guard type >= 0 else { return false }
        defer { H5Tclose(type) }
        return H5Tget_class(type) == H5T_FLOAT && H5Tget_size(type) == 4
    }

    /// A variable of characters as text; `nil` if the dataset is something else.
    func characters(of dataset: HDF5Handle) throws(ResultsError) -> String? {
        let type = try HDF5Handle(H5Dget_type(dataset.id), H5Tclose, or: failure)
        guard H5Tget_class(type.id) == H5T_STRING, H5Tis_variable_str(type.id) == 0, H5Tget_size(type.id) == 1 else {
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: try shape(of: dataset).reduce(1, *))
        guard H5Dread(dataset.id, type.id, 0, 0, HDF5.standard, &bytes) >= 0 else { throw failure }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a dataset is the scale of a dimension.
    func isScale(_ dataset: HDF5Handle) -> Bool { H5DSis_scale(dataset.id) > 0 }

    /// Whether a scale is attached to an axis of a dataset.
    func isAttached(_ scale: HDF5Handle, to dataset: HDF5Handle, axis: Int) -> Bool {
        H5DSis_attached(dataset.id, scale.id, UInt32(axis)) > 0
    }

    // MARK: Attributes

    /// Attributes of the file as a whole.
    func attributes() throws(ResultsError) -> [FieldFile.Attribute] { try attributes(of: file) }

    /// Attributes that are texts or numbers, in order of creation where the file keeps it; others are left out.
    func attributes(of object: HDF5Handle) throws(ResultsError) -> [FieldFile.Attribute] {
        var attributes: [FieldFile.Attribute] = []
        let count = H5Aget_num_attrs(object.id)
        guard count >= 0 else { throw failure }
        for index in 0..<hsize_t(count) {
            var id = H5Aopen_by_idx(
                object.id, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, index, HDF5.standard, HDF5.standard)
            if id < 0 {
                id = H5Aopen_by_idx(object.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, HDF5.standard, HDF5.standard)
            }
            let attribute = try HDF5Handle(id, H5Aclose, or: failure)
            let length = H5Aget_name(attribute.id, 0, nil)
            guard length >= 0 else { throw failure }
            var buffer = [CChar](repeating: 0, count: length + 1)
            H5Aget_name(attribute.id, length + 1, &buffer)
            let name = String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if let value = try value(of: attribute) { attributes.append(.init(name, value)) }
        }
        return attributes
    }

    /// A numeric attribute of one element; `nil` if there is none.
    private func number(_ name: String, of object: HDF5Handle) throws(ResultsError) -> Double? {
        guard H5Aexists(object.id, name) > 0 else { return nil }
        let attribute = try HDF5Handle(H5Aopen(object.id, name, HDF5.standard), H5Aclose, or: failure)
        switch try value(of: attribute) {
        case .number(let number): return number
        case .integer(let integer): return Double(integer)
        default: return nil
        }
    }

    private func value(of attribute: HDF5Handle) throws(ResultsError) -> FieldFile.Attribute.Value? {
        let type = try HDF5Handle(H5Aget_type(attribute.id), H5Tclose, or: failure)
        let space = try HDF5Handle(H5Aget_space(attribute.id), H5Sclose, or: failure)
        let count = H5Sget_simple_extent_npoints(space.id)
        switch H5Tget_class(type.id) {
        case H5T_STRING:
            if count == 0 { return .text("") }
            guard count == 1 else { return nil }
            return .text(try text(of: attribute, type: type))
        case H5T_INTEGER where count == 1:
            var number: Int64 = 0
            guard H5Aread(attribute.id, chdf5_native_int64(), &number) >= 0 else { throw failure }
            return .integer(Int(number))
        case H5T_INTEGER, H5T_FLOAT:
            var numbers = [Double](repeating: 0, count: max(0, Int(count)))
            guard numbers.isEmpty || H5Aread(attribute.id, chdf5_native_double(), &numbers) >= 0 else { throw failure }
            return numbers.count == 1 ? .number(numbers[0]) : .numbers(numbers)
        default: return nil
        }
    }

    private func text(of attribute: HDF5Handle, type: HDF5Handle) throws(ResultsError) -> String {
        if H5Tis_variable_str(type.id) > 0 {
            var pointer: UnsafeMutablePointer<CChar>?
            guard H5Aread(attribute.id, type.id, &pointer) >= 0 else { throw failure }
            guard let pointer else { return "" }
            defer { H5free_memory(pointer) }
            return String(cString: pointer)
        }
        var bytes = [UInt8](repeating: 0, count: H5Tget_size(type.id))
        guard H5Aread(attribute.id, type.id, &bytes) >= 0 else { throw failure }
        let end = bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    // MARK: Errors

    private var failure: ResultsError {
        ResultsError(.unreadable, path: path, "cannot be read: \(HDF5.lastMessage)")
    }

    private static func firstBytes(of path: String) throws(ResultsError) -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: 16) else {
            throw ResultsError.cannotRead(path)
        }
        return [UInt8](data)
    }

    /// What to say about a file that HDF5 cannot open.
    private static func complaint(_ start: [UInt8]) -> String {
        func begins(_ text: String) -> Bool { start.starts(with: text.utf8) }
        if begins("MATLAB 5.0") {
            return "is a MATLAB file older than version 7.3; save it again in MATLAB with save(..., '-v7.3')"
        }
        if begins("CDF") { return "is a classic netCDF file; convert it with nccopy -k netCDF-4" }
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
