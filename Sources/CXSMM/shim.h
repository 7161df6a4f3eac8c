#ifndef ANSATZ_XSMM_SHIM_H
#define ANSATZ_XSMM_SHIM_H

#include <libxsmm.h>
#include <stdbool.h>

/// A compiled kernel C = A B or C += A B for one shape. The library's own type is variadic, which Swift cannot call.
typedef void (*ansatz_xsmm_kernel)(const void *a, const void *b, void *c);

/// The kernel for column-major A (m x k), B (k x n), C (m x n), or null if the library has none for this shape.
static inline ansatz_xsmm_kernel ansatz_xsmm_kernel_f64(int m, int n, int k, int lda, int ldb, int ldc,
                                                        bool accumulate) {
    const double alpha = 1, beta = accumulate ? 1 : 0;
    const int flags = LIBXSMM_GEMM_FLAG_NONE, prefetch = LIBXSMM_GEMM_PREFETCH_NONE;
    return (ansatz_xsmm_kernel)libxsmm_dmmdispatch(m, n, k, &lda, &ldb, &ldc, &alpha, &beta, &flags, &prefetch);
}

/// As `ansatz_xsmm_kernel_f64`, in single precision.
static inline ansatz_xsmm_kernel ansatz_xsmm_kernel_f32(int m, int n, int k, int lda, int ldb, int ldc,
                                                        bool accumulate) {
    const float alpha = 1, beta = accumulate ? 1 : 0;
    const int flags = LIBXSMM_GEMM_FLAG_NONE, prefetch = LIBXSMM_GEMM_PREFETCH_NONE;
    return (ansatz_xsmm_kernel)libxsmm_smmdispatch(m, n, k, &lda, &ldb, &ldc, &alpha, &beta, &flags, &prefetch);
}

#endif
