#include "dispatch.h"
#include "kernels_convolution.h"

// The layers of a convolutional network that are not convolutions of 16 channels: they take a few hundredths of its time.

#define INLINE static inline __attribute__((always_inline))

enum { channels = ANSATZ_CHANNELS, taps = ANSATZ_TAPS };

typedef float lanes __attribute__((ext_vector_type(16)));

INLINE size_t voxel(ansatz_volume v, size_t i, size_t j, size_t k) {
    return ((k + 1) * (v.y + 2) + j + 1) * (v.x + 2) + i + 1;
}

/// The same at any address.
typedef float lanes_anywhere __attribute__((ext_vector_type(16), aligned(4)));

#define LOAD(pointer) (*(const lanes_anywhere *)(pointer))
#define STORE(pointer, value) (*(lanes_anywhere *)(pointer) = (value))

/// The neighbour at a tap, relative to a voxel.
INLINE ptrdiff_t neighbour(ansatz_volume v, size_t tap) {
    ptrdiff_t dx = (ptrdiff_t)(tap % 3) - 1, dy = (ptrdiff_t)(tap / 3 % 3) - 1, dz = (ptrdiff_t)(tap / 9) - 1;
    return (dz * (ptrdiff_t)(v.y + 2) + dy) * (ptrdiff_t)(v.x + 2) + dx;
}

ANSATZ_CLONES void ansatz_convolve_first(
    ansatz_volume v, size_t first, size_t last, const float *in, const float *weights, const float *bias, float *out) {
    ptrdiff_t at[taps];
    for (size_t tap = 0; tap < taps; tap++) at[tap] = neighbour(v, tap);
    for (size_t k = first; k < last; k++)
        for (size_t j = 0; j < v.y; j++) {
            size_t start = voxel(v, 0, j, k);
            for (size_t i = 0; i < v.x; i++) {
                const float *centre = in + start + i;
                lanes sum[3] = {LOAD(bias), 0, 0};
                for (size_t tap = 0; tap < taps; tap += 3)
                    for (size_t n = 0; n < 3; n++)
                        sum[n] += LOAD(weights + (tap + n) * channels) * (lanes)(centre[at[tap + n]]);
                STORE(out + (start + i) * channels, sum[0] + sum[1] + sum[2]);
            }
        }
}

ANSATZ_CLONES void ansatz_convolve_first_gradient(
    ansatz_volume v, size_t first, size_t last, const float *in, const float *g, float *sum, float *bias_sum) {
    ptrdiff_t at[taps];
    for (size_t tap = 0; tap < taps; tap++) at[tap] = neighbour(v, tap);
    lanes total[taps], bias = 0;
    for (size_t tap = 0; tap < taps; tap++) total[tap] = 0;
    for (size_t k = first; k < last; k++)
        for (size_t j = 0; j < v.y; j++) {
            size_t start = voxel(v, 0, j, k);
            for (size_t i = 0; i < v.x; i++) {
                const float *centre = in + start + i;
                lanes value = LOAD(g + (start + i) * channels);
                bias += value;
                for (size_t tap = 0; tap < taps; tap++) total[tap] += value * (lanes)(centre[at[tap]]);
            }
        }
    for (size_t tap = 0; tap < taps; tap++)
        STORE(sum + tap * channels, LOAD(sum + tap * channels) + total[tap]);
    STORE(bias_sum, LOAD(bias_sum) + bias);
}

ANSATZ_CLONES void ansatz_combine(
    ansatz_volume v, size_t first, size_t last, const float *in, const float *weights, float *out) {
    lanes w = LOAD(weights);
    for (size_t k = first; k < last; k++)
        for (size_t j = 0; j < v.y; j++) {
            size_t start = voxel(v, 0, j, k);
            for (size_t i = 0; i < v.x; i++) {
                lanes product = LOAD(in + (start + i) * channels) * w;
                float part[channels];
                STORE(part, product);
                for (int width = channels / 2; width > 0; width /= 2)
                    for (int n = 0; n < width; n++) part[n] += part[n + width];
                out[start + i] = part[0] + weights[channels];
            }
        }
}

ANSATZ_CLONES void ansatz_combine_gradient(
    ansatz_volume v, size_t first, size_t last, const float *in, const float *weights, const float *g, float *g_in,
    float *sum) {
    lanes w = LOAD(weights), total = 0;
    float bias = 0;
    for (size_t k = first; k < last; k++)
        for (size_t j = 0; j < v.y; j++) {
            size_t start = voxel(v, 0, j, k);
            for (size_t i = 0; i < v.x; i++) {
                float value = g[start + i];
                size_t place = (start + i) * channels;
                STORE(g_in + place, w * (lanes)(value));
                total += LOAD(in + place) * (lanes)(value);
                bias += value;
            }
        }
    STORE(sum, LOAD(sum) + total);
    sum[channels] += bias;
}

INLINE ansatz_volume twice(ansatz_volume v) { return (ansatz_volume){2 * v.x, 2 * v.y, 2 * v.z}; }

ANSATZ_CLONES void ansatz_halve(
    ansatz_volume v, size_t first, size_t last, const float *in, float scale, float *out) {
    ansatz_volume large = twice(v);
    size_t row = (large.x + 2) * channels, plane = row * (large.y + 2);
    lanes factor = (lanes)(scale / 8);
    for (size_t k = first; k < last; k++)
        for (size_t j = 0; j < v.y; j++)
            for (size_t i = 0; i < v.x; i++) {
                const float *corner = in + channels * voxel(large, 2 * i, 2 * j, 2 * k);
                lanes near = (LOAD(corner) + LOAD(corner + channels)) + (LOAD(corner + row) + LOAD(corner + row + channels));
                corner += plane;
                lanes far = (LOAD(corner) + LOAD(corner + channels)) + (LOAD(corner + row) + LOAD(corner + row + channels));
                STORE(out + channels * voxel(v, i, j, k), (near + far) * factor);
            }
}

ANSATZ_CLONES void ansatz_double(
    ansatz_volume v, size_t first, size_t last, const float *in, float scale, const float *added, float *out) {
    ansatz_volume large = twice(v);
    lanes factor = (lanes)(scale);
    for (size_t k = 2 * first; k < 2 * last; k++)
        for (size_t j = 0; j < large.y; j++)
            for (size_t i = 0; i < large.x; i++) {
                lanes value = LOAD(in + channels * voxel(v, i / 2, j / 2, k / 2)) * factor;
                size_t place = channels * voxel(large, i, j, k);
                if (added) value += LOAD(added + place);
                STORE(out + place, value);
            }
}
