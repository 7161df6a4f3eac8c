#ifndef ANSATZ_CLEMON_H
#define ANSATZ_CLEMON_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What became of a transport problem.
typedef enum {
    ansatz_lemon_optimal = 0,
    ansatz_lemon_infeasible = 1,
    ansatz_lemon_unbounded = 2,
    ansatz_lemon_out_of_memory = 3
} ansatz_lemon_status;

/// Finds a plan of least cost between n sources and m targets by the network simplex method, in integers.
///
/// `supply` holds n numbers, `demand` m with the same total; `cost` n·m, row by row. `flow[i * m + j]` receives the plan;
/// `source_potential` and `target_potential` the dual solution: u_i + v_j ≤ cost_ij, equal where there is flow. Costs times n + m
/// must fit in 62 bits.
ansatz_lemon_status ansatz_lemon_transport(
    int32_t n, int32_t m, const int64_t *supply, const int64_t *demand, const int64_t *cost, int64_t *flow,
    int64_t *source_potential, int64_t *target_potential);

#ifdef __cplusplus
}
#endif

#endif
