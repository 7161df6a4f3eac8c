#ifndef ANSATZ_KERNELS_MATH_H
#define ANSATZ_KERNELS_MATH_H

#include <stddef.h>

/// Elementary functions of whole vectors, to 3 units in the last place; y may be x.

void ansatz_vector_exp_f64(size_t n, const double *x, double *y);
void ansatz_vector_exp_f32(size_t n, const float *x, float *y);
void ansatz_vector_log_f64(size_t n, const double *x, double *y);
void ansatz_vector_log_f32(size_t n, const float *x, float *y);
void ansatz_vector_log1p_f64(size_t n, const double *x, double *y);
void ansatz_vector_log1p_f32(size_t n, const float *x, float *y);
void ansatz_vector_tanh_f64(size_t n, const double *x, double *y);
void ansatz_vector_tanh_f32(size_t n, const float *x, float *y);
void ansatz_vector_erf_f64(size_t n, const double *x, double *y);
void ansatz_vector_erf_f32(size_t n, const float *x, float *y);

/// 1/(1 + e⁻ˣ)
void ansatz_vector_sigmoid_f64(size_t n, const double *x, double *y);
void ansatz_vector_sigmoid_f32(size_t n, const float *x, float *y);

/// log(1 + eˣ)
void ansatz_vector_softplus_f64(size_t n, const double *x, double *y);
void ansatz_vector_softplus_f32(size_t n, const float *x, float *y);

/// Arguments of any size; x and y do not overlap.
void ansatz_vector_sin_f64(size_t n, const double *x, double *y);
void ansatz_vector_sin_f32(size_t n, const float *x, float *y);
void ansatz_vector_cos_f64(size_t n, const double *x, double *y);
void ansatz_vector_cos_f32(size_t n, const float *x, float *y);

#endif
