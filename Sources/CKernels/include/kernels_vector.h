#ifndef ANSATZ_KERNELS_VECTOR_H
#define ANSATZ_KERNELS_VECTOR_H

#include <stdbool.h>
#include <stddef.h>

/// Operations on whole vectors. Sums run over a fixed number of interleaved partial sums that are combined in a fixed
/// order, so a result depends on the data and the kind of processor only, never on alignment or threads.

/// sum x[i] y[i], accumulated in double precision.
double ansatz_vector_dot_f64(size_t n, const double *x, const double *y);
double ansatz_vector_dot_f32(size_t n, const float *x, const float *y);

/// y += alpha x
void ansatz_vector_add_scaled_f64(size_t n, double alpha, const double *x, double *y);
void ansatz_vector_add_scaled_f32(size_t n, float alpha, const float *x, float *y);

/// x *= alpha
void ansatz_vector_scale_f64(size_t n, double alpha, double *x);
void ansatz_vector_scale_f32(size_t n, float alpha, float *x);

/// y += x
void ansatz_vector_add_f64(size_t n, const double *x, double *y);
void ansatz_vector_add_f32(size_t n, const float *x, float *y);

/// z ← z + x ⊙ y; z does not overlap x or y.
void ansatz_vector_add_product_f64(size_t n, const double *x, const double *y, double *z);
void ansatz_vector_add_product_f32(size_t n, const float *x, const float *y, float *z);

/// max |x[i]|; 0 for no elements, not a number if any element is not a number.
double ansatz_vector_maximum_magnitude_f64(size_t n, const double *x);
float ansatz_vector_maximum_magnitude_f32(size_t n, const float *x);

/// Conversion; from double to float rounds to nearest.
void ansatz_vector_narrow(size_t n, const double *x, float *y);
void ansatz_vector_widen(size_t n, const float *x, double *y);

#endif
