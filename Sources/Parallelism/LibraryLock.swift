import Synchronization

/// Locks for C libraries that keep memory which all their callers share.
public enum LibraryLock {
    /// Held while FFTW makes or destroys plans, in whatever module; running plans needs no lock.
    public static let planningOfTransforms = Mutex(())
}
