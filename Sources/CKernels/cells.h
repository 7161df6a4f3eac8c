#ifndef ANSATZ_CELLS_H
#define ANSATZ_CELLS_H

#include "dispatch.h"
#include "kernels_cells.h"

#define INLINE static inline __attribute__((always_inline))

// Every function with vectors among its arguments is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

typedef ansatz_cells_level level_t;

// Eight cells at a time; rows are followed by enough zeros for whole groups.
typedef double eight_f64 __attribute__((vector_size(64), aligned(8), may_alias));
typedef float eight_f32 __attribute__((vector_size(32), aligned(4), may_alias));
typedef uint8_t eight_u8 __attribute__((vector_size(8), aligned(1), may_alias));
enum { group = 8 };

#define WIDE(v) __builtin_convertvector(v, eight_f64)
#define CELLS(pointer) WIDE(*(const eight_f32 *)(pointer))

INLINE long width(const level_t *g) { return (g->nx + group - 1) / group * group; }

INLINE double sum_of(eight_f64 v) { return ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7])); }

/// For loops over the cells of a row, a whole number of groups, that do not overlap.
#define EACH_CELL _Pragma("clang loop vectorize(assume_safety) vectorize_width(16) interleave_count(2)")

/// Three planes of one vector, one above the other.
typedef struct {
    const float *below, *here, *above;
} planes_t;

#define NEIGHBOURS(i) (((c[i - 1] + c[i + 1]) + (s[i] + n[i])) + (d[i] + u[i]))
#define BETWEEN(i) \
    (((kx[i - 1] * c[i - 1] + kx[i] * c[i + 1]) + (ks[i] * s[i] + kn[i] * n[i])) + (kd[i] * d[i] + ku[i] * u[i]))

/// The rows that a row's operator reads.
#define ROWS(v, row)                                                              \
    const float *c = v.here + (row), *s = v.here + (row)-g->row;                  \
    const float *n = v.here + (row) + g->row, *d = v.below + (row), *u = v.above + (row);

#define FACES(at)                                                                                       \
    const float *diagonal = g->diagonal + (at), *kx = g->x + (at), *ks = g->y + (at)-g->row;            \
    const float *kn = g->y + (at), *kd = g->z + (at)-g->plane, *ku = g->z + (at);

INLINE double row_dot(long w, const float *v, const float *r) {
    eight_f64 sum = {0};
    for (long i = 0; i < w; i += group) sum += CELLS(v + i) * CELLS(r + i);
    return sum_of(sum);
}

#endif
