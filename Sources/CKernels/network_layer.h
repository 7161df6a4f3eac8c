// Template: the affine part of layers. REAL, KERNEL and LOCAL are set by the including file.

ANSATZ_CLONES void KERNEL(scale_points)(int coordinates, int points, int count, const double *center,
                                        const double *inverse_half_width, REAL *x, REAL *scaled) {
    for (int i = 0; i < coordinates; i++) {
        REAL *from = x + (int64_t)i * points, *to = scaled + (int64_t)i * points;
        for (int p = count; p < points; p++) from[p] = from[count - 1];
        double c = center[i], s = inverse_half_width[i];
        for (int p = 0; p < points; p++) to[p] = (REAL)(((double)from[p] - c) * s);
    }
}

ANSATZ_CLONES void KERNEL(input_channels)(const ansatz_network_chain *chain, int inputs, int outputs,
                                          const int32_t *along, const double *inverse_half_width, const REAL *weight,
                                          REAL *z) {
    int points = chain->points;
    for (int o = 0; o < outputs; o++) {
        REAL *feature = z + (int64_t)o * chain->leading + points;
        for (int c = 0; c < chain->firsts; c++, feature += points) {
            REAL slope = (REAL)(weight[(int64_t)o * inputs + along[c]] * inverse_half_width[along[c]]);
            for (int p = 0; p < points; p++) feature[p] = slope;
        }
        int rest = (chain->channels - 1 - chain->firsts) * points;
        for (int p = 0; p < rest; p++) feature[p] = 0;
    }
}

/// Σ x over a multiple of 16 numbers, in 16 partial sums added in a fixed order.
static inline __attribute__((always_inline)) REAL LOCAL(sum)(int n, const REAL *x) {
    REAL partial[16] = {0};
    for (int p = 0; p < n; p += 16)
        for (int l = 0; l < 16; l++) partial[l] += x[p + l];
    for (int width = 8; width > 0; width /= 2)
        for (int l = 0; l < width; l++) partial[l] += partial[l + width];
    return partial[0];
}

ANSATZ_CLONES void KERNEL(input_gradient)(const ansatz_network_chain *chain, int inputs, int outputs,
                                          const int32_t *along, const double *inverse_half_width, const REAL *adjoint,
                                          REAL *gradient) {
    int points = chain->points;
    for (int o = 0; o < outputs; o++) {
        const REAL *feature = adjoint + (int64_t)o * chain->leading + points;
        for (int c = 0; c < chain->firsts; c++)
            gradient[(int64_t)o * inputs + along[c]] +=
                (REAL)(LOCAL(sum)(points, feature + (int64_t)c * points) * inverse_half_width[along[c]]);
    }
}

ANSATZ_CLONES void KERNEL(add_bias)(const ansatz_network_chain *chain, int features, const REAL *bias, REAL *z) {
    for (int f = 0; f < features; f++) {
        REAL *value = z + (int64_t)f * chain->leading;
        for (int p = 0; p < chain->points; p++) value[p] += bias[f];
    }
}

ANSATZ_CLONES void KERNEL(bias_gradient)(const ansatz_network_chain *chain, int features, const REAL *adjoint,
                                         REAL *gradient) {
    for (int f = 0; f < features; f++)
        gradient[f] += LOCAL(sum)(chain->points, adjoint + (int64_t)f * chain->leading);
}

ANSATZ_CLONES void KERNEL(transpose)(int rows, int columns, const REAL *source, int leading, REAL *target) {
    enum { block = 8 };
    int full_rows = rows / block * block, full_columns = columns / block * block;
    for (int r = 0; r < full_rows; r += block)
        for (int c = 0; c < full_columns; c += block) {
            const REAL *from = source + (int64_t)c * leading + r;
            REAL *to = target + (int64_t)r * columns + c;
            for (int i = 0; i < block; i++)
                for (int j = 0; j < block; j++) to[(int64_t)i * columns + j] = from[(int64_t)j * leading + i];
        }
    for (int r = 0; r < rows; r++)
        for (int c = r < full_rows ? full_columns : 0; c < columns; c++)
            target[(int64_t)r * columns + c] = source[(int64_t)c * leading + r];
}

ANSATZ_CLONES void KERNEL(jacobian)(const ansatz_network_chain *chain, int count, int inputs, int outputs,
                                    const REAL *transposed, const REAL *adjoint, REAL *weight_rows, REAL *bias_rows,
                                    int64_t stride) {
    int points = chain->points, channels = chain->channels;
    for (int p = 0; p < count; p++)
        for (int o = 0; o < outputs; o++) {
            const REAL *z = adjoint + (int64_t)o * chain->leading + p;
            REAL *restrict row = weight_rows + p * stride + (int64_t)o * inputs;
            bias_rows[p * stride + o] = z[0];
            const REAL *value = transposed + (int64_t)p * inputs;
            for (int i = 0; i < inputs; i++) row[i] = z[0] * value[i];
            int c = 1;
            for (; c + 2 < channels; c += 3) {
                REAL s0 = z[(int64_t)c * points], s1 = z[(int64_t)(c + 1) * points], s2 = z[(int64_t)(c + 2) * points];
                const REAL *a0 = value + (int64_t)c * points * inputs, *a1 = a0 + (int64_t)points * inputs;
                const REAL *a2 = a1 + (int64_t)points * inputs;
                for (int i = 0; i < inputs; i++) row[i] += s0 * a0[i] + s1 * a1[i] + s2 * a2[i];
            }
            for (; c < channels; c++) {
                REAL s0 = z[(int64_t)c * points];
                const REAL *a0 = value + (int64_t)c * points * inputs;
                for (int i = 0; i < inputs; i++) row[i] += s0 * a0[i];
            }
        }
}

ANSATZ_CLONES void KERNEL(input_jacobian)(const ansatz_network_chain *chain, int count, int inputs, int outputs,
                                          const int32_t *along, const double *inverse_half_width,
                                          const REAL *transposed, const REAL *adjoint, REAL *weight_rows,
                                          REAL *bias_rows, int64_t stride) {
    int points = chain->points;
    for (int p = 0; p < count; p++)
        for (int o = 0; o < outputs; o++) {
            const REAL *z = adjoint + (int64_t)o * chain->leading + p;
            REAL *restrict row = weight_rows + p * stride + (int64_t)o * inputs;
            bias_rows[p * stride + o] = z[0];
            const REAL *value = transposed + (int64_t)p * inputs;
            for (int i = 0; i < inputs; i++) row[i] = z[0] * value[i];
            for (int c = 0; c < chain->firsts; c++)
                row[along[c]] += (REAL)(z[(int64_t)(c + 1) * points] * inverse_half_width[along[c]]);
        }
}
