#ifndef ANSATZ_KERNELS_BOX_H
#define ANSATZ_KERNELS_BOX_H

#include <stddef.h>

/// u ← factor · u/(λᵢ + rest) along a row; 0 where λᵢ + rest ≤ least: a mode that the operator maps to nothing.
void ansatz_box_divide_f64(size_t n, const double *lambda, double rest, double least, double factor, double *u);
void ansatz_box_divide_f32(size_t n, const double *lambda, double rest, double least, double factor, float *u);

/// z ← z where the cell is an unknown, else 0; Σ r z in double precision.
double ansatz_box_mask(size_t n, const unsigned char *unknown, const float *r, float *z);

#endif
