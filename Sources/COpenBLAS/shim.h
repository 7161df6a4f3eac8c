#ifndef ANSATZ_OPENBLAS_SHIM_H
#define ANSATZ_OPENBLAS_SHIM_H

#include <cblas.h>

#endif
