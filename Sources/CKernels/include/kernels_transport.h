#ifndef ANSATZ_KERNELS_TRANSPORT_H
#define ANSATZ_KERNELS_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

/// Rows of the plan P = exp((x_i + y_j − c_ij)/ε) of entropic optimal transport.
///
/// Entries below e⁻⁷⁰⁰ (single precision: e⁻⁸⁷) become 0, so that nothing subnormal is stored; sums are in double precision.

/// c_j = the distance between p and q_j in d dimensions, q coordinate after coordinate, [d][n]: the square of the Euclidean
/// one (power 2), the Euclidean one (power 1), or the sum of absolute differences (power 0). Where `periods[k]` is positive, the
/// difference along coordinate k is the shorter way round.
void ansatz_transport_distances(
    size_t n, size_t d, int power, const double *p, const double *q, const double *periods, double *c);

/// e_j = exp((x + y_j − c_j)/ε) for n entries; returns Σ e_j.
double ansatz_transport_row_f64(
    size_t n, double inverse_epsilon, double x, const double *y, const double *c, double *e);
double ansatz_transport_row_f32(size_t n, float inverse_epsilon, float x, const float *y, const float *c, float *e);

/// max (y_j − c_j) over n ≥ 1 entries.
double ansatz_transport_row_maximum_f64(size_t n, const double *y, const double *c);
float ansatz_transport_row_maximum_f32(size_t n, const float *y, const float *c);

/// sum_j += α e_j
void ansatz_transport_accumulate_f64(size_t n, double alpha, const double *e, double *sum);
void ansatz_transport_accumulate_f32(size_t n, double alpha, const float *e, double *sum);

/// Σ e_j c_j
double ansatz_transport_row_cost_f64(size_t n, const double *e, const double *c);

/// least_j = min(least_j, c_j − x)
void ansatz_transport_least_f64(size_t n, double x, const double *c, double *least);

/// Keeps the entries with e_j > min(row, column_j), in order: their numbers and values; returns how many there are.
///
/// `indices` and `values` have room for n entries.
size_t ansatz_transport_keep_f64(
    size_t n, const double *e, double row, const double *column, int32_t *indices, double *values);

/// Adds Pᵀ D⁻¹ P z to `sum` over some rows of a sparse P, D the diagonal with the inverse `inverse`.
void ansatz_transport_schur_rows(
    size_t rows, const int64_t *starts, const int32_t *indices, const double *values, const double *inverse,
    const double *z, double *sum);

/// out_i = Σ_j P_ij z_j over some rows.
void ansatz_transport_gather_rows(
    size_t rows, const int64_t *starts, const int32_t *indices, const double *values, const double *z, double *out);

/// sum_j += Σ_i P_ij z_i over some rows; with `squares`, P_ij² in place of P_ij.
void ansatz_transport_scatter_rows(
    size_t rows, const int64_t *starts, const int32_t *indices, const double *values, const double *z, int squares,
    double *sum);

/// sum_g += Σ e_j over the j of each group g.
void ansatz_transport_group_f64(size_t n, const double *e, const int32_t *groups, double *sum);

#endif
