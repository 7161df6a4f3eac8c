#ifndef ANSATZ_KERNELS_CELLS_H
#define ANSATZ_KERNELS_CELLS_H

#include <stddef.h>
#include <stdint.h>

/// The operator on a box of cells, x fastest: (A v)_c = d_c v_c − Σ k_cn v_n over the six neighbours n.
///
/// All pointers are to cell (0, 0, 0); zeros surround the cells, at least one before and eight after each row. Either `count` is given:
/// d is a small whole number, zero where there is no unknown, and all k between unknowns are 1; vectors are then zero where there is no
/// unknown. Or `diagonal` and the faces: x[c] is k between c and its neighbour along x, and is zero where either is no unknown.
typedef struct {
    long nx, ny, nz;
    long row, plane;
    const uint8_t *count;
    const float *diagonal, *x, *y, *z;
    /// The smoother's weights M, zero where there is no unknown: bytes in units of `unit`, or numbers.
    const uint8_t *weight8;
    const float *weight;
    float unit;
    /// The factor of each cell's interpolated correction, in hundredths; zero where there is no unknown.
    const uint8_t *share;
    /// What is left of the quarter that a cell takes from the coarse neighbour of its parent along x, y, z, in 255ths; null for all of it.
    const uint8_t *gate[3];
    /// Whether the next coarser level has half as many cells along x, y, z.
    int halved[3];
} ansatz_cells_level;

/// Floats of working memory for a part of a level with smoothers of `degree`; zeros at first.
size_t ansatz_cells_room(const ansatz_cells_level *level, int degree);

/// u ← K r with K = Σ_{i<degree} c_i (M A)^i M, and coarse ← Pᵀ (r − A u), for the coarse planes first ≤ k < last and the fine ones below.
///
/// Interpolation P is linear between cell centres, times `share`. 2 ≤ degree.
void ansatz_cells_down(const ansatz_cells_level *level, const ansatz_cells_level *coarser, int degree, const float *c,
                      const float *r, float *u, float *coarse, long first, long last, float *room);

/// v ← u + s P e, z ← v + K (r − A v), for the planes first ≤ k < last; sums[k] ← Σ r z of each plane unless null.
void ansatz_cells_up(const ansatz_cells_level *level, const ansatz_cells_level *coarser, int degree, const float *c, float s,
                    const float *r, const float *u, const float *e, float *z, double *sums, long first, long last,
                    float *room);

/// out ← r − A v on a whole level; zero where there is no unknown.
void ansatz_cells_remainder(const ansatz_cells_level *level, const float *r, const float *v, float *out);

/// v ← v + a M r on a whole level.
void ansatz_cells_boost(const ansatz_cells_level *level, float a, const float *r, float *v);

/// v ← a v on a whole level.
void ansatz_cells_scale(const ansatz_cells_level *level, float a, float *v);

/// v ← v + w on a whole level.
void ansatz_cells_add(const ansatz_cells_level *level, const float *w, float *v);

/// Floats of working memory for the next function; zeros at first.
size_t ansatz_cells_direction_room(const ansatz_cells_level *level);

/// p ← z + Σ factors[i] others[i], and sums[k] ← Σ p (A p) of each plane, for first ≤ k < last. p is none of the others.
void ansatz_cells_direction(const ansatz_cells_level *level, const float *z, int count, const double *factors,
                           const float *const *others, float *p, double *sums, long first, long last, float *room);

/// sums[k] ← Σ v (A w)
void ansatz_cells_product(const ansatz_cells_level *level, const float *v, const float *w, double *sums, long first,
                         long last);

/// sums[k] ← Σ v w
void ansatz_cells_dot(const ansatz_cells_level *level, const float *v, const float *w, double *sums, long first, long last);

/// r ← r − a A p and sums[k] ← Σ r²
void ansatz_cells_advance(const ansatz_cells_level *level, double a, const float *p, float *r, double *sums, long first,
                         long last);

/// r ← b − A x in double precision, rounded once, and sums[k] ← Σ r²
void ansatz_cells_residual(const ansatz_cells_level *level, const double *b, const double *x, float *r, double *sums,
                          long first, long last);

/// x ← x + Σ factors[i] p[i]
void ansatz_cells_gather(const ansatz_cells_level *level, int count, const double *factors, const float *const *p, double *x,
                        long first, long last);

// MARK: Set-up

/// Finds the runs of fluid cells in the row of `kind` at `at`: first and one after the last cell, and whether one of its cells has a
/// neighbour where the solution is given. Returns how many; there is room for (nx + 1)/2.
long ansatz_cells_runs(const ansatz_cells_level *level, const uint8_t *kind, long at, int32_t *first, int32_t *last,
                       uint8_t *tied);

/// What lies in a cell, also in those around the box, which stand for its walls.
enum { ansatz_solid = 0, ansatz_fluid = 1, ansatz_dirichlet = 2, ansatz_dirichlet_face = 3 };

/// Planes first ≤ k < last of count from kinds: a neighbour counts 1, a value given on the face 2, a solid 0.
void ansatz_cells_count(const ansatz_cells_level *level, const uint8_t *kind, uint8_t *count, long first, long last);

/// weight8 ← weights[count], for first ≤ k < last.
void ansatz_cells_weigh(const ansatz_cells_level *level, const uint8_t *weights, uint8_t *weight8, long first, long last);

/// What a coarser level is made of; all pointers to cell (0, 0, 0).
typedef struct {
    uint8_t *kind;
    float *x, *y, *z;
    /// Diagonal less faces: what ties a cell to given values.
    float *excess;
    float *diagonal, *weight;
} ansatz_cells_coarse;

/// Kinds of the coarse planes first ≤ K < last: fluid where any fine cell is, else given where any is.
void ansatz_cells_coarse_kinds(const ansatz_cells_level *level, const ansatz_cells_level *coarser, const uint8_t *kind,
                              uint8_t *coarse, long first, long last);

/// Faces and excess of coarse planes first ≤ K < last.
///
/// A face gets the sum of the fine faces that it covers, halved along a halved axis; open[4 j/t] times that of all where j of t are open,
/// on a level with counts. The excess is the sum over the fine cells times ties[0]; on a level with counts times ties[0] for values given
/// at walls, ties[1] for those in cells and ties[2] for those on faces.
void ansatz_cells_coarse_faces(const ansatz_cells_level *level, const ansatz_cells_level *coarser, const uint8_t *kind,
                              const float *excess, const float *open, const float *ties,
                              const ansatz_cells_coarse *coarse, long first, long last);

/// diagonal ← faces + excess, weight ← factor/diagonal, for first ≤ k < last.
void ansatz_cells_coarse_diagonal(const ansatz_cells_level *coarser, const ansatz_cells_coarse *coarse, float factor,
                                 long first, long last);

/// Shares of the fine planes first ≤ k < last: codes[w] for a weight of w/64 of the parents that are not solid.
void ansatz_cells_shares(const ansatz_cells_level *level, const ansatz_cells_level *coarser, const uint8_t *kind,
                        const uint8_t *coarse, const uint8_t *codes, uint8_t *share, long first, long last);

/// Gates of the fine planes first ≤ k < last of a level with faces: the coefficient towards the neighbouring parent over that towards the
/// other cell of the same parent, at most 1; 1 next to given values.
void ansatz_cells_gates(const ansatz_cells_level *level, const uint8_t *kind, uint8_t *const *gate, long first, long last);

#endif
