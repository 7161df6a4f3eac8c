#include "kernels_cells.h"

#include <string.h>

#include "dispatch.h"

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

// MARK: Planes of working memory

INLINE size_t plane_room(const level_t *g) { return (size_t)(g->row * (g->ny + 2) + 32); }

/// The cells of a plane of working memory, with zeros around.
INLINE float *plane_at(const level_t *g, float *room, long slot) {
    return room + (size_t)slot * plane_room(g) + g->row + 16;
}

INLINE long ring(long k, long size) { return (k + 4 * size) % size; }

size_t ansatz_cells_room(const level_t *g, int degree) {
    // A plane of zeros, two rings of degree + 2, degree − 1 rings of 3, four planes beyond a part, and one for single rows.
    return plane_room(g) * (size_t)(1 + 2 * (degree + 2) + 3 * degree + 4 + 1);
}

/// Three planes of one vector, one above the other.
typedef struct {
    const float *below, *here, *above;
} planes_t;

// MARK: Rows

#define NEIGHBOURS(i) (((c[i - 1] + c[i + 1]) + (s[i] + n[i])) + (d[i] + u[i]))
#define BETWEEN(i) \
    (((kx[i - 1] * c[i - 1] + kx[i] * c[i + 1]) + (ks[i] * s[i] + kn[i] * n[i])) + (kd[i] * d[i] + ku[i] * u[i]))

/// The rows that a row's operator reads, in a plane k of v.
#define ROWS(v, at)                                                                             \
    const float *restrict c = v.here + (at), *restrict s = v.here + (at)-g->row;                \
    const float *restrict n = v.here + (at) + g->row, *restrict d = v.below + (at);             \
    const float *restrict u = v.above + (at);

#define FACES(at)                                                                               \
    const float *restrict diagonal = g->diagonal + (at), *restrict kx = g->x + (at);            \
    const float *restrict ks = g->y + (at)-g->row, *restrict kn = g->y + (at);                  \
    const float *restrict kd = g->z + (at)-g->plane, *restrict ku = g->z + (at);

/// out ← M r on a plane.
INLINE void scale_plane(const level_t *g, long k, const float *r, float *restrict out) {
    const long w = width(g);
    for (long j = 0; j < g->ny; j++) {
        const long row = j * g->row, at = k * g->plane + row;
        if (g->count) {
            const uint8_t *restrict m = g->weight8 + at;
            for (long i = 0; i < w; i++) out[row + i] = g->unit * (float)m[i] * r[row + i];
        } else {
            const float *restrict m = g->weight + at;
            for (long i = 0; i < w; i++) out[row + i] = m[i] * r[row + i];
        }
    }
}

/// out ← start + f m + a M A v on a plane; start may be null.
INLINE void chain_plane(const level_t *g, long k, const float *start, float f, const float *mr, float a, planes_t v,
                        float *restrict out_plane) {
    const long w = width(g);
    for (long j = 0; j < g->ny; j++) {
        const long row = j * g->row, at = k * g->plane + row;
        const float *restrict m0 = mr + row;
        float *restrict out = out_plane + row;
        ROWS(v, row)
        if (g->count) {
            const uint8_t *restrict count = g->count + at, *restrict m = g->weight8 + at;
            const float unit = a * g->unit;
            for (long i = 0; i < w; i++)
                out[i] = f * m0[i] + unit * (float)m[i] * ((float)count[i] * c[i] - NEIGHBOURS(i));
        } else {
            const float *restrict m = g->weight + at;
            FACES(at)
            for (long i = 0; i < w; i++) out[i] = f * m0[i] + a * m[i] * (diagonal[i] * c[i] - BETWEEN(i));
        }
        if (start) {
            const float *restrict v0 = start + row;
            for (long i = 0; i < w; i++) out[i] += v0[i];
        }
    }
}

/// out ← r − A v on a row, wrong where there is no unknown.
INLINE void residual_row(const level_t *g, long k, long j, const float *r, planes_t v, float *restrict out) {
    const long w = width(g), row = j * g->row, at = k * g->plane + row;
    const float *restrict right = r + row;
    ROWS(v, row)
    if (g->count) {
        const uint8_t *restrict count = g->count + at;
        for (long i = 0; i < w; i++) out[i] = right[i] - ((float)count[i] * c[i] - NEIGHBOURS(i));
    } else {
        FACES(at)
        for (long i = 0; i < w; i++) out[i] = right[i] - (diagonal[i] * c[i] - BETWEEN(i));
    }
}

// MARK: Between levels

/// The coarse cells that a fine one belongs to, along one axis: most to `own`, a quarter to `other`; −1: none.
typedef struct {
    long own, other;
    float most, rest;
} parents_t;

INLINE parents_t parents(long i, int halved, long coarse_cells) {
    if (!halved) return (parents_t){i, -1, 1, 0};
    const long own = i / 2, other = own + (i % 2 ? 1 : -1);
    return (parents_t){own, other < coarse_cells ? other : -1, 0.75f, 0.25f};
}

/// Adds a fine row's part, weighted, to the coarse rows of one coarse plane.
INLINE void add_row(const level_t *coarser, parents_t y, float weight, const float *restrict part, float *coarse_plane) {
    float *restrict own = coarse_plane + y.own * coarser->row;
    const float most = weight * y.most, rest = weight * y.rest;
    for (long i = 0; i < coarser->nx; i++) own[i] += most * part[i];
    if (y.other < 0) return;
    float *restrict other = coarse_plane + y.other * coarser->row;
    for (long i = 0; i < coarser->nx; i++) other[i] += rest * part[i];
}

/// Adds Pᵀ (r − A v) of fine plane k to the coarse planes first ≤ K < last.
INLINE void restrict_plane(const level_t *g, const level_t *coarser, long k, const float *r, planes_t v, float *coarse,
                           long first, long last, float *rows) {
    float *s = rows, *part = rows + g->row + 16;
    const parents_t z = parents(k, g->halved[2], coarser->nz);
    const long w = width(g);
    for (long j = 0; j < g->ny; j++) {
        residual_row(g, k, j, r, v, s);
        const uint8_t *restrict share = g->share + k * g->plane + j * g->row;
        for (long i = 0; i < w; i++) s[i] *= 0.01f * (float)share[i];
        const parents_t y = parents(j, g->halved[1], coarser->ny);
        if (g->halved[0]) {
            // Beyond the row there are zeros: share is zero there.
            for (long i = 0; i < coarser->nx; i++)
                part[i] = 0.75f * (s[2 * i] + s[2 * i + 1]) + 0.25f * (s[2 * i - 1] + s[2 * i + 2]);
        } else {
            for (long i = 0; i < coarser->nx; i++) part[i] = s[i];
        }
        if (z.own >= first && z.own < last) add_row(coarser, y, z.most, part, coarse + z.own * coarser->plane);
        if (z.other >= first && z.other < last) add_row(coarser, y, z.rest, part, coarse + z.other * coarser->plane);
    }
}

/// out ← u + s P e on fine plane k.
INLINE void correct_plane(const level_t *g, const level_t *coarser, long k, float s, const float *u, const float *e,
                          float *out_plane, float *rows) {
    float *restrict mix = rows + 16, *restrict fine = rows + 16 + 2 * g->row;
    const parents_t z = parents(k, g->halved[2], coarser->nz);
    const long w = width(g);
    for (long j = 0; j < g->ny; j++) {
        const parents_t y = parents(j, g->halved[1], coarser->ny);
        // Missing parents are the zeros around the coarse cells.
        const float *plane0 = e + z.own * coarser->plane;
        const float *plane1 = z.other < 0 ? 0 : e + z.other * coarser->plane;
        const float *restrict a = plane0 + y.own * coarser->row;
        const float *restrict b = y.other < 0 ? a : plane0 + y.other * coarser->row;
        const float wa = z.most * y.most, wb = y.other < 0 ? 0 : z.most * y.rest;
        const long wide = coarser->nx + 1;
        for (long i = -1; i < wide; i++) mix[i] = wa * a[i] + wb * b[i];
        if (plane1) {
            const float *restrict a1 = plane1 + y.own * coarser->row;
            const float *restrict b1 = y.other < 0 ? a1 : plane1 + y.other * coarser->row;
            const float wa1 = z.rest * y.most, wb1 = y.other < 0 ? 0 : z.rest * y.rest;
            for (long i = -1; i < wide; i++) mix[i] += wa1 * a1[i] + wb1 * b1[i];
        }
        const float *restrict correction = mix;
        if (g->halved[0]) {
            for (long i = 0; i < coarser->nx; i++) {
                fine[2 * i] = 0.75f * mix[i] + 0.25f * mix[i - 1];
                fine[2 * i + 1] = 0.75f * mix[i] + 0.25f * mix[i + 1];
            }
            correction = fine;
        }
        const long row = j * g->row;
        const uint8_t *restrict share = g->share + k * g->plane + row;
        const float *restrict before = u + row;
        float *restrict out = out_plane + row;
        const float factor = 0.01f * s;
        for (long i = 0; i < w; i++) out[i] = before[i] + factor * (float)share[i] * correction[i];
    }
}

// MARK: The two halves of a cycle

ANSATZ_CLONES void ansatz_cells_down(const level_t *g, const level_t *coarser, int degree, const float *c, const float *r,
                                    float *u, float *coarse, long first, long last, float *room) {
    const long n = degree, nz = g->nz, halved = g->halved[2];
    const long from = halved ? 2 * first : first;
    const long to = halved ? (2 * last < nz ? 2 * last : nz) : last;
    const long begin = halved ? from - 1 : from, end = halved ? to + 1 : to;
    const float *zeros = plane_at(g, room, 0);
    const long stages = 1 + (n + 2), beyond = stages + 3 * n;
    float *rows = room + plane_room(g) * (size_t)(beyond + 4) + 16;
#define SCALED(k) ((k) < 0 || (k) >= nz ? (float *)zeros : plane_at(g, room, 1 + ring(k, n + 2)))
#define STAGE(i, k) ((k) < 0 || (k) >= nz ? (float *)zeros : plane_at(g, room, stages + 3 * (i) + ring(k, 3)))
#define RESULT(k)                                                \
    ((k) < 0 || (k) >= nz         ? (float *)zeros               \
     : (k) >= from && (k) < to    ? u + (k) * g->plane           \
     : (k) < from                 ? plane_at(g, room, beyond + from - 1 - (k)) \
                                  : plane_at(g, room, beyond + 2 + (k)-to))
    for (long K = first; K < last; K++)
        for (long J = 0; J < coarser->ny; J++)
            memset(coarse + K * coarser->plane + J * coarser->row, 0, sizeof(float) * (size_t)coarser->nx);
    for (long t = begin - n; t < end + n; t++) {
        if (t >= 0 && t < nz) scale_plane(g, t, r + t * g->plane, SCALED(t));
        for (long i = 1; i < n; i++) {
            const long k = t - i, margin = n - i;
            if (k < 0 || k >= nz || k < begin - margin || k >= end + margin) continue;
            planes_t v = i == 1 ? (planes_t){SCALED(k - 1), SCALED(k), SCALED(k + 1)}
                                : (planes_t){STAGE(i - 1, k - 1), STAGE(i - 1, k), STAGE(i - 1, k + 1)};
            chain_plane(g, k, 0, c[n - 1 - i], SCALED(k), i == 1 ? c[n - 1] : 1, v,
                        i == n - 1 ? RESULT(k) : STAGE(i, k));
        }
        const long k = t - n;
        if (k < 0 || k >= nz || k < begin || k >= end) continue;
        restrict_plane(g, coarser, k, r + k * g->plane, (planes_t){RESULT(k - 1), RESULT(k), RESULT(k + 1)}, coarse,
                       first, last, rows);
    }
#undef RESULT
}

INLINE double row_dot(long w, const float *v, const float *r) {
    eight_f64 sum = {0};
    for (long i = 0; i < w; i += group) sum += CELLS(v + i) * CELLS(r + i);
    return sum_of(sum);
}

ANSATZ_CLONES void ansatz_cells_up(const level_t *g, const level_t *coarser, int degree, const float *c, float s,
                                  const float *r, const float *u, const float *e, float *z, double *sums, long first,
                                  long last, float *room) {
    const long n = degree, nz = g->nz;
    const float *zeros = plane_at(g, room, 0);
    const long corrected = 1 + (n + 2), stages = corrected + (n + 2);
    float *rows = room + plane_room(g) * (size_t)(stages + 3 * n + 4);
#define CORRECTED(k) ((k) < 0 || (k) >= nz ? (float *)zeros : plane_at(g, room, corrected + ring(k, n + 2)))
#undef STAGE
#define STAGE(i, k) ((k) < 0 || (k) >= nz ? (float *)zeros : plane_at(g, room, stages + 3 * (i) + ring(k, 3)))
    for (long t = first - n; t < last + n; t++) {
        if (t >= 0 && t < nz) correct_plane(g, coarser, t, s, u + t * g->plane, e, CORRECTED(t), rows);
        long k = t - 1;
        if (k >= 0 && k < nz && k >= first - (n - 1) && k < last + (n - 1)) {
            const planes_t v = {CORRECTED(k - 1), CORRECTED(k), CORRECTED(k + 1)};
            float *out = SCALED(k);
            for (long j = 0; j < g->ny; j++) residual_row(g, k, j, r + k * g->plane, v, out + j * g->row);
            scale_plane(g, k, out, out);
        }
        for (long i = 1; i < n; i++) {
            k = t - 1 - i;
            const long margin = n - 1 - i;
            if (k < 0 || k >= nz || k < first - margin || k >= last + margin) continue;
            planes_t v = i == 1 ? (planes_t){SCALED(k - 1), SCALED(k), SCALED(k + 1)}
                                : (planes_t){STAGE(i - 1, k - 1), STAGE(i - 1, k), STAGE(i - 1, k + 1)};
            float *out = i == n - 1 ? z + k * g->plane : STAGE(i, k);
            chain_plane(g, k, i == n - 1 ? CORRECTED(k) : 0, c[n - 1 - i], SCALED(k), i == 1 ? c[n - 1] : 1, v, out);
            if (i < n - 1 || !sums) continue;
            double sum = 0;
            for (long j = 0; j < g->ny; j++) sum += row_dot(width(g), out + j * g->row, r + k * g->plane + j * g->row);
            sums[k] = sum;
        }
    }
}

// MARK: Passes of conjugate gradients

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

ANSATZ_CLONES void ansatz_cells_direction(const level_t *g, const float *z, int count, const double *factors,
                                         const float *const *others, float *p, double *sums, long first, long last,
                                         float *room) {
    const float *zeros = plane_at(g, room, 0);
    const long w = width(g);
#define DIRECTION(k)                                     \
    ((k) < 0 || (k) >= g->nz     ? (float *)zeros        \
     : (k) < first               ? plane_at(g, room, 1)  \
     : (k) >= last               ? plane_at(g, room, 2)  \
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
