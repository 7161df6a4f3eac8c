import CKernels
import LinearAlgebra

typealias TapeInstruction = ansatz_tape_instruction

/// The storage in which one thread runs a tape on blocks of points; nothing is allocated after creation.
///
/// Inputs and their adjoints are bound by pointer and stay bound; the caller keeps what they point to alive. Order of use:
/// bind inputs, `forward`, read outputs, fill the adjoints of all outputs, `reverse`. A workspace belongs to one thread at
/// a time.
public final class TapeWorkspace<S: Scalar> {
    /// The largest number of points of one call.
    public let blockSize: Int

    // Pointers are kept without their type: generic code that is not specialised reaches them at no cost.
    private typealias Rows = UnsafeMutablePointer<UnsafeMutableRawPointer?>
    private let program: UnsafeMutablePointer<TapeInstruction>
    private let values: Rows
    private let adjoints: Rows
    /// The adjoint registers of instructions, whether or not an adjoint is wanted there.
    private let ownAdjoints: Rows
    private let isOutput: UnsafeMutablePointer<UInt8>
    private let storage: AlignedBuffer<UInt8>
    private let precision: Precision
    private let inputCount: Int
    private let instructionCount: Int
    private let outputs: [Int]

    /// Prepares storage for blocks of up to `blockSize` points.
    public init(_ tape: Tape, blockSize: Int) {
        precondition(blockSize > 0, "a block holds at least one point")
        self.blockSize = blockSize
        precision = S.precision
        inputCount = tape.inputs.count
        instructionCount = tape.program.count
        outputs = tape.outputs
        let constantCount = tape.constants.count
        let first = inputCount + constantCount
        let registers = first + instructionCount
        let row = (blockSize * MemoryLayout<S>.stride + 63) / 64 * 64
        storage = AlignedBuffer(count: row * (constantCount + 2 * instructionCount))
        program = .allocate(capacity: instructionCount)
        program.initialize(from: tape.program, count: instructionCount)
        values = .allocate(capacity: registers)
        adjoints = .allocate(capacity: registers)
        ownAdjoints = .allocate(capacity: registers)
        isOutput = .allocate(capacity: instructionCount)
        values.initialize(repeating: nil, count: registers)
        adjoints.initialize(repeating: nil, count: registers)
        ownAdjoints.initialize(repeating: nil, count: registers)
        isOutput.initialize(repeating: 0, count: instructionCount)
        for output in tape.outputs { isOutput[output - first] = 1 }
        let base = UnsafeMutableRawPointer(storage.baseAddress)
        for (k, constant) in tape.constants.enumerated() {
            let pointer = base + k * row
            pointer.bindMemory(to: S.self, capacity: blockSize).update(repeating: S(constant), count: blockSize)
            values[inputCount + k] = pointer
        }
        for k in 0..<instructionCount {
            values[first + k] = base + (constantCount + k) * row
            ownAdjoints[first + k] = base + (constantCount + instructionCount + k) * row
        }
    }

    deinit {
        program.deallocate()
        values.deallocate()
        adjoints.deallocate()
        ownAdjoints.deallocate()
        isOutput.deallocate()
    }

    /// Binds input k to values that are contiguous over points; they are read, not copied, by every later `forward`.
    public func setInput(_ k: Int, _ values: UnsafePointer<S>) {
        precondition(k >= 0 && k < inputCount, "no such input")
        self.values[k] = UnsafeMutableRawPointer(mutating: values)
    }

    /// Binds the adjoint of input k, to which `reverse` adds; nil when it is not wanted, as at first.
    public func setInputAdjoint(_ k: Int, _ values: UnsafeMutablePointer<S>?) {
        precondition(k >= 0 && k < inputCount, "no such input")
        let changesActivity = (adjoints[k] == nil) != (values == nil)
        adjoints[k] = values.map { UnsafeMutableRawPointer($0) }
        if changesActivity { findActiveRegisters() }
    }

    /// Computes all outputs at the first `count` points; all inputs must be bound.
    public func forward(count: Int) {
        precondition(count >= 0 && count <= blockSize, "the block is too large")
        let rows = UnsafeRawPointer(values)
        switch precision {
        case .double:
            ansatz_tape_forward_f64(
                program, Int32(instructionCount), rows.assumingMemoryBound(to: UnsafeMutablePointer<Double>?.self),
                Int32(count))
        case .single:
            ansatz_tape_forward_f32(
                program, Int32(instructionCount), rows.assumingMemoryBound(to: UnsafeMutablePointer<Float>?.self),
                Int32(count))
        }
    }

    /// The values of output k after `forward`.
    public func output(_ k: Int) -> UnsafeMutablePointer<S> { values[outputs[k]]!.assumingMemoryBound(to: S.self) }

    /// The adjoint of output k, to be filled before every `reverse`, which overwrites it.
    public func outputAdjoint(_ k: Int) -> UnsafeMutablePointer<S> {
        ownAdjoints[outputs[k]]!.assumingMemoryBound(to: S.self)
    }

    /// Adds to the bound adjoints of the inputs what the adjoints of the outputs imply, after a `forward`.
    public func reverse(count: Int) {
        precondition(count >= 0 && count <= blockSize, "the block is too large")
        let rows = UnsafeRawPointer(values)
        let adjointRows = UnsafeRawPointer(adjoints)
        switch precision {
        case .double:
            ansatz_tape_reverse_f64(
                program, Int32(instructionCount), rows.assumingMemoryBound(to: UnsafeMutablePointer<Double>?.self),
                adjointRows.assumingMemoryBound(to: UnsafeMutablePointer<Double>?.self), isOutput, Int32(count))
        case .single:
            ansatz_tape_reverse_f32(
                program, Int32(instructionCount), rows.assumingMemoryBound(to: UnsafeMutablePointer<Float>?.self),
                adjointRows.assumingMemoryBound(to: UnsafeMutablePointer<Float>?.self), isOutput, Int32(count))
        }
    }

    /// An instruction takes part in the reverse sweep if a wanted input reaches it.
    private func findActiveRegisters() {
        for k in 0..<instructionCount {
            let instruction = program[k]
            let isActive =
                adjoints[Int(instruction.a)] != nil || adjoints[Int(instruction.b)] != nil
                || adjoints[Int(instruction.c)] != nil
            let register = Int(instruction.result)
            adjoints[register] = isActive ? ownAdjoints[register] : nil
        }
    }
}
