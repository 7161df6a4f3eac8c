// Template: weights as products of factors. REAL, KERNEL and LOCAL are set by the including file.

ANSATZ_CLONES void KERNEL(factored_weight)(int outputs, int inputs, const REAL *weight, const REAL *bias,
                                           const REAL *scale, REAL factor, REAL *effective_weight,
                                           REAL *effective_bias) {
    for (int o = 0; o < outputs; o++) {
        REAL s = scale ? factor * scale[o] : factor;
        for (int i = 0; i < inputs; i++)
            effective_weight[(int64_t)o * inputs + i] = s * weight[(int64_t)o * inputs + i];
        effective_bias[o] = factor * bias[o];
    }
}

/// Σ x y in eight partial sums added in a fixed order.
static inline __attribute__((always_inline)) REAL LOCAL(row_product)(int n, const REAL *x, const REAL *y) {
    REAL partial[8] = {0};
    int i = 0;
    for (; i + 8 <= n; i += 8)
        for (int l = 0; l < 8; l++) partial[l] += x[i + l] * y[i + l];
    for (int l = 0; i < n; i++, l++) partial[l] += x[i] * y[i];
    for (int width = 4; width > 0; width /= 2)
        for (int l = 0; l < width; l++) partial[l] += partial[l + width];
    return partial[0];
}

ANSATZ_CLONES void KERNEL(factored_gradient)(int outputs, int inputs, const REAL *weight, const REAL *bias,
                                             const REAL *scale, REAL factor, const REAL *effective_weight,
                                             const REAL *effective_bias, REAL *gradient_weight, REAL *gradient_bias,
                                             REAL *gradient_scale, REAL *gradient_factor, int adds) {
    REAL sum = 0;
    for (int o = 0; o < outputs; o++) {
        const REAL *from = effective_weight + (int64_t)o * inputs;
        REAL *to = gradient_weight + (int64_t)o * inputs;
        REAL along = LOCAL(row_product)(inputs, from, weight + (int64_t)o * inputs);
        REAL s = scale ? factor * scale[o] : factor;
        REAL slope = effective_bias[o];
        sum += (scale ? scale[o] * along : along) + slope * bias[o];
        if (adds) {
            for (int i = 0; i < inputs; i++) to[i] += s * from[i];
            gradient_bias[o] += factor * slope;
            if (gradient_scale) gradient_scale[o] += factor * along;
        } else {
            for (int i = 0; i < inputs; i++) to[i] = s * from[i];
            gradient_bias[o] = factor * slope;
            if (gradient_scale) gradient_scale[o] = factor * along;
        }
    }
    if (gradient_factor) *gradient_factor = adds ? *gradient_factor + sum : sum;
}
