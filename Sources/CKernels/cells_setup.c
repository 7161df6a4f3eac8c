#include "dispatch.h"
#include "kernels_cells.h"

#define INLINE static inline __attribute__((always_inline))

typedef ansatz_cells_level level_t;

/// The part of it that is no face between unknowns.
INLINE int excess_of(int kind) { return kind - (kind > 0); }

ANSATZ_CLONES void ansatz_cells_count(const level_t *g, const uint8_t *kind, uint8_t *count, long first, long last) {
    for (long k = first; k < last; k++)
        for (long j = 0; j < g->ny; j++) {
            const long at = k * g->plane + j * g->row;
            const uint8_t *restrict c = kind + at, *restrict s = c - g->row, *restrict n = c + g->row;
            const uint8_t *restrict d = c - g->plane, *restrict u = c + g->plane;
            uint8_t *restrict out = count + at;
            // 1 for kinds 1 and 2, 2 for 3.
#define WEIGHT(v) (uint8_t)((uint8_t)((v) + 1) >> 1)
            for (long i = 0; i < g->nx; i++) {
                const uint8_t sum = (uint8_t)(WEIGHT(c[i - 1]) + WEIGHT(c[i + 1]) + WEIGHT(s[i]) + WEIGHT(n[i]) +
                                              WEIGHT(d[i]) + WEIGHT(u[i]));
                out[i] = c[i] == ansatz_fluid ? sum : 0;
            }
        }
}

void ansatz_cells_weigh(const level_t *g, const uint8_t *weights, uint8_t *weight8, long first, long last) {
    for (long k = first; k < last; k++)
        for (long j = 0; j < g->ny; j++) {
            const long at = k * g->plane + j * g->row;
            for (long i = at; i < at + g->nx; i++) weight8[i] = weights[g->count[i]];
        }
}

ANSATZ_CLONES long ansatz_cells_runs(const level_t *g, const uint8_t *kind, long at, int32_t *first, int32_t *last,
                                     uint8_t *tied) {
    const uint8_t *restrict c = kind + at, *restrict s = c - g->row, *restrict n = c + g->row;
    const uint8_t *restrict d = c - g->plane, *restrict u = c + g->plane;
    const long nx = g->nx;
    // Given cells have the second bit.
    uint8_t given = 0, all = 1;
    for (long i = 0; i < nx; i++) {
        given |= (uint8_t)(c[i] | s[i] | n[i] | d[i] | u[i]);
        all &= (uint8_t)(c[i] == ansatz_fluid);
    }
    given = (given | c[-1] | c[nx]) & 2;
    if (all && !given) {
        first[0] = 0, last[0] = (int32_t)nx, tied[0] = 0;
        return 1;
    }
    long count = 0;
    for (long i = 0; i < nx;) {
        if (c[i] != ansatz_fluid) {
            i++;
            continue;
        }
        const long begin = i;
        while (i < nx && c[i] == ansatz_fluid) i++;
        uint8_t around = c[begin - 1] | c[i];
        if (given)
            for (long cell = begin; cell < i; cell++) around |= (uint8_t)(s[cell] | n[cell] | d[cell] | u[cell]);
        first[count] = (int32_t)begin, last[count] = (int32_t)i, tied[count] = (around & 2) != 0;
        count++;
    }
    return count;
}

/// The fine cells of a coarse one along an axis: from `first`, `count` of them, at most two.
typedef struct {
    long first, count;
} children_t;

INLINE children_t children(long coarse, int halved, long fine_cells) {
    if (!halved) return (children_t){coarse, 1};
    const long first = 2 * coarse;
    return (children_t){first, first + 1 < fine_cells ? 2 : 1};
}

/// Cells of rows that take part in a coarse cell, up to four.
typedef struct {
    long at[4];
    int count;
} rows_t;

INLINE rows_t rows_below(const level_t *g, children_t y, children_t z) {
    rows_t rows = {{0}, 0};
    for (long k = 0; k < z.count; k++)
        for (long j = 0; j < y.count; j++) rows.at[rows.count++] = (z.first + k) * g->plane + (y.first + j) * g->row;
    return rows;
}

ANSATZ_CLONES void ansatz_cells_coarse_kinds(const level_t *g, const level_t *coarser, const uint8_t *kind, uint8_t *coarse,
                                            long first, long last) {
    for (long K = first; K < last; K++)
        for (long J = 0; J < coarser->ny; J++) {
            const rows_t rows = rows_below(g, children(J, g->halved[1], g->ny), children(K, g->halved[2], g->nz));
            uint8_t *restrict out = coarse + K * coarser->plane + J * coarser->row;
            for (long I = 0; I < coarser->nx; I++) out[I] = 0;
            // A bit for each kind that occurs.
            for (int r = 0; r < rows.count; r++) {
                const uint8_t *restrict in = kind + rows.at[r];
                if (g->halved[0]) {
                    const long pairs = g->nx / 2;
                    for (long I = 0; I < pairs; I++) out[I] |= in[2 * I] | in[2 * I + 1];
                    if (g->nx % 2) out[pairs] |= in[g->nx - 1];
                } else {
                    for (long I = 0; I < coarser->nx; I++) out[I] |= in[I];
                }
            }
            // Solid 0, fluid 1, given 2, both 3: fluid.
            for (long I = 0; I < coarser->nx; I++) out[I] = out[I] & 1 ? ansatz_fluid : out[I] & 2;
        }
}

/// The sum of the fine faces between the cells at `a` and `b` of each row, and how many there are.
INLINE float face_sum(const level_t *g, const uint8_t *kind, const float *face, const float *open, const long *a,
                      const long *b, int count) {
    if (face) {
        float sum = 0;
        for (int r = 0; r < count; r++) sum += face[a[r]];
        return sum;
    }
    int sum = 0;
    for (int r = 0; r < count; r++) sum += kind[a[r]] == ansatz_fluid && kind[b[r]] == ansatz_fluid;
    (void)g;
    return open[4 * sum / count] * (float)count;
}

ANSATZ_CLONES void ansatz_cells_coarse_faces(const level_t *g, const level_t *coarser, const uint8_t *kind,
                                            const float *excess, const float *open, const float *ties,
                                            const ansatz_cells_coarse *coarse, long first, long last) {
    const int *h = g->halved;
    for (long K = first; K < last; K++)
        for (long J = 0; J < coarser->ny; J++) {
            const children_t y = children(J, h[1], g->ny), z = children(K, h[2], g->nz);
            const rows_t rows = rows_below(g, y, z);
            for (long I = 0; I < coarser->nx; I++) {
                const long out = K * coarser->plane + J * coarser->row + I;
                const children_t x = children(I, h[0], g->nx);
                if (coarse->kind[out] != ansatz_fluid) continue;
                long a[4], b[4];
                int count = 0;
                if (I + 1 < coarser->nx && coarse->kind[out + 1] == ansatz_fluid) {
                    for (int r = 0; r < rows.count; r++) {
                        a[r] = rows.at[r] + x.first + x.count - 1;
                        b[r] = a[r] + 1;
                    }
                    coarse->x[out] = face_sum(g, kind, g->x, open, a, b, rows.count) * (h[0] ? 0.5f : 1);
                }
                if (J + 1 < coarser->ny && coarse->kind[out + coarser->row] == ansatz_fluid) {
                    count = 0;
                    for (long k = 0; k < z.count; k++)
                        for (long i = 0; i < x.count; i++) {
                            a[count] = (z.first + k) * g->plane + (y.first + y.count - 1) * g->row + x.first + i;
                            b[count] = a[count] + g->row;
                            count++;
                        }
                    coarse->y[out] = face_sum(g, kind, g->y, open, a, b, count) * (h[1] ? 0.5f : 1);
                }
                if (K + 1 < coarser->nz && coarse->kind[out + coarser->plane] == ansatz_fluid) {
                    count = 0;
                    for (long j = 0; j < y.count; j++)
                        for (long i = 0; i < x.count; i++) {
                            a[count] = (z.first + z.count - 1) * g->plane + (y.first + j) * g->row + x.first + i;
                            b[count] = a[count] + g->plane;
                            count++;
                        }
                    coarse->z[out] = face_sum(g, kind, g->z, open, a, b, count) * (h[2] ? 0.5f : 1);
                }
                float sum = 0;
                for (int r = 0; r < rows.count; r++)
                    for (long i = 0; i < x.count; i++) {
                        const long at = rows.at[r] + x.first + i;
                        if (excess) {
                            sum += ties[0] * excess[at];
                        } else if (kind[at] == ansatz_fluid) {
                            const long around[6] = {at - 1,      at + 1,       at - g->row,
                                                    at + g->row, at - g->plane, at + g->plane};
                            uint8_t any = 0;
                            for (int f = 0; f < 6; f++) any |= kind[around[f]];
                            if (!(any & ansatz_dirichlet)) continue;
                            const long cell[3] = {x.first + i, y.first + r % y.count, z.first + r / y.count};
                            const long last[3] = {g->nx - 1, g->ny - 1, g->nz - 1};
                            for (int f = 0; f < 6; f++) {
                                const int k = kind[around[f]], is_wall = cell[f / 2] == (f % 2 ? last[f / 2] : 0);
                                sum += (float)excess_of(k) * (k == ansatz_dirichlet_face ? ties[2] : ties[!is_wall]);
                            }
                        }
                    }
                coarse->excess[out] = sum;
            }
        }
}

ANSATZ_CLONES void ansatz_cells_coarse_diagonal(const level_t *g, const ansatz_cells_coarse *c, float factor, long first,
                                               long last) {
    for (long k = first; k < last; k++)
        for (long j = 0; j < g->ny; j++) {
            const long at = k * g->plane + j * g->row;
            for (long i = at; i < at + g->nx; i++) {
                const float sum = ((c->x[i - 1] + c->x[i]) + (c->y[i - g->row] + c->y[i])) +
                                  (c->z[i - g->plane] + c->z[i]) + c->excess[i];
                c->diagonal[i] = sum;
                c->weight[i] = sum > 0 ? factor / sum : 0;
            }
        }
}

ANSATZ_CLONES void ansatz_cells_gates(const level_t *g, const uint8_t *kind, uint8_t *const *gate, long first, long last) {
    const long step[3] = {1, g->row, g->plane};
    const float *faces[3] = {g->x, g->y, g->z};
    for (long k = first; k < last; k++)
        for (long j = 0; j < g->ny; j++)
            for (long i = 0; i < g->nx; i++) {
                const long at = k * g->plane + j * g->row + i, cell[3] = {i, j, k};
                for (int axis = 0; axis < 3; axis++) {
                    if (!g->halved[axis]) continue;
                    const int odd = cell[axis] % 2;
                    const float low = faces[axis][at - step[axis]], high = faces[axis][at];
                    const float toward = odd ? high : low, sibling = odd ? low : high;
                    const int given = kind[at + (odd ? step[axis] : -step[axis])] & ansatz_dirichlet;
                    const float open = given || toward >= sibling ? 1 : toward / sibling;
                    gate[axis][at] = (uint8_t)(255 * open + 0.5f);
                }
            }
}

ANSATZ_CLONES void ansatz_cells_shares(const level_t *g, const level_t *coarser, const uint8_t *kind, const uint8_t *coarse,
                                      const uint8_t *codes, uint8_t *share, long first, long last) {
    for (long k = first; k < last; k++)
        for (long j = 0; j < g->ny; j++) {
            const int hx = g->halved[0], hy = g->halved[1], hz = g->halved[2];
            const long K = hz ? k / 2 : k, J = hy ? j / 2 : j;
            const long K1 = K + (k % 2 ? 1 : -1), J1 = J + (j % 2 ? 1 : -1);
            const uint8_t *own = coarse + K * coarser->plane + J * coarser->row;
            const uint8_t *side = hy ? coarse + K * coarser->plane + J1 * coarser->row : own;
            const uint8_t *over = hz ? coarse + K1 * coarser->plane + J * coarser->row : own;
            const uint8_t *far = coarse + (hz ? K1 : K) * coarser->plane + (hy ? J1 : J) * coarser->row;
            // Weights in quarters: 3 and 1 along a halved axis, 4 and 0 along others.
            const int y0 = hy ? 3 : 4, y1 = 4 - y0, z0 = hz ? 3 : 4, z1 = 4 - z0;
            const long at = k * g->plane + j * g->row;
            for (long i = 0; i < g->nx; i++) {
                const long I = hx ? i / 2 : i, I1 = hx ? I + (i % 2 ? 1 : -1) : I;
                if (g->gate[0]) {
                    const float gx = (float)g->gate[0][at + i] / 255, gy = (float)g->gate[1][at + i] / 255;
                    const float gz = (float)g->gate[2][at + i] / 255;
                    const float xs[2] = {hx ? 3 : 4, hx ? gx : 0}, ys[2] = {hy ? 3 : 4, hy ? gy : 0};
                    const float zs[2] = {hz ? 3 : 4, hz ? gz : 0};
                    float sum = 0;
                    const uint8_t *rows[4] = {own, side, over, far};
                    for (int c = 0; c < 8; c++) sum += xs[c % 2] * ys[c / 2 % 2] * zs[c / 4] * (rows[c / 2][c % 2 ? I1 : I] != 0);
                    const long near = (long)(sum + 0.5f);
                    share[at + i] = kind[at + i] != ansatz_fluid ? 0 : codes[near > 64 ? 64 : near];
                    continue;
                }
                const int x0 = hx ? 3 : 4, x1 = 4 - x0;
#define OPEN(row) (x0 * ((row)[I] != 0) + x1 * ((row)[I1] != 0))
                const int weight = z0 * (y0 * OPEN(own) + y1 * OPEN(side)) + z1 * (y0 * OPEN(over) + y1 * OPEN(far));
                share[at + i] = kind[at + i] != ansatz_fluid ? 0 : codes[weight];
            }
        }
}
