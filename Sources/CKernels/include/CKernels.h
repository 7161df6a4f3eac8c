#ifndef ANSATZ_KERNELS_H
#define ANSATZ_KERNELS_H

#include "kernels_vector.h"
#if __has_include("kernels_tape.h")
#include "kernels_tape.h"
#endif
#if __has_include("kernels_network.h")
#include "kernels_network.h"
#endif
#if __has_include("kernels_optimizer.h")
#include "kernels_optimizer.h"
#endif

#endif
