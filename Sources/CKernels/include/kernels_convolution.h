#ifndef ANSATZ_KERNELS_CONVOLUTION_H
#define ANSATZ_KERNELS_CONVOLUTION_H

#include <stddef.h>
#include <stdint.h>

/// Layers of a three-dimensional convolutional network with 16 channels, in single precision.
///
/// A volume of x × y × z voxels has a ring of one voxel around it, which holds zeros and which nothing here writes; its 16
/// channels lie together, x runs fastest, so that voxel (i, j, k) is at 16 (((k + 1)(y + 2) + j + 1)(x + 2) + i + 1). A plain volume is the
/// same with one channel. Every function works on the planes first ≤ k < last, which makes slabs that threads can share: what one call writes, no
/// other call for other planes writes, except for sums, for which each slab has its own room.
///
/// Weights of a convolution are w[kz][ky][kx][in][out], then out = b + Σ w[κ][in][·] v[voxel + κ − 1][in].
typedef struct {
    size_t x, y, z;
} ansatz_volume;

enum { ANSATZ_CHANNELS = 16, ANSATZ_TAPS = 27 };

/// out ← act(w ∗ in + b) + added, with act = max(0, ·) if `rectify`, otherwise none. `positive`, where it is not null, then gets a bit for each
/// channel of each voxel (no ring, x fastest) that says where act passed its argument on. `bias` and `added` may be null.
void ansatz_convolve(
    ansatz_volume volume, size_t first, size_t last, const float *in, const float *weights, const float *bias,
    const float *added, int rectify, uint16_t *positive, float *out);

/// Weights of the transposed convolution: t[26 − κ][out][in] = w[κ][in][out].
void ansatz_convolution_transpose(const float *weights, float *transposed);

/// masked ← g where the bit is set, else 0; sum[c] += Σ masked[c] for the 16 channels.
void ansatz_convolution_mask(
    ansatz_volume volume, size_t first, size_t last, const uint16_t *positive, const float *g, float *masked, float *sum);

/// sum[κ][in][out] += Σ over voxels of in[voxel + κ − 1][in] g[voxel][out].
void ansatz_convolution_weight_gradient(
    ansatz_volume volume, size_t first, size_t last, const float *in, const float *g, float *sum);

/// The first layer: out ← w ∗ in + b from a plain volume, w[κ][out].
void ansatz_convolve_first(
    ansatz_volume volume, size_t first, size_t last, const float *in, const float *weights, const float *bias, float *out);

/// sum[κ][out] += Σ in[voxel + κ − 1] g[voxel][out], bias_sum[out] += Σ g[voxel][out].
void ansatz_convolve_first_gradient(
    ansatz_volume volume, size_t first, size_t last, const float *in, const float *g, float *sum, float *bias_sum);

/// The last layer: the plain volume out ← w·in + b at every voxel; weights are w[16], b.
void ansatz_combine(ansatz_volume volume, size_t first, size_t last, const float *in, const float *weights, float *out);

/// g_in ← w g; sum[c] += Σ g in[c] for the 16 channels, sum[16] += Σ g.
void ansatz_combine_gradient(
    ansatz_volume volume, size_t first, size_t last, const float *in, const float *weights, const float *g, float *g_in,
    float *sum);

/// A volume of half the extents: the mean over cubes of 2³ voxels times `scale`. `volume` and the planes are those of the small one.
void ansatz_halve(ansatz_volume volume, size_t first, size_t last, const float *in, float scale, float *out);

/// A volume of twice the extents: out ← scale · in of the voxel's cube + added. `volume` and the planes are those of the small one.
void ansatz_double(
    ansatz_volume volume, size_t first, size_t last, const float *in, float scale, const float *added, float *out);

#endif
