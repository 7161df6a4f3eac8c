import LinearAlgebra
import Optimizers
import PhysicsInformed
import Testing

/// Gradient surgery followed by plain gradient descent, step by step against recorded runs of reference implementations.
@Suite struct GoldenSurgeryTests {
    /// ½‖X_k W + b − s_k Y_k‖² / N_k for three sets of rows of one least-squares problem.
    private struct Tasks: Decodable {
        struct Rows: Decodable {
            var rows: [[Int]]
            var scale: [Double]
            private enum CodingKeys: String, CodingKey {
                case rows = "task_rows"
                case scale = "task_scale"
            }
        }
        struct LeastSquares: Decodable {
            var inputs: [[Double]]
            var targets: [[Double]]
            private enum CodingKeys: String, CodingKey {
                case inputs = "X"
                case targets = "Y"
            }
        }
        var data: LeastSquares
        var tasks: Rows
        private enum CodingKeys: String, CodingKey {
            case data = "P1"
            case tasks = "P3"
        }

        /// The gradient of task k at (W row by row, b).
        func gradient(_ k: Int, _ x: [Double]) -> [Double] {
            var gradient = [Double](repeating: 0, count: x.count)
            let count = Double(tasks.rows[k].count)
            for row in tasks.rows[k] {
                for j in 0..<4 {
                    var residual = x[24 + j] - tasks.scale[k] * data.targets[row][j]
                    for i in 0..<6 { residual += data.inputs[row][i] * x[4 * i + j] }
                    for i in 0..<6 { gradient[4 * i + j] += data.inputs[row][i] * residual / count }
                    gradient[24 + j] += residual / count
                }
            }
            return gradient
        }
    }

    @Test(arguments: ["pcgrad", "sam_gs"]) func trajectoriesAgree(file: String) throws {
        let problem = try GoldenFile.decode(Tasks.self, "problems")
        for run in try GoldenFile.load(file).runs {
            var options: [String: OptionValue] = [:]
            let (method, rate): (any SurgeryMethod.Type, Double)
            if file == "pcgrad" {
                (method, rate) = (ProjectedConflicts.self, 0.05)
                options["order"] = .word("listed")
                options["reduction"] = .word(run.id == "P3-mean" ? "mean" : "sum")
            } else {
                (method, rate) = (SimilarityAware.self, 0.005)
                if let gamma = run.number("gamma") { options["gamma"] = .number(gamma) }
            }
            let terms = SurgeryTerms(isEquation: [true, false, false], parameterCount: 28, seed: 0)
            let values = try OptionValues(options, checkedAgainst: method.description.options)
            let made: (any GradientSurgery<Double>)? = method.make(terms, options: values)
            let surgery = try #require(made)
            let gradients = TermGradients<Double>(termCount: 3, parameterCount: 28)
            var x = GoldenRun.flat(run.initial)
            var gradient = [Double](repeating: 0, count: 28)
            var step = 0
            var growth = 1.0
            for (point, measured) in zip(run.trajectory, run.growth) {
                growth = max(growth, measured)
                while step < point.step {
                    for k in 0..<3 {
                        for (index, value) in problem.gradient(k, x).enumerated() { gradients[k][index] = value }
                    }
                    surgery.join(gradients, into: &gradient)
                    for index in x.indices { x[index] -= rate * gradient[index] }
                    step += 1
                }
                let difference = zip(x, GoldenRun.flat(point.params)).map { abs($0 - $1) }.max() ?? 0
                #expect(difference <= 1e-10 * growth, "\(run.id), step \(step)")
            }
        }
    }
}
