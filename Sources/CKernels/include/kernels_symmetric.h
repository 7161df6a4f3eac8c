#ifndef ANSATZ_KERNELS_SYMMETRIC_H
#define ANSATZ_KERNELS_SYMMETRIC_H

#include <stddef.h>

/// Symmetric matrices of which only one half is kept and moved.
///
/// Band b holds rows 8b … 8b+7 with their columns 0 … 8b+7, 8(b+1) entries a row, one row after another, and begins at
/// entry 32 b (b+1). The last 8 columns of a band are a whole symmetric square. Vectors have 8·bands entries; matrix and
/// vectors are aligned to 64 bytes.

/// H ← keep H + ss s sᵀ + sw (s wᵀ + w sᵀ) + ww w wᵀ, then hx ← H x and hz ← H z, in one pass over H.
///
/// No vector overlaps hx or hz, which do not overlap each other.
void ansatz_symmetric_update_multiply_f64(size_t bands, double *matrix, double keep, double ss, double sw, double ww,
                                          const double *s, const double *w, const double *x, const double *z,
                                          double *hx, double *hz);
void ansatz_symmetric_update_multiply_f32(size_t bands, float *matrix, double keep, double ss, double sw, double ww,
                                          const float *s, const float *w, const float *x, const float *z, float *hx,
                                          float *hz);

#endif
