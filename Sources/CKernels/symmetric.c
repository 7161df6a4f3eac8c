#include "kernels_symmetric.h"

#include "dispatch.h"

enum { band = 8, panel = 4 };

// Eight numbers at a time, whatever the width of the registers.
typedef double ansatz_eight_f64 __attribute__((vector_size(64), may_alias));
typedef float ansatz_eight_f32 __attribute__((vector_size(32), may_alias));

/// Off the diagonal, each entry works on two places of each product: its own row's sum and its column's entry. Four rows
/// go together, so that the columns' entries are read and written once for four rows of the matrix.
#define DEFINE_SYMMETRIC_KERNEL(suffix, real, eight)                                                                  \
    ANSATZ_CLONES void ansatz_symmetric_update_multiply_##suffix(                                                     \
        size_t bands, real *matrix, double keep_all, double ss, double sw, double ww, const real *s, const real *w,   \
        const real *x, const real *z, real *hx, real *hz) {                                                           \
        const real keep = (real)keep_all;                                                                             \
        const eight *sv = (const eight *)s, *wv = (const eight *)w, *xv = (const eight *)x, *zv = (const eight *)z;   \
        eight *hxv = (eight *)hx, *hzv = (eight *)hz;                                                                 \
        for (size_t i = 0; i < band * bands; i++) hx[i] = hz[i] = 0;                                                  \
        for (size_t b = 0; b < bands; b++) {                                                                          \
            const size_t width = band * (b + 1);                                                                      \
            real *rows = matrix + band / 2 * b * width;                                                               \
            for (size_t first = 0; first < band; first += panel) {                                                    \
                eight *row[panel], rowx[panel], rowz[panel];                                                          \
                real along_s[panel], along_w[panel], xi[panel], zi[panel];                                            \
                for (size_t k = 0; k < panel; k++) {                                                                  \
                    const size_t i = band * b + first + k;                                                            \
                    row[k] = (eight *)(rows + (first + k) * width);                                                   \
                    along_s[k] = (real)(ss * (double)s[i] + sw * (double)w[i]);                                       \
                    along_w[k] = (real)(sw * (double)s[i] + ww * (double)w[i]);                                       \
                    xi[k] = x[i];                                                                                     \
                    zi[k] = z[i];                                                                                     \
                    rowx[k] = rowz[k] = (eight){0};                                                                   \
                }                                                                                                     \
                for (size_t c = 0; c < b; c++) {                                                                      \
                    const eight sc = sv[c], wc = wv[c], xc = xv[c], zc = zv[c];                                       \
                    eight columnx = hxv[c], columnz = hzv[c];                                                         \
                    _Pragma("clang loop unroll(full)") for (size_t k = 0; k < panel; k++) {                           \
                        const eight h = keep * row[k][c] + along_s[k] * sc + along_w[k] * wc;                         \
                        row[k][c] = h;                                                                                \
                        rowx[k] += h * xc;                                                                            \
                        rowz[k] += h * zc;                                                                            \
                        columnx += h * xi[k];                                                                         \
                        columnz += h * zi[k];                                                                         \
                    }                                                                                                 \
                    hxv[c] = columnx;                                                                                 \
                    hzv[c] = columnz;                                                                                 \
                }                                                                                                     \
                for (size_t k = 0; k < panel; k++) {                                                                  \
                    real sumx = 0, sumz = 0;                                                                          \
                    for (size_t j = 0; j < band; j++) {                                                               \
                        sumx += rowx[k][j];                                                                           \
                        sumz += rowz[k][j];                                                                           \
                    }                                                                                                 \
                    hx[band * b + first + k] += sumx;                                                                 \
                    hz[band * b + first + k] += sumz;                                                                 \
                }                                                                                                     \
            }                                                                                                         \
            for (size_t i = 0; i < band; i++) {                                                                       \
                const size_t row = band * b + i;                                                                      \
                const real along_s = (real)(ss * (double)s[row] + sw * (double)w[row]);                               \
                const real along_w = (real)(sw * (double)s[row] + ww * (double)w[row]);                               \
                for (size_t j = 0; j <= i; j++) {                                                                     \
                    const size_t column = band * b + j;                                                               \
                    const real h = keep * rows[i * width + column] + along_s * s[column] + along_w * w[column];       \
                    rows[i * width + column] = rows[j * width + row] = h;                                             \
                }                                                                                                     \
            }                                                                                                         \
            for (size_t i = 0; i < band; i++) {                                                                       \
                for (size_t j = 0; j < band; j++) {                                                                   \
                    const real h = rows[i * width + band * b + j];                                                    \
                    hx[band * b + i] += h * x[band * b + j];                                                          \
                    hz[band * b + i] += h * z[band * b + j];                                                          \
                }                                                                                                     \
            }                                                                                                         \
        }                                                                                                             \
    }

DEFINE_SYMMETRIC_KERNEL(f64, double, ansatz_eight_f64)
DEFINE_SYMMETRIC_KERNEL(f32, float, ansatz_eight_f32)
