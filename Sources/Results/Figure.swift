/// A figure as a value: what is drawn, not how.
///
/// `write(to:)` writes a gnuplot script and its data next to the picture, so that an author can restyle it, and then
/// lets gnuplot draw.
public struct Figure: Sendable, Equatable {
    /// What is drawn.
    public var content: Content
    /// Printed above the figure.
    public var title: String?

    /// Joins content and title.
    public init(_ content: Content, title: String? = nil) {
        self.content = content
        self.title = title
    }

    /// The kinds of figures.
    public enum Content: Sendable, Equatable {
        /// Reference, prediction and absolute error side by side, the first two on one colour scale; the prediction alone
        /// without a reference, whose values are ordered as those of the prediction. Fields on one axis become lines.
        case comparison(PlottedField, reference: [Double]?)
        /// One field. Signed fields, errors for instance, get diverging colours with white at zero.
        case field(PlottedField, isSigned: Bool)
        /// Cuts of one field on two axes each, side by side on one colour scale; the names of the fields are their titles.
        case slices([PlottedField], isSigned: Bool)
        /// Magnitudes of fields on the same axes, each on a logarithmic scale; on one axis they become curves.
        case magnitudes([PlottedField])
        /// Curves over steps or seconds on a logarithmic axis.
        case curves([Curve], horizontal: String, vertical: String)
        /// Medians in bands, side by side, on logarithmic axes.
        case bands([BandPanel])
        /// Panels of curves on scales of their own, side by side.
        case panels([CurvePanel])
        /// Points of the plane and lines between them, side by side on axes of one scale.
        case clouds([CloudPanel])
        /// Lines along an axis, one per snapshot.
        case snapshots([Snapshot], along: PlotAxis, vertical: String)
    }

    /// A named curve.
    public struct Curve: Sendable, Equatable {
        /// Name in the key.
        public var name: String
        /// Abscissae.
        public var x: [Double]
        /// Ordinates; those that are not positive and finite are not drawn.
        public var y: [Double]
        /// Whether the curve is an error against a reference, drawn dashed.
        public var isError: Bool

        /// Joins name and values.
        public init(_ name: String, x: [Double], y: [Double], isError: Bool = false) {
            self.name = name
            self.x = x
            self.y = y
            self.isError = isError
        }
    }

    /// Curves with the range of values around each.
    public struct Band: Sendable, Equatable {
        /// Name in the key; bands of all panels come in one order.
        public var name: String
        /// Abscissae.
        public var x: [Double]
        /// The curve, and the lower and upper end of the band; what is not positive and finite is not drawn.
        public var middle: [Double], lower: [Double], upper: [Double]

        /// A band, empty unless values are given.
        public init(_ name: String, x: [Double], middle: [Double] = [], lower: [Double] = [], upper: [Double] = []) {
            self.name = name
            self.x = x
            self.middle = middle
            self.lower = lower
            self.upper = upper
        }
    }

    /// Bands over one abscissa.
    public struct BandPanel: Sendable, Equatable {
        /// The bands.
        public var bands: [Band]
        /// Printed beside the axes.
        public var horizontal: String, vertical: String
        /// Whether abscissae are on a logarithmic axis; those that are not positive are not drawn then.
        public var isLogarithmic: Bool

        /// Joins bands and labels.
        public init(bands: [Band], horizontal: String, vertical: String, isLogarithmic: Bool = false) {
            self.isLogarithmic = isLogarithmic
            self.bands = bands
            self.horizontal = horizontal
            self.vertical = vertical
        }
    }

    /// A line at one value of the other coordinates.
    public struct Snapshot: Sendable, Equatable {
        /// Name in the key, such as "t = 0.25".
        public var name: String
        /// The field along the axis.
        public var values: [Double]
        /// The reference along the axis, drawn dashed.
        public var reference: [Double]?

        /// Joins name and values.
        public init(_ name: String, _ values: [Double], reference: [Double]? = nil) {
            self.name = name
            self.values = values
            self.reference = reference
        }
    }
}

/// An axis of a plotted field.
public struct PlotAxis: Sendable, Equatable {
    /// Printed beside the axis.
    public var label: String
    /// The coordinate's values, strictly monotonic.
    public var values: [Double]
    /// Whether this is time, which is drawn from left to right.
    public var isTime: Bool

    /// Describes an axis.
    public init(_ label: String, _ values: [Double], isTime: Bool = false) {
        self.label = label
        self.values = values
        self.isTime = isTime
    }
}

/// A field on one or two axes, ready to be drawn.
///
/// With two axes the last one runs from left to right, unless the first is time.
public struct PlottedField: Sendable, Equatable {
    /// Name of the field, printed in titles.
    public var name: String
    /// One or two axes, slowest first.
    public var axes: [PlotAxis]
    /// Values, the last axis running fastest.
    public var values: [Double]

    /// Describes a field.
    public init(_ name: String, axes: [PlotAxis], values: [Double]) {
        self.name = name
        self.axes = axes
        self.values = values
    }
}

extension Figure {
    /// The loss terms over the steps, unweighted, with the errors if there are any.
    public static func losses(_ history: History, title: String? = nil) -> Figure {
        let steps = history.rows.map { Double($0.step) }
        var curves = history.terms.indices.map { index in
            Curve(history.terms[index], x: steps, y: history.rows.map { $0.losses[index] })
        }
        for index in history.unknowns.indices {
            // The error is computed at some rows only; the others must not interrupt the curve.
            let rows = history.rows.filter { $0.errors[index].isFinite }
            curves.append(
                Curve(
                    "relative L2 error of \(history.unknowns[index])", x: rows.map { Double($0.step) },
                    y: rows.map { $0.errors[index] }, isError: true))
        }
        let vertical = history.unknowns.isEmpty ? "loss" : "loss, relative error"
        return Figure(.curves(curves, horizontal: "steps", vertical: vertical), title: title)
    }

    /// The weights of the terms over the steps.
    public static func weights(_ history: History, title: String? = nil) -> Figure {
        let steps = history.rows.map { Double($0.step) }
        let curves = history.terms.indices.map { index in
            Curve(history.terms[index], x: steps, y: history.rows.map { $0.weights[index] })
        }
        return Figure(.curves(curves, horizontal: "steps", vertical: "weight"), title: title)
    }
}
