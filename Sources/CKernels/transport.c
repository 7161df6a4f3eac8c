#include "kernels_transport.h"

#include "dispatch.h"
#include "vector_math.h"

/// Partial sums: a fixed number, whatever the vector width.
enum { lanes = 32 };

static inline double sum_of_lanes(double *partial) {
    for (int width = lanes / 2; width > 0; width /= 2)
        for (int lane = 0; lane < width; lane++) partial[lane] += partial[lane + width];
    return partial[0];
}

/// eᵗ for t ≤ 700 with one scaling factor, as no result is subnormal; 0 for t below −700.
static inline __attribute__((always_inline)) double gibbs_f64(double t) {
    double x = t < -700 ? -700 : t;
    x = x > 700 ? 700 : x;
    double rounded = x * 0x1.71547652b82fep+0 + ANSATZ_MATH_ROUND_64;
    double n = rounded - ANSATZ_MATH_ROUND_64;
    double r = (x - n * 0x1.62e42fefa2p-1) - n * 0x1.9ef35793c7673p-41;
    double e = (1 + ansatz_math_small_expm1_f64(r)) * ansatz_math_power_f64(rounded);
    return t < -700 ? 0 : e;
}

static inline __attribute__((always_inline)) float gibbs_f32(float t) {
    float x = t < -87 ? -87 : t;
    x = x > 87 ? 87 : x;
    float rounded = x * 0x1.715476p+0f + ANSATZ_MATH_ROUND_32;
    float n = rounded - ANSATZ_MATH_ROUND_32;
    float r = (x - n * 0x1.62e4p-1f) - n * 0x1.7f7d1cp-20f;
    float e = (1 + ansatz_math_small_expm1_f32(r)) * ansatz_math_power_f32(rounded);
    return t < -87 ? 0 : e;
}

ANSATZ_CLONES void ansatz_transport_distances(
    size_t n, size_t d, int power, const double *p, const double *q, const double *periods, double *restrict c) {
    for (size_t j = 0; j < n; j++) c[j] = 0;
    for (size_t k = 0; k < d; k++) {
        const double *coordinate = q + k * n;
        double here = p[k], period = periods[k];
        for (size_t j = 0; j < n; j++) {
            double difference = fabs(coordinate[j] - here);
            if (period > 0) difference = difference > period - difference ? period - difference : difference;
            c[j] += power == 0 ? difference : difference * difference;
        }
    }
    if (power == 1)
        for (size_t j = 0; j < n; j++) c[j] = sqrt(c[j]);
}

#define DEFINE_ROW(suffix, real)                                                                                  \
    ANSATZ_CLONES double ansatz_transport_row_##suffix(                                                           \
        size_t n, real inverse_epsilon, real x, const real *y, const real *c, real *restrict e) {                 \
        double partial[lanes] = {0};                                                                              \
        size_t j = 0;                                                                                             \
        for (; j + lanes <= n; j += lanes)                                                                        \
            for (int lane = 0; lane < lanes; lane++) {                                                            \
                e[j + lane] = gibbs_##suffix((x + y[j + lane] - c[j + lane]) * inverse_epsilon);                  \
                partial[lane] += (double)e[j + lane];                                                             \
            }                                                                                                     \
        for (int lane = 0; j < n; j++, lane++) {                                                                  \
            e[j] = gibbs_##suffix((x + y[j] - c[j]) * inverse_epsilon);                                           \
            partial[lane] += (double)e[j];                                                                        \
        }                                                                                                         \
        return sum_of_lanes(partial);                                                                             \
    }                                                                                                             \
                                                                                                                  \
    ANSATZ_CLONES real ansatz_transport_row_maximum_##suffix(size_t n, const real *y, const real *c) {            \
        real largest[lanes];                                                                                      \
        for (int lane = 0; lane < lanes; lane++) largest[lane] = y[0] - c[0];                                     \
        size_t j = 0;                                                                                             \
        for (; j + lanes <= n; j += lanes)                                                                        \
            for (int lane = 0; lane < lanes; lane++) {                                                            \
                real value = y[j + lane] - c[j + lane];                                                           \
                largest[lane] = value > largest[lane] ? value : largest[lane];                                    \
            }                                                                                                     \
        for (; j < n; j++) largest[0] = y[j] - c[j] > largest[0] ? y[j] - c[j] : largest[0];                      \
        real result = largest[0];                                                                                 \
        for (int lane = 1; lane < lanes; lane++) result = largest[lane] > result ? largest[lane] : result;        \
        return result;                                                                                            \
    }                                                                                                             \
                                                                                                                  \
    ANSATZ_CLONES void ansatz_transport_accumulate_##suffix(                                                      \
        size_t n, double alpha, const real *e, double *restrict sum) {                                            \
        for (size_t j = 0; j < n; j++) sum[j] += alpha * (double)e[j];                                            \
    }

DEFINE_ROW(f64, double)
DEFINE_ROW(f32, float)

ANSATZ_CLONES double ansatz_transport_row_cost_f64(size_t n, const double *e, const double *c) {
    double partial[lanes] = {0};
    size_t j = 0;
    for (; j + lanes <= n; j += lanes)
        for (int lane = 0; lane < lanes; lane++) partial[lane] += e[j + lane] * c[j + lane];
    for (int lane = 0; j < n; j++, lane++) partial[lane] += e[j] * c[j];
    return sum_of_lanes(partial);
}

ANSATZ_CLONES void ansatz_transport_least_f64(size_t n, double x, const double *c, double *restrict least) {
    for (size_t j = 0; j < n; j++) least[j] = c[j] - x < least[j] ? c[j] - x : least[j];
}

ANSATZ_CLONES size_t ansatz_transport_keep_f64(
    size_t n, const double *e, double row, const double *column, int32_t *restrict indices, double *restrict values) {
    size_t kept = 0;
    size_t j = 0;
    // Most blocks hold nothing: one vector comparison passes over them.
    for (; j + lanes <= n; j += lanes) {
        int any = 0;
        for (int lane = 0; lane < lanes; lane++) {
            double bound = column[j + lane] < row ? column[j + lane] : row;
            any |= e[j + lane] > bound;
        }
        if (!any) continue;
        for (int lane = 0; lane < lanes; lane++) {
            double bound = column[j + lane] < row ? column[j + lane] : row;
            if (e[j + lane] > bound) {
                indices[kept] = (int32_t)(j + lane);
                values[kept++] = e[j + lane];
            }
        }
    }
    for (; j < n; j++) {
        double bound = column[j] < row ? column[j] : row;
        if (e[j] > bound) {
            indices[kept] = (int32_t)j;
            values[kept++] = e[j];
        }
    }
    return kept;
}

static inline __attribute__((always_inline)) double row_product(
    const int32_t *indices, const double *values, int64_t count, const double *z) {
    enum { width = 16 };
    double sum[width] = {0};
    int64_t k = 0;
    for (; k + width <= count; k += width)
        for (int lane = 0; lane < width; lane++) sum[lane] += values[k + lane] * z[indices[k + lane]];
    for (int lane = 0; k < count; k++, lane++) sum[lane] += values[k] * z[indices[k]];
    for (int half = width / 2; half > 0; half /= 2)
        for (int lane = 0; lane < half; lane++) sum[lane] += sum[lane + half];
    return sum[0];
}

ANSATZ_CLONES void ansatz_transport_schur_rows(
    size_t rows, const int64_t *starts, const int32_t *indices, const double *values, const double *inverse,
    const double *z, double *restrict sum) {
    for (size_t row = 0; row < rows; row++) {
        int64_t start = starts[row], count = starts[row + 1] - start;
        double factor = row_product(indices + start, values + start, count, z) * inverse[row];
        for (int64_t k = start; k < start + count; k++) sum[indices[k]] += factor * values[k];
    }
}

ANSATZ_CLONES void ansatz_transport_gather_rows(
    size_t rows, const int64_t *starts, const int32_t *indices, const double *values, const double *z,
    double *restrict out) {
    for (size_t row = 0; row < rows; row++)
        out[row] = row_product(indices + starts[row], values + starts[row], starts[row + 1] - starts[row], z);
}

void ansatz_transport_scatter_rows(
    size_t rows, const int64_t *starts, const int32_t *indices, const double *values, const double *z, int squares,
    double *restrict sum) {
    for (size_t row = 0; row < rows; row++)
        for (int64_t k = starts[row]; k < starts[row + 1]; k++)
            sum[indices[k]] += z[row] * (squares ? values[k] * values[k] : values[k]);
}

void ansatz_transport_group_f64(size_t n, const double *e, const int32_t *groups, double *restrict sum) {
    for (size_t j = 0; j < n; j++) sum[groups[j]] += e[j];
}
