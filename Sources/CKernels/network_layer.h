// Template: the affine part of layers. REAL, KERNEL, LOCAL and TRANSPOSE_LINES are set by the including file.

#define SHORT_LANES ((int)(32 / sizeof(REAL)))
typedef REAL LOCAL(short_line) __attribute__((ext_vector_type(32 / sizeof(REAL))));
/// The same at any address.
typedef REAL LOCAL(loose_line) __attribute__((ext_vector_type(32 / sizeof(REAL)), aligned(sizeof(REAL))));

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

/// One block of the transpose, 32 bytes wide and as many lines high: pairs of lines are interleaved until each holds a
/// column.
static inline __attribute__((always_inline)) void LOCAL(transpose_block)(const REAL *source, int source_leading,
                                                                         REAL *target, int target_leading) {
    LOCAL(short_line) x[SHORT_LANES], y[SHORT_LANES];
    for (int i = 0; i < SHORT_LANES; i++)
        x[i] = *(const LOCAL(loose_line) *)(source + (int64_t)i * source_leading);
    TRANSPOSE_LINES(x, y)
    for (int i = 0; i < SHORT_LANES; i++) *(LOCAL(loose_line) *)(target + (int64_t)i * target_leading) = x[i];
}

ANSATZ_CLONES void KERNEL(transpose)(int rows, int columns, const REAL *source, int source_leading, REAL *target,
                                     int target_leading) {
    enum { block = SHORT_LANES };
    int full_rows = rows / block * block, full_columns = columns / block * block;
    for (int r = 0; r < full_rows; r += block)
        for (int c = 0; c < full_columns; c += block)
            LOCAL(transpose_block)(source + (int64_t)c * source_leading + r, source_leading,
                                   target + (int64_t)r * target_leading + c, target_leading);
    for (int r = 0; r < rows; r++)
        for (int c = r < full_rows ? full_columns : 0; c < columns; c++)
            target[(int64_t)r * target_leading + c] = source[(int64_t)c * source_leading + r];
}

/// `outputs` ≤ 4 rows of Wᵀ's part at one point: row k is Σ over channels of slopes[4·channel + k] · input channel.
static inline __attribute__((always_inline)) void LOCAL(jacobian_rows)(int channels, int inputs, int outputs,
                                                                       const REAL *slopes, const REAL *transposed,
                                                                       int64_t step, REAL *rows) {
    int i = 0;
    for (; i + SHORT_LANES <= inputs; i += SHORT_LANES) {
        LOCAL(short_line) sum[4] = {0};
        for (int c = 0; c < channels; c++) {
            LOCAL(short_line) a = *(const LOCAL(loose_line) *)(transposed + c * step + i);
            for (int k = 0; k < outputs; k++) sum[k] += slopes[4 * c + k] * a;
        }
        for (int k = 0; k < outputs; k++) *(LOCAL(loose_line) *)(rows + (int64_t)k * inputs + i) = sum[k];
    }
    for (; i < inputs; i++)
        for (int k = 0; k < outputs; k++) {
            REAL sum = 0;
            for (int c = 0; c < channels; c++) sum += slopes[4 * c + k] * transposed[c * step + i];
            rows[(int64_t)k * inputs + i] = sum;
        }
}

ANSATZ_CLONES void KERNEL(jacobian)(const ansatz_network_chain *chain, int count, int inputs, int outputs,
                                    const REAL *transposed, int transposed_leading, const REAL *adjoint,
                                    REAL *weight_rows, REAL *bias_rows, int64_t stride, REAL *scratch) {
    int points = chain->points, channels = chain->channels;
    int64_t step = (int64_t)points * transposed_leading;
    for (int p = 0; p < count; p++)
        for (int o = 0; o < outputs; o += 4) {
            int some = outputs - o < 4 ? outputs - o : 4;
            for (int k = 0; k < some; k++) {
                const REAL *slope = adjoint + (int64_t)(o + k) * chain->leading + p;
                bias_rows[p * stride + o + k] = slope[0];
                for (int c = 0; c < channels; c++) scratch[4 * c + k] = slope[(int64_t)c * points];
            }
            REAL *rows = weight_rows + p * stride + (int64_t)o * inputs;
            const REAL *input = transposed + (int64_t)p * transposed_leading;
            if (some == 4)
                LOCAL(jacobian_rows)(channels, inputs, 4, scratch, input, step, rows);
            else
                LOCAL(jacobian_rows)(channels, inputs, some, scratch, input, step, rows);
        }
}

ANSATZ_CLONES void KERNEL(input_jacobian)(const ansatz_network_chain *chain, int count, int inputs, int outputs,
                                          const int32_t *along, const double *inverse_half_width,
                                          const REAL *transposed, int transposed_leading, const REAL *adjoint,
                                          REAL *weight_rows, REAL *bias_rows, int64_t stride) {
    int points = chain->points;
    for (int p = 0; p < count; p++)
        for (int o = 0; o < outputs; o++) {
            const REAL *z = adjoint + (int64_t)o * chain->leading + p;
            REAL *restrict row = weight_rows + p * stride + (int64_t)o * inputs;
            bias_rows[p * stride + o] = z[0];
            const REAL *value = transposed + (int64_t)p * transposed_leading;
            for (int i = 0; i < inputs; i++) row[i] = z[0] * value[i];
            for (int c = 0; c < chain->firsts; c++)
                row[along[c]] += (REAL)(z[(int64_t)(c + 1) * points] * inverse_half_width[along[c]]);
        }
}

#undef SHORT_LANES
