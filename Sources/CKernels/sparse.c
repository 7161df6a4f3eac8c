#include "kernels_sparse.h"

#include "dispatch.h"

ANSATZ_CLONES double ansatz_sparse_product_f64(int64_t first, int64_t end, const int64_t *starts,
                                               const int32_t *columns, const double *values, const double *x,
                                               double *y) {
    double total = 0;
    for (int64_t i = first; i < end; i++) {
        double sum = 0;
        for (int64_t e = starts[i]; e < starts[i + 1]; e++) sum += values[e] * x[columns[e]];
        y[i] = sum;
        total += x[i] * sum;
    }
    return total;
}

ANSATZ_CLONES void ansatz_sparse_product_f32(int64_t first, int64_t end, const int64_t *starts, const int32_t *columns,
                                             const float *values, const float *x, float *y) {
    for (int64_t i = first; i < end; i++) {
        float sum = 0;
        for (int64_t e = starts[i]; e < starts[i + 1]; e++) sum += values[e] * x[columns[e]];
        y[i] = sum;
    }
}

ANSATZ_CLONES double ansatz_sparse_residual_f64(int64_t first, int64_t end, const int64_t *starts,
                                                const int32_t *columns, const double *values, const double *x,
                                                const double *b, double *r) {
    double total = 0;
    for (int64_t i = first; i < end; i++) {
        double sum = b[i];
        for (int64_t e = starts[i]; e < starts[i + 1]; e++) sum -= values[e] * x[columns[e]];
        r[i] = sum;
        total += sum * sum;
    }
    return total;
}

ANSATZ_CLONES double ansatz_sparse_advance_f64(int64_t first, int64_t end, double alpha, const double *p,
                                               const double *q, double *x, double *r) {
    double partial[4] = {0};
    for (int64_t i = first; i < end; i++) {
        x[i] += alpha * p[i];
        r[i] -= alpha * q[i];
        partial[i & 3] += r[i] * r[i];
    }
    return (partial[0] + partial[1]) + (partial[2] + partial[3]);
}
