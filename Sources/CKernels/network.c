#include "kernels_network.h"

#include "dispatch.h"
#include "vector_math.h"

// One function body serves both precisions: the templates are included once for each.

#define INTERLEAVE __builtin_shufflevector

/// Transposes the 4 × 4 matrix with rows x, using y.
#define TRANSPOSE_4(x, y)                                  \
    for (int i = 0; i < 4; i += 2) {                       \
        y[i] = INTERLEAVE(x[i], x[i + 1], 0, 4, 2, 6);     \
        y[i + 1] = INTERLEAVE(x[i], x[i + 1], 1, 5, 3, 7); \
    }                                                      \
    for (int i = 0; i < 2; i++) {                          \
        x[i] = INTERLEAVE(y[i], y[i + 2], 0, 1, 4, 5);     \
        x[i + 2] = INTERLEAVE(y[i], y[i + 2], 2, 3, 6, 7); \
    }

/// Transposes the 8 × 8 matrix with rows x, using y.
#define TRANSPOSE_8(x, y)                                                           \
    for (int i = 0; i < 8; i += 2) {                                                \
        y[i] = INTERLEAVE(x[i], x[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);               \
        y[i + 1] = INTERLEAVE(x[i], x[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);           \
    }                                                                               \
    for (int i = 0; i < 8; i += 4)                                                  \
        for (int j = i; j < i + 2; j++) {                                           \
            x[j] = INTERLEAVE(y[j], y[j + 2], 0, 1, 8, 9, 4, 5, 12, 13);            \
            x[j + 2] = INTERLEAVE(y[j], y[j + 2], 2, 3, 10, 11, 6, 7, 14, 15);      \
        }                                                                           \
    for (int i = 0; i < 4; i++) {                                                   \
        y[i] = INTERLEAVE(x[i], x[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);                \
        y[i + 4] = INTERLEAVE(x[i], x[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);          \
    }                                                                               \
    for (int i = 0; i < 8; i++) x[i] = y[i];

#define REAL double
#define MATH(name) ansatz_math_##name##_f64
#define KERNEL(name) ansatz_network_##name##_f64
#define LOCAL(name) name##_f64
#define TRANSPOSE_LINES TRANSPOSE_4
#include "network_activation.h"
#include "network_layer.h"
#include "network_gate.h"
#include "network_factors.h"
#undef REAL
#undef MATH
#undef KERNEL
#undef LOCAL
#undef TRANSPOSE_LINES

#define REAL float
#define MATH(name) ansatz_math_##name##_f32
#define KERNEL(name) ansatz_network_##name##_f32
#define LOCAL(name) name##_f32
#define TRANSPOSE_LINES TRANSPOSE_8
#include "network_activation.h"
#include "network_layer.h"
#include "network_gate.h"
#include "network_factors.h"
