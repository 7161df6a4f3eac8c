import Glibc

/// A few threads that share out the lanes of a loop.
///
/// ```swift
/// let pool = WorkerPool(threads: 2)
/// pool.forEach(8) { lane in partial[lane] = sum(over: lane) }
/// ```
///
/// The caller is one of the threads; the others sleep between loops. A loop costs two locks, a wake-up (20 to 80 µs until a
/// sleeping thread joins, during which the caller works), or nothing at all with a single thread; nothing spins, and nothing
/// is allocated beyond what making the closure takes: loops that run often keep theirs. Which thread runs which lane is left to chance, so a result is the same for every number of threads if
/// each lane writes only to its own place and the places are combined in order.
public final class WorkerPool: Sendable {
    /// The number of threads that work on a loop, the caller's included; fewer than asked for where the system refuses.
    public let threads: Int

    private let board: JobBoard
    private let workers: [pthread_t]

    /// Starts `threads` − 1 threads, which sleep until there is work.
    public init(threads: Int) {
        precondition(threads >= 1, "a pool needs at least one thread")
        let board = JobBoard()
        self.board = board
        var workers: [pthread_t] = []
        while workers.count < threads - 1, let worker = startWorker(on: board) { workers.append(worker) }
        self.workers = workers
        self.threads = workers.count + 1
    }

    deinit {
        board.dismissWorkers()
        for worker in workers {
            pthread_join(worker, nil)
        }
    }

    /// Runs `body` once for every lane in 0..<`count`, and returns when all have run.
    ///
    /// Calls from different threads take turns. A body must not call `forEach` of the pool that runs it; that stops the
    /// program, since it could only wait for itself.
    public func forEach(_ count: Int, _ body: @escaping (Int) -> Void) {
        precondition(count >= 0, "negative number of lanes")
        let caller = pthread_self()
        precondition(
            !workers.contains { pthread_equal($0, caller) != 0 }, "a loop's body must not start a loop on the same pool"
        )
        board.beginTurn()
        if count == 1 || workers.isEmpty {
            for lane in 0..<count { body(lane) }
        } else if count > 1 {
            board.run(count, helpers: min(workers.count, count - 1), body)
        }
        board.endTurn()
    }
}

/// A thread that serves the board until it is dismissed; nil where the system refuses one.
///
/// It blocks all signals, so that the program's handlers run on the threads that the program knows of.
private func startWorker(on board: JobBoard) -> pthread_t? {
    var everySignal = sigset_t()
    var previous = sigset_t()
    sigfillset(&everySignal)
    pthread_sigmask(SIG_SETMASK, &everySignal, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }

    var worker = pthread_t()
    let argument = Unmanaged.passRetained(board)
    let status = pthread_create(
        &worker, nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<JobBoard>.fromOpaque(argument).takeRetainedValue().serve()
            return nil
        }, argument.toOpaque())
    guard status == 0 else {
        argument.release()
        return nil
    }
    return worker
}
