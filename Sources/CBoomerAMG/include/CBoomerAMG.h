#ifndef ANSATZ_BOOMERAMG_H
#define ANSATZ_BOOMERAMG_H

#include <stdbool.h>
#include <stdint.h>

/// Algebraic multigrid of the hypre library as a preconditioner, on one process. Without the package trait BoomerAMG, which brings MPI, nothing of this is
/// compiled.
typedef struct ansatz_boomeramg ansatz_boomeramg;

/// Sets up for a symmetric matrix in compressed rows; null where hypre reports an error. A singular one is relaxed on the coarsest level, not solved.
ansatz_boomeramg *ansatz_boomeramg_create(int64_t rows, const int64_t *starts, const int32_t *columns,
                                          const double *values, double factor, double threshold, bool is_singular);

/// z = B r, one V-cycle from zero; false where hypre reports an error.
bool ansatz_boomeramg_apply(ansatz_boomeramg *solver, const double *r, double *z);

void ansatz_boomeramg_destroy(ansatz_boomeramg *solver);

#endif
