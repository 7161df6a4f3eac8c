import Foundation
import Optimizers
import Testing

/// A recorded set of runs of a reference implementation.
struct GoldenFile: Decodable {
    var optimizer: String
    var runs: [GoldenRun]

    static func load(_ name: String) throws -> GoldenFile {
        try decode(GoldenFile.self, name)
    }

    static func decode<Content: Decodable>(_ type: Content.Type, _ name: String) throws -> Content {
        let url = try #require(
            Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Golden"), "no file \(name)")
        return try JSONDecoder().decode(type, from: Data(contentsOf: url))
    }
}

struct GoldenRun: Decodable {
    struct Point: Decodable {
        var step: Int
        var loss: Double
        var params: [String: Nested]
    }

    struct SearchRecord: Decodable {
        var iteration: Int
        var stepLength: Double
        var functionEvaluations: Int
        var pairsStored: Int

        private enum CodingKeys: String, CodingKey {
            case iteration
            case stepLength = "step_length"
            case functionEvaluations = "function_evaluations"
            case pairsStored = "pairs_stored"
        }
    }

    struct InverseHessian: Decodable {
        var iteration: Int
        var values: [Double]

        private enum CodingKeys: String, CodingKey {
            case iteration = "after_iteration"
            case rows = "H"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            iteration = try container.decode(Int.self, forKey: .iteration)
            values = try container.decode([[Double]].self, forKey: .rows).flatMap { $0 }
        }
    }

    var id: String
    var problem: String
    var hyperparameters: [String: Setting]
    var initial: [String: Nested]
    var trajectory: [Point]
    var growth: [Double]
    var lineSearch: [SearchRecord]?
    var stepLengths: [Double]?
    var inverseHessians: [InverseHessian]?

    private enum CodingKeys: String, CodingKey {
        case id, problem, hyperparameters, initial, trajectory
        case stepLengths = "line_search_step_lengths"
        case inverseHessians = "inverse_hessian"
        case growth = "perturbation_growth"
        case lineSearch = "line_search"
    }

    func number(_ name: String) -> Double? {
        if case .number(let value)? = hyperparameters[name] { value } else { nil }
    }

    func truth(_ name: String) -> Bool? {
        if case .truth(let value)? = hyperparameters[name] { value } else { nil }
    }

    /// The flat vector of a set of parameters: matrices row by row as in the file, in the order of `blocks`.
    static func flat(_ parameters: [String: Nested]) -> [Double] {
        ["W", "b", "x"].compactMap { parameters[$0]?.values }.flatMap { $0 }
    }

    var blocks: [BlockShape] {
        problem == "P1"
            ? [
                BlockShape(name: "W", rows: 4, columns: 6, offset: 0),
                BlockShape(name: "b", rows: 4, columns: 1, offset: 24),
            ] : [BlockShape(name: "x", rows: 6, columns: 1, offset: 0)]
    }

    /// The function that this run minimises.
    func testProblem() throws -> TestProblem {
        let start = Self.flat(initial)
        return problem == "P1"
            ? try GoldenProblems.load().leastSquares(start: start) : .rosenbrock(start: start, minimum: 0)
    }
}

/// A number, an array, or an array of arrays.
enum Nested: Decodable {
    case vector([Double])
    case matrix([[Double]])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let vector = try? container.decode([Double].self) {
            self = .vector(vector)
        } else {
            self = .matrix(try container.decode([[Double]].self))
        }
    }

    var values: [Double] {
        switch self {
        case .vector(let values): values
        case .matrix(let rows): rows.flatMap { $0 }
        }
    }
}

/// A hyperparameter as recorded.
enum Setting: Decodable {
    case truth(Bool)
    case number(Double)
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .truth(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else {
            self = .other
        }
    }
}

private struct GoldenProblems: Decodable {
    struct LeastSquares: Decodable {
        var inputs: [[Double]]
        var targets: [[Double]]

        private enum CodingKeys: String, CodingKey {
            case inputs = "X"
            case targets = "Y"
        }
    }

    var leastSquares: LeastSquares

    private enum CodingKeys: String, CodingKey {
        case leastSquares = "P1"
    }

    static func load() throws -> GoldenProblems {
        try GoldenFile.decode(GoldenProblems.self, "problems")
    }

    /// ½ |XW + b − Y|² / N, with W stored row by row and then b.
    func leastSquares(start: [Double]) -> TestProblem {
        let (inputs, targets) = (leastSquares.inputs, leastSquares.targets)
        return TestProblem(name: "P1", start: start, minimum: 0) { x, gradient in
            for i in x.indices { gradient[i] = 0 }
            var loss = 0.0
            let count = Double(inputs.count)
            for (input, target) in zip(inputs, targets) {
                for j in 0..<4 {
                    var residual = x[24 + j] - target[j]
                    for i in 0..<6 { residual += input[i] * x[4 * i + j] }
                    loss += 0.5 * residual * residual / count
                    for i in 0..<6 { gradient[4 * i + j] += input[i] * residual / count }
                    gradient[24 + j] += residual / count
                }
            }
            return loss
        }
    }
}
