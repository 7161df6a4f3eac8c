#include "cells.h"

/// Rows of A in double precision: differences of neighbours that are nearly equal keep their digits.
INLINE eight_f64 operator_f64(const level_t *g, long at, const float *c, const float *s, const float *n, const float *d,
                              const float *u) {
    if (g->count) {
        const eight_f64 around = ((CELLS(c - 1) + CELLS(c + 1)) + (CELLS(s) + CELLS(n))) + (CELLS(d) + CELLS(u));
        const eight_f64 count = WIDE(*(const eight_u8 *)(g->count + at));
        return count * CELLS(c) - around;
    }
    const float *x = g->x + at, *y = g->y + at, *z = g->z + at;
    const eight_f64 around = ((CELLS(x - 1) * CELLS(c - 1) + CELLS(x) * CELLS(c + 1)) +
                              (CELLS(y - g->row) * CELLS(s) + CELLS(y) * CELLS(n))) +
                             (CELLS(z - g->plane) * CELLS(d) + CELLS(z) * CELLS(u));
    return CELLS(g->diagonal + at) * CELLS(c) - around;
}

/// Ones where there is an unknown, zeros elsewhere.
INLINE eight_f64 unknowns(const level_t *g, long at) {
    if (g->count) {
        const eight_f64 count = WIDE(*(const eight_u8 *)(g->count + at));
        return WIDE(-(count != 0));
    }
    return WIDE(-(CELLS(g->diagonal + at) != 0));
}

INLINE void combine_plane(const level_t *g, long k, const float *z, int count, const double *factors,
                          const float *const *others, float *out) {
    const long w = width(g);
    for (long j = 0; j < g->ny; j++) {
        const long row = j * g->row, at = k * g->plane + row;
        for (long i = 0; i < w; i += group) {
            eight_f64 value = CELLS(z + at + i);
            for (int o = 0; o < count; o++) value += factors[o] * CELLS(others[o] + at + i);
            *(eight_f32 *)(out + row + i) = __builtin_convertvector(value, eight_f32);
        }
    }
}

size_t ansatz_cells_direction_room(const level_t *g) { return (size_t)(3 * g->plane + 32); }

ANSATZ_CLONES void ansatz_cells_direction(const level_t *g, const float *z, int count, const double *factors,
                                          const float *const *others, float *p, double *sums, long first, long last,
                                          float *room) {
    const long w = width(g);
    // Zeros, and the planes below and above the part, which others write.
    float *beyond = room + g->row + 16;
#define DIRECTION(k)                                \
    ((k) < 0 || (k) >= g->nz ? beyond               \
     : (k) < first           ? beyond + g->plane    \
     : (k) >= last           ? beyond + 2 * g->plane \
                             : p + (k) * g->plane)
    for (long t = first - 1; t <= last; t++) {
        if (t >= 0 && t < g->nz) combine_plane(g, t, z, count, factors, others, DIRECTION(t));
        const long k = t - 1;
        if (k < first) continue;
        const float *below = DIRECTION(k - 1), *here = DIRECTION(k), *above = DIRECTION(k + 1);
        eight_f64 sum = {0};
        for (long j = 0; j < g->ny; j++) {
            const long row = j * g->row, at = k * g->plane + row;
            for (long i = row; i < row + w; i += group) {
                const float *c = here + i;
                sum += CELLS(c) * operator_f64(g, at + i - row, c, c - g->row, c + g->row, below + i, above + i);
            }
        }
        sums[k] = sum_of(sum);
    }
}

ANSATZ_CLONES void ansatz_cells_product(const level_t *g, const float *v, const float *other, double *sums, long first,
                                       long last) {
    const long w = width(g);
    for (long k = first; k < last; k++) {
        eight_f64 sum = {0};
        for (long j = 0; j < g->ny; j++) {
            const long at = k * g->plane + j * g->row;
            for (long i = at; i < at + w; i += group) {
                const float *c = other + i;
                sum += CELLS(v + i) * operator_f64(g, i, c, c - g->row, c + g->row, c - g->plane, c + g->plane);
            }
        }
        sums[k] = sum_of(sum);
    }
}

ANSATZ_CLONES void ansatz_cells_dot(const level_t *g, const float *v, const float *other, double *sums, long first,
                                   long last) {
    for (long k = first; k < last; k++) {
        double sum = 0;
        for (long j = 0; j < g->ny; j++) {
            const long at = k * g->plane + j * g->row;
            sum += row_dot(width(g), v + at, other + at);
        }
        sums[k] = sum;
    }
}

ANSATZ_CLONES void ansatz_cells_advance(const level_t *g, double a, const float *p, float *r, double *sums, long first,
                                       long last) {
    const long w = width(g);
    for (long k = first; k < last; k++) {
        eight_f64 sum = {0};
        for (long j = 0; j < g->ny; j++) {
            const long at = k * g->plane + j * g->row;
            for (long i = at; i < at + w; i += group) {
                const float *c = p + i;
                const eight_f64 image = operator_f64(g, i, c, c - g->row, c + g->row, c - g->plane, c + g->plane);
                const eight_f64 value = CELLS(r + i) - a * unknowns(g, i) * image;
                sum += value * value;
                *(eight_f32 *)(r + i) = __builtin_convertvector(value, eight_f32);
            }
        }
        sums[k] = sum_of(sum);
    }
}

INLINE eight_f64 load_f64(const double *p) { return *(const eight_f64 *)p; }

ANSATZ_CLONES void ansatz_cells_residual(const level_t *g, const double *b, const double *x, float *r, double *sums,
                                        long first, long last) {
    const long w = width(g);
    for (long k = first; k < last; k++) {
        eight_f64 sum = {0};
        for (long j = 0; j < g->ny; j++) {
            const long at = k * g->plane + j * g->row;
            for (long i = at; i < at + w; i += group) {
                const double *c = x + i;
                eight_f64 image;
                if (g->count) {
                    image = WIDE(*(const eight_u8 *)(g->count + i)) * load_f64(c) -
                            (((load_f64(c - 1) + load_f64(c + 1)) + (load_f64(c - g->row) + load_f64(c + g->row))) +
                             (load_f64(c - g->plane) + load_f64(c + g->plane)));
                } else {
                    const float *kx = g->x + i, *ky = g->y + i, *kz = g->z + i;
                    image = CELLS(g->diagonal + i) * load_f64(c) -
                            (((CELLS(kx - 1) * load_f64(c - 1) + CELLS(kx) * load_f64(c + 1)) +
                              (CELLS(ky - g->row) * load_f64(c - g->row) + CELLS(ky) * load_f64(c + g->row))) +
                             (CELLS(kz - g->plane) * load_f64(c - g->plane) + CELLS(kz) * load_f64(c + g->plane)));
                }
                const eight_f64 value = unknowns(g, i) * (load_f64(b + i) - image);
                sum += value * value;
                *(eight_f32 *)(r + i) = __builtin_convertvector(value, eight_f32);
            }
        }
        sums[k] = sum_of(sum);
    }
}

ANSATZ_CLONES void ansatz_cells_gather(const level_t *g, int count, const double *factors, const float *const *p, double *x,
                                      long first, long last) {
    const long w = width(g);
    for (long k = first; k < last; k++)
        for (long j = 0; j < g->ny; j++) {
            const long at = k * g->plane + j * g->row;
            for (long i = at; i < at + w; i += group) {
                eight_f64 value = load_f64(x + i);
                for (int o = 0; o < count; o++) value += factors[o] * CELLS(p[o] + i);
                *(eight_f64 *)(x + i) = value;
            }
        }
}
