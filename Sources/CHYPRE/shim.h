#ifndef ANSATZ_HYPRE_SHIM_H
#define ANSATZ_HYPRE_SHIM_H

#include <hypre/HYPRE.h>
#include <hypre/HYPRE_IJ_mv.h>
#include <hypre/HYPRE_parcsr_ls.h>
#include <hypre/HYPRE_parcsr_mv.h>

#endif
