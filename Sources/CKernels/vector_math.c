#include "vector_math.h"

#include "dispatch.h"
#include "kernels_math.h"

// Where y is x, or elsewhere, no element depends on another; without that promise a loop in place stays scalar.
#define DEFINE(name, suffix, real)                                                              \
    ANSATZ_CLONES void ansatz_vector_##name##_##suffix(size_t n, const real *x, real *y) {      \
        _Pragma("clang loop vectorize(assume_safety)")                                          \
        for (size_t i = 0; i < n; i++) y[i] = ansatz_math_##name##_##suffix(x[i]);              \
    }
#define DEFINE_ARRAY(name, suffix, real)                                                        \
    ANSATZ_CLONES void ansatz_vector_##name##_##suffix(size_t n, const real *x, real *y) {      \
        ansatz_math_##name##_array_##suffix((int64_t)n, x, y);                                      \
    }
#define DEFINE_BOTH(define, name) define(name, f64, double) define(name, f32, float)

DEFINE_BOTH(DEFINE, exp)
DEFINE_BOTH(DEFINE, log)
DEFINE_BOTH(DEFINE, log1p)
DEFINE_BOTH(DEFINE, tanh)
DEFINE_BOTH(DEFINE, erf)
DEFINE_BOTH(DEFINE, sigmoid)
DEFINE_BOTH(DEFINE, softplus)
DEFINE_BOTH(DEFINE_ARRAY, sin)
DEFINE_BOTH(DEFINE_ARRAY, cos)
