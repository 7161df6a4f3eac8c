#include "kernels_convolution.h"

#include <stdbool.h>
#include <string.h>

#include "dispatch.h"

#define INLINE static inline __attribute__((always_inline))

// The wide versions have blocks of voxels that fill the 32 registers of AVX-512; others would spill them.
#if defined(__x86_64__)
#define WIDE __attribute__((target("arch=x86-64-v4")))
#define HAS_WIDE __builtin_cpu_supports("x86-64-v4")
#else
#define WIDE
#define HAS_WIDE 0
#endif

enum { channels = ANSATZ_CHANNELS, taps = ANSATZ_TAPS };

/// The channels of a voxel.
typedef float lanes __attribute__((ext_vector_type(16)));
typedef int32_t integers __attribute__((ext_vector_type(16)));
typedef bool flags __attribute__((ext_vector_type(16)));

INLINE size_t voxel(ansatz_volume v, size_t i, size_t j, size_t k) {
    return ((k + 1) * (v.y + 2) + j + 1) * (v.x + 2) + i + 1;
}

/// The same at any address.
typedef float lanes_anywhere __attribute__((ext_vector_type(16), aligned(4)));

#define LOAD(pointer) (*(const lanes_anywhere *)(pointer))
#define STORE(pointer, value) (*(lanes_anywhere *)(pointer) = (value))

/// A row's block of `width` voxels from (i, j, k) on.
INLINE void convolve_block(
    ansatz_volume v, size_t i, size_t j, size_t k, const float *in, const float *weights, const float *bias,
    const float *added, int rectify, uint16_t *positive, float *out, const int width) {
    lanes sum[16], start = 0;
    if (bias) start = LOAD(bias);
#pragma clang loop unroll(full)
    for (int o = 0; o < width; o++) sum[o] = start;
    for (size_t row = 0; row < 9; row++) {
        // The voxel to the left of the block, in the row of this (kz, ky).
        const float *line = in + channels * (voxel(v, i, j + row % 3, k + row / 3) - 1 - (v.x + 2) * (v.y + 3));
        const float *w = weights + row * 3 * channels * channels;
#pragma clang loop unroll(disable)
        for (size_t c = 0; c < channels; c++) {
            lanes left = LOAD(w + c * channels);
            lanes centre = LOAD(w + (channels + c) * channels);
            lanes right = LOAD(w + (2 * channels + c) * channels);
#pragma clang loop unroll(full)
            for (int x = 0; x < width + 2; x++) {
                lanes value = (lanes)(line[(size_t)x * channels + c]);
                if (x < width) sum[x] += left * value;
                if (x >= 1 && x <= width) sum[x - 1] += centre * value;
                if (x >= 2) sum[x - 2] += right * value;
            }
        }
    }
    size_t place = voxel(v, i, j, k) * channels, bits = (k * v.y + j) * v.x + i;
#pragma clang loop unroll(full)
    for (int o = 0; o < width; o++) {
        lanes result = sum[o];
        if (rectify) {
            integers keep = result > 0;
            if (positive) {
                flags kept = __builtin_convertvector(-keep, flags);
                memcpy(positive + bits + o, &kept, sizeof(uint16_t));
            }
            result = (lanes)((integers)result & keep);
        }
        if (added) result += LOAD(added + place + (size_t)o * channels);
        STORE(out + place + (size_t)o * channels, result);
    }
}

#define CONVOLVE_ROW(width)                                                                                     \
    for (; i + width <= v.x; i += width)                                                                        \
        convolve_block(v, i, j, k, in, weights, bias, added, rectify, positive, out, width);

WIDE static void convolve_wide(
    ansatz_volume v, size_t first, size_t last, const float *in, const float *weights, const float *bias,
    const float *added, int rectify, uint16_t *positive, float *out) {
    for (size_t k = first; k < last; k++)
        for (size_t j = 0; j < v.y; j++) {
            size_t i = 0;
            CONVOLVE_ROW(16)
            CONVOLVE_ROW(8)
            CONVOLVE_ROW(4)
            CONVOLVE_ROW(1)
        }
}

ANSATZ_CLONES static void convolve_narrow(
    ansatz_volume v, size_t first, size_t last, const float *in, const float *weights, const float *bias,
    const float *added, int rectify, uint16_t *positive, float *out) {
    for (size_t k = first; k < last; k++)
        for (size_t j = 0; j < v.y; j++) {
            size_t i = 0;
            CONVOLVE_ROW(4)
            CONVOLVE_ROW(1)
        }
}

void ansatz_convolve(
    ansatz_volume v, size_t first, size_t last, const float *in, const float *weights, const float *bias,
    const float *added, int rectify, uint16_t *positive, float *out) {
    if (HAS_WIDE)
        convolve_wide(v, first, last, in, weights, bias, added, rectify, positive, out);
    else
        convolve_narrow(v, first, last, in, weights, bias, added, rectify, positive, out);
}

void ansatz_convolution_transpose(const float *weights, float *transposed) {
    for (size_t tap = 0; tap < taps; tap++)
        for (size_t from = 0; from < channels; from++)
            for (size_t to = 0; to < channels; to++)
                transposed[((taps - 1 - tap) * channels + to) * channels + from] =
                    weights[(tap * channels + from) * channels + to];
}

ANSATZ_CLONES void ansatz_convolution_mask(
    ansatz_volume v, size_t first, size_t last, const uint16_t *positive, const float *g, float *masked, float *sum) {
    lanes total = 0;
    for (size_t k = first; k < last; k++)
        for (size_t j = 0; j < v.y; j++) {
            const uint16_t *bits = positive + (k * v.y + j) * v.x;
            size_t start = voxel(v, 0, j, k) * channels;
            for (size_t i = 0; i < v.x; i++) {
                flags kept;
                memcpy(&kept, bits + i, sizeof kept);
                integers keep = -__builtin_convertvector(kept, integers);
                lanes value = (lanes)((integers)LOAD(g + start + i * channels) & keep);
                STORE(masked + start + i * channels, value);
                total += value;
            }
        }
    STORE(sum, LOAD(sum) + total);
}

/// The products of `depth` input channels from `c` on with g, for the three taps of a row, summed over a plane.
INLINE void gradient_block(
    ansatz_volume v, size_t k, size_t row, size_t c, const float *in, const float *g, float *sum, const int depth) {
    lanes total[3][8];
#pragma clang loop unroll(full)
    for (int n = 0; n < 3 * depth; n++) total[n / depth][n % depth] = 0;
    for (size_t j = 0; j < v.y; j++) {
        const float *line = in + c + channels * (voxel(v, 0, j + row % 3, k + row / 3) - 1 - (v.x + 2) * (v.y + 3));
        const float *to = g + channels * voxel(v, 0, j, k);
        // Input x meets g at x − 1 + 1 − kx; g has zeros in its ring.
        lanes before = 0, here = 0;
        for (size_t x = 0; x < v.x + 2; x++) {
            // g at output x (tap 0), x − 1 (tap 1), x − 2 (tap 2).
            lanes next = 0;
            if (x < v.x) next = LOAD(to + x * channels);
#pragma clang loop unroll(full)
            for (int n = 0; n < depth; n++) {
                lanes value = (lanes)(line[x * channels + (size_t)n]);
                total[0][n] += next * value;
                total[1][n] += here * value;
                total[2][n] += before * value;
            }
            before = here;
            here = next;
        }
    }
#pragma clang loop unroll(full)
    for (int n = 0; n < 3 * depth; n++) {
        float *place = sum + ((row * 3 + (size_t)(n / depth)) * channels + c + (size_t)(n % depth)) * channels;
        STORE(place, LOAD(place) + total[n / depth][n % depth]);
    }
}

#define GRADIENT(depth)                                                                                         \
    for (size_t k = first; k < last; k++)                                                                       \
        for (size_t row = 0; row < 9; row++)                                                                    \
            for (size_t c = 0; c < channels; c += depth) gradient_block(v, k, row, c, in, g, sum, depth);

WIDE static void gradient_wide(
    ansatz_volume v, size_t first, size_t last, const float *in, const float *g, float *sum){GRADIENT(8)}

ANSATZ_CLONES static void gradient_narrow(
    ansatz_volume v, size_t first, size_t last, const float *in, const float *g, float *sum){GRADIENT(1)}

void ansatz_convolution_weight_gradient(
    ansatz_volume v, size_t first, size_t last, const float *in, const float *g, float *sum) {
    if (HAS_WIDE)
        gradient_wide(v, first, last, in, g, sum);
    else
        gradient_narrow(v, first, last, in, g, sum);
}
