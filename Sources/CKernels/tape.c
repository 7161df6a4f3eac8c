#include "kernels_tape.h"

#include <math.h>
#include <string.h>

#include "dispatch.h"
#include "vector_math.h"

// Loops that call the C library stay scalar; there is nothing to say about that.
#pragma clang diagnostic ignored "-Wpass-failed"

/// Loops over the points of a block. Rows of results overlap no other row, which the compiler is told.
#define ANSATZ_POINTS _Pragma("clang loop vectorize(assume_safety) interleave_count(1)") for (int32_t p = 0; p < count; p++)

#define NAME(name) ansatz_tape_##name##_f64
#define MATH(name) ansatz_math_##name##_f64
#define LIBM(name) name
#define REAL double
#include "tape_body.h"
#undef NAME
#undef MATH
#undef LIBM
#undef REAL

#define NAME(name) ansatz_tape_##name##_f32
#define MATH(name) ansatz_math_##name##_f32
#define LIBM(name) name##f
#define REAL float
#include "tape_body.h"
