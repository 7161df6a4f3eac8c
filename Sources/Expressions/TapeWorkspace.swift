import CKernels
import LinearAlgebra

typealias TapeInstruction = ansatz_tape_instruction

/// The storage in which one thread runs a tape on blocks of points; nothing is allocated after creation.
///
/// Inputs and their adjoints are bound by pointer and stay bound. Order of use: bind inputs, `forward`, read outputs, fill
/// the adjoints of all outputs, `reverse`. A workspace belongs to one thread at a time.
public final class TapeWorkspace<S: Scalar> {
    /// The largest number of points of one call.
    public let blockSize: Int

    private let program: AlignedBuffer<TapeInstruction>
    private let storage: AlignedBuffer<S>
    private let values: AlignedBuffer<UnsafeMutablePointer<S>?>
    private let adjoints: AlignedBuffer<UnsafeMutablePointer<S>?>
    /// The adjoint registers of instructions, whether or not an adjoint is wanted there.
    private let ownAdjoints: AlignedBuffer<UnsafeMutablePointer<S>?>
    private let inputCount: Int
    private let constantCount: Int
    private let outputs: [Int]
    private let isOutput: [Bool]

    /// Prepares storage for blocks of up to `blockSize` points.
    public init(_ tape: Tape, blockSize: Int) {
        precondition(blockSize > 0, "a block holds at least one point")
        self.blockSize = blockSize
        inputCount = tape.inputs.count
        constantCount = tape.constants.count
        outputs = tape.outputs
        let instructions = tape.program.count
        let registers = inputCount + constantCount + instructions
        var isOutput = [Bool](repeating: false, count: registers)
        for output in tape.outputs { isOutput[output] = true }
        self.isOutput = isOutput
        let row = (blockSize * MemoryLayout<S>.stride + 63) / 64 * 64 / MemoryLayout<S>.stride
        storage = AlignedBuffer(count: row * (constantCount + 2 * instructions))
        program = AlignedBuffer(count: instructions)
        values = AlignedBuffer(count: registers)
        adjoints = AlignedBuffer(count: registers)
        ownAdjoints = AlignedBuffer(count: registers)
        for (k, instruction) in tape.program.enumerated() { program.baseAddress[k] = instruction }
        for (k, constant) in tape.constants.enumerated() {
            let pointer = storage.baseAddress + k * row
            pointer.update(repeating: S(constant), count: blockSize)
            values.baseAddress[inputCount + k] = pointer
        }
        for k in 0..<instructions {
            let register = inputCount + constantCount + k
            values.baseAddress[register] = storage.baseAddress + (constantCount + k) * row
            ownAdjoints.baseAddress[register] = storage.baseAddress + (constantCount + instructions + k) * row
        }
    }

    /// Binds input k to values that are contiguous over points; they are read, not copied, by every later `forward`.
    public func setInput(_ k: Int, _ values: UnsafePointer<S>) {
        precondition(k >= 0 && k < inputCount, "no such input")
        self.values.baseAddress[k] = UnsafeMutablePointer(mutating: values)
    }

    /// Binds the adjoint of input k, to which `reverse` adds; nil when it is not wanted, as at first.
    public func setInputAdjoint(_ k: Int, _ values: UnsafeMutablePointer<S>?) {
        precondition(k >= 0 && k < inputCount, "no such input")
        let changesActivity = (adjoints.baseAddress[k] == nil) != (values == nil)
        adjoints.baseAddress[k] = values
        if changesActivity { findActiveRegisters() }
    }

    /// Computes all outputs at the first `count` points; all inputs must be bound.
    public func forward(count: Int) {
        precondition(count >= 0 && count <= blockSize, "the block is too large")
        let raw = UnsafeRawPointer(values.baseAddress)
        if S.precision == .double {
            ansatz_tape_forward_f64(
                program.baseAddress, Int32(program.count),
                raw.assumingMemoryBound(to: UnsafeMutablePointer<Double>?.self), Int32(count))
        } else {
            ansatz_tape_forward_f32(
                program.baseAddress, Int32(program.count),
                raw.assumingMemoryBound(to: UnsafeMutablePointer<Float>?.self), Int32(count))
        }
    }

    /// The values of output k after `forward`.
    public func output(_ k: Int) -> UnsafeMutablePointer<S> { values.baseAddress[outputs[k]]! }

    /// The adjoint of output k, to be filled before every `reverse`, which overwrites it.
    public func outputAdjoint(_ k: Int) -> UnsafeMutablePointer<S> { ownAdjoints.baseAddress[outputs[k]]! }

    /// Adds to the bound adjoints of the inputs what the adjoints of the outputs imply, after a `forward`.
    public func reverse(count: Int) {
        precondition(count >= 0 && count <= blockSize, "the block is too large")
        let first = inputCount + constantCount
        for register in first..<first + program.count where !isOutput[register] {
            adjoints.baseAddress[register]?.update(repeating: 0, count: count)
        }
        let raw = UnsafeRawPointer(values.baseAddress)
        let rawAdjoints = UnsafeRawPointer(adjoints.baseAddress)
        if S.precision == .double {
            ansatz_tape_reverse_f64(
                program.baseAddress, Int32(program.count),
                raw.assumingMemoryBound(to: UnsafeMutablePointer<Double>?.self),
                rawAdjoints.assumingMemoryBound(to: UnsafeMutablePointer<Double>?.self), Int32(count))
        } else {
            ansatz_tape_reverse_f32(
                program.baseAddress, Int32(program.count),
                raw.assumingMemoryBound(to: UnsafeMutablePointer<Float>?.self),
                rawAdjoints.assumingMemoryBound(to: UnsafeMutablePointer<Float>?.self), Int32(count))
        }
    }

    /// An instruction takes part in the reverse sweep if a wanted input reaches it.
    private func findActiveRegisters() {
        for k in 0..<program.count {
            let instruction = program.baseAddress[k]
            let isActive =
                adjoints.baseAddress[Int(instruction.a)] != nil || adjoints.baseAddress[Int(instruction.b)] != nil
                || adjoints.baseAddress[Int(instruction.c)] != nil
            let register = Int(instruction.result)
            adjoints.baseAddress[register] = isActive ? ownAdjoints.baseAddress[register] : nil
        }
    }
}
