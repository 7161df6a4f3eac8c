import ProblemFiles
import Results

/// The figures of a run, cut out of its fields and its history.
package struct FigurePlan {
    private struct Entry {
        var file: String
        var figure: Result<Figure, ResultsError>
    }

    private let entries: [Entry]

    package var isEmpty: Bool { entries.isEmpty }

    /// Cuts the figures out of the fields; one that cannot be had is kept with its reason.
    ///
    /// - Parameters:
    ///   - name: the name of the problem, for titles.
    ///   - fields: the fields; nil for a run that has not written them yet.
    ///   - path: the file of the fields, for errors.
    ///   - gradients: the gradients of the loss terms; nil for a run that keeps none.
    ///   - sampling: points and residuals; nil for a run that keeps none.
    package init(
        _ requests: [FigureRequest], name: String, fields: FieldFile?, path: String, history: History,
        gradients: Result<GradientHistory, ResultsError>? = nil, sampling: Result<SamplingHistory, ResultsError>? = nil
    ) {
        entries = requests.flatMap { request -> [Entry] in
            switch request.kind {
            case .losses: return [Entry(file: request.file, figure: .success(.losses(history, title: name)))]
            case .weights: return [Entry(file: request.file, figure: .success(.weights(history, title: name)))]
            case .gradients:
                let missing = ResultsError(
                    .missingFile, path: GradientHistory.defaultName,
                    "is not there: set output.gradients = { every = 1000 }, and gradients are looked at")
                return [
                    Entry(
                        file: request.file,
                        figure: (gradients ?? .failure(missing)).map { .gradients($0, title: name) })
                ]
            case .sampling:
                let missing = ResultsError(
                    .missingFile, path: SamplingHistory.defaultName,
                    "is not there: set output.sampling = { every = 1000 }, and points are looked at")
                return [
                    Entry(
                        file: request.file,
                        figure: (sampling ?? .failure(missing)).map { .sampling($0, title: name) })
                ]
            case .compare, .field, .lines, .slices, .residual:
                guard let fields else {
                    let error = ResultsError(
                        .missingFile, path: path, "is not there yet: the fields are written when the run ends")
                    return [Entry(file: request.file, figure: .failure(error))]
                }
                let cutter = FigureCutter(name: name, fields: fields, path: path)
                do throws(ResultsError) {
                    let figures = try cutter.figures(request)
                    return figures.enumerated().map { index, figure in
                        // Several values of a cut coordinate give several pictures, numbered.
                        let file = figures.count == 1 ? request.file : request.file.numbered(index + 1)
                        return Entry(file: file, figure: .success(figure))
                    }
                } catch {
                    return [Entry(file: request.file, figure: .failure(error))]
                }
            }
        }
    }

    /// Draws what can be drawn and returns the paths of the pictures, relative to `folder`; every failure is handed over.
    package func draw(into folder: String, failed: (_ file: String, ResultsError) -> Void) -> [String] {
        entries.compactMap { entry in
            do throws(ResultsError) {
                try entry.figure.get().write(to: FileSystem.join(folder, entry.file))
                return entry.file
            } catch {
                failed(entry.file, error)
                return nil
            }
        }
    }
}

extension String {
    /// `solution.svg` as `solution-2.svg`.
    fileprivate func numbered(_ number: Int) -> String {
        guard let dot = lastIndex(of: "."), !self[dot...].contains("/") else { return "\(self)-\(number)" }
        return "\(self[..<dot])-\(number)\(self[dot...])"
    }
}
