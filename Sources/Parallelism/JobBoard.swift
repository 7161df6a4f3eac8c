import Glibc
import Synchronization

/// Where the caller of a loop posts it, and sleeping workers find it.
///
/// The posted job, its openness and the number of helpers at work are guarded by one mutex; lanes are drawn from an atomic
/// counter. The caller works too, closes the job once the lanes are drawn, and waits only for helpers that have joined: a
/// helper that wakes late finds the job closed and goes back to sleep, so a short loop never waits for a slow wake-up.
final class JobBoard: @unchecked Sendable {
    /// Held by the thread whose loop is running; of the error-checking kind, to recognise a loop inside itself.
    private let turn = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let jobPosted = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let helpersLeft = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    // Guarded by `lock`.
    private var body: ((Int) -> Void)?
    private var laneCount = 0
    private var placesForHelpers = 0
    private var helpersAtWork = 0
    private var isDismissed = false

    private let nextLane = Atomic<Int>(0)

    init() {
        var attributes = pthread_mutexattr_t()
        pthread_mutexattr_init(&attributes)
        pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_ERRORCHECK))
        pthread_mutex_init(turn, &attributes)
        pthread_mutexattr_destroy(&attributes)
        pthread_mutex_init(lock, nil)
        pthread_cond_init(jobPosted, nil)
        pthread_cond_init(helpersLeft, nil)
    }

    deinit {
        pthread_cond_destroy(helpersLeft)
        pthread_cond_destroy(jobPosted)
        pthread_mutex_destroy(lock)
        pthread_mutex_destroy(turn)
        helpersLeft.deallocate()
        jobPosted.deallocate()
        lock.deallocate()
        turn.deallocate()
    }

    /// Waits until no other thread runs a loop here.
    func beginTurn() {
        let status = pthread_mutex_lock(turn)
        precondition(status != EDEADLK, "a loop's body must not start a loop on the same pool")
    }

    func endTurn() {
        pthread_mutex_unlock(turn)
    }

    /// Runs the lanes 0..<`count` with up to `helpers` sleeping workers. Only during one's turn.
    func run(_ count: Int, helpers: Int, _ body: @escaping (Int) -> Void) {
        pthread_mutex_lock(lock)
        self.body = body
        laneCount = count
        placesForHelpers = helpers
        nextLane.store(0, ordering: .relaxed)
        pthread_mutex_unlock(lock)
        // After unlocking, lest a woken helper go straight to sleep again on the lock.
        for _ in 0..<helpers {
            pthread_cond_signal(jobPosted)
        }

        drawLanes(of: count, body)

        pthread_mutex_lock(lock)
        placesForHelpers = 0
        while helpersAtWork > 0 {
            pthread_cond_wait(helpersLeft, lock)
        }
        self.body = nil
        pthread_mutex_unlock(lock)
    }

    /// A worker's life: sleep, help, sleep, until dismissed.
    func serve() {
        pthread_mutex_lock(lock)
        while !isDismissed {
            guard placesForHelpers > 0 else {
                pthread_cond_wait(jobPosted, lock)
                continue
            }
            help()
            helpersAtWork -= 1
            if helpersAtWork == 0 {
                pthread_cond_signal(helpersLeft)
            }
        }
        pthread_mutex_unlock(lock)
    }

    /// Joins the posted job, which must be open; returns, with the lock held as before, once no lane is left to draw.
    ///
    /// The copy of the body is gone before the helper is counted out, so that it does not outlive the caller's loop.
    @inline(never)
    private func help() {
        placesForHelpers -= 1
        helpersAtWork += 1
        if let body {
            let count = laneCount
            pthread_mutex_unlock(lock)
            drawLanes(of: count, body)
            pthread_mutex_lock(lock)
        }
    }

    /// Ends every worker, once its lane is done.
    func dismissWorkers() {
        pthread_mutex_lock(lock)
        isDismissed = true
        pthread_cond_broadcast(jobPosted)
        pthread_mutex_unlock(lock)
    }

    private func drawLanes(of count: Int, _ body: (Int) -> Void) {
        while true {
            let lane = nextLane.wrappingAdd(1, ordering: .relaxed).oldValue
            guard lane < count else { return }
            body(lane)
        }
    }
}
