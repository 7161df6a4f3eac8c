#include "kernels_flow.h"

#include "dispatch.h"
#include "vector_math.h"

// Every loop runs over the points of a block, so that all branches are choices between numbers.

#define INLINE static inline __attribute__((always_inline))
#define EACH_POINT for (int p = 0; p < points; p++)

enum { points = ANSATZ_FLOW_POINTS, lanes = 8 };

/// As many numbers as a line of the cache holds; the compiler splits it into registers of the processor's size.
typedef double line __attribute__((ext_vector_type(lanes)));
typedef int64_t choice __attribute__((ext_vector_type(lanes)));
#define LINE(pointer) (*(line *)(pointer))

/// What pieces share evenly, and the rest.
static const double even = 0.01, rest = 1 - 0.01;
static const double least_slope = 1e-3;
/// softplus of this is 1 − least_slope.
static const double slope_shift = 0x1.14591e3c97e88p-1;

/// The piece that holds each point. Slopes are softplus values, and `left` and `right` what they come from.
typedef struct {
    _Alignas(64) double bin[points], x[points], y[points], width[points], height[points], left[points], right[points];
} pieces;

INLINE double clamped(double x) {
    x = x < 0 ? 0 : x;
    return x > 1 ? 1 : x;
}

INLINE double slope(double output) { return least_slope + ansatz_math_softplus_f64(output + slope_shift); }

/// Turns outputs into parts of [0, 1].
INLINE void divide(int bins, double *restrict rows) {
    double largest[points], sum[points];
    EACH_POINT {
        largest[p] = rows[p];
        sum[p] = 0;
    }
    for (int bin = 1; bin < bins; bin++) {
        const double *row = rows + bin * points;
        EACH_POINT largest[p] = row[p] > largest[p] ? row[p] : largest[p];
    }
    for (int bin = 0; bin < bins; bin++) {
        double *row = rows + bin * points;
        EACH_POINT {
            row[p] = ansatz_math_exp_f64(row[p] - largest[p]);
            sum[p] += row[p];
        }
    }
    EACH_POINT sum[p] = rest / sum[p];
    for (int bin = 0; bin < bins; bin++) {
        double *row = rows + bin * points;
        EACH_POINT row[p] = even / bins + row[p] * sum[p];
    }
}

/// The pieces that hold x, or those that reach y: of all whose beginnings are not beyond, the last.
INLINE void find(int bins, const double *restrict rows, const double *restrict target, int reaches, pieces *found) {
    for (int p = 0; p < points; p += lanes) {
        const double *width = rows + p, *height = width + bins * points, *slopes = height + bins * points;
        const line wanted = LINE(target + p);
        line x = 0, y = 0, bin = 0, bin_x = 0, bin_y = 0;
        line bin_width = LINE(width), bin_height = LINE(height), left = LINE(slopes), right = LINE(slopes + points);
        for (int k = 1; k < bins; k++) {
            x += LINE(width);
            y += LINE(height);
            width += points, height += points, slopes += points;
            const choice is_beyond = wanted >= (reaches ? y : x);
            bin = is_beyond ? (line)k : bin;
            bin_x = is_beyond ? x : bin_x;
            bin_y = is_beyond ? y : bin_y;
            bin_width = is_beyond ? LINE(width) : bin_width;
            bin_height = is_beyond ? LINE(height) : bin_height;
            left = is_beyond ? LINE(slopes) : left;
            right = is_beyond ? LINE(slopes + points) : right;
        }
        LINE(found->bin + p) = bin;
        LINE(found->x + p) = bin_x;
        LINE(found->y + p) = bin_y;
        LINE(found->width + p) = bin_width;
        LINE(found->height + p) = bin_height;
        LINE(found->left + p) = left;
        LINE(found->right + p) = right;
    }
}

INLINE double log_slope(double u, double s, double left, double right) {
    double t = u * (1 - u), below = s + (left + right - 2 * s) * t;
    double above = right * u * u + 2 * s * t + left * (1 - u) * (1 - u);
    return ansatz_math_log_f64(s * s * above / (below * below));
}

ANSATZ_CLONES void ansatz_flow_forward(int bins, double *restrict rows, const double *restrict x, double *restrict y,
                                       double *restrict logs) {
    pieces piece;
    divide(bins, rows);
    divide(bins, rows + bins * points);
    find(bins, rows, x, 0, &piece);
    EACH_POINT {
        double left = slope(piece.left[p]), right = slope(piece.right[p]);
        double u = clamped((x[p] - piece.x[p]) / piece.width[p]), t = u * (1 - u);
        double s = piece.height[p] / piece.width[p], below = s + (left + right - 2 * s) * t;
        y[p] = clamped(piece.y[p] + piece.height[p] * (s * u * u + left * t) / below);
        logs[p] += log_slope(u, s, left, right);
    }
}

ANSATZ_CLONES void ansatz_flow_inverse(int bins, double *restrict rows, double *restrict y, double *restrict logs) {
    pieces piece;
    divide(bins, rows);
    divide(bins, rows + bins * points);
    find(bins, rows, y, 1, &piece);
    EACH_POINT {
        double left = slope(piece.left[p]), right = slope(piece.right[p]), height = piece.height[p];
        double s = height / piece.width[p], excess = left + right - 2 * s;
        double rise = y[p] - piece.y[p];
        rise = rise < 0 ? 0 : rise;
        rise = rise > height ? height : rise;
        // The quadratic equation a ξ² + b ξ + c = 0, solved in the form that does not cancel.
        double a = height * (s - left) + rise * excess, b = height * left - rise * excess, c = -s * rise;
        double square = b * b - 4 * a * c;
        double below = -b - sqrt(square > 0 ? square : 0);
        double u = below == 0 ? 0 : clamped(2 * c / below);
        y[p] = clamped(piece.x[p] + u * piece.width[p]);
        logs[p] += log_slope(u, s, left, right);
    }
}

/// From derivatives by a piece's share and by each share before it to those by all outputs.
INLINE void divide_reverse(int bins, const double *restrict parts, const double *restrict bin,
                           const double *restrict corner, const double *restrict part, const double *restrict before,
                           const double *restrict own, double *restrict adjoints) {
    const double least = even / bins;
    double mean[points];
    EACH_POINT mean[p] = (before[p] * (corner[p] - bin[p] * least) + own[p] * (part[p] - least)) / rest;
    for (int k = 0; k < bins; k++) {
        const double *row = parts + k * points;
        double *adjoint = adjoints + k * points;
        EACH_POINT {
            double by = k < bin[p] ? before[p] : k > bin[p] ? 0 : own[p];
            adjoint[p] = (row[p] - least) * (by - mean[p]);
        }
    }
}

ANSATZ_CLONES void ansatz_flow_reverse(int bins, const double *restrict rows, const double *restrict x,
                                       const double *restrict b, double *restrict a, double *restrict row_adjoints) {
    pieces piece;
    double by_x[points], by_y[points], by_width[points], by_height[points], by_left[points], by_right[points];
    find(bins, rows, x, 0, &piece);
    EACH_POINT {
        double left = slope(piece.left[p]), right = slope(piece.right[p]);
        double width = piece.width[p], height = piece.height[p], s = height / width, excess = left + right - 2 * s;
        double u = clamped((x[p] - piece.x[p]) / width), t = u * (1 - u), turn = 1 - 2 * u;
        double n = s * u * u + left * t, below = s + excess * t;
        double above = right * u * u + 2 * s * t + left * (1 - u) * (1 - u);
        // By ξ, s and the slopes, h standing by itself in front of the quotient.
        double value = a[p] * height / (below * below), over = b[p] / above, under = 2 * b[p] / below;
        double by_u = value * ((2 * s * u + left * turn) * below - n * excess * turn)
            + over * (2 * right * u + 2 * s * turn - 2 * left * (1 - u)) - under * excess * turn;
        double by_s = value * (u * u * below - n * (1 - 2 * t)) + 2 * b[p] / s + over * 2 * t - under * (1 - 2 * t);
        by_left[p] = (value * t * (below - n) + over * (1 - u) * (1 - u) - under * t)
            * ansatz_math_sigmoid_f64(piece.left[p] + slope_shift);
        by_right[p] = (over * u * u - value * t * n - under * t)
            * ansatz_math_sigmoid_f64(piece.right[p] + slope_shift);
        by_width[p] = -(by_s * s + by_u * u) / width;
        by_height[p] = a[p] * n / below + by_s / width;
        by_x[p] = -by_u / width;
        by_y[p] = a[p];
        a[p] = by_u / width;
    }
    divide_reverse(bins, rows, piece.bin, piece.x, piece.width, by_x, by_width, row_adjoints);
    divide_reverse(bins, rows + bins * points, piece.bin, piece.y, piece.height, by_y, by_height,
                   row_adjoints + bins * points);
    for (int k = 0; k <= bins; k++) {
        double *adjoint = row_adjoints + (2 * bins + k) * points;
        EACH_POINT adjoint[p] = k == piece.bin[p] ? by_left[p] : k == piece.bin[p] + 1 ? by_right[p] : 0;
    }
}

ANSATZ_CLONES void ansatz_flow_layer_reverse(int rows, const double *restrict values, double *restrict adjoints,
                                             double *restrict gradient) {
    for (int row = 0; row < rows; row++) {
        line sum = 0;
        for (int p = 0; p < points; p += lanes) {
            line adjoint = LINE(adjoints + row * points + p);
            if (values) {
                const line value = LINE(values + row * points + p);
                adjoint *= 1 - value * value;
                LINE(adjoints + row * points + p) = adjoint;
            }
            sum += adjoint;
        }
        gradient[row] += ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
    }
}
