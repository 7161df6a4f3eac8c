import LinearAlgebra
import Networks
import Optimizers

/// The gradient that a first-order step follows: that of the weighted loss, or what gradient surgery makes of its terms.
///
/// At the period of the weighting rule the weights are brought up to date first. A step without an update and without
/// surgery is one evaluation of the loss and nothing else; the others evaluate once, too, with a gradient for each term.
final class StepGradient<S: Scalar>: Stateful {
    private let loss: LossFunction<S>
    private let weighting: Weighting
    private let measures: WeightingDescription.Measurement
    private let surgery: (any GradientSurgery<S>)?
    private let gradients: TermGradients<S>?
    private let statistics: TermStatistics<S>?
    private let traces: KernelTraces<S>?
    private var aims: [Double?]

    init(_ loss: LossFunction<S>, _ problem: CollocationProblem, layout: ParameterLayout, settings: TrainingSettings) {
        self.loss = loss
        weighting = settings.weighting
        measures = type(of: weighting.rule).description.measures
        let isEquation = problem.terms.map(\.isEquation)
        surgery = settings.surgery.method.make(
            SurgeryTerms(isEquation: isEquation, parameterCount: layout.count, seed: settings.seed),
            options: settings.surgery.options)
        let separates = surgery != nil || measures == .gradients
        gradients =
            separates || measures != .nothing
            ? TermGradients(termCount: isEquation.count, parameterCount: separates ? layout.count : 0) : nil
        statistics =
            measures == .nothing
            ? nil
            : gradients.map { TermStatistics($0, isEquation: isEquation, weights: loss.weights, layout: layout) }
        traces = measures == .tangentKernel ? KernelTraces(loss) : nil
        aims = [Double?](repeating: nil, count: isEquation.count)
    }

    /// Brings the weights up to date if it is time, and returns the loss with its gradient for the step.
    ///
    /// Where the loss or a gradient is not finite, the state of the surgery does not change.
    func evaluate(
        _ parameters: UnsafePointer<S>, gradient: UnsafeMutablePointer<S>, stageStep: Int
    ) -> Double {
        let updates = weighting.updates(at: stageStep)
        if updates, measures == .tangentKernel, let statistics, let traces {
            traces.evaluate(parameters, into: &statistics.kernelTraces)
            update(statistics)
        }
        let measuresGradients = updates && measures == .gradients
        guard surgery != nil || measuresGradients, let gradients else {
            return loss.evaluate(parameters, gradient: gradient)
        }
        let only = measuresGradients ? nil : surgery?.onlyTerm
        guard loss.evaluateSeparately(parameters, gradients: gradients.pointers, only: only).isFinite else {
            return loss.total
        }
        if measuresGradients, let statistics { update(statistics) }
        guard let surgery else {
            gradients.sum({ loss.weights[$0] }, into: gradient)
            return loss.total
        }
        gradients.weigh(by: loss.weights, only: only)
        if gradients.areFinite(only: only) {
            surgery.join(gradients, into: gradient)
        } else {
            // The optimizer sees that it is not finite, and the run ends.
            gradients.sum({ _ in 1 }, into: gradient)
        }
        return loss.total
    }

    private func update(_ statistics: TermStatistics<S>) {
        for term in aims.indices { aims[term] = nil }
        if measures == .gradients { statistics.gather(weights: loss.weights) }
        statistics.weights = loss.weights
        weighting.rule.aim(statistics, &aims)
        for term in aims.indices { loss.weights[term] = weighting.moved(loss.weights[term], towards: aims[term]) }
    }

    /// Shows the state of the surgery; the weights belong to the loss.
    func visitState(_ visitor: StateVisitor<S>) {
        if let surgery { visitor.visit("surgery", surgery) }
    }
}
