#ifndef ANSATZ_KERNELS_H
#define ANSATZ_KERNELS_H

#include "kernels_box.h"
#include "kernels_cells.h"
#include "kernels_convolution.h"
#include "kernels_flow.h"
#include "kernels_network.h"
#include "kernels_optimizer.h"
#include "kernels_sparse.h"
#include "kernels_symmetric.h"
#include "kernels_tape.h"
#include "kernels_transport.h"
#include "kernels_transport_grid.h"
#include "kernels_vector.h"

#endif
