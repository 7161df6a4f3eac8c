#ifndef ANSATZ_KERNELS_TRANSPORT_GRID_H
#define ANSATZ_KERNELS_TRANSPORT_GRID_H

#include <stddef.h>

/// Kernels exp(−c/ε) of optimal transport along the lines of a tensor grid, in the log domain.
///
/// A stage takes a field on lines of m nodes, `[lines][m]`, to one on lines of n nodes with the axis in front, `[n][lines]`: after
/// one stage for each axis the axes stand in their order again. Each call works on the lines first ≤ line < last. Logarithms at
/// or below −1e290 stand for a mass of zero. In weighted stages the weights of an output i are the fractions
///
///     w_ij = exp(y_j − s c_ij − t_i),    t_i = log Σ_j exp(y_j − s c_ij),
///
/// of which those below e⁻⁴⁵ are left out, block by block.

/// A logarithm that stands for log 0.
#define ANSATZ_GRID_NOTHING (-1e300)

/// Costs of one axis: `cost[i * stride + j]` from input j to output i, 16 readable numbers beyond the last.
typedef struct {
    size_t n, m;
    const double *cost;
    ptrdiff_t stride;
    /// s = 1/ε
    double scale;
} ansatz_grid_axis;

/// The number of doubles that the calls below need as `room`.
size_t ansatz_grid_room(size_t n, size_t m);

/// t_i = log Σ_j exp(y_j − s c_ij)
void ansatz_grid_log_sum(
    const ansatz_grid_axis *axis, size_t lines, size_t first, size_t last, const double *y, double *t, double *room);

/// out_i = Σ_j w_ij z_j, or Σ_j w_ij (z_j + c_ij) with `adds_cost`.
void ansatz_grid_average(
    const ansatz_grid_axis *axis, size_t lines, size_t first, size_t last, const double *y, const double *t,
    const double *z, int adds_cost, double *out, double *room);

/// out_j = Σ_i w_ij z_i: from `[n][lines]` back to `[lines][m]`.
void ansatz_grid_spread(
    const ansatz_grid_axis *axis, size_t lines, size_t first, size_t last, const double *y, const double *t,
    const double *z, double *out, double *room);

/// out_j = Σ_i w_ij d_i Σ_k w_ik z_k, with d in `[n][lines]`.
void ansatz_grid_normal(
    const ansatz_grid_axis *axis, size_t lines, size_t first, size_t last, const double *y, const double *t,
    const double *d, const double *z, double *out, double *room);

/// out_i = min_j (c_ij + z_j)
void ansatz_grid_minimum(
    const ansatz_grid_axis *axis, size_t lines, size_t first, size_t last, const double *z, double *out, double *room);

/// The same for c_ij = |p_i − p_j| on n increasing nodes, in O(n): `steps[i]` = s (p_i − p_{i−1}); `width` = 1/s.
void ansatz_grid_absolute_log_sum(
    size_t n, const double *steps, size_t lines, size_t first, size_t last, const double *y, double *t, double *room);
void ansatz_grid_absolute_average(
    size_t n, const double *steps, double width, size_t lines, size_t first, size_t last, const double *y,
    const double *t, const double *z, int adds_cost, double *out, double *room);
void ansatz_grid_absolute_spread(
    size_t n, const double *steps, size_t lines, size_t first, size_t last, const double *y, const double *t,
    const double *z, double *out, double *room);
/// The number of doubles that they need as `room`.
size_t ansatz_grid_absolute_room(size_t n);

/// Takes a field `[before][length][after]` to every second node of the middle axis by the transpose of `ansatz_grid_prolong`.
void ansatz_grid_restrict(size_t before, size_t length, size_t after, const double *fine, double *coarse);
/// Linear interpolation between the centres of pairs of cells, constant beyond the ends; with `adds`, added to what is there.
void ansatz_grid_prolong(size_t before, size_t length, size_t after, const double *coarse, int adds, double *fine);

/// r_i = exp(x_i + t_i), 0 where that is below e⁻⁷⁰⁰; infinite above e⁷⁰⁰.
void ansatz_grid_masses(size_t n, const double *x, const double *t, double *r);

#endif
