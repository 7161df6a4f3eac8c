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

/// For loops over the cells of a row, a whole number of groups, that do not overlap.
#define EACH_CELL _Pragma("clang loop vectorize(assume_safety) vectorize_width(16) interleave_count(2)")

// MARK: Working memory

/// A part of the cells that is worked on with what is between in cache: rows from ≤ j < to of planes first ≤ k < last.
typedef struct {
    long from, to, first, last;
} part_t;

INLINE long clipped(long value, long end) { return value < 0 ? 0 : value > end ? end : value; }

INLINE long ring(long k, long size) { return (k + 4 * size) % size; }

/// Rows that go together, so that the planes in use stay in the second-level cache; a number of the shape alone.
INLINE long tile_rows(const level_t *g, int degree) {
    const long bytes = 4 * g->row * (3 * degree + 6), rows = (448 << 10) / bytes - 2 * degree;
    return rows < 8 ? 8 : rows / 2 * 2;
}

/// Rows of working memory: those of a part and, around them, what its smoother reads.
INLINE long room_rows(const level_t *g, int degree) {
    const long rows = tile_rows(g, degree), whole = g->ny < rows ? g->ny : rows;
    return whole + 2 * (degree + 2);
}

INLINE size_t slot_size(const level_t *g, int degree) { return (size_t)(g->row * room_rows(g, degree) + 32); }

/// Slots: zeros; rings for M r, for v and for degree − 1 stages; two planes beyond a part on either side; single rows.
enum { zero_slot = 0, scaled_slot = 1 };
INLINE long scaled_size(int degree) { return degree < 3 ? 3 : degree; }
INLINE long corrected_slot(int degree) { return scaled_slot + scaled_size(degree); }
INLINE long stage_slot(int degree) { return corrected_slot(degree) + degree + 1; }
INLINE long beyond_slot(int degree) { return stage_slot(degree) + 3 * degree; }
INLINE long row_slot(int degree) { return beyond_slot(degree) + 4; }

size_t ansatz_cells_room(const level_t *g, int degree) {
    return slot_size(g, degree) * (size_t)row_slot(degree) + (size_t)(4 * g->row + 128);
}

/// Working memory of a part: pointers to where cell (0, 0) of a plane would be.
typedef struct {
    float *base;
    size_t slot;
    int degree;
    long nz;
} room_t;

/// Room for rows from ≤ j < to, with zeros where rows are outside the box.
INLINE room_t room_for(const level_t *g, int degree, long from, long to, float *memory) {
    const long low = from - degree - 2;
    room_t room = {memory + 16 - low * g->row, slot_size(g, degree), degree, g->nz};
    for (long slot = 0; slot < row_slot(degree); slot++) {
        float *plane = room.base + (size_t)slot * room.slot;
        if (low <= -1) memset(plane - g->row - 1, 0, sizeof(float) * (size_t)g->row);
        if (to + degree + 1 >= g->ny) memset(plane + g->ny * g->row - 1, 0, sizeof(float) * (size_t)g->row);
    }
    return room;
}

INLINE float *plane_in(room_t room, long k, long slot, long size) {
    return room.base + room.slot * (size_t)(k < 0 || k >= room.nz ? zero_slot : slot + ring(k, size));
}

/// Three planes of one vector, one above the other.
typedef struct {
    const float *below, *here, *above;
} planes_t;

INLINE planes_t planes_in(room_t room, long k, long slot, long size) {
    return (planes_t){plane_in(room, k - 1, slot, size), plane_in(room, k, slot, size), plane_in(room, k + 1, slot, size)};
}

// MARK: Rows

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

/// out ← M r on rows of plane k.
INLINE void scale_rows(const level_t *g, long k, long from, long to, const float *r, float *out_plane) {
    const long w = width(g);
    for (long j = from; j < to; j++) {
        const long row = j * g->row, at = k * g->plane + row;
        const float *in = r + row;
        float *out = out_plane + row;
        if (g->count) {
            const uint8_t *m = g->weight8 + at;
            EACH_CELL for (long i = 0; i < w; i++) out[i] = g->unit * (float)m[i] * in[i];
        } else {
            const float *m = g->weight + at;
            EACH_CELL for (long i = 0; i < w; i++) out[i] = m[i] * in[i];
        }
    }
}

/// out ← f m + a M A v on rows of plane k, and + start unless that is null.
INLINE void chain_rows(const level_t *g, long k, long from, long to, const float *start, float f, const float *mr, float a,
                       planes_t v, float *out_plane) {
    const long w = width(g);
    for (long j = from; j < to; j++) {
        const long row = j * g->row, at = k * g->plane + row;
        const float *m0 = mr + row, *v0 = start + row;
        float *out = out_plane + row;
        ROWS(v, row)
        if (g->count) {
            const uint8_t *count = g->count + at, *m = g->weight8 + at;
            const float unit = a * g->unit;
#define VALUE(i) (f * m0[i] + unit * (float)m[i] * ((float)count[i] * c[i] - NEIGHBOURS(i)))
            if (start) {
                EACH_CELL for (long i = 0; i < w; i++) out[i] = v0[i] + VALUE(i);
            } else {
                EACH_CELL for (long i = 0; i < w; i++) out[i] = VALUE(i);
            }
#undef VALUE
        } else {
            const float *m = g->weight + at;
            FACES(at)
#define VALUE(i) (f * m0[i] + a * m[i] * (diagonal[i] * c[i] - BETWEEN(i)))
            if (start) {
                EACH_CELL for (long i = 0; i < w; i++) out[i] = v0[i] + VALUE(i);
            } else {
                EACH_CELL for (long i = 0; i < w; i++) out[i] = VALUE(i);
            }
#undef VALUE
        }
    }
}

/// out ← M (r − A v) on rows of plane k.
INLINE void scaled_residual_rows(const level_t *g, long k, long from, long to, const float *r, planes_t v,
                                 float *out_plane) {
    const long w = width(g);
    for (long j = from; j < to; j++) {
        const long row = j * g->row, at = k * g->plane + row;
        const float *right = r + row;
        float *out = out_plane + row;
        ROWS(v, row)
        if (g->count) {
            const uint8_t *count = g->count + at, *m = g->weight8 + at;
            EACH_CELL for (long i = 0; i < w; i++)
                out[i] = g->unit * (float)m[i] * (right[i] - ((float)count[i] * c[i] - NEIGHBOURS(i)));
        } else {
            const float *m = g->weight + at;
            FACES(at)
            EACH_CELL for (long i = 0; i < w; i++) out[i] = m[i] * (right[i] - (diagonal[i] * c[i] - BETWEEN(i)));
        }
    }
}

/// out ← share (r − A v) on one row.
INLINE void shared_residual_row(const level_t *g, long k, long j, const float *r, planes_t v, float *out) {
    const long w = width(g), row = j * g->row, at = k * g->plane + row;
    const float *right = r + row;
    const uint8_t *share = g->share + at;
    ROWS(v, row)
    if (g->count) {
        const uint8_t *count = g->count + at;
        EACH_CELL for (long i = 0; i < w; i++)
            out[i] = 0.01f * (float)share[i] * (right[i] - ((float)count[i] * c[i] - NEIGHBOURS(i)));
    } else {
        FACES(at)
        EACH_CELL for (long i = 0; i < w; i++)
            out[i] = 0.01f * (float)share[i] * (right[i] - (diagonal[i] * c[i] - BETWEEN(i)));
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

/// part[I] ← ¾ (s[2I] + s[2I+1]) + ¼ (s[2I−1] + s[2I+2])
INLINE void halve_row(long cells, const float *s, float *part) {
    long i = 0;
    for (; i + group <= cells; i += group) {
        const eight_f32 a = *(const eight_f32 *)(s + 2 * i), b = *(const eight_f32 *)(s + 2 * i + 8);
        const eight_f32 p = *(const eight_f32 *)(s + 2 * i - 1), q = *(const eight_f32 *)(s + 2 * i + 7);
        const eight_f32 m = *(const eight_f32 *)(s + 2 * i + 2), n = *(const eight_f32 *)(s + 2 * i + 10);
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
        *(eight_f32 *)(part + i) = 0.75f * (EVEN(a, b) + ODD(a, b)) + 0.25f * (EVEN(p, q) + EVEN(m, n));
    }
    for (; i < cells; i++) part[i] = 0.75f * (s[2 * i] + s[2 * i + 1]) + 0.25f * (s[2 * i - 1] + s[2 * i + 2]);
}

/// fine[2I] ← ¾ g[I] + ¼ g[I−1], fine[2I+1] ← ¾ g[I] + ¼ g[I+1]
INLINE void double_row(long cells, const float *g, float *fine) {
    long i = 0;
    for (; i + group <= cells; i += group) {
        const eight_f32 own = 0.75f * *(const eight_f32 *)(g + i);
        const eight_f32 low = own + 0.25f * *(const eight_f32 *)(g + i - 1);
        const eight_f32 high = own + 0.25f * *(const eight_f32 *)(g + i + 1);
        *(eight_f32 *)(fine + 2 * i) = __builtin_shufflevector(low, high, 0, 8, 1, 9, 2, 10, 3, 11);
        *(eight_f32 *)(fine + 2 * i + 8) = __builtin_shufflevector(low, high, 4, 12, 5, 13, 6, 14, 7, 15);
    }
    for (; i < cells; i++) {
        fine[2 * i] = 0.75f * g[i] + 0.25f * g[i - 1];
        fine[2 * i + 1] = 0.75f * g[i] + 0.25f * g[i + 1];
    }
}

/// Adds a fine row's part, weighted, to the coarse rows of one coarse plane that belong to a part.
INLINE void add_row(const level_t *coarser, part_t own, parents_t y, float weight, const float *part,
                    float *coarse_plane) {
    const long cells = coarser->nx;
    if (y.own >= own.from && y.own < own.to) {
        float *row = coarse_plane + y.own * coarser->row;
        const float most = weight * y.most;
        EACH_CELL for (long i = 0; i < cells; i++) row[i] += most * part[i];
    }
    if (y.other >= own.from && y.other < own.to) {
        float *row = coarse_plane + y.other * coarser->row;
        const float rest = weight * y.rest;
        EACH_CELL for (long i = 0; i < cells; i++) row[i] += rest * part[i];
    }
}

/// out ← in · weight · gates along y and z (null: none).
INLINE void gate_row(long w, float weight, const uint8_t *y, const uint8_t *z, const float *in, float *out) {
    const float unit = 1.0f / 255;
    if (y && z) {
        EACH_CELL for (long i = 0; i < w; i++) out[i] = weight * (unit * (float)y[i]) * (unit * (float)z[i]) * in[i];
    } else if (y || z) {
        const uint8_t *gate = y ? y : z;
        EACH_CELL for (long i = 0; i < w; i++) out[i] = weight * (unit * (float)gate[i]) * in[i];
    } else {
        EACH_CELL for (long i = 0; i < w; i++) out[i] = weight * in[i];
    }
}

/// The same as the next function where gates reduce what neighbouring parents get.
INLINE void restrict_rows_gated(const level_t *g, const level_t *coarser, part_t own, long k, long from, long to,
                                const float *r, planes_t v, float *coarse, float *rows) {
    const long w = width(g), stride = g->row + 16;
    float *s = rows + 16, *t = s + stride, *u = t + stride, *part = u + stride;
    const parents_t z = parents(k, g->halved[2], coarser->nz);
    t[-1] = t[w] = t[w + 1] = u[-1] = u[w] = u[w + 1] = 0;
    for (long j = from; j < to; j++) {
        shared_residual_row(g, k, j, r, v, s);
        const long at = k * g->plane + j * g->row;
        const parents_t y = parents(j, g->halved[1], coarser->ny);
        for (int corner = 0; corner < 4; corner++) {
            const long Y = corner % 2 ? y.other : y.own, Z = corner / 2 ? z.other : z.own;
            if (Y < own.from || Y >= own.to || Z < own.first || Z >= own.last) continue;
            const float weight = (corner % 2 ? y.rest : y.most) * (corner / 2 ? z.rest : z.most);
            gate_row(w, weight, corner % 2 ? g->gate[1] + at : 0, corner / 2 ? g->gate[2] + at : 0, s, t);
            float *target = coarse + Z * coarser->plane + Y * coarser->row;
            if (g->halved[0]) {
                gate_row(w, 1, g->gate[0] + at, 0, t, u);
                for (long i = 0; i < coarser->nx; i++)
                    part[i] = 0.75f * (t[2 * i] + t[2 * i + 1]) + 0.25f * (u[2 * i - 1] + u[2 * i + 2]);
                EACH_CELL for (long i = 0; i < coarser->nx; i++) target[i] += part[i];
            } else {
                EACH_CELL for (long i = 0; i < coarser->nx; i++) target[i] += t[i];
            }
        }
    }
}

/// Adds Pᵀ (r − A v) of rows of fine plane k to a coarse part.
INLINE void restrict_rows(const level_t *g, const level_t *coarser, part_t own, long k, long from, long to, const float *r,
                          planes_t v, float *coarse, float *rows) {
    if (g->gate[0]) return restrict_rows_gated(g, coarser, own, k, from, to, r, v, coarse, rows);
    float *s = rows + 16, *part = rows + 2 * g->row + 32;
    const parents_t z = parents(k, g->halved[2], coarser->nz);
    // What halving reads beyond the row.
    s[-1] = s[width(g)] = s[width(g) + 1] = 0;
    for (long j = from; j < to; j++) {
        shared_residual_row(g, k, j, r, v, s);
        const float *row = s;
        if (g->halved[0]) {
            halve_row(coarser->nx, s, part);
            row = part;
        }
        const parents_t y = parents(j, g->halved[1], coarser->ny);
        if (z.own >= own.first && z.own < own.last) add_row(coarser, own, y, z.most, row, coarse + z.own * coarser->plane);
        if (z.other >= own.first && z.other < own.last)
            add_row(coarser, own, y, z.rest, row, coarse + z.other * coarser->plane);
    }
}

/// The same as the next function where gates reduce what comes from neighbouring parents.
INLINE void correct_rows_gated(const level_t *g, const level_t *coarser, long k, long from, long to, float factor,
                               const float *u, const float *e, float *out_plane, float *rows) {
    const long w = width(g), stride = g->row + 16;
    float *fine = rows + 16, *side = fine + stride, *sum = side + stride;
    const parents_t z = parents(k, g->halved[2], coarser->nz);
    for (long j = from; j < to; j++) {
        const long row = j * g->row, at = k * g->plane + row;
        const parents_t y = parents(j, g->halved[1], coarser->ny);
        EACH_CELL for (long i = 0; i < w; i++) sum[i] = 0;
        for (int corner = 0; corner < 4; corner++) {
            const long Y = corner % 2 ? y.other : y.own, Z = corner / 2 ? z.other : z.own;
            if (Y < 0 || Z < 0) continue;
            const float weight = (corner % 2 ? y.rest : y.most) * (corner / 2 ? z.rest : z.most);
            const float *in = e + Z * coarser->plane + Y * coarser->row;
            const float *value = in;
            if (g->halved[0]) {
                const uint8_t *gate = g->gate[0] + at;
                for (long i = 0; i < coarser->nx; i++) {
                    fine[2 * i] = fine[2 * i + 1] = 0.75f * in[i];
                    side[2 * i] = 0.25f * in[i - 1];
                    side[2 * i + 1] = 0.25f * in[i + 1];
                }
                EACH_CELL for (long i = 0; i < w; i++) fine[i] += (1.0f / 255) * (float)gate[i] * side[i];
                value = fine;
            }
            gate_row(w, weight, corner % 2 ? g->gate[1] + at : 0, corner / 2 ? g->gate[2] + at : 0, value, side);
            EACH_CELL for (long i = 0; i < w; i++) sum[i] += side[i];
        }
        const uint8_t *share = g->share + at;
        const float *before = u + row;
        float *out = out_plane + row;
        EACH_CELL for (long i = 0; i < w; i++) out[i] = before[i] + factor * (float)share[i] * sum[i];
    }
}

/// out ← u + s P e on rows of fine plane k.
INLINE void correct_rows(const level_t *g, const level_t *coarser, long k, long from, long to, float factor,
                         const float *u, const float *e, float *out_plane, float *rows) {
    if (g->gate[0]) return correct_rows_gated(g, coarser, k, from, to, factor, u, e, out_plane, rows);
    float *mix = rows + 16, *fine = rows + 2 * g->row + 32;
    const parents_t z = parents(k, g->halved[2], coarser->nz);
    const long w = width(g), wide = coarser->nx + 1;
    for (long j = from; j < to; j++) {
        const parents_t y = parents(j, g->halved[1], coarser->ny);
        // A missing parent is one of the zeros around the coarse cells, which count for nothing.
        const float *here = e + z.own * coarser->plane, *far = e + (z.other < 0 ? z.own : z.other) * coarser->plane;
        const float rest = z.other < 0 ? 0 : z.rest, side = y.other < 0 ? 0 : y.rest;
        const long own = y.own * coarser->row, other = (y.other < 0 ? y.own : y.other) * coarser->row;
        const float *a = here + own, *b = here + other, *c = far + own, *d = far + other;
        const float wa = z.most * y.most, wb = z.most * side, wc = rest * y.most, wd = rest * side;
        EACH_CELL for (long i = -1; i < wide; i++) mix[i] = (wa * a[i] + wb * b[i]) + (wc * c[i] + wd * d[i]);
        const float *correction = mix;
        if (g->halved[0]) {
            double_row(coarser->nx, mix, fine);
            correction = fine;
        }
        const long row = j * g->row;
        const uint8_t *share = g->share + k * g->plane + row;
        const float *before = u + row;
        float *out = out_plane + row;
        EACH_CELL for (long i = 0; i < w; i++) out[i] = before[i] + factor * (float)share[i] * correction[i];
    }
}

// MARK: The two halves of a cycle

INLINE void down_part(const level_t *g, const level_t *coarser, int degree, const float *c, const float *r, float *u,
                      float *coarse, part_t own, float *memory) {
    const long n = degree, nz = g->nz, ny = g->ny, hz = g->halved[2], hy = g->halved[1];
    // Fine cells below the coarse ones, and those whose residual goes there.
    const long from = hz ? 2 * own.first : own.first, to = clipped(hz ? 2 * own.last : own.last, nz);
    const long begin = hz ? from - 1 : from, end = hz ? to + 1 : to;
    const long low = hy ? 2 * own.from : own.from, high = clipped(hy ? 2 * own.to : own.to, ny);
    const long bottom = hy ? low - 1 : low, top = hy ? high + 1 : high;
    const room_t room = room_for(g, degree, low, high, memory);
    float *rows = memory + room.slot * (size_t)row_slot(degree);
#define ROWS_WITH(margin) clipped(bottom - (margin), ny), clipped(top + (margin), ny)
#define RESULT(k)                                                                      \
    ((k) < 0 || (k) >= nz      ? room.base + room.slot * (size_t)zero_slot             \
     : (k) >= from && (k) < to ? u + (k) * g->plane                                    \
                               : room.base + room.slot * (size_t)(beyond_slot(degree) + \
                                                                  ((k) < from ? from - 1 - (k) : 2 + (k)-to)))
    for (long K = own.first; K < own.last; K++)
        for (long J = own.from; J < own.to; J++)
            memset(coarse + K * coarser->plane + J * coarser->row, 0, sizeof(float) * (size_t)coarser->nx);
    for (long t = begin - n; t < end + n; t++) {
        if (t >= 0 && t < nz)
            scale_rows(g, t, ROWS_WITH(n), r + t * g->plane, plane_in(room, t, scaled_slot, scaled_size(degree)));
        for (long i = 1; i < n; i++) {
            const long k = t - i, margin = n - i;
            if (k < 0 || k >= nz || k < begin - margin || k >= end + margin) continue;
            const planes_t v = i == 1 ? planes_in(room, k, scaled_slot, scaled_size(degree))
                                      : planes_in(room, k, stage_slot(degree) + 3 * (i - 1), 3);
            float *out = i == n - 1 ? RESULT(k) : plane_in(room, k, stage_slot(degree) + 3 * i, 3);
            chain_rows(g, k, ROWS_WITH(margin), 0, c[n - 1 - i], plane_in(room, k, scaled_slot, scaled_size(degree)),
                       i == 1 ? c[n - 1] : 1, v, out);
        }
        const long k = t - n;
        if (k < 0 || k >= nz || k < begin || k >= end) continue;
        restrict_rows(g, coarser, own, k, ROWS_WITH(0), r + k * g->plane,
                      (planes_t){RESULT(k - 1), RESULT(k), RESULT(k + 1)}, coarse, rows);
    }
#undef RESULT
#undef ROWS_WITH
}

ANSATZ_CLONES void ansatz_cells_down(const level_t *g, const level_t *coarser, int degree, const float *c, const float *r,
                                     float *u, float *coarse, long first, long last, float *room) {
    const long step = g->halved[1] ? tile_rows(g, degree) / 2 : tile_rows(g, degree);
    for (long from = 0; from < coarser->ny; from += step)
        down_part(g, coarser, degree, c, r, u, coarse, (part_t){from, clipped(from + step, coarser->ny), first, last}, room);
}

INLINE double row_dot(long w, const float *v, const float *r) {
    eight_f64 sum = {0};
    for (long i = 0; i < w; i += group) sum += CELLS(v + i) * CELLS(r + i);
    return sum_of(sum);
}

INLINE void up_part(const level_t *g, const level_t *coarser, int degree, const float *c, float s, const float *r,
                    const float *u, const float *e, float *z, double *sums, part_t own, float *memory) {
    const long n = degree, nz = g->nz, ny = g->ny;
    const room_t room = room_for(g, degree, own.from, own.to, memory);
    float *rows = memory + room.slot * (size_t)row_slot(degree);
#define ROWS_WITH(margin) clipped(own.from - (margin), ny), clipped(own.to + (margin), ny)
    for (long t = own.first - n; t < own.last + n; t++) {
        if (t >= 0 && t < nz)
            correct_rows(g, coarser, t, ROWS_WITH(n), 0.01f * s, u + t * g->plane, e,
                         plane_in(room, t, corrected_slot(degree), n + 1), rows);
        long k = t - 1;
        if (k >= 0 && k < nz && k >= own.first - (n - 1) && k < own.last + (n - 1))
            scaled_residual_rows(g, k, ROWS_WITH(n - 1), r + k * g->plane,
                                 planes_in(room, k, corrected_slot(degree), n + 1),
                                 plane_in(room, k, scaled_slot, scaled_size(degree)));
        for (long i = 1; i < n; i++) {
            k = t - 1 - i;
            const long margin = n - 1 - i;
            if (k < 0 || k >= nz || k < own.first - margin || k >= own.last + margin) continue;
            const int is_last = i == n - 1;
            const planes_t v = i == 1 ? planes_in(room, k, scaled_slot, scaled_size(degree))
                                      : planes_in(room, k, stage_slot(degree) + 3 * (i - 1), 3);
            float *out = is_last ? z + k * g->plane : plane_in(room, k, stage_slot(degree) + 3 * i, 3);
            chain_rows(g, k, ROWS_WITH(margin), is_last ? plane_in(room, k, corrected_slot(degree), n + 1) : 0,
                       c[n - 1 - i], plane_in(room, k, scaled_slot, scaled_size(degree)), i == 1 ? c[n - 1] : 1, v, out);
            if (!is_last || !sums) continue;
            double sum = own.from == 0 ? 0 : sums[k];
            for (long j = own.from; j < own.to; j++) sum += row_dot(width(g), out + j * g->row, r + k * g->plane + j * g->row);
            sums[k] = sum;
        }
    }
#undef ROWS_WITH
}

ANSATZ_CLONES void ansatz_cells_up(const level_t *g, const level_t *coarser, int degree, const float *c, float s,
                                   const float *r, const float *u, const float *e, float *z, double *sums, long first,
                                   long last, float *room) {
    const long step = tile_rows(g, degree);
    for (long from = 0; from < g->ny; from += step)
        up_part(g, coarser, degree, c, s, r, u, e, z, sums, (part_t){from, clipped(from + step, g->ny), first, last}, room);
}

ANSATZ_CLONES void ansatz_cells_remainder(const level_t *g, const float *r, const float *v, float *out) {
    const long w = width(g);
    for (long k = 0; k < g->nz; k++)
        for (long j = 0; j < g->ny; j++) {
            const long row = j * g->row, plane = k * g->plane, at = plane + row;
            const planes_t planes = {v + plane - g->plane, v + plane, v + plane + g->plane};
            const float *right = r + at;
            ROWS(planes, row)
            if (g->count) {
                const uint8_t *count = g->count + at;
                EACH_CELL for (long i = 0; i < w; i++)
                    out[at + i] = count[i] ? right[i] - ((float)count[i] * c[i] - NEIGHBOURS(i)) : 0;
            } else {
                FACES(at)
                EACH_CELL for (long i = 0; i < w; i++)
                    out[at + i] = diagonal[i] > 0 ? right[i] - (diagonal[i] * c[i] - BETWEEN(i)) : 0;
            }
        }
}

ANSATZ_CLONES void ansatz_cells_add(const level_t *g, const float *other, float *v) {
    const long w = width(g);
    for (long k = 0; k < g->nz; k++)
        for (long j = 0; j < g->ny; j++) {
            const long at = k * g->plane + j * g->row;
            EACH_CELL for (long i = at; i < at + w; i++) v[i] += other[i];
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
