/// The shape of the published network: convolutions of 16 channels on two levels, with sums around pairs of them.
///
/// A first convolution 1 → 16 without rectifier; `before` convolutions on the fine level; the mean over 2 × 2 × 2 voxels; `coarse` convolutions; every
/// value repeated 2 × 2 × 2 times, plus the value from before the mean; `after` convolutions; 16 → 1 at every voxel. All convolutions
/// are 3 × 3 × 3 with bias, zeros outside the box; all but the first are rectified, and then a sum
/// with the value two convolutions before closes a pair: the pairs are 2–3, 4–5, … before the mean, 1–2, 3–4, … after it.
public struct ConjugateDirectionArchitecture: Sendable, Equatable {
    /// Convolutions of 16 channels before the mean; even.
    public let before: Int
    /// Convolutions on the coarse level; even.
    public let coarse: Int
    /// Convolutions after the coarse level; even.
    public let after: Int

    /// A network with so many convolutions.
    ///
    /// - Precondition: positive even numbers.
    public init(before: Int, coarse: Int, after: Int) {
        for number in [before, coarse, after] {
            precondition(number >= 2 && number.isMultiple(of: 2), "convolutions come in pairs")
        }
        self.before = before
        self.coarse = coarse
        self.after = after
    }

    /// The published network for 64³ cells, 97,457 parameters.
    public static let published64 = ConjugateDirectionArchitecture(before: 4, coarse: 6, after: 4)
    /// The published network for 128³ cells, 152,881 parameters.
    public static let published128 = ConjugateDirectionArchitecture(before: 6, coarse: 10, after: 6)

    /// The names in problem files with their networks.
    public static let named: [(name: String, architecture: ConjugateDirectionArchitecture)] = [
        ("64", published64), ("128", published128),
    ]

    /// The number of parameters.
    public var parameterCount: Int {
        Self.firstCount + (before + coarse + after) * Self.convolutionCount + Self.lastCount
    }

    /// Floating-point operations of an application to n unknowns, per unknown.
    public var operationsPerUnknown: Double {
        let convolution = Double(2 * 27 * 16 * 16)
        return 2 * 27 * 16 + 2 * 16 + Double(before + after) * convolution + Double(coarse) * convolution / 8
    }

    static let firstCount = 27 * 16 + 16
    static let convolutionCount = 27 * 16 * 16 + 16
    static let lastCount = 16 + 1

    /// What makes a value from the values before it; value n comes from step n.
    package enum Step: Equatable {
        /// The first convolution.
        case first
        /// A rectified convolution of the value before, with its place among the parameters; `adds` the value two before.
        case convolution(offset: Int, adds: Bool)
        /// The mean over 2³ voxels of the value before.
        case halve
        /// The value before on the fine level, plus the value `skip`.
        case double(skip: Int)
    }

    /// The steps in order; the last layer, 16 → 1, comes after them.
    package var steps: [Step] {
        var steps: [Step] = [.first]
        var offset = Self.firstCount
        func append(_ count: Int, addsAt parity: Int) {
            for number in 1...count {
                let adds = number % 2 == parity && number > 1
                steps.append(.convolution(offset: offset, adds: adds))
                offset += Self.convolutionCount
            }
        }
        append(before, addsAt: 1)
        let skip = steps.count - 1
        steps.append(.halve)
        append(coarse, addsAt: 0)
        steps.append(.double(skip: skip))
        append(after, addsAt: 0)
        return steps
    }

    /// Where the parameters of the last layer are.
    package var lastOffset: Int { parameterCount - Self.lastCount }
}
