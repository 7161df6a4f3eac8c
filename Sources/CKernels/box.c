#include "kernels_box.h"

#include "dispatch.h"

ANSATZ_CLONES void ansatz_box_divide_f64(
    size_t n, const double *lambda, double rest, double least, double factor, double *u) {
    for (size_t i = 0; i < n; i++) {
        double sum = lambda[i] + rest, quotient = factor * u[i] / sum;
        u[i] = sum > least ? quotient : 0;
    }
}

ANSATZ_CLONES void ansatz_box_divide_f32(
    size_t n, const double *lambda, double rest, double least, double factor, float *u) {
    for (size_t i = 0; i < n; i++) {
        double sum = lambda[i] + rest;
        float quotient = (float)factor * u[i] / (float)sum;
        u[i] = sum > least ? quotient : 0;
    }
}

ANSATZ_CLONES double ansatz_box_mask(size_t n, const unsigned char *unknown, const float *r, float *z) {
    double sum[8] = {0};
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (size_t lane = 0; lane < 8; lane++) {
            float value = unknown[i + lane] ? z[i + lane] : 0;
            z[i + lane] = value;
            sum[lane] += (double)r[i + lane] * value;
        }
    for (; i < n; i++) {
        z[i] = unknown[i] ? z[i] : 0;
        sum[0] += (double)r[i] * z[i];
    }
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}
