#include "kernels_network.h"

#include "dispatch.h"
#include "vector_math.h"

/// One function body serves both precisions: the templates are included once for each.

#define REAL double
#define MATH(name) ansatz_math_##name##_f64
#define KERNEL(name) ansatz_network_##name##_f64
#define LOCAL(name) name##_f64
#include "network_activation.h"
#include "network_layer.h"
#undef REAL
#undef MATH
#undef KERNEL
#undef LOCAL

#define REAL float
#define MATH(name) ansatz_math_##name##_f32
#define KERNEL(name) ansatz_network_##name##_f32
#define LOCAL(name) name##_f32
#include "network_activation.h"
#include "network_layer.h"
