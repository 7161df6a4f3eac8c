#ifndef ANSATZ_OPENBLAS_SHIM_H
#define ANSATZ_OPENBLAS_SHIM_H

#include <cblas.h>

/// LAPACK's least squares by singular values, which OpenBLAS contains but its header does not declare.
void dgelsd_(const int *rows, const int *columns, const int *right_sides, double *matrix, const int *leading_matrix,
             double *right, const int *leading_right, double *singular, const double *threshold, int *rank,
             double *work, const int *work_length, int *integers, int *status);

/// LAPACK's solver for banded systems, which OpenBLAS contains but its header does not declare.
void dgbsv_(const int *count, const int *lower, const int *upper, const int *columns, double *band,
            const int *leading, int *exchanges, double *right, const int *leading_right, int *status);

/// LAPACK's Cholesky factorisation and the inverse from it, likewise.
void dpotrf_(const char *half, const int *count, double *matrix, const int *leading, int *status);
void dpotri_(const char *half, const int *count, double *matrix, const int *leading, int *status);

/// LAPACK's eigenpairs of a symmetric tridiagonal matrix, which OpenBLAS contains but its header does not declare.
void dstevd_(const char *job, const int *count, double *diagonal, double *off_diagonal, double *vectors,
             const int *leading, double *work, const int *work_length, int *integers, const int *integers_length,
             int *status);

#endif
