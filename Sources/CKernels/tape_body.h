/// The interpreter for one precision; included by tape.c with NAME, MATH, LIBM and REAL defined.

/// a to a whole power by repeated squaring.
static inline __attribute__((always_inline)) REAL NAME(whole_power)(REAL a, int exponent) {
    REAL result = 1;
    for (unsigned rest = (unsigned)(exponent < 0 ? -exponent : exponent); rest; rest >>= 1) {
        if (rest & 1) result *= a;
        a *= a;
    }
    return exponent < 0 ? 1 / result : result;
}

/// The same power for all points, so that the steps of the squaring are shared.
static inline __attribute__((always_inline)) void NAME(whole_powers)(const REAL *a, int exponent, REAL *r, int32_t count) {
    unsigned rest = (unsigned)(exponent < 0 ? -exponent : exponent);
    switch (rest) {
    case 3: ANSATZ_POINTS r[p] = a[p] * a[p] * a[p]; break;
    case 4: ANSATZ_POINTS { REAL s = a[p] * a[p]; r[p] = s * s; } break;
    case 5: ANSATZ_POINTS { REAL s = a[p] * a[p]; r[p] = s * s * a[p]; } break;
    default: ANSATZ_POINTS r[p] = NAME(whole_power)(a[p], (int)rest); break;
    }
    if (exponent < 0) ANSATZ_POINTS r[p] = 1 / r[p];
}

#define UNARY(operation, value) case operation: ANSATZ_POINTS { REAL x = a[p]; r[p] = (value); } break
#define BINARY(operation, value) case operation: ANSATZ_POINTS { REAL x = a[p], y = b[p]; r[p] = (value); } break

ANSATZ_CLONES void NAME(forward)(const ansatz_tape_instruction *program, int32_t instructions, REAL *const *values,
                                 int32_t count) {
    for (int32_t k = 0; k < instructions; k++) {
        const ansatz_tape_instruction i = program[k];
        const REAL *a = values[i.a], *b = values[i.b], *c = values[i.c];
        REAL *r = values[i.result];
        switch (i.operation) {
        UNARY(ANSATZ_TAPE_COPY, x);
        UNARY(ANSATZ_TAPE_NEGATE, -x);
        BINARY(ANSATZ_TAPE_ADD, x + y);
        BINARY(ANSATZ_TAPE_SUBTRACT, x - y);
        BINARY(ANSATZ_TAPE_MULTIPLY, x * y);
        BINARY(ANSATZ_TAPE_DIVIDE, x / y);
        UNARY(ANSATZ_TAPE_SQUARE, x * x);
        case ANSATZ_TAPE_INTEGER_POWER: NAME(whole_powers)(a, i.exponent, r, count); break;
        BINARY(ANSATZ_TAPE_POWER, LIBM(pow)(x, y));
        UNARY(ANSATZ_TAPE_SQRT, LIBM(sqrt)(x));
        UNARY(ANSATZ_TAPE_EXP, MATH(exp)(x));
        UNARY(ANSATZ_TAPE_LOG, MATH(log)(x));
        UNARY(ANSATZ_TAPE_LOG10, LIBM(log10)(x));
        case ANSATZ_TAPE_SIN: MATH(sin_array)(count, a, r); break;
        case ANSATZ_TAPE_COS: MATH(cos_array)(count, a, r); break;
        UNARY(ANSATZ_TAPE_TAN, LIBM(tan)(x));
        UNARY(ANSATZ_TAPE_ASIN, LIBM(asin)(x));
        UNARY(ANSATZ_TAPE_ACOS, LIBM(acos)(x));
        UNARY(ANSATZ_TAPE_ATAN, LIBM(atan)(x));
        BINARY(ANSATZ_TAPE_ATAN2, LIBM(atan2)(x, y));
        UNARY(ANSATZ_TAPE_SINH, LIBM(sinh)(x));
        UNARY(ANSATZ_TAPE_COSH, LIBM(cosh)(x));
        UNARY(ANSATZ_TAPE_TANH, MATH(tanh)(x));
        UNARY(ANSATZ_TAPE_ERF, MATH(erf)(x));
        UNARY(ANSATZ_TAPE_ABS, LIBM(fabs)(x));
        UNARY(ANSATZ_TAPE_SIGN, x > 0 ? 1 : x < 0 ? -1 : x);
        BINARY(ANSATZ_TAPE_MIN, x <= y ? x : y);
        BINARY(ANSATZ_TAPE_MAX, x >= y ? x : y);
        UNARY(ANSATZ_TAPE_FLOOR, LIBM(floor)(x));
        BINARY(ANSATZ_TAPE_MOD, x - y * LIBM(floor)(x / y));
        UNARY(ANSATZ_TAPE_STEP, x > 0 ? 1 : x < 0 ? 0 : x == 0 ? (REAL)0.5 : x);
        case ANSATZ_TAPE_SELECT: ANSATZ_POINTS r[p] = a[p] != 0 ? b[p] : c[p]; break;
        BINARY(ANSATZ_TAPE_LESS, x < y ? 1 : 0);
        BINARY(ANSATZ_TAPE_LESS_OR_EQUAL, x <= y ? 1 : 0);
        BINARY(ANSATZ_TAPE_EQUAL, x == y ? 1 : 0);
        BINARY(ANSATZ_TAPE_NOT_EQUAL, x != y ? 1 : 0);
        BINARY(ANSATZ_TAPE_AND, x != 0 && y != 0 ? 1 : 0);
        BINARY(ANSATZ_TAPE_OR, x != 0 || y != 0 ? 1 : 0);
        UNARY(ANSATZ_TAPE_NOT, x == 0 ? 1 : 0);
        default: break;
        }
    }
}

#undef UNARY
#undef BINARY

/// Adds slope × adjoint of the result; one loop per operand, since both may be the same register.
#define TO_A(slope) if (da) ANSATZ_POINTS da[p] += (slope)
#define TO_B(slope) if (db) ANSATZ_POINTS db[p] += (slope)

static inline __attribute__((always_inline)) void NAME(reverse_trigonometric)(int isSine, const REAL *a, const REAL *g,
                                                                             REAL *da, int32_t count) {
    enum { CHUNK = 64 };
    REAL slope[CHUNK];
    for (int32_t start = 0; start < count; start += CHUNK) {
        const int32_t size = count - start < CHUNK ? count - start : CHUNK;
        if (isSine) {
            MATH(cos_array)(size, a + start, slope);
            for (int32_t p = 0; p < size; p++) da[start + p] += g[start + p] * slope[p];
        } else {
            MATH(sin_array)(size, a + start, slope);
            for (int32_t p = 0; p < size; p++) da[start + p] -= g[start + p] * slope[p];
        }
    }
}

ANSATZ_CLONES void NAME(reverse)(const ansatz_tape_instruction *program, int32_t instructions, REAL *const *values,
                                 REAL *const *adjoints, const uint8_t *is_output, int32_t count) {
    for (int32_t k = 0; k < instructions; k++) {
        REAL *g = adjoints[program[k].result];
        if (g && !is_output[k]) memset(g, 0, (size_t)count * sizeof *g);
    }
    for (int32_t k = instructions - 1; k >= 0; k--) {
        const ansatz_tape_instruction i = program[k];
        const REAL *g = adjoints[i.result];
        if (!g) continue;
        const REAL *a = values[i.a], *b = values[i.b], *r = values[i.result];
        REAL *da = adjoints[i.a], *db = adjoints[i.b], *dc = adjoints[i.c];
        switch (i.operation) {
        case ANSATZ_TAPE_COPY: TO_A(g[p]); break;
        case ANSATZ_TAPE_NEGATE: TO_A(-g[p]); break;
        case ANSATZ_TAPE_ADD: TO_A(g[p]); TO_B(g[p]); break;
        case ANSATZ_TAPE_SUBTRACT: TO_A(g[p]); TO_B(-g[p]); break;
        case ANSATZ_TAPE_MULTIPLY: TO_A(g[p] * b[p]); TO_B(g[p] * a[p]); break;
        case ANSATZ_TAPE_DIVIDE: TO_A(g[p] / b[p]); TO_B(-g[p] * r[p] / b[p]); break;
        case ANSATZ_TAPE_SQUARE: TO_A(2 * g[p] * a[p]); break;
        case ANSATZ_TAPE_INTEGER_POWER: {
            if (!da) break;
            const REAL exponent = i.exponent;
            switch (i.exponent) {
            case 3: ANSATZ_POINTS da[p] += 3 * g[p] * (a[p] * a[p]); break;
            case 4: ANSATZ_POINTS da[p] += 4 * g[p] * (a[p] * a[p] * a[p]); break;
            default: ANSATZ_POINTS da[p] += g[p] * exponent * NAME(whole_power)(a[p], i.exponent - 1); break;
            }
            break;
        }
        case ANSATZ_TAPE_POWER:
            TO_A(b[p] == 0 ? 0 : g[p] * b[p] * LIBM(pow)(a[p], b[p] - 1));
            TO_B(r[p] == 0 ? 0 : g[p] * r[p] * LIBM(log)(a[p]));
            break;
        case ANSATZ_TAPE_SQRT: TO_A(g[p] / (2 * r[p])); break;
        case ANSATZ_TAPE_EXP: TO_A(g[p] * r[p]); break;
        case ANSATZ_TAPE_LOG: TO_A(g[p] / a[p]); break;
        case ANSATZ_TAPE_LOG10: TO_A(g[p] / (a[p] * (REAL)2.302585092994045684)); break;
        case ANSATZ_TAPE_SIN:
        case ANSATZ_TAPE_COS:
            if (da) NAME(reverse_trigonometric)(i.operation == ANSATZ_TAPE_SIN, a, g, da, count);
            break;
        case ANSATZ_TAPE_TAN: TO_A(g[p] * (1 + r[p] * r[p])); break;
        case ANSATZ_TAPE_ASIN: TO_A(g[p] / LIBM(sqrt)(1 - a[p] * a[p])); break;
        case ANSATZ_TAPE_ACOS: TO_A(-g[p] / LIBM(sqrt)(1 - a[p] * a[p])); break;
        case ANSATZ_TAPE_ATAN: TO_A(g[p] / (1 + a[p] * a[p])); break;
        case ANSATZ_TAPE_ATAN2:
            TO_A(g[p] * b[p] / (a[p] * a[p] + b[p] * b[p]));
            TO_B(-g[p] * a[p] / (a[p] * a[p] + b[p] * b[p]));
            break;
        case ANSATZ_TAPE_SINH: TO_A(g[p] * LIBM(cosh)(a[p])); break;
        case ANSATZ_TAPE_COSH: TO_A(g[p] * LIBM(sinh)(a[p])); break;
        case ANSATZ_TAPE_TANH: TO_A(g[p] * (1 - r[p] * r[p])); break;
        case ANSATZ_TAPE_ERF: TO_A(g[p] * (REAL)1.128379167095512574 * MATH(exp)(-a[p] * a[p])); break;
        case ANSATZ_TAPE_ABS: TO_A(a[p] > 0 ? g[p] : a[p] < 0 ? -g[p] : 0); break;
        case ANSATZ_TAPE_MIN: TO_A(a[p] <= b[p] ? g[p] : 0); TO_B(a[p] <= b[p] ? 0 : g[p]); break;
        case ANSATZ_TAPE_MAX: TO_A(a[p] >= b[p] ? g[p] : 0); TO_B(a[p] >= b[p] ? 0 : g[p]); break;
        case ANSATZ_TAPE_MOD: TO_A(g[p]); TO_B(-g[p] * LIBM(floor)(a[p] / b[p])); break;
        case ANSATZ_TAPE_SELECT:
            TO_B(a[p] != 0 ? g[p] : 0);
            if (dc) ANSATZ_POINTS dc[p] += a[p] != 0 ? 0 : g[p];
            break;
        default: break;
        }
    }
}

#undef TO_A
#undef TO_B
