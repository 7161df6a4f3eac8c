/// What a run logged: the contents of `history.csv`.
///
/// Schema, version 3. One header line and one line per row, separated by commas, text quoted as RFC 4180 says. Columns:
///
/// | column | meaning |
/// | --- | --- |
/// | `step` | optimizer steps of all stages so far |
/// | `stage` | stage, from 1 |
/// | `seconds` | seconds of training so far |
/// | `loss` | the weighted total |
/// | `rate` | learning rate, or step length of the line search |
/// | `loss_TERM` | mean square residual of a term, unweighted; one column per term |
/// | `weight_TERM` | the term's weight in the total; one column per term |
/// | `relative_l2_UNKNOWN` | relative L2 error; one column per unknown with a reference |
/// | `parameter_NAME` | value of an unknown parameter; one column each |
/// | `method_NAME` | a number of the method, such as the tolerance of causal weights; one column each |
///
/// Version 1 had no columns of parameters, version 2 none of the method; their files read as those of runs without any.
/// Numbers are the shortest that read back the same; a number that is not known is an empty cell.
public struct History: Sendable, Equatable {
    /// Version of the schema, also written to `log.jsonl` when a run starts.
    public static let schemaVersion = 3
    /// The name that a run gives its file.
    public static let defaultName = "history.csv"

    /// Names of the loss terms, in order.
    public var terms: [String]
    /// Names of the unknowns whose error is known, in order.
    public var unknowns: [String]
    /// Names of the unknown parameters, in order.
    public var parameters: [String]
    /// Names of numbers of the method, in order.
    public var quantities: [String]
    /// The rows, oldest first.
    public var rows: [Row]

    /// Joins names and rows.
    public init(
        terms: [String], unknowns: [String], parameters: [String] = [], quantities: [String] = [], rows: [Row] = []
    ) {
        self.terms = terms
        self.unknowns = unknowns
        self.parameters = parameters
        self.quantities = quantities
        self.rows = rows
    }

    /// One row.
    public struct Row: Sendable, Equatable {
        /// Optimizer steps of all stages so far.
        public var step: Int
        /// Stage, from 1.
        public var stage: Int
        /// Seconds of training so far.
        public var seconds: Double
        /// The weighted total.
        public var loss: Double
        /// Learning rate, or step length of the line search.
        public var rate: Double
        /// Mean square residual by term.
        public var losses: [Double]
        /// Weight by term.
        public var weights: [Double]
        /// Relative L2 error by unknown; NaN where it was not computed.
        public var errors: [Double]
        /// Value by unknown parameter.
        public var parameters: [Double]
        /// Value by number of the method.
        public var quantities: [Double]

        /// Joins the numbers of a row.
        public init(
            step: Int, stage: Int, seconds: Double, loss: Double, rate: Double, losses: [Double], weights: [Double],
            errors: [Double] = [], parameters: [Double] = [], quantities: [Double] = []
        ) {
            self.step = step
            self.stage = stage
            self.seconds = seconds
            self.loss = loss
            self.rate = rate
            self.losses = losses
            self.weights = weights
            self.errors = errors
            self.parameters = parameters
            self.quantities = quantities
        }
    }
}
