/// A moment of a run from which it can be continued bit for bit: the contents of `checkpoint.h5`.
///
/// Schema, version 1: an HDF5 file with
///
/// | object | holds |
/// | --- | --- |
/// | attributes of the root | the ``Heading``, with `ansatz_checkpoint`, the version of the schema, and `content_hash` |
/// | `problem_text` | the resolved problem file, as characters |
/// | `weights/BLOCK` | a block of parameters, rows × columns, of the last step whose loss was finite |
/// | `state/PATH` | a part of the state: a vector (one axis), a counter (a 64-bit integer) or a number (a 64-bit float) |
///
/// Vectors and blocks are 32-bit floats where that keeps every value, 64-bit floats otherwise; both are exact.
public struct Checkpoint: Sendable, Equatable {
    /// Version of the schema.
    public static let schemaVersion = 1
    /// The name that a run gives its file.
    public static let defaultName = "checkpoint.h5"

    /// What the checkpoint belongs to and where it stands.
    public var heading: Heading
    /// The parameters of the last step whose loss was finite, block by block.
    public var weights: [Block]
    /// The state of whatever computes, by path.
    public var state: State

    /// Joins the parts.
    public init(heading: Heading, weights: [Block], state: State) {
        self.heading = heading
        self.weights = weights
        self.state = state
    }

    /// A named matrix of parameters; a vector has one column.
    public struct Block: Sendable, Equatable {
        /// The name, such as `layer.1.weight`.
        public var name: String
        /// The number of rows and columns.
        public var rows: Int, columns: Int
        /// The entries, row by row.
        public var values: [Double]

        /// Joins the parts.
        public init(name: String, rows: Int, columns: Int, values: [Double]) {
            self.name = name
            self.rows = rows
            self.columns = columns
            self.values = values
        }
    }

    /// Vectors, counters and numbers by path, such as `optimizer/layer.1.weight/first moment`.
    public struct State: Sendable, Equatable {
        /// Vectors.
        public var arrays: [String: [Double]]
        /// Counters.
        public var counters: [String: Int]
        /// Numbers.
        public var numbers: [String: Double]

        /// Joins the parts.
        public init(
            arrays: [String: [Double]] = [:], counters: [String: Int] = [:], numbers: [String: Double] = [:]
        ) {
            self.arrays = arrays
            self.counters = counters
            self.numbers = numbers
        }

        /// Compares bits, so that a number that is none equals itself and zeros of either sign differ.
        public static func == (left: State, right: State) -> Bool {
            left.counters == right.counters
                && left.numbers.mapValues(\.bitPattern) == right.numbers.mapValues(\.bitPattern)
                && left.arrays.mapValues { $0.map(\.bitPattern) } == right.arrays.mapValues { $0.map(\.bitPattern) }
        }
    }
}

extension Checkpoint {
    /// What a checkpoint belongs to and where it stands.
    public struct Heading: Sendable, Equatable {
        /// The program that wrote it.
        public var programVersion: String
        /// The problem's name.
        public var problemName: String
        /// The resolved problem file.
        public var problemText: String
        /// Where the problem file was, to which paths in it are relative; empty for a problem that was built in a program.
        public var problemPath: String
        /// The SHA-256 of that text, in hexadecimal digits.
        public var problemSHA256: String
        /// The method, `method.kind`.
        public var method: String
        /// The type of numbers, `float32` or `float64`.
        public var precision: String
        /// The command that goes on from here; empty when unknown.
        public var resumeCommand: String
        /// The running stage, from 1.
        public var stage: Int
        /// Steps of this stage so far.
        public var stageStep: Int
        /// Steps of all stages so far.
        public var steps: Int
        /// Seconds of training so far.
        public var seconds: Double
        /// What redraws of points that follow the residual took of them, and what of that was not evaluating residuals.
        public var samplingSeconds = 0.0, samplingRuleSeconds = 0.0
        /// Why the stage is over although it has steps left (`converged`, `stalled`, `not finite`); empty if it is not.
        public var end: String
        /// The same in a sentence; may be empty.
        public var endSentence: String
        /// How far the other files of the run had come.
        public var files: FilePosition

        /// A heading.
        public init(
            programVersion: String, problemName: String, problemText: String, problemPath: String,
            problemSHA256: String, method: String,
            precision: String, resumeCommand: String = "", stage: Int, stageStep: Int, steps: Int, seconds: Double,
            end: String = "", endSentence: String = "", files: FilePosition
        ) {
            self.programVersion = programVersion
            self.problemName = problemName
            self.problemText = problemText
            self.problemPath = problemPath
            self.problemSHA256 = problemSHA256
            self.method = method
            self.precision = precision
            self.resumeCommand = resumeCommand
            self.stage = stage
            self.stageStep = stageStep
            self.steps = steps
            self.seconds = seconds
            self.end = end
            self.endSentence = endSentence
            self.files = files
        }
    }

    /// How long the files were that a run writes line by line.
    public struct FilePosition: Sendable, Equatable {
        /// Rows of `history.csv`.
        public var historyRows: Int
        /// Bytes of `history.csv`.
        public var historyBytes: Int
        /// Bytes of `log.jsonl`.
        public var logBytes: Int

        /// Joins the numbers.
        public init(historyRows: Int = 0, historyBytes: Int = 0, logBytes: Int = 0) {
            self.historyRows = historyRows
            self.historyBytes = historyBytes
            self.logBytes = logBytes
        }
    }
}
