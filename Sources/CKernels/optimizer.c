#include "kernels_optimizer.h"

#include "dispatch.h"

#pragma STDC FP_CONTRACT OFF

/// The elementwise builtin never sets errno, which is what keeps the loops vectorised.
#define DEFINE_OPTIMIZER_KERNELS(suffix, real)                                                                        \
    ANSATZ_CLONES void ansatz_optimizer_adam_##suffix(                                                                \
        size_t n, const ansatz_adam_constants *constants, const real *restrict gradient, real *restrict parameters,   \
        real *restrict first, real *restrict second) {                                                                \
        const real rate = (real)-constants->rate, epsilon = (real)constants->epsilon;                                 \
        const real keep1 = (real)constants->beta1, take1 = (real)(1 - constants->beta1);                              \
        const real keep2 = (real)constants->beta2, take2 = (real)(1 - constants->beta2);                              \
        const real correct1 = (real)constants->first_correction, correct2 = (real)constants->second_correction;       \
        const real decay = (real)constants->coupled_decay, shrinkage = (real)constants->shrinkage;                    \
        for (size_t i = 0; i < n; i++) {                                                                              \
            const real g = gradient[i] + decay * parameters[i];                                                       \
            const real m = keep1 * first[i] + take1 * g;                                                              \
            const real v = keep2 * second[i] + take2 * (g * g);                                                       \
            first[i] = m;                                                                                             \
            second[i] = v;                                                                                            \
            parameters[i] =                                                                                           \
                shrinkage * parameters[i] + rate * ((correct1 * m) / (__builtin_elementwise_sqrt(correct2 * v) + epsilon));\
        }                                                                                                             \
    }                                                                                                                 \
                                                                                                                      \
    ANSATZ_CLONES void ansatz_optimizer_combine_##suffix(size_t n, double a, real *restrict y, double b,              \
                                                         const real *restrict x) {                                    \
        const real keep = (real)a, take = (real)b;                                                                    \
        for (size_t i = 0; i < n; i++) y[i] = keep * y[i] + take * x[i];                                              \
    }                                                                                                                 \
                                                                                                                      \
    ANSATZ_CLONES void ansatz_optimizer_combine_squares_##suffix(size_t n, double a, real *restrict y, double b,      \
                                                                 const real *restrict x) {                            \
        const real keep = (real)a, take = (real)b;                                                                    \
        for (size_t i = 0; i < n; i++) y[i] = keep * y[i] + take * (x[i] * x[i]);                                     \
    }                                                                                                                 \
                                                                                                                      \
    ANSATZ_CLONES void ansatz_optimizer_maximum_##suffix(size_t n, real *restrict y, const real *restrict x) {        \
        for (size_t i = 0; i < n; i++) y[i] = y[i] > x[i] ? y[i] : x[i];                                              \
    }                                                                                                                 \
                                                                                                                      \
    ANSATZ_CLONES void ansatz_optimizer_scaled_copy_##suffix(size_t n, double a, const real *restrict x,              \
                                                             real *restrict y) {                                      \
        const real factor = (real)a;                                                                                  \
        for (size_t i = 0; i < n; i++) y[i] = factor * x[i];                                                          \
    }                                                                                                                 \
                                                                                                                      \
    ANSATZ_CLONES void ansatz_optimizer_root_##suffix(size_t n, double a, const real *restrict x, double inner,       \
                                                      double outer, real *restrict y) {                               \
        const real factor = (real)a, within = (real)inner, after = (real)outer;                                       \
        for (size_t i = 0; i < n; i++) y[i] = __builtin_elementwise_sqrt(factor * x[i] + within) + after;             \
    }                                                                                                                 \
                                                                                                                      \
    ANSATZ_CLONES void ansatz_optimizer_divide_##suffix(size_t n, real *restrict y, const real *restrict x) {         \
        for (size_t i = 0; i < n; i++) y[i] /= x[i];                                                                  \
    }                                                                                                                 \
                                                                                                                      \
    double ansatz_optimizer_sum_of_magnitudes_##suffix(size_t n, const real *x) {                                     \
        double sum = 0;                                                                                               \
        for (size_t i = 0; i < n; i++) sum += x[i] < 0 ? -(double)x[i] : (double)x[i];                                \
        return sum;                                                                                                   \
    }

DEFINE_OPTIMIZER_KERNELS(f64, double)
DEFINE_OPTIMIZER_KERNELS(f32, float)
