/// Why a file could not be read or written, or a figure not drawn.
public struct ResultsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Kind: String, Sendable, CaseIterable {
        /// There is no such file.
        case missingFile
        /// The file is there but cannot be read, or is not in the expected format.
        case unreadable
        /// The file holds no dataset of that name.
        case missingDataset
        /// A dataset has the wrong number or lengths of axes, or does not hold numbers.
        case wrongShape
        /// A value is missing or not finite where all must be.
        case notFinite
        /// Writing failed: no such folder, no permission, a full disk.
        case cannotWrite
        /// A file that was to be written exists already.
        case alreadyThere
        /// What was to be written contradicts itself.
        case inconsistent
        /// A program that is needed is not installed.
        case missingProgram
        /// A program that was started reported an error.
        case programFailed
    }

    /// What kind of trouble it is.
    public var kind: Kind
    /// The file in question.
    public var path: String
    /// What is wrong, and a way out where there is one; does not repeat the path.
    public var message: String

    /// Joins the three.
    public init(_ kind: Kind, path: String, _ message: String) {
        self.kind = kind
        self.path = path
        self.message = message
    }

    /// `path: message`.
    public var description: String { "\(path): \(message)" }
}
