#ifndef ANSATZ_KERNELS_OPTIMIZER_H
#define ANSATZ_KERNELS_OPTIMIZER_H

#include <stddef.h>

/// Elementwise parts of optimizer steps. Products are never contracted into fused multiply-adds, so that results are
/// the same on every processor, and a fused kernel equals its parts called one after another, bit for bit.

/// Constants of one Adam step.
typedef struct {
    double rate;               ///< η
    double beta1;              ///< decay of the first moment
    double beta2;              ///< decay of the second moment
    double epsilon;            ///< added to the corrected root
    double first_correction;   ///< 1 / (1 - β1^t)
    double second_correction;  ///< 1 / (1 - β2^t)
    double coupled_decay;      ///< λ of g ← g + λθ
    double shrinkage;          ///< θ ← shrinkage · θ before the step; 1 without decoupled decay
} ansatz_adam_constants;

/// θ ← shrinkage θ; g' = g + λθ; m ← β1 m + (1-β1) g'; v ← β2 v + (1-β2) g'²; θ ← θ - η m̂ / (√v̂ + ε)
///
/// The coupled term reads θ before shrinkage.
void ansatz_optimizer_adam_f64(size_t n, const ansatz_adam_constants *constants, const double *gradient,
                               double *parameters, double *first, double *second);
void ansatz_optimizer_adam_f32(size_t n, const ansatz_adam_constants *constants, const float *gradient,
                               float *parameters, float *first, float *second);

/// y ← a y + b x
void ansatz_optimizer_combine_f64(size_t n, double a, double *y, double b, const double *x);
void ansatz_optimizer_combine_f32(size_t n, double a, float *y, double b, const float *x);

/// y ← a y + b x²
void ansatz_optimizer_combine_squares_f64(size_t n, double a, double *y, double b, const double *x);
void ansatz_optimizer_combine_squares_f32(size_t n, double a, float *y, double b, const float *x);

/// y ← max(y, x)
void ansatz_optimizer_maximum_f64(size_t n, double *y, const double *x);
void ansatz_optimizer_maximum_f32(size_t n, float *y, const float *x);

/// y ← a x
void ansatz_optimizer_scaled_copy_f64(size_t n, double a, const double *x, double *y);
void ansatz_optimizer_scaled_copy_f32(size_t n, double a, const float *x, float *y);

/// y ← √(a x + inner) + outer
void ansatz_optimizer_root_f64(size_t n, double a, const double *x, double inner, double outer, double *y);
void ansatz_optimizer_root_f32(size_t n, double a, const float *x, double inner, double outer, float *y);

/// y ← y / x
void ansatz_optimizer_divide_f64(size_t n, double *y, const double *x);
void ansatz_optimizer_divide_f32(size_t n, float *y, const float *x);

/// Σ |x[i]| in double precision, summed in a fixed order.
double ansatz_optimizer_sum_of_magnitudes_f64(size_t n, const double *x);
double ansatz_optimizer_sum_of_magnitudes_f32(size_t n, const float *x);

#endif
