import Optimizers
import PhysicsInformed
import ProblemFiles

/// How points are chosen and weighed, from the options of `[method]`.
extension PhysicsInformedMethod {
    /// The settings, with complaints of what does not go together.
    static func points(
        _ problem: Problem, options: ResolvedOptions, stages: [TrainingStage], into diagnostics: inout [Diagnostic]
    ) -> PointSettings {
        var settings = PointSettings()
        let sampling = options.table("sampling")
        settings.causality = causality(problem, options: options, into: &diagnostics)
        settings.adaptive = adaptive(problem, sampling, into: &diagnostics)
        settings.curriculum = curriculum(problem, sampling: sampling, into: &diagnostics)
        (settings.weighting, settings.weightedTerms) = pointWeights(options, into: &diagnostics)

        let redraws = stages.contains { $0.resampleEvery > 0 }
        let origin = sampling.origin(of: "resample_every")
        if settings.weighting != nil, redraws {
            diagnostics.append(
                options.origin(of: "point_weights").diagnostic(
                    .error, "weights of single points need points that stay, but points are drawn anew",
                    hint: "set resample_every = 0 under [method.sampling] and in every stage"))
        }
        if settings.adaptive != nil, !redraws {
            diagnostics.append(
                sampling.origin(of: "adaptive").diagnostic(
                    .error, "points follow the residual only where they are drawn anew",
                    hint: "give resample_every, for example resample_every = 500"))
        }
        if settings.curriculum != nil, !redraws {
            diagnostics.append(
                sampling.origin(of: "curriculum").diagnostic(
                    .error, "the time grows only where points are drawn anew",
                    hint: "give resample_every, for example resample_every = 100"))
        }
        if settings.causality != nil, settings.adaptive?.correctsDensity == true {
            diagnostics.append(
                (options.isGiven("causal") ? options.origin(of: "causal") : origin).diagnostic(
                    .error, "causal weights compare chunks of evenly drawn points; importance sampling draws others",
                    hint: "use adaptive = \"rad\", or leave one of the two out"))
        }
        return settings
    }

    /// A rough figure in bytes: candidates of points that follow the residual, what is learned there, and points to come.
    static func candidateMemory(_ problem: Problem, _ settings: PointSettings, count: Int) -> Int {
        guard let rule = settings.adaptive else { return 0 }
        let width = 8 * Double(problem.domain.box.dimensions)
        let bytes =
            Double(rule.candidateCount(for: count)) * (5 * width + 64)
            + Double(rule.capacity(for: count) - count) * 2 * width
        return Int(min(bytes, 1e18))
    }

    private static func causality(
        _ problem: Problem, options: ResolvedOptions, into diagnostics: inout [Diagnostic]
    ) -> CausalSettings? {
        guard let causal = options.optionalTable("causal") else { return nil }
        guard problem.domain.spaceTime.time != nil else {
            diagnostics.append(
                causal.origin.diagnostic(
                    .error, "causal weights need a problem that depends on time",
                    hint: "leave [method.causal] out; time is a coordinate t with t = [from, to] under [domain]"))
            return nil
        }
        let origin = causal.origin(of: "tolerance")
        let tree = causal.optionTree("tolerance")
        let elements = tree?.elements ?? [tree].compactMap { $0 }
        let tolerances = elements.compactMap(\.number).filter { $0 > 0 && $0.isFinite }
        guard !elements.isEmpty, tolerances.count == elements.count else {
            diagnostics.append(
                origin.diagnostic(
                    .error,
                    elements.isEmpty
                        ? "'method.causal.tolerance' is an empty list"
                        : "'method.causal.tolerance' must be a number above 0 or a list of such numbers",
                    hint: "for example 1.0, or a schedule: [0.01, 0.1, 1, 10, 100]"))
            return nil
        }
        let (chunks, points) = (causal.integer("chunks"), options.table("sampling").integer("interior"))
        guard chunks <= points else {
            diagnostics.append(
                causal.origin(of: "chunks").diagnostic(
                    .error, "there are more chunks of time than points inside: \(chunks) and \(points)",
                    hint: "give at most \(points) chunks, better a tenth of that, or more points: sampling.interior"))
            return nil
        }
        return CausalSettings(
            tolerances: tolerances, chunks: chunks, threshold: causal.number("threshold"), scale: causal.number("scale")
        )
    }

    private static func pointWeights(
        _ options: ResolvedOptions, into diagnostics: inout [Diagnostic]
    ) -> (rule: (any PointWeighting)?, terms: [String]?) {
        let selection = options.selection("point_weights")
        guard let rule = pointWeightings.first(where: { $0.description.name == selection.name }) else {
            preconditionFailure("the table of weights names a rule that is not there")
        }
        guard rule != UniformPointWeights.self, let values = values(selection, rule.description, into: &diagnostics)
        else { return (nil, nil) }
        let terms = selection.options.has("terms") ? selection.options.texts("terms") : nil
        if terms?.isEmpty == true {
            diagnostics.append(
                selection.options.origin(of: "terms").diagnostic(
                    .error, "'method.point_weights.terms' is an empty list",
                    hint: "name loss terms, or leave it out to weigh the points of all"))
        }
        return (rule.init(values), terms)
    }

    private static func adaptive(
        _ problem: Problem, _ sampling: ResolvedOptions, into diagnostics: inout [Diagnostic]
    ) -> (any AdaptiveSampling)? {
        let selection = sampling.selection("adaptive")
        guard let rule = adaptiveSamplings.first(where: { $0.description.name == selection.name }),
            let values = values(selection, rule.description, into: &diagnostics)
        else { return nil }
        let points = sampling.integer("interior")
        let pool = values.integer("pool")
        // Rules that replace points choose all of them among the candidates, others those that they add.
        let added = selection.options.declares("add") ? values.integer("add") : nil
        if pool > 0, pool < added ?? points {
            diagnostics.append(
                selection.options.origin(of: "pool").diagnostic(
                    .error,
                    "the pool of \(pool) candidates is smaller than the \(added ?? points) points to choose",
                    hint: "give more, ten times as many points for example, or pool = 0 for just that"))
        }
        if added != nil {
            let limit = values.integer("limit")
            if limit > 0, limit <= points {
                diagnostics.append(
                    selection.options.origin(of: "limit").diagnostic(
                        .error, "the limit of \(limit) points leaves no room: there are \(points) from the start",
                        hint: "raise limit, or begin with fewer points: sampling.interior"))
            }
            if pool == 0, added ?? 0 > 10 * points {
                diagnostics.append(
                    selection.options.origin(of: "add").diagnostic(
                        .error, "more points are added than there are candidates, \(10 * points)",
                        hint: "add fewer, or give a larger pool"))
            }
        }
        let made = rule.init(values)
        if let adversarial = made as? AdversarialSampling,
            let obstacle = adversarial.obstacle(dimensions: problem.domain.spaceTime.dimensions, points: points)
        {
            diagnostics.append(
                selection.options.origin(of: "form").diagnostic(
                    .error, obstacle.reason, hint: obstacle.remedy))
        }
        // Defaults may be written out, as in the files of runs.
        if let idle = made.idleOptions(dimensions: problem.domain.spaceTime.dimensions) {
            diagnostics += rule.description.options.filter { idle.names.contains($0.name) && !values.isDefault($0) }
                .map { option in
                    selection.options.origin(of: option.name).diagnostic(
                        .error, "'\(option.name)' does nothing here: \(idle.reason)", hint: "leave it out")
                }
        }
        return made
    }

    private static func curriculum(
        _ problem: Problem, sampling: ResolvedOptions, into diagnostics: inout [Diagnostic]
    ) -> TimeCurriculum? {
        guard let table = sampling.optionalTable("curriculum") else { return nil }
        guard problem.domain.spaceTime.time != nil else {
            diagnostics.append(
                table.origin.diagnostic(
                    .error, "a curriculum in time needs a problem that depends on time",
                    hint: "leave sampling.curriculum out"))
            return nil
        }
        return TimeCurriculum(from: table.number("from"), over: table.integer("over"))
    }

    /// The options of a rule for points; nil after a complaint.
    private static func values(
        _ selection: ResolvedOptions.Selection, _ description: PointRuleDescription,
        into diagnostics: inout [Diagnostic]
    ) -> OptionValues? {
        do throws(OptionErrors) {
            return try OptionValues(selection.options, for: description.options)
        } catch {
            for slip in error.errors {
                let origin = selection.options.origin(of: slip.name)
                diagnostics.append(origin.diagnostic(.error, slip.description))
            }
            return nil
        }
    }
}
