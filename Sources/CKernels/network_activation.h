// Template: activations and their derivatives on channels. REAL, MATH, KERNEL and LOCAL are set by the including file.
//
// Two numbers per point carry an activation from the forward to the reverse sweep, `state` (in channel 0 of z) and
// `memo`: tanh: (σ, –), sine: (sin, cos), GELU: (z, Φ), SiLU: (z, s), softplus: (s, –), with s = 1/(1 + e⁻ᶻ) and the
// normal distribution function Φ.

/// As many numbers as a line of the cache holds; the compiler splits it into registers of the processor's size.
typedef REAL LOCAL(line) __attribute__((ext_vector_type(64 / sizeof(REAL))));
#define LINE LOCAL(line)
#define LANES ((int)(64 / sizeof(REAL)))
#define INLINE static inline __attribute__((always_inline))

/// state, memo and σ(z + bias) at all points of one feature; `z` becomes the state.
INLINE void LOCAL(evaluate)(ansatz_network_activation activation, int points, REAL bias, REAL *restrict z,
                            REAL *restrict memo, REAL *restrict value) {
    switch (activation) {
    case ANSATZ_NETWORK_TANH:
        for (int p = 0; p < points; p++) value[p] = z[p] = MATH(tanh)(z[p] + bias);
        break;
    case ANSATZ_NETWORK_SINE:
        for (int p = 0; p < points; p++) z[p] += bias;
        MATH(sincos_array)(points, z, value, memo);
        for (int p = 0; p < points; p++) z[p] = value[p];
        break;
    case ANSATZ_NETWORK_GELU:
        for (int p = 0; p < points; p++) {
            REAL x = z[p] + bias;
            REAL probability = (REAL)0.5 + (REAL)0.5 * MATH(erf)(x * (REAL)M_SQRT1_2);
            z[p] = x;
            memo[p] = probability;
            value[p] = x * probability;
        }
        break;
    case ANSATZ_NETWORK_SILU:
        for (int p = 0; p < points; p++) {
            REAL x = z[p] + bias;
            REAL sigmoid = MATH(sigmoid)(x);
            z[p] = x;
            memo[p] = sigmoid;
            value[p] = x * sigmoid;
        }
        break;
    case ANSATZ_NETWORK_SOFTPLUS:
        for (int p = 0; p < points; p++) {
            REAL x = z[p] + bias;
            REAL e = MATH(exp)(x < 0 ? x : -x);
            z[p] = (x < 0 ? e : 1) / (1 + e);
            value[p] = (x > 0 ? x : 0) + MATH(log1p)(e);
        }
        break;
    }
}

/// The normal density at all points, which the derivatives of GELU need.
INLINE void LOCAL(density)(ansatz_network_activation activation, int points, const REAL *restrict state,
                           REAL *restrict density) {
    if (activation != ANSATZ_NETWORK_GELU) return;
    const REAL scale = (REAL)0.39894228040143267794;
    for (int p = 0; p < points; p++) density[p] = scale * MATH(exp)((REAL)-0.5 * state[p] * state[p]);
}

/// s[k] = σ⁽ᵏ⁾ for 1 ≤ k ≤ order ≤ 5.
INLINE void LOCAL(derivatives)(ansatz_network_activation activation, int order, const LINE *state, const LINE *memo,
                               const LINE *density, LINE *s) {
    switch (activation) {
    case ANSATZ_NETWORK_TANH: {
        const LINE y = *state, s1 = (1 - y) * (1 + y), u = y * y;
        if (order >= 1) s[1] = s1;
        if (order >= 2) s[2] = -2 * y * s1;
        if (order >= 3) s[3] = s1 * (6 * u - 2);
        if (order >= 4) s[4] = s1 * y * (16 - 24 * u);
        if (order >= 5) s[5] = s1 * (16 + u * (120 * u - 120));
        break;
    }
    case ANSATZ_NETWORK_SINE:
        if (order >= 1) s[1] = *memo;
        if (order >= 2) s[2] = -*state;
        if (order >= 3) s[3] = -*memo;
        if (order >= 4) s[4] = *state;
        if (order >= 5) s[5] = *memo;
        break;
    case ANSATZ_NETWORK_GELU: {
        const LINE z = *state, u = z * z;
        if (order >= 1) s[1] = *memo + z * *density;
        if (order >= 2) s[2] = *density * (2 - u);
        if (order >= 3) s[3] = *density * z * (u - 4);
        if (order >= 4) s[4] = *density * (u * (7 - u) - 4);
        if (order >= 5) s[5] = *density * z * (u * (u - 11) + 18);
        break;
    }
    case ANSATZ_NETWORK_SILU: {
        const LINE z = *state, g = *memo, g1 = g * (1 - g), slope = 1 - 2 * g;
        const LINE g2 = g1 * slope, g3 = g1 * (1 - 6 * g1), g4 = g2 * (1 - 12 * g1);
        if (order >= 1) s[1] = z * g1 + g;
        if (order >= 2) s[2] = z * g2 + 2 * g1;
        if (order >= 3) s[3] = z * g3 + 3 * g2;
        if (order >= 4) s[4] = z * g4 + 4 * g3;
        if (order >= 5) s[5] = z * (g1 * (1 + g1 * (120 * g1 - 30))) + 5 * g4;
        break;
    }
    case ANSATZ_NETWORK_SOFTPLUS: {
        const LINE g = *state, g1 = g * (1 - g), g2 = g1 * (1 - 2 * g);
        if (order >= 1) s[1] = g;
        if (order >= 2) s[2] = g1;
        if (order >= 3) s[3] = g2;
        if (order >= 4) s[4] = g1 * (1 - 6 * g1);
        if (order >= 5) s[5] = g2 * (1 - 12 * g1);
        break;
    }
    }
}

/// Channels of order one and two of one line of points.
INLINE void LOCAL(forward_two)(const ansatz_network_chain *chain, int order, const LINE *s, const REAL *z, REAL *a) {
    int points = chain->points, firsts = chain->firsts, seconds = chain->channels - 1 - firsts;
    for (int c = 1; c <= firsts; c++) *(LINE *)(a + c * points) = s[1] * *(const LINE *)(z + c * points);
    if (order < 2) return;
    for (int j = 0; j < seconds; j++) {
        LINE square = 0;
        for (int q = chain->pair_start[j]; q < chain->pair_start[j + 1]; q++)
            square += *(const LINE *)(z + chain->pairs[2 * q] * points) *
                      *(const LINE *)(z + chain->pairs[2 * q + 1] * points);
        int c = firsts + 1 + j;
        *(LINE *)(a + c * points) = s[1] * *(const LINE *)(z + c * points) + s[2] * square;
    }
}

INLINE void LOCAL(reverse_two)(const ansatz_network_chain *chain, int order, const LINE *s, const REAL *z, REAL *a) {
    int points = chain->points, firsts = chain->firsts, seconds = chain->channels - 1 - firsts;
    LINE value = s[1] * *(LINE *)a;
    for (int c = 1; c <= firsts; c++) {
        LINE adjoint = *(LINE *)(a + c * points);
        value += s[2] * (*(const LINE *)(z + c * points) * adjoint);
        *(LINE *)(a + c * points) = s[1] * adjoint;
    }
    if (order >= 2)
        for (int j = 0; j < seconds; j++) {
            int c = firsts + 1 + j;
            LINE adjoint = *(LINE *)(a + c * points), slope = s[2] * adjoint, square = 0;
            for (int q = chain->pair_start[j]; q < chain->pair_start[j + 1]; q++) {
                int one = chain->pairs[2 * q] * points, two = chain->pairs[2 * q + 1] * points;
                LINE first = *(const LINE *)(z + one), second = *(const LINE *)(z + two);
                square += first * second;
                *(LINE *)(a + one) += slope * second;
                *(LINE *)(a + two) += slope * first;
            }
            value += (s[2] * *(const LINE *)(z + c * points) + s[3] * square) * adjoint;
            *(LINE *)(a + c * points) = s[1] * adjoint;
        }
    *(LINE *)a = value;
}

/// The channel that is factor f of a term, at one line of points.
#define FACTOR(f) (*(const LINE *)(z + term->factors[f] * points))

/// Channels of any order, term by term; a term of order k has k factors.
INLINE void LOCAL(forward_any)(const ansatz_network_chain *chain, const LINE *s, const REAL *z, REAL *a) {
    int points = chain->points;
    for (int c = 1; c < chain->channels; c++) {
        LINE sum = 0;
        for (int t = chain->term_start[c]; t < chain->term_start[c + 1]; t++) {
            const ansatz_network_term *term = chain->terms + t;
            REAL coefficient = (REAL)term->coefficient;
            switch (term->order) {
            case 1: sum += coefficient * s[1] * FACTOR(0); break;
            case 2: sum += coefficient * s[2] * (FACTOR(0) * FACTOR(1)); break;
            case 3: sum += coefficient * s[3] * (FACTOR(0) * FACTOR(1) * FACTOR(2)); break;
            case 4: sum += coefficient * s[4] * (FACTOR(0) * FACTOR(1) * (FACTOR(2) * FACTOR(3))); break;
            }
        }
        *(LINE *)(a + c * points) = sum;
    }
}

INLINE void LOCAL(reverse_any)(const ansatz_network_chain *chain, const LINE *s, const REAL *z, REAL *a,
                               LINE *adjoints) {
    int points = chain->points, channels = chain->channels;
    LINE value = s[1] * *(LINE *)a;
    for (int c = 1; c < channels; c++) adjoints[c] = 0;
    for (int c = 1; c < channels; c++) {
        LINE adjoint = *(LINE *)(a + c * points);
        for (int t = chain->term_start[c]; t < chain->term_start[c + 1]; t++) {
            const ansatz_network_term *term = chain->terms + t;
            const int32_t *factors = term->factors;
            LINE weight = (REAL)term->coefficient * adjoint;
            switch (term->order) {
            case 1:
                value += weight * s[2] * FACTOR(0);
                adjoints[factors[0]] += weight * s[1];
                break;
            case 2: {
                LINE x0 = FACTOR(0), x1 = FACTOR(1), slope = weight * s[2];
                value += weight * s[3] * (x0 * x1);
                adjoints[factors[0]] += slope * x1;
                adjoints[factors[1]] += slope * x0;
                break;
            }
            case 3: {
                LINE x0 = FACTOR(0), x1 = FACTOR(1), x2 = FACTOR(2), slope = weight * s[3], x01 = x0 * x1;
                value += weight * s[4] * (x01 * x2);
                adjoints[factors[0]] += slope * (x1 * x2);
                adjoints[factors[1]] += slope * (x0 * x2);
                adjoints[factors[2]] += slope * x01;
                break;
            }
            case 4: {
                LINE x0 = FACTOR(0), x1 = FACTOR(1), x2 = FACTOR(2), x3 = FACTOR(3);
                LINE x01 = x0 * x1, x23 = x2 * x3, front = weight * s[4] * x23, back = weight * s[4] * x01;
                value += weight * s[5] * (x01 * x23);
                adjoints[factors[0]] += front * x1;
                adjoints[factors[1]] += front * x0;
                adjoints[factors[2]] += back * x3;
                adjoints[factors[3]] += back * x2;
                break;
            }
            }
        }
    }
    *(LINE *)a = value;
    for (int c = 1; c < channels; c++) *(LINE *)(a + c * points) = adjoints[c];
}
#undef FACTOR

/// All features of a tile; `order` is that of the fused kernels, or −1 for any.
INLINE void LOCAL(forward)(const ansatz_network_chain *chain, ansatz_network_activation activation, int order,
                           int features, const REAL *bias, REAL *z, REAL *memo, REAL *a) {
    int points = chain->points;
    REAL density[ANSATZ_NETWORK_MAXIMUM_POINTS] __attribute__((aligned(64)));
    for (int f = 0; f < features; f++) {
        REAL *zf = z + (int64_t)f * chain->leading, *af = a + (int64_t)f * chain->leading;
        REAL *mf = memo + (int64_t)f * points;
        LOCAL(evaluate)(activation, points, bias[f], zf, mf, af);
        if (order == 0) continue;
        LOCAL(density)(activation, points, zf, density);
        for (int p = 0; p < points; p += LANES) {
            LINE s[6];
            LOCAL(derivatives)(activation, order < 0 ? chain->order : order, (LINE *)(zf + p), (LINE *)(mf + p),
                               (LINE *)(density + p), s);
            if (order < 0)
                LOCAL(forward_any)(chain, s, zf + p, af + p);
            else
                LOCAL(forward_two)(chain, order, s, zf + p, af + p);
        }
    }
}

INLINE void LOCAL(reverse)(const ansatz_network_chain *chain, ansatz_network_activation activation, int order,
                           int features, const REAL *z, const REAL *memo, REAL *adjoint, REAL *scratch) {
    int points = chain->points;
    REAL density[ANSATZ_NETWORK_MAXIMUM_POINTS] __attribute__((aligned(64)));
    for (int f = 0; f < features; f++) {
        const REAL *zf = z + (int64_t)f * chain->leading, *mf = memo + (int64_t)f * points;
        REAL *af = adjoint + (int64_t)f * chain->leading;
        LOCAL(density)(activation, points, zf, density);
        for (int p = 0; p < points; p += LANES) {
            LINE s[6];
            LOCAL(derivatives)(activation, (order < 0 ? chain->order : order) + 1, (const LINE *)(zf + p),
                               (const LINE *)(mf + p), (LINE *)(density + p), s);
            if (order < 0)
                LOCAL(reverse_any)(chain, s, zf + p, af + p, (LINE *)scratch);
            else
                LOCAL(reverse_two)(chain, order, s, zf + p, af + p);
        }
    }
}

// The compiler makes one body for each activation and each order that has a fused kernel.
#define ANSATZ_NETWORK_EACH_ORDER(call, activation)    \
    switch (chain->fused ? chain->order : -1) {        \
    case 0: call(activation, 0); break;                \
    case 1: call(activation, 1); break;                \
    case 2: call(activation, 2); break;                \
    default: call(activation, -1); break;              \
    }
#define ANSATZ_NETWORK_EACH_ACTIVATION(call)                                                                     \
    switch (activation) {                                                                                        \
    case ANSATZ_NETWORK_TANH: ANSATZ_NETWORK_EACH_ORDER(call, ANSATZ_NETWORK_TANH) break;                         \
    case ANSATZ_NETWORK_SINE: ANSATZ_NETWORK_EACH_ORDER(call, ANSATZ_NETWORK_SINE) break;                         \
    case ANSATZ_NETWORK_GELU: ANSATZ_NETWORK_EACH_ORDER(call, ANSATZ_NETWORK_GELU) break;                         \
    case ANSATZ_NETWORK_SILU: ANSATZ_NETWORK_EACH_ORDER(call, ANSATZ_NETWORK_SILU) break;                         \
    case ANSATZ_NETWORK_SOFTPLUS: ANSATZ_NETWORK_EACH_ORDER(call, ANSATZ_NETWORK_SOFTPLUS) break;                 \
    }

ANSATZ_CLONES void KERNEL(activate)(const ansatz_network_chain *chain, ansatz_network_activation activation,
                                    int features, const REAL *bias, REAL *z, REAL *memo, REAL *a) {
#define ANSATZ_NETWORK_CALL(kind, order) LOCAL(forward)(chain, kind, order, features, bias, z, memo, a)
    ANSATZ_NETWORK_EACH_ACTIVATION(ANSATZ_NETWORK_CALL)
#undef ANSATZ_NETWORK_CALL
}

ANSATZ_CLONES void KERNEL(activate_reverse)(const ansatz_network_chain *chain, ansatz_network_activation activation,
                                            int features, const REAL *z, const REAL *memo, REAL *adjoint,
                                            REAL *scratch) {
#define ANSATZ_NETWORK_CALL(kind, order) LOCAL(reverse)(chain, kind, order, features, z, memo, adjoint, scratch)
    ANSATZ_NETWORK_EACH_ACTIVATION(ANSATZ_NETWORK_CALL)
#undef ANSATZ_NETWORK_CALL
}

#undef ANSATZ_NETWORK_EACH_ORDER
#undef ANSATZ_NETWORK_EACH_ACTIVATION
#undef LINE
#undef LANES
#undef INLINE
