import OptimalTransport
import Results

/// What a transport run has written, as its figures read it: at the end of a run and whenever they are drawn again.
struct TransportView {
    let file: FieldFile
    /// Marginal errors by iteration and seconds.
    let history: [(iteration: Double, seconds: Double, error: Double)]
    /// Printed above figures.
    let title: String
    let source: Side
    let target: Side

    /// Points with masses, or just masses.
    struct Side {
        let name: String
        /// Names of the coordinates; empty for masses that are known by number.
        let coordinates: [String]
        /// [coordinate][point]
        let places: [[Double]]
        let masses: [Double]
        let potentials: [Double]
        /// Nodes along the axes of a grid; nil for scattered points.
        let axes: [[Double]]?

        var count: Int { masses.count }

        init(_ name: String, _ file: FieldFile) {
            self.name = name
            func values(_ suffix: String) -> [Double] { file.variable("\(name)_\(suffix)")?.values ?? [] }
            if case .text(let text)? = file.attribute("\(name)_coordinates") {
                coordinates = text.split(separator: " ").map(String.init)
            } else {
                coordinates = []
            }
            let places = coordinates.map(values)
            (self.places, masses, potentials) = (places, values("mass"), values("potential"))
            guard case .numbers(let numbers)? = file.attribute("\(name)_grid") else {
                axes = nil
                return
            }
            let counts = numbers.map { Int($0) }
            axes = counts.indices.map { axis in
                let stride = counts[(axis + 1)...].reduce(1, *)
                return (0..<counts[axis]).map { places[axis][$0 * stride] }
            }
        }
    }

    /// Reads what was written, or is about to be.
    init(_ file: FieldFile, history: [(iteration: Double, seconds: Double, error: Double)]) {
        self.file = file
        self.history = history
        if case .text(let name)? = file.attribute("problem_name") { title = name } else { title = "" }
        source = Side("source", file)
        target = Side("target", file)
    }

    /// Entries of the plan, numbered from 0; nil when they are not there.
    var entries: (sources: [Int], targets: [Int], masses: [Double])? {
        guard let sources = file.variable("plan_source"), let targets = file.variable("plan_target"),
            let masses = file.variable("plan_mass")
        else { return nil }
        return (sources.values.map { Int($0) - 1 }, targets.values.map { Int($0) - 1 }, masses.values)
    }

    /// The mean target of every source, [coordinate][source]; nil when it is not there.
    var images: [[Double]]? {
        let found = target.coordinates.compactMap { file.variable("image_\($0)")?.values }
        return found.isEmpty || found.count < target.coordinates.count ? nil : found
    }
}

/// Figures of a transport run, drawn again from what it has written.
public struct TransportPlots {
    private let view: TransportView
    private let folder: String

    /// Reads a run folder; nil when its run is of another kind.
    ///
    /// - Throws: `ResultsError` when there is no run, or when its files cannot be read.
    public init?(folder: String) throws(ResultsError) {
        let run = try StoredRun(folder)
        guard let name = run.fieldsName,
            try FieldFile.attributes(of: run.path(name)).contains(.init("kind", "transport"))
        else { return nil }
        self.folder = folder
        view = TransportView(try run.fields(), history: try TransportHistory.errors(in: run.path(History.defaultName)))
    }

    /// Draws all figures that the run has data for; returns their paths.
    ///
    /// - Parameter failed: hears of a figure that could not be drawn.
    public func draw(failed: (ResultsError) -> Void) throws(ResultsError) -> [String] {
        try FileSystem.makeFolder(FileSystem.join(folder, RunFolder.figuresName))
        var paths: [String] = []
        for (name, figure) in view.figures(nil) {
            let path = FileSystem.join(folder, RunFolder.figuresName + "/" + name + ".svg")
            do throws(ResultsError) {
                try figure.write(to: path)
                paths.append(path)
            } catch {
                failed(error)
            }
        }
        return paths
    }
}
