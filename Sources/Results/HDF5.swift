import CHDF5
import Synchronization

/// The HDF5 library, which is not safe to use from several threads: every use goes through `use`.
package enum HDF5 {
    private static let lock = Mutex(())

    /// Runs a closure while no other thread uses the library, then closes what it opened. Must not be nested.
    package static func use<Result>(_ body: (HDF5Session) throws(ResultsError) -> sending Result) throws(ResultsError)
        -> sending Result
    {
        try lock.withLock { (_) throws(ResultsError) -> sending Result in
            chdf5_silence()
            let session = HDF5Session()
            defer { session.close() }
            return try body(session)
        }
    }

    /// Default property list; for dataspaces, "all of it".
    package static let standard: hid_t = 0

    /// What the library says about the last call that failed.
    package static var lastMessage: String {
        var text: [CChar] = .init(repeating: 0, count: 256)
        chdf5_last_message(&text, text.count)
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return bytes.isEmpty ? "the HDF5 library gave no reason" : String(decoding: bytes, as: UTF8.self)
    }
}

/// The HDF5 objects that are open during one use of the library.
///
/// They are closed together at its end. A handle that closed its object when its last reference goes might do so too
/// early: Swift may let go of it once the identifier is read, while the library still works with that.
package final class HDF5Session {
    private var objects: [(id: hid_t, close: (hid_t) -> herr_t)] = []

    /// Takes over an identifier; throws when the call that made it failed.
    package func keep(_ id: hid_t, _ close: @escaping (hid_t) -> herr_t, or failure: @autoclosure () -> ResultsError)
        throws(ResultsError) -> hid_t
    {
        guard id >= 0 else { throw failure() }
        objects.append((id, close))
        return id
    }

    /// Closes everything, the youngest first.
    fileprivate func close() {
        for object in objects.reversed() { _ = object.close(object.id) }
        objects = []
    }
}
