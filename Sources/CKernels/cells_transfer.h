#ifndef ANSATZ_CELLS_TRANSFER_H
#define ANSATZ_CELLS_TRANSFER_H

#include "cells.h"

/// A part of the cells that is worked on with what is between in cache: rows from ≤ j < to of planes first ≤ k < last.
typedef struct {
    long from, to, first, last;
} part_t;

// MARK: Rows

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

/// part[I] ← ¾ (s[2I] + s[2I+1]) + ¼ (t[2I−1] + t[2I+2])
INLINE void halve_row(long cells, const float *s, const float *t, float *part) {
    long i = 0;
    for (; i + group <= cells; i += group) {
        const eight_f32 a = *(const eight_f32 *)(s + 2 * i), b = *(const eight_f32 *)(s + 2 * i + 8);
        const eight_f32 p = *(const eight_f32 *)(t + 2 * i - 1), q = *(const eight_f32 *)(t + 2 * i + 7);
        const eight_f32 m = *(const eight_f32 *)(t + 2 * i + 2), n = *(const eight_f32 *)(t + 2 * i + 10);
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
        *(eight_f32 *)(part + i) = 0.75f * (EVEN(a, b) + ODD(a, b)) + 0.25f * (EVEN(p, q) + EVEN(m, n));
    }
    for (; i < cells; i++) part[i] = 0.75f * (s[2 * i] + s[2 * i + 1]) + 0.25f * (t[2 * i - 1] + t[2 * i + 2]);
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

/// fine[2I] ← fine[2I+1] ← ¾ g[I], side[2I] ← ¼ g[I−1], side[2I+1] ← ¼ g[I+1]
INLINE void spread_row(long cells, const float *g, float *fine, float *side) {
    long i = 0;
    for (; i + group <= cells; i += group) {
        const eight_f32 own = 0.75f * *(const eight_f32 *)(g + i);
        const eight_f32 low = 0.25f * *(const eight_f32 *)(g + i - 1), high = 0.25f * *(const eight_f32 *)(g + i + 1);
        *(eight_f32 *)(fine + 2 * i) = __builtin_shufflevector(own, own, 0, 0, 1, 1, 2, 2, 3, 3);
        *(eight_f32 *)(fine + 2 * i + 8) = __builtin_shufflevector(own, own, 4, 4, 5, 5, 6, 6, 7, 7);
        *(eight_f32 *)(side + 2 * i) = __builtin_shufflevector(low, high, 0, 8, 1, 9, 2, 10, 3, 11);
        *(eight_f32 *)(side + 2 * i + 8) = __builtin_shufflevector(low, high, 4, 12, 5, 13, 6, 14, 7, 15);
    }
    for (; i < cells; i++) {
        fine[2 * i] = fine[2 * i + 1] = 0.75f * g[i];
        side[2 * i] = 0.25f * g[i - 1];
        side[2 * i + 1] = 0.25f * g[i + 1];
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
                halve_row(coarser->nx, t, u, part);
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
            halve_row(coarser->nx, s, s, part);
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
                spread_row(coarser->nx, in, fine, side);
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

#endif
