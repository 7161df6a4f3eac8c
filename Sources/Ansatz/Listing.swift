import Optimizers
import PhysicsInformed
import ProblemFiles
import Results

/// What there is to choose from, a line each, taken from the tables that the methods themselves read.
public struct Listing: Sendable, Equatable {
    /// What can be listed.
    public enum Subject: String, Sendable, CaseIterable {
        case optimizers, networks, activations, samplers, weights
        case pointWeights = "point-weights"
        case schedules, methods, shapes, problems

        /// All names, for messages.
        package static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

        /// A line on what it is.
        var summary: String {
            switch self {
            case .optimizers: "ways to change the parameters; method.stages[i].optimizer"
            case .networks: "architectures; method.network.kind"
            case .activations: "functions between layers; method.network.activation"
            case .samplers:
                "ways to spread points, and to let them follow the residual; method.sampling.scheme, .adaptive"
            case .weights: "rules for the weights of loss terms; method.weights.kind"
            case .pointWeights: "rules for the weights of single points; method.point_weights.kind"
            case .schedules: "forms of the learning rate; method.stages[i].rate"
            case .methods: "methods with all their options; method.kind"
            case .shapes: "shapes with their keys; domain.region, domain.shapes"
            case .problems: "problem files in ./problems and among the installed ones"
            }
        }
    }

    /// A line.
    public struct Entry: Sendable, Equatable {
        /// The name to write.
        public var name: String
        /// What it is.
        public var summary: String
        /// Where it comes from; empty when there is nothing to cite.
        public var source = ""
    }

    /// The lines.
    public let entries: [Entry]

    /// The subjects themselves.
    public static var subjects: Listing {
        Listing(entries: Subject.allCases.map { Entry(name: $0.rawValue, summary: $0.summary) })
    }

    private init(entries: [Entry]) { self.entries = entries }

    /// The list of a subject.
    ///
    /// - Parameter folders: where to look for problem files.
    public init(of subject: Subject, problemFolders folders: [String] = []) {
        switch subject {
        case .optimizers:
            entries = optimizerMethods.map { method in
                let description = method.description
                return Entry(name: description.name, summary: description.summary, source: description.source)
            }
        case .networks: entries = Self.choices(["network"])
        case .weights: entries = Self.choices(["weights"])
        case .activations: entries = Self.words(["network", "activation"])
        case .samplers:
            entries =
                PointScheme.allCases.map { Entry(name: $0.rawValue, summary: $0.summary) }
                + adaptiveSamplings.map { Entry($0.description) }
        case .pointWeights: entries = pointWeightings.map { Entry($0.description) }
        case .schedules: entries = Self.options(of: ["stages", "rate"])
        case .methods: entries = Self.methods
        case .shapes: entries = Self.shapes
        case .problems: entries = folders.flatMap(Self.problems(in:))
        }
    }

    /// The list as text, without a line feed at the end.
    public var text: String {
        guard !entries.isEmpty else { return "none" }
        return ReportText.table(entries.map { [$0.name, $0.summary, $0.source] }, margin: "", widest: 72)
            .joined(separator: "\n")
    }

    /// The list for programs.
    public var json: JSONValue {
        .list(
            entries.map { entry in
                .object([
                    .init("name", .text(entry.name)), .init("summary", .text(entry.summary)),
                    .init("source", .text(entry.source)),
                ])
            })
    }
}

extension Listing.Entry {
    /// The line of a rule for points.
    fileprivate init(_ description: PointRuleDescription) {
        self.init(name: description.name, summary: description.summary, source: description.source)
    }
}
