#ifndef ANSATZ_KERNELS_FLOW_H
#define ANSATZ_KERNELS_FLOW_H

/// Monotone rational-quadratic splines of [0, 1] (J. A. Gregory, R. Delbourgo, IMA J. Numer. Anal. 2, 1982), another one at
/// each point of a block.
///
/// All rows are ANSATZ_FLOW_POINTS numbers long and aligned to 64 bytes. A spline of K pieces is given by 3K + 1 rows: K for
/// widths, K for heights, K + 1 for slopes at the knots. Widths and heights are softmax shares of [0, 1], none below a
/// hundredth of 1/K; slopes are softplus values above 1/1000. Rows of zeros give the identity. With ξ = (x − x₀)/w, s = h/w and
/// t = ξ(1 − ξ) a piece from (x₀, y₀) to (x₀ + w, y₀ + h) with the slopes d₀ and d₁ is
/// y = y₀ + h (s ξ² + d₀ t)/(s + (d₀ + d₁ − 2s) t).

enum { ANSATZ_FLOW_POINTS = 64 };

/// y = spline(x), in [0, 1]; adds the logarithms of slopes to `logs`. Shares in `rows` become widths and heights.
void ansatz_flow_forward(int bins, double *rows, const double *x, double *y, double *logs);

/// Solves spline(x) = y, with x in place of y; adds the logarithms of slopes at x to `logs`. Overwrites `rows`, too.
void ansatz_flow_inverse(int bins, double *rows, double *y, double *logs);

/// From rows that `forward` left and its x to derivatives of Σ a y + b log slope.
///
/// Those by x replace a; those by the rows as `forward` was given them are written to `row_adjoints`.
void ansatz_flow_reverse(int bins, const double *rows, const double *x, const double *b, double *a,
                         double *row_adjoints);

/// Adds sums over rows of adjoints to `gradient`, having turned them, unless `values` is null, from adjoints of tanh z = values
/// to those of z.
void ansatz_flow_layer_reverse(int rows, const double *values, double *adjoints, double *gradient);

#endif
