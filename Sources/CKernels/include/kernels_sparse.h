#ifndef ANSATZ_KERNELS_SPARSE_H
#define ANSATZ_KERNELS_SPARSE_H

#include <stddef.h>
#include <stdint.h>

/// Products with matrices in compressed rows: the entries of row i are those from starts[i] up to starts[i + 1]. Each function
/// takes rows first up to, not with, end; entries of a row are added in their order, and rows in theirs.

/// y_i = sum_j a_ij x_j; returns sum x_i y_i over the rows.
double ansatz_sparse_product_f64(int64_t first, int64_t end, const int64_t *starts, const int32_t *columns,
                                 const double *values, const double *x, double *y);

/// The same in single precision, without the sum.
void ansatz_sparse_product_f32(int64_t first, int64_t end, const int64_t *starts, const int32_t *columns,
                               const float *values, const float *x, float *y);

/// r_i = b_i - sum_j a_ij x_j; returns sum r_i^2 over the rows.
double ansatz_sparse_residual_f64(int64_t first, int64_t end, const int64_t *starts, const int32_t *columns,
                                  const double *values, const double *x, const double *b, double *r);

/// x_i += alpha p_i, r_i -= alpha q_i; returns sum r_i^2 over the rows.
double ansatz_sparse_advance_f64(int64_t first, int64_t end, double alpha, const double *p, const double *q, double *x,
                                 double *r);

#endif
