#include "kernels_transport_grid.h"

#include "dispatch.h"
#include "vector_math.h"

#define INLINE static inline __attribute__((always_inline))

/// Inputs that are looked at together: a block without a weight that matters is passed over.
enum { block = 16 };

/// Weights below e to this power are left out: a line of 10⁶ nodes misses less than 10⁻¹³ of its mass, the usual one 10⁻¹⁷.
#define LEAST (-45.0)
/// What is below this has no mass.
#define NO_MASS (-1e290)

/// eᵗ for −60 ≤ t ≤ 700, 0 below.
INLINE double weight(double t) {
    double x = t < -60 ? -60 : t;
    double rounded = x * 0x1.71547652b82fep+0 + ANSATZ_MATH_ROUND_64;
    double n = rounded - ANSATZ_MATH_ROUND_64;
    double r = (x - n * 0x1.62e42fefa2p-1) - n * 0x1.9ef35793c7673p-41;
    double e = (1 + ansatz_math_small_expm1_f64(r)) * ansatz_math_power_f64(rounded);
    return t < -60 ? 0 : e;
}

INLINE size_t padded(size_t m) { return (m + block - 1) / block * block; }

size_t ansatz_grid_room(size_t n, size_t m) { return 3 * padded(m) + 2 * padded(n) + padded(padded(m) / block); }

/// Copies a line, padded by `rest`.
INLINE void load(size_t m, const double *line, double rest, double *restrict room) {
    for (size_t j = 0; j < m; j++) room[j] = line[j];
    for (size_t j = m; j < padded(m); j++) room[j] = rest;
}

INLINE double sum_of_block(const double *partial) {
    double sum[block];
    for (int lane = 0; lane < block; lane++) sum[lane] = partial[lane];
    for (int width = block / 2; width > 0; width /= 2)
        for (int lane = 0; lane < width; lane++) sum[lane] += sum[lane + width];
    return sum[0];
}

/// The largest y_j − s c_j.
INLINE double largest(size_t m, double s, const double *y, const double *c) {
    double best[block];
    for (int lane = 0; lane < block; lane++) best[lane] = y[lane] - s * c[lane];
    for (size_t j = block; j < m; j += block)
        for (int lane = 0; lane < block; lane++) {
            double value = y[j + lane] - s * c[j + lane];
            best[lane] = value > best[lane] ? value : best[lane];
        }
    for (int width = block / 2; width > 0; width /= 2)
        for (int lane = 0; lane < width; lane++)
            best[lane] = best[lane + width] > best[lane] ? best[lane + width] : best[lane];
    return best[0];
}

/// Whether a block holds a weight that matters.
INLINE int matters(double s, double t, const double *y, const double *c) {
    int any = 0;
    for (int lane = 0; lane < block; lane++) any |= y[lane] - s * c[lane] - t > LEAST;
    return any;
}

ANSATZ_CLONES void ansatz_grid_log_sum(
    const ansatz_grid_axis *axis, size_t lines, size_t first, size_t last, const double *y, double *t, double *room) {
    size_t n = axis->n, m = axis->m, width = padded(m);
    double s = axis->scale, *line_y = room, *top = room + width, *sums = top + padded(n);
    for (size_t line = first; line < last; line++) {
        load(m, y + line * m, ANSATZ_GRID_NOTHING, line_y);
        for (size_t i = 0; i < n; i++) {
            const double *c = axis->cost + (ptrdiff_t)i * axis->stride;
            double maximum = largest(width, s, line_y, c);
            top[i] = maximum;
            sums[i] = 1;
            if (maximum <= NO_MASS) {
                top[i] = ANSATZ_GRID_NOTHING;
                continue;
            }
            double partial[block] = {0};
            for (size_t j = 0; j < width; j += block) {
                if (!matters(s, maximum, line_y + j, c + j)) continue;
                for (int lane = 0; lane < block; lane++)
                    partial[lane] += weight(line_y[j + lane] - s * c[j + lane] - maximum);
            }
            sums[i] = sum_of_block(partial);
        }
        for (size_t i = 0; i < n; i++) sums[i] = top[i] + ansatz_math_log_f64(sums[i]);
        for (size_t i = 0; i < n; i++) t[i * lines + line] = sums[i];
    }
}

ANSATZ_CLONES void ansatz_grid_average(
    const ansatz_grid_axis *axis, size_t lines, size_t first, size_t last, const double *y, const double *t,
    const double *z, int adds_cost, double *out, double *room) {
    size_t n = axis->n, m = axis->m, width = padded(m);
    double s = axis->scale, *line_y = room, *line_z = room + width;
    double charge = adds_cost ? 1 : 0;
    for (size_t line = first; line < last; line++) {
        load(m, y + line * m, ANSATZ_GRID_NOTHING, line_y);
        load(m, z + line * m, 0, line_z);
        for (size_t i = 0; i < n; i++) {
            const double *c = axis->cost + (ptrdiff_t)i * axis->stride;
            double here = t[i * lines + line], partial[block] = {0};
            if (here > NO_MASS)
                for (size_t j = 0; j < width; j += block) {
                    if (!matters(s, here, line_y + j, c + j)) continue;
                    for (int lane = 0; lane < block; lane++)
                        partial[lane] += weight(line_y[j + lane] - s * c[j + lane] - here)
                                         * (line_z[j + lane] + charge * c[j + lane]);
                }
            out[i * lines + line] = sum_of_block(partial);
        }
    }
}

ANSATZ_CLONES void ansatz_grid_spread(
    const ansatz_grid_axis *axis, size_t lines, size_t first, size_t last, const double *y, const double *t,
    const double *z, double *out, double *room) {
    size_t n = axis->n, m = axis->m, width = padded(m);
    double s = axis->scale, *line_y = room, *sum = room + width;
    for (size_t line = first; line < last; line++) {
        load(m, y + line * m, ANSATZ_GRID_NOTHING, line_y);
        for (size_t j = 0; j < width; j++) sum[j] = 0;
        for (size_t i = 0; i < n; i++) {
            const double *c = axis->cost + (ptrdiff_t)i * axis->stride;
            double here = t[i * lines + line], factor = z[i * lines + line];
            if (here <= NO_MASS || factor == 0) continue;
            for (size_t j = 0; j < width; j += block) {
                if (!matters(s, here, line_y + j, c + j)) continue;
                for (int lane = 0; lane < block; lane++)
                    sum[j + lane] += factor * weight(line_y[j + lane] - s * c[j + lane] - here);
            }
        }
        for (size_t j = 0; j < m; j++) out[line * m + j] = sum[j];
    }
}

ANSATZ_CLONES void ansatz_grid_normal(
    const ansatz_grid_axis *axis, size_t lines, size_t first, size_t last, const double *y, const double *t,
    const double *d, const double *z, double *out, double *room) {
    size_t n = axis->n, m = axis->m, width = padded(m);
    double s = axis->scale, *line_y = room, *line_z = room + width, *sum = line_z + width;
    double entries[64 * block];
    for (size_t line = first; line < last; line++) {
        load(m, y + line * m, ANSATZ_GRID_NOTHING, line_y);
        load(m, z + line * m, 0, line_z);
        for (size_t j = 0; j < width; j++) sum[j] = 0;
        for (size_t i = 0; i < n; i++) {
            const double *c = axis->cost + (ptrdiff_t)i * axis->stride;
            double here = t[i * lines + line], factor = d[i * lines + line], partial[block] = {0};
            if (here <= NO_MASS || factor == 0) continue;
            size_t blocks[64], count = 0;
            for (size_t j = 0; j < width; j += block) {
                if (!matters(s, here, line_y + j, c + j)) continue;
                double spare[block], *e = count < 64 ? entries + count * block : spare;
                for (int lane = 0; lane < block; lane++) {
                    e[lane] = weight(line_y[j + lane] - s * c[j + lane] - here);
                    partial[lane] += e[lane] * line_z[j + lane];
                }
                if (count < 64) blocks[count] = j;
                count++;
            }
            factor *= sum_of_block(partial);
            size_t kept = count < 64 ? count : 64, next = 0;
            for (size_t k = 0; k < kept; k++, next = blocks[k - 1] + block)
                for (int lane = 0; lane < block; lane++) sum[blocks[k] + lane] += factor * entries[k * block + lane];
            // More blocks than are kept: their weights once more.
            for (size_t j = next; count > 64 && j < width; j += block) {
                if (!matters(s, here, line_y + j, c + j)) continue;
                for (int lane = 0; lane < block; lane++)
                    sum[j + lane] += factor * weight(line_y[j + lane] - s * c[j + lane] - here);
            }
        }
        for (size_t j = 0; j < m; j++) out[line * m + j] = sum[j];
    }
}

ANSATZ_CLONES void ansatz_grid_minimum(
    const ansatz_grid_axis *axis, size_t lines, size_t first, size_t last, const double *z, double *out, double *room) {
    size_t n = axis->n, m = axis->m, width = padded(m);
    for (size_t line = first; line < last; line++) {
        for (size_t j = 0; j < m; j++) room[j] = -z[line * m + j];
        for (size_t j = m; j < width; j++) room[j] = ANSATZ_GRID_NOTHING;
        for (size_t i = 0; i < n; i++)
            out[i * lines + line] = -largest(width, 1, room, axis->cost + (ptrdiff_t)i * axis->stride);
    }
}

ANSATZ_CLONES void ansatz_grid_masses(size_t n, const double *x, const double *t, double *r) {
    for (size_t i = 0; i < n; i++) {
        double exponent = x[i] + t[i];
        double value = ansatz_math_exp_f64(exponent < -700 ? -700 : exponent);
        r[i] = exponent < -700 ? 0 : exponent > 700 ? INFINITY : value;
    }
}

// The recursions of the absolute distance run over tiles of 16 lines at once: node after node, [n][16].

size_t ansatz_grid_absolute_room(size_t n) { return 4 * n * block; }

INLINE void load_tile(size_t n, size_t line, size_t count, const double *y, double rest, double *restrict tile) {
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < n; i++) tile[i * block + k] = y[(line + k) * n + i];
    for (size_t k = count; k < block; k++)
        for (size_t i = 0; i < n; i++) tile[i * block + k] = rest;
}

INLINE void load_front(
    size_t n, size_t lines, size_t line, size_t count, const double *t, double rest, double *restrict tile) {
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < count; k++) tile[i * block + k] = t[i * lines + line + k];
        for (size_t k = count; k < block; k++) tile[i * block + k] = rest;
    }
}

/// log(eᵃ + eᵇ)
INLINE double log_add(double a, double b) {
    double high = a > b ? a : b, low = a > b ? b : a;
    return high + ansatz_math_log1p_f64(weight(low - high));
}

ANSATZ_CLONES void ansatz_grid_absolute_log_sum(
    size_t n, const double *steps, size_t lines, size_t first, size_t last, const double *y, double *t, double *room) {
    double *tile = room, *before = room + n * block;
    for (size_t line = first; line < last; line += block) {
        size_t count = last - line < block ? last - line : block;
        load_tile(n, line, count, y, ANSATZ_GRID_NOTHING, tile);
        for (int lane = 0; lane < block; lane++) before[lane] = tile[lane];
        for (size_t i = 1; i < n; i++)
            for (int lane = 0; lane < block; lane++)
                before[i * block + lane] = log_add(tile[i * block + lane], before[(i - 1) * block + lane] - steps[i]);
        double after[block];
        for (int lane = 0; lane < block; lane++) after[lane] = ANSATZ_GRID_NOTHING;
        for (size_t i = n; i-- > 0;) {
            double sum[block];
            for (int lane = 0; lane < block; lane++) sum[lane] = log_add(before[i * block + lane], after[lane]);
            for (size_t k = 0; k < count; k++) t[i * lines + line + k] = sum[k] > NO_MASS ? sum[k] : ANSATZ_GRID_NOTHING;
            for (int lane = 0; lane < block; lane++) after[lane] = log_add(after[lane], tile[i * block + lane]) - steps[i];
        }
    }
}

ANSATZ_CLONES void ansatz_grid_absolute_average(
    size_t n, const double *steps, double width, size_t lines, size_t first, size_t last, const double *y,
    const double *t, const double *z, int adds_cost, double *out, double *room) {
    double *tile_y = room, *tile_t = room + n * block, *tile_z = tile_t + n * block, *before = tile_z + n * block;
    double unit = adds_cost ? width : 0;
    for (size_t line = first; line < last; line += block) {
        size_t count = last - line < block ? last - line : block;
        load_tile(n, line, count, y, 0, tile_y);
        load_front(n, lines, line, count, t, 0, tile_t);
        load_tile(n, line, count, z, 0, tile_z);
        // Σ over j ≤ i of w_ij, and of w_ij (z_j + c_ij).
        double weights[block] = {0}, sum[block] = {0};
        for (size_t i = 0; i < n; i++)
            for (int lane = 0; lane < block; lane++) {
                size_t k = i * block + lane;
                double own = weight(tile_y[k] - tile_t[k]);
                double shift = i > 0 ? weight(tile_t[k - block] - steps[i] - tile_t[k]) : 0;
                sum[lane] = own * tile_z[k] + shift * (sum[lane] + unit * steps[i] * weights[lane]);
                weights[lane] = own + shift * weights[lane];
                before[k] = sum[lane];
            }
        for (int lane = 0; lane < block; lane++) weights[lane] = sum[lane] = 0;
        for (size_t i = n; i-- > 0;) {
            double total[block];
            for (int lane = 0; lane < block; lane++) {
                size_t k = i * block + lane;
                // Σ over j > i.
                double shift = i + 1 < n ? weight(tile_t[k + block] - steps[i + 1] - tile_t[k]) : 0;
                double step = i + 1 < n ? steps[i + 1] : 0;
                weights[lane] *= shift;
                sum[lane] = shift * sum[lane] + unit * step * weights[lane];
                total[lane] = before[k] + sum[lane];
                double own = weight(tile_y[k] - tile_t[k]);
                sum[lane] += own * tile_z[k];
                weights[lane] += own;
            }
            for (size_t k = 0; k < count; k++) out[i * lines + line + k] = total[k];
        }
    }
}

ANSATZ_CLONES void ansatz_grid_absolute_spread(
    size_t n, const double *steps, size_t lines, size_t first, size_t last, const double *y, const double *t,
    const double *z, double *out, double *room) {
    double *tile_y = room, *tile_t = room + n * block, *tile_z = tile_t + n * block, *before = tile_z + n * block;
    for (size_t line = first; line < last; line += block) {
        size_t count = last - line < block ? last - line : block;
        load_tile(n, line, count, y, 0, tile_y);
        load_front(n, lines, line, count, t, 0, tile_t);
        load_front(n, lines, line, count, z, 0, tile_z);
        double sum[block] = {0};
        for (size_t i = 0; i < n; i++)
            for (int lane = 0; lane < block; lane++) {
                size_t k = i * block + lane;
                double shift = i > 0 ? weight(tile_t[k] - steps[i] - tile_t[k - block]) : 0;
                sum[lane] = tile_z[k] + shift * sum[lane];
                before[k] = sum[lane];
            }
        for (int lane = 0; lane < block; lane++) sum[lane] = 0;
        for (size_t i = n; i-- > 0;) {
            for (int lane = 0; lane < block; lane++) {
                size_t k = i * block + lane;
                double shift = i + 1 < n ? weight(tile_t[k] - steps[i + 1] - tile_t[k + block]) : 0;
                sum[lane] *= shift;
                before[k] = weight(tile_y[k] - tile_t[k]) * (before[k] + sum[lane]);
                sum[lane] += tile_z[k];
            }
            for (size_t k = 0; k < count; k++) out[(line + k) * n + i] = before[i * block + k];
        }
    }
}

// A node has 3/4 of its own coarse node and 1/4 of that node's neighbour on its side; at the ends its own takes both.

ANSATZ_CLONES void ansatz_grid_restrict(
    size_t before, size_t length, size_t after, const double *fine, double *restrict coarse) {
    size_t half = (length + 1) / 2;
    for (size_t k = 0; k < before * half * after; k++) coarse[k] = 0;
    for (size_t outer = 0; outer < before; outer++)
        for (size_t index = 0; index < length; index++) {
            const double *source = fine + (outer * length + index) * after;
            size_t own = index / 2, other = index % 2 ? (own + 1 < half ? own + 1 : own) : (own > 0 ? own - 1 : 0);
            double *near = coarse + (outer * half + own) * after, *far = coarse + (outer * half + other) * after;
            for (size_t k = 0; k < after; k++) {
                near[k] += 0.75 * source[k];
                far[k] += 0.25 * source[k];
            }
        }
}

ANSATZ_CLONES void ansatz_grid_prolong(
    size_t before, size_t length, size_t after, const double *coarse, int adds, double *restrict fine) {
    size_t half = (length + 1) / 2;
    double old = adds ? 1 : 0;
    for (size_t outer = 0; outer < before; outer++)
        for (size_t index = 0; index < length; index++) {
            double *target = fine + (outer * length + index) * after;
            size_t own = index / 2, other = index % 2 ? (own + 1 < half ? own + 1 : own) : (own > 0 ? own - 1 : 0);
            const double *near = coarse + (outer * half + own) * after, *far = coarse + (outer * half + other) * after;
            for (size_t k = 0; k < after; k++) target[k] = old * target[k] + 0.75 * near[k] + 0.25 * far[k];
        }
}
