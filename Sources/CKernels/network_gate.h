// Template: gates between two encoders, and residual blends. REAL, KERNEL and LOCAL are set by the including file.
//
// A gate is u + z d with the encoders' u and d = v - u: by Leibniz' rule in all channels.

#define LINE LOCAL(line)
#define LANES ((int)(64 / sizeof(REAL)))
#define INLINE static inline __attribute__((always_inline))
#define AT(buffer, channel) (*(LINE *)((buffer) + (int64_t)(channel) * points))
#define READ(buffer, channel) (*(const LINE *)((buffer) + (int64_t)(channel) * points))

/// Channels up to order two of one line of points.
INLINE void LOCAL(gate_two)(const ansatz_network_chain *chain, int order, const REAL *z, const REAL *u, const REAL *d,
                            REAL *a) {
    int points = chain->points, firsts = chain->firsts, seconds = chain->channels - 1 - firsts;
    const LINE z0 = READ(z, 0), d0 = READ(d, 0);
    AT(a, 0) = READ(u, 0) + z0 * d0;
    if (order < 1) return;
    for (int c = 1; c <= firsts; c++) AT(a, c) = READ(u, c) + z0 * READ(d, c) + READ(z, c) * d0;
    if (order < 2) return;
    for (int j = 0; j < seconds; j++) {
        int c = firsts + 1 + j;
        LINE sum = READ(u, c) + z0 * READ(d, c) + READ(z, c) * d0;
        for (int q = chain->pair_start[j]; q < chain->pair_start[j + 1]; q++) {
            int one = chain->pairs[2 * q], two = chain->pairs[2 * q + 1];
            sum += READ(z, one) * READ(d, two) + READ(z, two) * READ(d, one);
        }
        AT(a, c) = sum;
    }
}

/// `a` holds the adjoints of the gate's output and receives those of z; `gu` and `gd` grow.
INLINE void LOCAL(gate_reverse_two)(const ansatz_network_chain *chain, int order, const REAL *z, const REAL *d, REAL *a,
                                    REAL *gu, REAL *gd) {
    int points = chain->points, firsts = chain->firsts, seconds = chain->channels - 1 - firsts;
    const LINE z0 = READ(z, 0), d0 = READ(d, 0), a0 = READ(a, 0);
    LINE value = d0 * a0, difference = z0 * a0;
    AT(gu, 0) += a0;
    if (order >= 1)
        for (int c = 1; c <= firsts; c++) {
            LINE adjoint = READ(a, c);
            value += READ(d, c) * adjoint;
            difference += READ(z, c) * adjoint;
            AT(gu, c) += adjoint;
            AT(gd, c) += z0 * adjoint;
            AT(a, c) = d0 * adjoint;
        }
    if (order >= 2)
        for (int j = 0; j < seconds; j++) {
            int c = firsts + 1 + j;
            LINE adjoint = READ(a, c);
            value += READ(d, c) * adjoint;
            difference += READ(z, c) * adjoint;
            for (int q = chain->pair_start[j]; q < chain->pair_start[j + 1]; q++) {
                int one = chain->pairs[2 * q], two = chain->pairs[2 * q + 1];
                AT(a, one) += READ(d, two) * adjoint;
                AT(a, two) += READ(d, one) * adjoint;
                AT(gd, one) += READ(z, two) * adjoint;
                AT(gd, two) += READ(z, one) * adjoint;
            }
            AT(gu, c) += adjoint;
            AT(gd, c) += z0 * adjoint;
            AT(a, c) = d0 * adjoint;
        }
    AT(a, 0) = value;
    AT(gd, 0) += difference;
}

/// Channels of any order, product by product.
INLINE void LOCAL(gate_any)(const ansatz_network_chain *chain, const REAL *z, const REAL *u, const REAL *d, REAL *a) {
    int points = chain->points;
    for (int c = 0; c < chain->channels; c++) {
        LINE sum = READ(u, c);
        for (int t = chain->product_start[c]; t < chain->product_start[c + 1]; t++) {
            const ansatz_network_product *product = chain->products + t;
            sum += (REAL)product->coefficient * READ(z, product->left) * READ(d, product->right);
        }
        AT(a, c) = sum;
    }
}

INLINE void LOCAL(gate_reverse_any)(const ansatz_network_chain *chain, const REAL *z, const REAL *d, REAL *a, REAL *gu,
                                    REAL *gd, LINE *adjoints) {
    int points = chain->points, channels = chain->channels;
    for (int c = 0; c < channels; c++) adjoints[c] = 0;
    for (int c = 0; c < channels; c++) {
        LINE adjoint = READ(a, c);
        AT(gu, c) += adjoint;
        for (int t = chain->product_start[c]; t < chain->product_start[c + 1]; t++) {
            const ansatz_network_product *product = chain->products + t;
            LINE weight = (REAL)product->coefficient * adjoint;
            adjoints[product->left] += weight * READ(d, product->right);
            AT(gd, product->right) += weight * READ(z, product->left);
        }
    }
    for (int c = 0; c < channels; c++) AT(a, c) = adjoints[c];
}

INLINE void LOCAL(gate_features)(const ansatz_network_chain *chain, int order, int features, const REAL *z,
                                 const REAL *u, const REAL *d, REAL *a) {
    for (int f = 0; f < features; f++)
        for (int p = 0; p < chain->points; p += LANES) {
            int64_t at = (int64_t)f * chain->leading + p;
            if (order < 0)
                LOCAL(gate_any)(chain, z + at, u + at, d + at, a + at);
            else
                LOCAL(gate_two)(chain, order, z + at, u + at, d + at, a + at);
        }
}

INLINE void LOCAL(gate_reverse_features)(const ansatz_network_chain *chain, int order, int features, const REAL *z,
                                         const REAL *d, REAL *a, REAL *gu, REAL *gd, REAL *scratch) {
    for (int f = 0; f < features; f++)
        for (int p = 0; p < chain->points; p += LANES) {
            int64_t at = (int64_t)f * chain->leading + p;
            if (order < 0)
                LOCAL(gate_reverse_any)(chain, z + at, d + at, a + at, gu + at, gd + at, (LINE *)scratch);
            else
                LOCAL(gate_reverse_two)(chain, order, z + at, d + at, a + at, gu + at, gd + at);
        }
}

ANSATZ_CLONES void KERNEL(gate)(const ansatz_network_chain *chain, int features, const REAL *z, const REAL *u,
                                const REAL *d, REAL *a) {
    switch (chain->fused ? chain->order : -1) {
    case 0: LOCAL(gate_features)(chain, 0, features, z, u, d, a); break;
    case 1: LOCAL(gate_features)(chain, 1, features, z, u, d, a); break;
    case 2: LOCAL(gate_features)(chain, 2, features, z, u, d, a); break;
    default: LOCAL(gate_features)(chain, -1, features, z, u, d, a); break;
    }
}

ANSATZ_CLONES void KERNEL(gate_reverse)(const ansatz_network_chain *chain, int features, const REAL *z, const REAL *d,
                                        REAL *adjoint, REAL *gu, REAL *gd, REAL *scratch) {
    switch (chain->fused ? chain->order : -1) {
    case 0: LOCAL(gate_reverse_features)(chain, 0, features, z, d, adjoint, gu, gd, scratch); break;
    case 1: LOCAL(gate_reverse_features)(chain, 1, features, z, d, adjoint, gu, gd, scratch); break;
    case 2: LOCAL(gate_reverse_features)(chain, 2, features, z, d, adjoint, gu, gd, scratch); break;
    default: LOCAL(gate_reverse_features)(chain, -1, features, z, d, adjoint, gu, gd, scratch); break;
    }
}

ANSATZ_CLONES void KERNEL(blend)(const ansatz_network_chain *chain, int features, REAL share, const REAL *h,
                                 const REAL *x, REAL *y) {
    REAL rest = 1 - share;
    for (int64_t i = 0; i < (int64_t)features * chain->leading; i += LANES)
        *(LINE *)(y + i) = share * *(const LINE *)(h + i) + rest * *(const LINE *)(x + i);
}

ANSATZ_CLONES void KERNEL(blend_reverse)(const ansatz_network_chain *chain, int features, REAL share, const REAL *h,
                                         const REAL *x, const REAL *adjoint, REAL *gh, REAL *gx, REAL *slopes) {
    int points = chain->points;
    REAL rest = 1 - share;
    for (int p = 0; p < points; p++) slopes[p] = 0;
    for (int f = 0; f < features; f++)
        for (int c = 0; c < chain->channels; c++) {
            int64_t at = (int64_t)f * chain->leading + (int64_t)c * points;
            for (int p = 0; p < points; p += LANES) {
                LINE a = *(const LINE *)(adjoint + at + p);
                *(LINE *)(slopes + p) += a * (*(const LINE *)(h + at + p) - *(const LINE *)(x + at + p));
                *(LINE *)(gh + at + p) = share * a;
                if (gx) *(LINE *)(gx + at + p) = rest * a;
            }
        }
}

#undef AT
#undef READ
#undef LINE
#undef LANES
#undef INLINE
