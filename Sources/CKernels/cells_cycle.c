#include <string.h>

#include "cells_transfer.h"

// MARK: Working memory

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

INLINE planes_t planes_in(room_t room, long k, long slot, long size) {
    return (planes_t){plane_in(room, k - 1, slot, size), plane_in(room, k, slot, size), plane_in(room, k + 1, slot, size)};
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

ANSATZ_CLONES void ansatz_cells_boost(const level_t *g, float a, const float *r, float *v) {
    const long w = width(g);
    for (long k = 0; k < g->nz; k++)
        for (long j = 0; j < g->ny; j++) {
            const long at = k * g->plane + j * g->row;
            EACH_CELL for (long i = at; i < at + w; i++) v[i] += a * g->weight[i] * r[i];
        }
}

ANSATZ_CLONES void ansatz_cells_scale(const level_t *g, float a, float *v) {
    const long w = width(g);
    for (long k = 0; k < g->nz; k++)
        for (long j = 0; j < g->ny; j++) {
            const long at = k * g->plane + j * g->row;
            EACH_CELL for (long i = at; i < at + w; i++) v[i] *= a;
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

