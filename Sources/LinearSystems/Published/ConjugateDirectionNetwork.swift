import Randomness

/// The network of the deep conjugate direction method (Kaneda and others 2023): its shape and its parameters.
///
/// f maps a residual of unit length on a box of cells to a direction in which to correct the solution. It sees no mask: obstacles
/// enter only through the zeros of the residual. It is neither linear nor odd, so that it needs an iteration that allows any
/// preconditioner.
public struct ConjugateDirectionNetwork: Sendable, Equatable {
    /// The shape.
    public let architecture: ConjugateDirectionArchitecture
    /// All parameters: of each layer the weights [z][y][x][in][out], then the biases.
    public private(set) var parameters: [Float]

    /// A network with given parameters.
    ///
    /// - Precondition: as many as the architecture has.
    public init(_ architecture: ConjugateDirectionArchitecture, parameters: [Float]) {
        precondition(parameters.count == architecture.parameterCount, "wrong number of parameters")
        self.architecture = architecture
        self.parameters = parameters
    }

    /// A network to begin training with: weights uniform in ±√(6/(inputs + outputs)) (Glorot and Bengio 2010), biases zero.
    public init(_ architecture: ConjugateDirectionArchitecture, seed: UInt64) {
        var stream = RandomStream(seed: seed, name: "linear-systems/conjugate-direction-network")
        var parameters = [Float](repeating: 0, count: architecture.parameterCount)
        func fill(_ offset: Int, _ count: Int, inputs: Int, outputs: Int) {
            let bound = (6 / Double(inputs + outputs)).squareRoot()
            for place in offset..<offset + count { parameters[place] = Float(bound * (2 * stream.uniform() - 1)) }
        }
        fill(0, 27 * 16, inputs: 27, outputs: 27 * 16)
        for case .convolution(let offset, _) in architecture.steps {
            fill(offset, 27 * 256, inputs: 27 * 16, outputs: 27 * 16)
        }
        fill(architecture.lastOffset, 16, inputs: 16, outputs: 1)
        self.init(architecture, parameters: parameters)
    }
}
