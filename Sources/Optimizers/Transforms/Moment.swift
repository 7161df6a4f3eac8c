import Glibc
import LinearAlgebra

/// Momentum: replaces the update by a running average or sum of updates.
public final class Moment<S: Scalar>: Transform {
    /// How updates are gathered.
    public enum Accumulation: Sendable, Equatable {
        /// m ← βm + (1 − β)u.
        case average(decay: Double)
        /// m ← μm + (1 − τ)u, with damping τ.
        case sum(decay: Double, damping: Double)
    }

    /// The moment before the first step.
    public enum Start: Sendable, Equatable {
        /// m = 0.
        case zero
        /// The first update itself becomes m, undamped.
        case firstUpdate
    }

    private let keep: Double
    private let take: Double
    private let nesterovTake: Double
    private let start: Start
    private let isCorrected: Bool
    private let isNesterov: Bool
    private let moment: AlignedBuffer<S>
    private var calls = 0

    /// Momentum for one block.
    ///
    /// - Parameters:
    ///   - isCorrected: divides what is handed on by 1 − βᵗ, t counting the calls.
    ///   - isNesterov: hands on one more accumulation, (1 − β)u + βm or u + μm, instead of m.
    public init(
        _ block: BlockShape, _ accumulation: Accumulation, start: Start = .zero, isCorrected: Bool = false,
        isNesterov: Bool = false
    ) {
        switch accumulation {
        case .average(let decay): (keep, take, nesterovTake) = (decay, 1 - decay, 1 - decay)
        case .sum(let decay, let damping): (keep, take, nesterovTake) = (decay, 1 - damping, 1)
        }
        self.start = start
        self.isCorrected = isCorrected
        self.isNesterov = isNesterov
        moment = AlignedBuffer(count: block.count)
    }

    /// Takes the update into the moment and hands the moment on.
    public func apply(_ update: UnsafeMutablePointer<S>, _ context: inout TransformContext<S>) {
        calls += 1
        let (count, m) = (moment.count, moment.baseAddress)
        if calls == 1 && start == .firstUpdate {
            m.update(from: update, count: count)
        } else {
            Kernels.combine(count, keep, m, take, UnsafePointer(update))
        }
        let correction = isCorrected ? 1 / (1 - pow(keep, Double(calls))) : 1
        if isNesterov {
            Kernels.combine(count, nesterovTake * correction, update, keep * correction, UnsafePointer(m))
        } else {
            Kernels.scaledCopy(count, correction, UnsafePointer(m), to: update)
        }
    }

    /// Shows the moment and the counter.
    public func visitState(_ visitor: StateVisitor<S>) {
        visitor.counter("calls", &calls)
        visitor.array("moment", moment)
    }
}
