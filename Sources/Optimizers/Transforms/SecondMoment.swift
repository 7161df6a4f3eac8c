import Glibc
import LinearAlgebra

/// The root of gathered squares: the denominator of adaptive methods.
public final class SecondMoment<S: Scalar>: Transform {
    /// How squares are gathered.
    public enum Accumulation: Sendable, Equatable {
        /// v ← βv + (1 − β)u².
        case average(decay: Double)
        /// As `average`; handed on is the largest value that v ever had, element by element.
        case maximumOfAverage(decay: Double)
        /// v ← v + u².
        case sum
    }

    /// Where ε stands; released codes differ, and it shows in the results. v̂ is v / (1 − βᵗ).
    public enum EpsilonPlacement: Sendable, Equatable {
        /// √v̂ + ε.
        case afterCorrectedRoot
        /// (√v + ε) / √(1 − βᵗ).
        case onRawRoot
        /// √(v̂ + ε).
        case insideRoot
    }

    private let keep: Double
    private let take: Double
    private let isCorrected: Bool
    private let epsilon: Double
    private let placement: EpsilonPlacement
    private let squares: AlignedBuffer<S>
    private let largest: AlignedBuffer<S>?
    private var calls = 0

    /// A denominator for one block.
    ///
    /// - Parameter isCorrected: divides v by 1 − βᵗ, t counting the calls; sums are never corrected.
    public init(
        _ block: BlockShape, _ accumulation: Accumulation, isCorrected: Bool = true, epsilon: Double,
        placement: EpsilonPlacement = .afterCorrectedRoot
    ) {
        switch accumulation {
        case .average(let decay), .maximumOfAverage(let decay): (keep, take) = (decay, 1 - decay)
        case .sum: (keep, take) = (1, 1)
        }
        self.isCorrected = isCorrected && accumulation != .sum
        self.epsilon = epsilon
        self.placement = placement
        squares = AlignedBuffer(count: block.count)
        if case .maximumOfAverage = accumulation {
            largest = AlignedBuffer(count: block.count)
        } else {
            largest = nil
        }
    }

    /// Takes the update's squares in and hands the root on.
    public func apply(_ update: UnsafeMutablePointer<S>, _ context: inout TransformContext<S>) {
        calls += 1
        let count = squares.count
        Kernels.combineSquares(count, keep, squares.baseAddress, take, UnsafePointer(update))
        if let largest { Kernels.maximum(count, largest.baseAddress, UnsafePointer(squares.baseAddress)) }
        let source = UnsafePointer((largest ?? squares).baseAddress)
        let correction = isCorrected ? 1 / (1 - pow(keep, Double(calls))) : 1
        switch placement {
        case .afterCorrectedRoot:
            Kernels.root(count, correction, source, inner: 0, outer: epsilon, to: update)
        case .onRawRoot:
            Kernels.root(count, correction, source, inner: 0, outer: epsilon * correction.squareRoot(), to: update)
        case .insideRoot:
            Kernels.root(count, correction, source, inner: epsilon, outer: 0, to: update)
        }
    }

    /// Shows the gathered squares and the counter.
    public func visitState(_ visitor: StateVisitor<S>) {
        visitor.counter("calls", &calls)
        visitor.array("squares", squares)
        if let largest { visitor.array("largest", largest) }
    }
}
