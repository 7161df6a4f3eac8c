import LinearAlgebra

/// Something whose state can be saved, restored and reset.
public protocol Stateful<S>: AnyObject {
    /// The format of the vectors.
    associatedtype S: Scalar

    /// Shows every part of the state, by name, to the visitor, in a fixed order.
    func visitState(_ visitor: StateVisitor<S>)
}

/// The state of an optimizer, for checkpoints: arrays, counters and numbers by path, such as `W1/first moment`.
///
/// Restoring it continues the run bit for bit; values in single precision are kept exactly.
public struct OptimizerState: Sendable, Equatable, Codable {
    /// Vectors by path.
    public var arrays: [String: [Double]] = [:]
    /// Counters by path.
    public var counters: [String: Int] = [:]
    /// Single numbers by path.
    public var numbers: [String: Double] = [:]

    /// A state without any parts.
    public init() {}
}

/// Why a saved state does not fit.
public enum OptimizerStateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The saved state lacks a part.
    case missing(path: String)
    /// A vector has another length.
    case wrongCount(path: String, expected: Int, found: Int)

    /// One sentence.
    public var description: String {
        switch self {
        case .missing(let path): "the saved state has no '\(path)'; it belongs to another optimizer or problem"
        case .wrongCount(let path, let expected, let found):
            "'\(path)' in the saved state has \(found) values, not \(expected); the network differs"
        }
    }
}

/// Walks over the state of an optimizer in order to save, restore or reset it.
public final class StateVisitor<S: Scalar> {
    private enum Purpose { case save, check, restore, reset }

    private var purpose: Purpose
    private var prefix = ""
    private var saved: OptimizerState
    private var error: OptimizerStateError?

    private init(_ purpose: Purpose, _ saved: OptimizerState = OptimizerState()) {
        self.purpose = purpose
        self.saved = saved
    }

    /// Visits a vector.
    public func array(_ name: String, _ buffer: AlignedBuffer<S>) {
        let path = prefix + name
        switch purpose {
        case .save:
            saved.arrays[path] = [Double](unsafeUninitializedCapacity: buffer.count) { values, count in
                if let start = values.baseAddress { S.convert(buffer.count, from: buffer.baseAddress, to: start) }
                count = buffer.count
            }
        case .check:
            guard let values = saved.arrays[path] else { return note(.missing(path: path)) }
            if values.count != buffer.count {
                note(.wrongCount(path: path, expected: buffer.count, found: values.count))
            }
        case .restore:
            saved.arrays[path]?.withUnsafeBufferPointer { values in
                if let start = values.baseAddress { S.convert(buffer.count, from: start, to: buffer.baseAddress) }
            }
        case .reset:
            buffer.elements.update(repeating: 0)
        }
    }

    /// Visits a vector that is in double precision whatever the format.
    public func doubles(_ name: String, _ buffer: AlignedBuffer<Double>) {
        let path = prefix + name
        switch purpose {
        case .save: saved.arrays[path] = Array(buffer.elements)
        case .check:
            guard let values = saved.arrays[path] else { return note(.missing(path: path)) }
            if values.count != buffer.count {
                note(.wrongCount(path: path, expected: buffer.count, found: values.count))
            }
        case .restore:
            for (index, value) in (saved.arrays[path] ?? []).enumerated() { buffer.baseAddress[index] = value }
        case .reset: buffer.elements.update(repeating: 0)
        }
    }

    /// Visits a counter, which starts from 0.
    public func counter(_ name: String, _ value: inout Int) {
        let path = prefix + name
        switch purpose {
        case .save: saved.counters[path] = value
        case .check: if saved.counters[path] == nil { note(.missing(path: path)) }
        case .restore: value = saved.counters[path] ?? value
        case .reset: value = 0
        }
    }

    /// Visits a number, which starts from 0.
    public func number(_ name: String, _ value: inout Double) {
        let path = prefix + name
        switch purpose {
        case .save: saved.numbers[path] = value
        case .check: if saved.numbers[path] == nil { note(.missing(path: path)) }
        case .restore: value = saved.numbers[path] ?? value
        case .reset: value = 0
        }
    }

    /// Visits a part whose names go below `name`.
    public func visit(_ name: String, _ part: any Stateful<S>) {
        below(name) { part.visitState(self) }
    }

    /// Visits what `body` shows, with names that go below `name`.
    public func below(_ name: String, _ body: () -> Void) {
        let outer = prefix
        prefix += name + "/"
        body()
        prefix = outer
    }

    private func note(_ found: OptimizerStateError) {
        error = error ?? found
    }

    fileprivate static func save(_ object: some Stateful<S>) -> OptimizerState {
        let visitor = StateVisitor(.save)
        object.visitState(visitor)
        return visitor.saved
    }

    fileprivate static func restore(_ object: some Stateful<S>, _ saved: OptimizerState) throws(OptimizerStateError) {
        let visitor = StateVisitor(.check, saved)
        object.visitState(visitor)
        if let error = visitor.error { throw error }
        visitor.purpose = .restore
        object.visitState(visitor)
    }

    fileprivate static func reset(_ object: some Stateful<S>) {
        object.visitState(StateVisitor(.reset))
    }
}

extension Stateful {
    /// A copy of the whole state.
    public func savedState() -> OptimizerState { StateVisitor.save(self) }

    /// Takes over a saved state, all of it or, when it does not fit, nothing.
    public func restore(_ state: OptimizerState) throws(OptimizerStateError) { try StateVisitor.restore(self, state) }

    /// Back to the initial state.
    public func reset() { StateVisitor.reset(self) }
}
