import CHDF5
import Synchronization

/// The HDF5 library, which is not safe to use from several threads: every use goes through `use`.
enum HDF5 {
    private static let lock = Mutex(())

    /// Runs a closure while no other thread uses the library. Must not be nested.
    static func use<Result: ~Copyable>(_ body: () throws(ResultsError) -> sending Result) throws(ResultsError)
        -> sending Result
    {
        try lock.withLock { (_) throws(ResultsError) -> sending Result in
            chdf5_silence()
            return try body()
        }
    }

    /// Default property list; for dataspaces, "all of it".
    static let standard: hid_t = 0

    /// What the library says about the last call that failed.
    static var lastMessage: String {
        var text: [CChar] = .init(repeating: 0, count: 256)
        chdf5_last_message(&text, text.count)
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return bytes.isEmpty ? "the HDF5 library gave no reason" : String(decoding: bytes, as: UTF8.self)
    }
}

/// An HDF5 object that is closed when the last reference goes.
final class HDF5Handle {
    let id: hid_t
    private let close: (hid_t) -> herr_t

    /// Takes over an identifier; throws when the call that made it failed.
    init(_ id: hid_t, _ close: @escaping (hid_t) -> herr_t, or failure: @autoclosure () -> ResultsError)
        throws(ResultsError)
    {
        self.id = id
        self.close = close
        guard id >= 0 else { throw failure() }
    }

    deinit { if id >= 0 { _ = close(id) } }
}
