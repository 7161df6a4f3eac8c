import Glibc
import Parallelism
import Synchronization
import Testing

/// How often each lane of a loop has run.
private struct LaneCounts: Sendable {
    private final class Count: Sendable {
        let value = Atomic(0)
    }

    private let counts: [Count]

    init(lanes: Int) { counts = (0..<lanes).map { _ in Count() } }

    func add(_ lane: Int) { counts[lane].value.add(1, ordering: .relaxed) }

    var values: [Int] { counts.map { $0.value.load(ordering: .relaxed) } }
}

@Suite struct WorkerPoolTests {
    @Test(arguments: [1, 2, 3, 8], [0, 1, 2, 7, 64])
    func everyLaneRunsExactlyOnce(threads: Int, lanes: Int) {
        let pool = WorkerPool(threads: threads)
        let counts = LaneCounts(lanes: lanes)
        pool.forEach(lanes) { counts.add($0) }
        #expect(counts.values == Array(repeating: 1, count: lanes))
    }

    /// Lanes write without locks: their results must all be visible to the caller when the loop returns, every time,
    /// however late a helper wakes.
    @Test(arguments: [1, 2, 4])
    func manyShortLoopsLoseNothing(threads: Int) {
        let pool = WorkerPool(threads: threads)
        let loops = 20_000
        let slots = UnsafeMutableBufferPointer<Int>.allocate(capacity: 4 * 16)
        defer { slots.deallocate() }
        slots.initialize(repeating: 0)
        var losses = 0
        for loop in 1...loops {
            pool.forEach(4) { slots[$0 * 16] += $0 + 1 }
            for lane in 0..<4 where slots[lane * 16] != loop * (lane + 1) { losses += 1 }
        }
        #expect(losses == 0)
    }

    @Test func loopsOfSeveralThreadsTakeTurns() async {
        let pool = WorkerPool(threads: 2)
        let total = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    (0..<500).reduce(0) { sum, _ in
                        let own = UnsafeMutableBufferPointer<Int>.allocate(capacity: 3)
                        defer { own.deallocate() }
                        own.initialize(repeating: 0)
                        pool.forEach(3) { own[$0] = $0 + 1 }
                        return sum + own.reduce(0, +)
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(total == 4 * 500 * 6)
    }

    /// Two lanes that wait for each other can only both finish if two threads run them.
    @Test func lanesRunAtTheSameTime() {
        let pool = WorkerPool(threads: 2)
        let arrived = Atomic<Int>(0)
        let met = Atomic<Int>(0)
        pool.forEach(2) { _ in
            arrived.add(1, ordering: .sequentiallyConsistent)
            for _ in 0..<5_000 where arrived.load(ordering: .sequentiallyConsistent) < 2 { usleep(1_000) }
            if arrived.load(ordering: .sequentiallyConsistent) == 2 { met.add(1, ordering: .relaxed) }
        }
        #expect(met.load(ordering: .relaxed) == 2)
    }

    @Test func oneThreadRunsLanesInOrderOnTheCaller() {
        let pool = WorkerPool(threads: 1)
        let caller = pthread_self()
        var order: [Int] = []
        var others = 0
        pool.forEach(5) { lane in
            order.append(lane)
            others += pthread_equal(pthread_self(), caller) == 0 ? 1 : 0
        }
        #expect(order == [0, 1, 2, 3, 4])
        #expect(others == 0)
    }

    /// Each body is released when its loop returns, whether or not a helper saw it.
    @Test func aLoopKeepsNothing() {
        final class Token: Sendable {}
        let pool = WorkerPool(threads: 2)
        for _ in 0..<200 {
            weak var survivor: Token?
            do {
                let token = Token()
                survivor = token
                pool.forEach(2) { _ in _ = Unmanaged.passUnretained(token).toOpaque() }
            }
            #expect(survivor == nil)
        }
    }

    @Test func manyPoolsComeAndGo() {
        for round in 0..<200 {
            let pool = WorkerPool(threads: 3)
            if round % 2 == 0 {
                let counts = LaneCounts(lanes: 3)
                pool.forEach(3) { counts.add($0) }
                #expect(counts.values == [1, 1, 1])
            }
        }
    }

    @Test func aLoopInsideItselfStopsTheProgram() async {
        await #expect(processExitsWith: .failure) {
            let pool = WorkerPool(threads: 1)
            pool.forEach(1) { _ in pool.forEach(1) { _ in } }
        }
        await #expect(processExitsWith: .failure) {
            let pool = WorkerPool(threads: 2)
            pool.forEach(64) { _ in
                usleep(1_000)
                pool.forEach(2) { _ in }
            }
        }
    }
}

@Suite struct AvailableCoresTests {
    @Test(arguments: [
        ("Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n", 2),
        ("Cpus_allowed:\tff,ffffffff\n", 40),
        ("Cpus_allowed:\t00000000,00000010\n", 1),
    ])
    func processorsAreCountedInTheMask(status: String, count: Int) {
        #expect(WorkerPool.allowedProcessors(inStatus: status) == count)
    }

    @Test func aStatusWithoutMaskHasNoCount() {
        #expect(WorkerPool.allowedProcessors(inStatus: "Name:\tx\n") == nil)
    }

    @Test func thereIsAtLeastOneCore() {
        #expect(WorkerPool.availableCores >= 1)
        #expect(WorkerPool.availableCores <= sysconf(Int32(_SC_NPROCESSORS_CONF)))
    }
}
