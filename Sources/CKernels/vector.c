#include "kernels_vector.h"

#include "dispatch.h"

#include <stdint.h>
#include <string.h>

/// Partial sums: enough independent chains to hide the latency of an addition at every vector width.
enum { lanes = 32 };

/// Adds neighbours at halving distance: a fixed tree, whatever the vector width.
static inline double sum_of_lanes(double *partial) {
    for (int width = lanes / 2; width > 0; width /= 2)
        for (int lane = 0; lane < width; lane++) partial[lane] += partial[lane + width];
    return partial[0];
}

#define DEFINE_VECTOR_KERNELS(suffix, real, word, magnitude_mask)                                                \
    ANSATZ_CLONES double ansatz_vector_dot_##suffix(size_t n, const real *x, const real *y) {                     \
        double partial[lanes] = {0};                                                                              \
        size_t i = 0;                                                                                             \
        for (; i + lanes <= n; i += lanes)                                                                        \
            for (int lane = 0; lane < lanes; lane++) partial[lane] += (double)x[i + lane] * (double)y[i + lane];  \
        for (int lane = 0; i < n; i++, lane++) partial[lane] += (double)x[i] * (double)y[i];                      \
        return sum_of_lanes(partial);                                                                             \
    }                                                                                                             \
                                                                                                                  \
    ANSATZ_CLONES void ansatz_vector_add_scaled_##suffix(size_t n, real alpha, const real *x, real *y) {          \
        for (size_t i = 0; i < n; i++) y[i] += alpha * x[i];                                                      \
    }                                                                                                             \
                                                                                                                  \
    ANSATZ_CLONES void ansatz_vector_scale_##suffix(size_t n, real alpha, real *x) {                              \
        for (size_t i = 0; i < n; i++) x[i] *= alpha;                                                             \
    }                                                                                                             \
                                                                                                                  \
    ANSATZ_CLONES void ansatz_vector_add_##suffix(size_t n, const real *x, real *y) {                             \
        for (size_t i = 0; i < n; i++) y[i] += x[i];                                                              \
    }                                                                                                             \
                                                                                                                  \
    ANSATZ_CLONES void ansatz_vector_add_product_##suffix(size_t n, const real *x, const real *y, real *restrict z) { \
        for (size_t i = 0; i < n; i++) z[i] += x[i] * y[i];                                                       \
    }                                                                                                             \
                                                                                                                  \
    /* Without the sign bit, floating-point order is integer order, with every NaN above infinity. */            \
    ANSATZ_CLONES real ansatz_vector_maximum_magnitude_##suffix(size_t n, const real *x) {                        \
        word largest = 0;                                                                                         \
        for (size_t i = 0; i < n; i++) {                                                                          \
            word pattern;                                                                                         \
            memcpy(&pattern, x + i, sizeof pattern);                                                              \
            pattern &= magnitude_mask;                                                                            \
            largest = pattern > largest ? pattern : largest;                                                      \
        }                                                                                                         \
        real result;                                                                                              \
        memcpy(&result, &largest, sizeof result);                                                                 \
        return result;                                                                                            \
    }

DEFINE_VECTOR_KERNELS(f64, double, int64_t, INT64_MAX)
DEFINE_VECTOR_KERNELS(f32, float, int32_t, INT32_MAX)

ANSATZ_CLONES void ansatz_vector_narrow(size_t n, const double *x, float *y) {
    for (size_t i = 0; i < n; i++) y[i] = (float)x[i];
}

ANSATZ_CLONES void ansatz_vector_widen(size_t n, const float *x, double *y) {
    for (size_t i = 0; i < n; i++) y[i] = (double)x[i];
}
