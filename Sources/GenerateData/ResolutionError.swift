/// Two resolutions disagree.
struct ResolutionError: Error, CustomStringConvertible {
    /// By how much.
    var difference: Double
    /// How much is allowed.
    var allowed: Double
    var description: String { "the two resolutions differ by \(difference), more than \(allowed)" }
}
