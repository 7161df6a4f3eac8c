import Glibc

/// A fixed block of memory for vectors and matrices: aligned to 64 bytes, zero at first, freed with its last owner.
///
/// The buffer is shared by reference and does not guard its content: threads must write to disjoint parts.
public final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
    /// The distance to which the first element is aligned, in bytes: a cache line, and the widest vector register.
    public static var alignment: Int { 64 }

    /// The number of elements.
    public let count: Int

    /// The first element; valid, also for an empty buffer, as long as the buffer lives.
    public let baseAddress: UnsafeMutablePointer<Element>

    /// Bytes from the system's mapping, which come as zeros when they are first touched; nil for a block of the heap.
    private let mappedBytes: Int?

    /// Blocks of this size and more are mapped, in large pages where the system has them: a sweep then misses fewer translations.
    private static var mapped: Int { 4 << 20 }

    /// Allocates `count` elements and sets all bytes to zero.
    public init(count: Int) {
        precondition(count >= 0, "negative count")
        self.count = count
        // Whole cache lines, so that two buffers never share one.
        let bytes = max(1, count * MemoryLayout<Element>.stride)
        let padded = (bytes + Self.alignment - 1) / Self.alignment * Self.alignment
        if padded >= Self.mapped,
            let memory = mmap(nil, padded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            memory != MAP_FAILED
        {
            madvise(memory, padded, MADV_HUGEPAGE)
            mappedBytes = padded
            baseAddress = memory.bindMemory(to: Element.self, capacity: count)
            return
        }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: padded, alignment: Self.alignment)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: padded)
        mappedBytes = nil
        baseAddress = memory.bindMemory(to: Element.self, capacity: count)
    }

    deinit {
        if let mappedBytes {
            munmap(baseAddress, mappedBytes)
        } else {
            UnsafeMutableRawPointer(baseAddress).deallocate()
        }
    }

    /// All elements.
    public var elements: UnsafeMutableBufferPointer<Element> {
        UnsafeMutableBufferPointer(start: baseAddress, count: count)
    }
}
