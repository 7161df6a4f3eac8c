#include "CBoomerAMG.h"

#ifdef BOOMERAMG

#include <mpi.h>
#include <pthread.h>
#include <stdlib.h>

#include "../CHYPRE/shim.h"

struct ansatz_boomeramg {
    HYPRE_Int rows;
    HYPRE_BigInt *numbers;
    HYPRE_IJMatrix matrix;
    HYPRE_IJVector right, left;
    HYPRE_ParCSRMatrix parcsr;
    HYPRE_ParVector b, x;
    HYPRE_Solver solver;
};

static void finish(void) {
    int is_finalized = 0;
    HYPRE_Finalize();
    MPI_Finalized(&is_finalized);
    if (!is_finalized) MPI_Finalize();
}

static void begin(void) {
    int is_initialized = 0;
    MPI_Initialized(&is_initialized);
    if (!is_initialized) MPI_Init(NULL, NULL);
    HYPRE_Init();
    atexit(finish);
}

static void begin_once(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, begin);
}

static void make_vector(HYPRE_IJVector *vector, HYPRE_ParVector *object, HYPRE_Int rows) {
    HYPRE_IJVectorCreate(MPI_COMM_SELF, 0, rows - 1, vector);
    HYPRE_IJVectorSetObjectType(*vector, HYPRE_PARCSR);
    HYPRE_IJVectorInitialize(*vector);
    HYPRE_IJVectorAssemble(*vector);
    HYPRE_IJVectorGetObject(*vector, (void **)object);
}

ansatz_boomeramg *ansatz_boomeramg_create(int64_t rows, const int64_t *starts, const int32_t *columns,
                                          const double *values, double factor, double threshold, bool is_singular) {
    begin_once();
    HYPRE_ClearAllErrors();
    ansatz_boomeramg *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->rows = (HYPRE_Int)rows;
    s->numbers = malloc(sizeof *s->numbers * (size_t)rows);
    int64_t widest = 1;
    for (int64_t i = 0; i < rows; i++)
        if (starts[i + 1] - starts[i] > widest) widest = starts[i + 1] - starts[i];
    HYPRE_BigInt *places = malloc(sizeof *places * (size_t)widest);
    HYPRE_Complex *entries = malloc(sizeof *entries * (size_t)widest);
    HYPRE_Int *counts = malloc(sizeof *counts * (size_t)rows);
    if (!s->numbers || !places || !entries || !counts) abort();
    for (int64_t i = 0; i < rows; i++) {
        s->numbers[i] = (HYPRE_BigInt)i;
        counts[i] = (HYPRE_Int)(starts[i + 1] - starts[i]);
    }
    HYPRE_IJMatrixCreate(MPI_COMM_SELF, 0, s->rows - 1, 0, s->rows - 1, &s->matrix);
    HYPRE_IJMatrixSetObjectType(s->matrix, HYPRE_PARCSR);
    HYPRE_IJMatrixSetRowSizes(s->matrix, counts);
    HYPRE_IJMatrixInitialize(s->matrix);
    for (int64_t i = 0; i < rows; i++) {
        HYPRE_Int count = counts[i];
        for (HYPRE_Int e = 0; e < count; e++) {
            places[e] = columns[starts[i] + e];
            entries[e] = factor * values[starts[i] + e];
            // An unknown that is in no equation keeps its right-hand side.
            if (places[e] == i && entries[e] == 0) entries[e] = 1;
        }
        HYPRE_BigInt row = (HYPRE_BigInt)i;
        HYPRE_IJMatrixSetValues(s->matrix, 1, &count, &row, places, entries);
    }
    HYPRE_IJMatrixAssemble(s->matrix);
    HYPRE_IJMatrixGetObject(s->matrix, (void **)&s->parcsr);
    free(places);
    free(entries);
    free(counts);
    make_vector(&s->right, &s->b, s->rows);
    make_vector(&s->left, &s->x, s->rows);
    // Parallel coarsening with one aggressive level and extended interpolation; a symmetric smoother, so that B is.
    HYPRE_BoomerAMGCreate(&s->solver);
    HYPRE_BoomerAMGSetPrintLevel(s->solver, 0);
    HYPRE_BoomerAMGSetMaxIter(s->solver, 1);
    HYPRE_BoomerAMGSetTol(s->solver, 0);
    HYPRE_BoomerAMGSetCoarsenType(s->solver, 10);
    HYPRE_BoomerAMGSetInterpType(s->solver, 6);
    HYPRE_BoomerAMGSetPMaxElmts(s->solver, 4);
    HYPRE_BoomerAMGSetStrongThreshold(s->solver, threshold);
    HYPRE_BoomerAMGSetRelaxType(s->solver, 8);
    HYPRE_BoomerAMGSetNumSweeps(s->solver, 1);
    if (is_singular) {
        HYPRE_BoomerAMGSetCycleRelaxType(s->solver, 8, 3);
        HYPRE_BoomerAMGSetCycleNumSweeps(s->solver, 4, 3);
    }
    HYPRE_BoomerAMGSetup(s->solver, s->parcsr, s->b, s->x);
    if (HYPRE_GetError()) {
        HYPRE_ClearAllErrors();
        ansatz_boomeramg_destroy(s);
        return NULL;
    }
    return s;
}

bool ansatz_boomeramg_apply(ansatz_boomeramg *s, const double *r, double *z) {
    HYPRE_IJVectorSetValues(s->right, s->rows, s->numbers, r);
    HYPRE_ParVectorSetConstantValues(s->x, 0);
    HYPRE_BoomerAMGSolve(s->solver, s->parcsr, s->b, s->x);
    HYPRE_IJVectorGetValues(s->left, s->rows, s->numbers, z);
    bool is_fine = HYPRE_GetError() == 0;
    HYPRE_ClearAllErrors();
    return is_fine;
}

void ansatz_boomeramg_destroy(ansatz_boomeramg *s) {
    if (s->solver) HYPRE_BoomerAMGDestroy(s->solver);
    HYPRE_IJMatrixDestroy(s->matrix);
    HYPRE_IJVectorDestroy(s->right);
    HYPRE_IJVectorDestroy(s->left);
    free(s->numbers);
    free(s);
}

#else

/// A file with nothing in it is not one in C.
typedef int ansatz_boomeramg_is_left_out;

#endif
