#ifndef ANSATZ_KERNELS_NETWORK_H
#define ANSATZ_KERNELS_NETWORK_H

#include "kernels_math.h"

#include <stdint.h>

/// Kernels of the derivative engine.
///
/// A tile holds, for each feature, the values of all channels at all points: entry (feature, channel, point) lies at
/// feature·leading + channel·points + point. The number of points is a multiple of 16, at most
/// ANSATZ_NETWORK_MAXIMUM_POINTS; leading and all buffers are multiples of 64 bytes.

enum { ANSATZ_NETWORK_MAXIMUM_POINTS = 512, ANSATZ_NETWORK_MAXIMUM_FACTORS = 4 };

typedef enum {
    ANSATZ_NETWORK_TANH,
    ANSATZ_NETWORK_SINE,
    ANSATZ_NETWORK_GELU,
    ANSATZ_NETWORK_SILU,
    ANSATZ_NETWORK_SOFTPLUS,
} ansatz_network_activation;

/// coefficient · σ⁽ᵒʳᵈᵉʳ⁾(z₀) · Π z_f over the first `order` channels f in `factors`.
typedef struct {
    double coefficient;
    int32_t order;
    int32_t factors[ANSATZ_NETWORK_MAXIMUM_FACTORS];
} ansatz_network_term;

/// coefficient · f_left · g_right, a summand of a channel of f g.
typedef struct {
    double coefficient;
    int32_t left, right;
} ansatz_network_product;

/// How activations and products act on the channels of a tile.
typedef struct {
    /// Points of a tile, channels, and the distance between features.
    int32_t points, channels, leading;
    /// The highest order of a channel, at most 4.
    int32_t order;
    /// Whether the kernels for orders up to two are used; otherwise those that follow `terms`.
    int32_t fused;
    /// Channels 1…firsts are first derivatives.
    int32_t firsts;
    /// Second-order channel firsts + 1 + j is the sum of ∂ᵢ∂ₖ over pairs (i, k) number pair_start[j]…pair_start[j+1]-1.
    const int32_t *pair_start;
    const int32_t *pairs;
    /// Channel c has the terms number term_start[c]…term_start[c+1]-1.
    const int32_t *term_start;
    const ansatz_network_term *terms;
    /// Channel c of a product has the summands number product_start[c]…product_start[c+1]-1.
    const int32_t *product_start;
    const ansatz_network_product *products;
} ansatz_network_chain;

/// x̂ = (x − center)/halfWidth for [coordinate][point]; points from `count` on repeat the last valid one.
void ansatz_network_scale_points_f64(int coordinates, int points, int count, const double *center,
                                     const double *inverse_half_width, double *x, double *scaled);
void ansatz_network_scale_points_f32(int coordinates, int points, int count, const double *center,
                                     const double *inverse_half_width, float *x, float *scaled);

/// Fills the derivative channels of W x̂: first derivatives are entries of W over the half width, others vanish.
///
/// `along` names the coordinate of each first-derivative channel.
void ansatz_network_input_channels_f64(const ansatz_network_chain *chain, int inputs, int outputs, const int32_t *along,
                                       const double *inverse_half_width, const double *weight, double *z);
void ansatz_network_input_channels_f32(const ansatz_network_chain *chain, int inputs, int outputs, const int32_t *along,
                                       const double *inverse_half_width, const float *weight, float *z);

/// Adds to the weight's gradient what first-derivative channels contribute.
void ansatz_network_input_gradient_f64(const ansatz_network_chain *chain, int inputs, int outputs, const int32_t *along,
                                       const double *inverse_half_width, const double *adjoint, double *gradient);
void ansatz_network_input_gradient_f32(const ansatz_network_chain *chain, int inputs, int outputs, const int32_t *along,
                                       const double *inverse_half_width, const float *adjoint, float *gradient);

/// Adds the bias to channel 0.
void ansatz_network_add_bias_f64(const ansatz_network_chain *chain, int features, const double *bias, double *z);
void ansatz_network_add_bias_f32(const ansatz_network_chain *chain, int features, const float *bias, float *z);

/// Adds the sum of channel 0 over points to the gradient of the bias.
void ansatz_network_bias_gradient_f64(const ansatz_network_chain *chain, int features, const double *adjoint,
                                      double *gradient);
void ansatz_network_bias_gradient_f32(const ansatz_network_chain *chain, int features, const float *adjoint,
                                      float *gradient);

/// a = σ∘(z + bias) in all channels.
///
/// Channel 0 of z and `memo`, [feature][point], are overwritten with what the reverse sweep needs.
void ansatz_network_activate_f64(const ansatz_network_chain *chain, ansatz_network_activation activation, int features,
                                 const double *bias, double *z, double *memo, double *a);
void ansatz_network_activate_f32(const ansatz_network_chain *chain, ansatz_network_activation activation, int features,
                                 const float *bias, float *z, float *memo, float *a);

/// Turns the adjoints of a into those of z, in place.
///
/// `scratch` has room for 16 numbers per channel.
void ansatz_network_activate_reverse_f64(const ansatz_network_chain *chain, ansatz_network_activation activation,
                                         int features, const double *z, const double *memo, double *adjoint,
                                         double *scratch);
void ansatz_network_activate_reverse_f32(const ansatz_network_chain *chain, ansatz_network_activation activation,
                                         int features, const float *z, const float *memo, float *adjoint,
                                         float *scratch);

/// target[row·target_leading + column] = source[column·source_leading + row]
void ansatz_network_transpose_f64(int rows, int columns, const double *source, int source_leading, double *target,
                                  int target_leading);
void ansatz_network_transpose_f32(int rows, int columns, const float *source, int source_leading, float *target,
                                  int target_leading);

/// Rows of the Jacobian for a dense layer: row p, at rows + p·stride, receives W's part, then the bias's part.
///
/// `transposed` is the layer's input as [channel·points + point][feature], with rows `transposed_leading` apart;
/// `scratch` has room for 16 numbers per channel.
void ansatz_network_jacobian_f64(const ansatz_network_chain *chain, int count, int inputs, int outputs,
                                 const double *transposed, int transposed_leading, const double *adjoint,
                                 double *weight_rows, double *bias_rows, int64_t stride, double *scratch);
void ansatz_network_jacobian_f32(const ansatz_network_chain *chain, int count, int inputs, int outputs,
                                 const float *transposed, int transposed_leading, const float *adjoint,
                                 float *weight_rows, float *bias_rows, int64_t stride, float *scratch);

/// The same for the first layer, whose input is `transposed` as [point][coordinate] and has no other channels.
void ansatz_network_input_jacobian_f64(const ansatz_network_chain *chain, int count, int inputs, int outputs,
                                       const int32_t *along, const double *inverse_half_width, const double *transposed,
                                       int transposed_leading, const double *adjoint, double *weight_rows,
                                       double *bias_rows, int64_t stride);
void ansatz_network_input_jacobian_f32(const ansatz_network_chain *chain, int count, int inputs, int outputs,
                                       const int32_t *along, const double *inverse_half_width, const float *transposed,
                                       int transposed_leading, const float *adjoint, float *weight_rows,
                                       float *bias_rows, int64_t stride);

/// a = u + z d in all channels.
void ansatz_network_gate_f64(const ansatz_network_chain *chain, int features, const double *z, const double *u,
                             const double *d, double *a);
void ansatz_network_gate_f32(const ansatz_network_chain *chain, int features, const float *z, const float *u,
                             const float *d, float *a);

/// Turns the adjoints of a into those of z, in place, and adds to the adjoints of u and d.
///
/// `scratch` has room for 16 numbers per channel.
void ansatz_network_gate_reverse_f64(const ansatz_network_chain *chain, int features, const double *z, const double *d,
                                     double *adjoint, double *gu, double *gd, double *scratch);
void ansatz_network_gate_reverse_f32(const ansatz_network_chain *chain, int features, const float *z, const float *d,
                                     float *adjoint, float *gu, float *gd, float *scratch);

/// y = share · h + (1 - share) · x in all channels.
void ansatz_network_blend_f64(const ansatz_network_chain *chain, int features, double share, const double *h,
                              const double *x, double *y);
void ansatz_network_blend_f32(const ansatz_network_chain *chain, int features, float share, const float *h,
                              const float *x, float *y);

/// From the adjoints of y to those of h and, unless it is null, of x.
///
/// slopes[p] is the derivative along the share at point p.
void ansatz_network_blend_reverse_f64(const ansatz_network_chain *chain, int features, double share, const double *h,
                                      const double *x, const double *adjoint, double *gh, double *gx, double *slopes);
void ansatz_network_blend_reverse_f32(const ansatz_network_chain *chain, int features, float share, const float *h,
                                      const float *x, const float *adjoint, float *gh, float *gx, float *slopes);

/// W' = factor · diag(scale) W and b' = factor · b; no scale means ones.
void ansatz_network_factored_weight_f64(int outputs, int inputs, const double *weight, const double *bias,
                                        const double *scale, double factor, double *effective_weight,
                                        double *effective_bias);
void ansatz_network_factored_weight_f32(int outputs, int inputs, const float *weight, const float *bias,
                                        const float *scale, float factor, float *effective_weight,
                                        float *effective_bias);

/// From derivatives along W' and b' to those along W, b, scale and factor, which are added to or overwritten.
///
/// Null targets are left out; targets may be the sources when they are overwritten.
void ansatz_network_factored_gradient_f64(int outputs, int inputs, const double *weight, const double *bias,
                                          const double *scale, double factor, const double *effective_weight,
                                          const double *effective_bias, double *gradient_weight, double *gradient_bias,
                                          double *gradient_scale, double *gradient_factor, int adds);
void ansatz_network_factored_gradient_f32(int outputs, int inputs, const float *weight, const float *bias,
                                          const float *scale, float factor, const float *effective_weight,
                                          const float *effective_bias, float *gradient_weight, float *gradient_bias,
                                          float *gradient_scale, float *gradient_factor, int adds);

#endif
