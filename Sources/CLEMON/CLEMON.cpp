#include "CLEMON.h"

// Header-only, so that nothing needs to be linked.
#define LEMON_ONLY_TEMPLATES
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#endif
#include <lemon/network_simplex.h>
#include <lemon/static_graph.h>
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

#include <new>
#include <utility>
#include <vector>

namespace {

using Graph = lemon::StaticDigraph;
using Simplex = lemon::NetworkSimplex<Graph, int64_t, int64_t>;

ansatz_lemon_status solve(
    int32_t n, int32_t m, const int64_t *supply, const int64_t *demand, const int64_t *cost, int64_t *flow,
    int64_t *source_potential, int64_t *target_potential) {
    // Arcs in row-major order, so that an arc's number is its place in the matrix.
    std::vector<std::pair<int, int>> arcs;
    arcs.reserve(static_cast<size_t>(n) * static_cast<size_t>(m));
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < m; j++) arcs.emplace_back(i, n + j);
    Graph graph;
    graph.build(n + m, arcs.begin(), arcs.end());
    std::vector<std::pair<int, int>>().swap(arcs);

    Graph::ArcMap<int64_t> costs(graph);
    for (Graph::ArcIt arc(graph); arc != lemon::INVALID; ++arc) costs[arc] = cost[graph.id(arc)];
    Graph::NodeMap<int64_t> supplies(graph);
    for (int32_t i = 0; i < n; i++) supplies[graph.node(i)] = supply[i];
    for (int32_t j = 0; j < m; j++) supplies[graph.node(n + j)] = -demand[j];

    Simplex simplex(graph, false);
    simplex.costMap(costs).supplyMap(supplies);
    switch (simplex.run()) {
    case Simplex::INFEASIBLE: return ansatz_lemon_infeasible;
    case Simplex::UNBOUNDED: return ansatz_lemon_unbounded;
    case Simplex::OPTIMAL: break;
    }
    for (Graph::ArcIt arc(graph); arc != lemon::INVALID; ++arc) flow[graph.id(arc)] = simplex.flow(arc);
    // Its reduced costs are cost + potential of the tail − potential of the head.
    for (int32_t i = 0; i < n; i++) source_potential[i] = -simplex.potential(graph.node(i));
    for (int32_t j = 0; j < m; j++) target_potential[j] = simplex.potential(graph.node(n + j));
    return ansatz_lemon_optimal;
}

}  // namespace

ansatz_lemon_status ansatz_lemon_transport(
    int32_t n, int32_t m, const int64_t *supply, const int64_t *demand, const int64_t *cost, int64_t *flow,
    int64_t *source_potential, int64_t *target_potential) {
    try {
        return solve(n, m, supply, demand, cost, flow, source_potential, target_potential);
    } catch (const std::bad_alloc &) {
        return ansatz_lemon_out_of_memory;
    }
}
