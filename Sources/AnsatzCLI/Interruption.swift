import Glibc
import Synchronization

/// Ctrl-C: the first one asks the run to finish its step and write its results, the second ends the program at once.
enum Interruption {
    private static let requests = Atomic<Int>(0)

    /// Whether the user has asked to stop.
    static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

    /// Takes over SIGINT and SIGTERM. Ignores SIGPIPE and SIGXFSZ: a reader that goes away must not cost a run its results,
    /// and a limit on file sizes is told like a full disk.
    static func install() {
        // A global is made at its first use, which must not happen inside the handler.
        _ = requests.load(ordering: .relaxed)
        // A program may be started with these signals blocked, by a thread of another that blocks them for itself.
        var awaited = sigset_t()
        sigemptyset(&awaited)
        for signal in [SIGINT, SIGTERM] {
            Glibc.signal(signal, handle)
            sigaddset(&awaited, signal)
        }
        pthread_sigmask(SIG_UNBLOCK, &awaited, nil)
        for signal in [SIGPIPE, SIGXFSZ] { Glibc.signal(signal, SIG_IGN) }
    }

    /// Uses only what is safe inside a signal handler: an atomic counter, `write` and `_exit`.
    private static let handle: @convention(c) (Int32) -> Void = { _ in
        let (_, count) = requests.add(1, ordering: .relaxed)
        guard count == 1 else { _exit(130) }
        let message: StaticString = "\nfinishing the step, then saving and writing results; once more to stop at once\n"
        _ = write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
    }
}
