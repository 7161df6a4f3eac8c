#ifndef ANSATZ_VECTOR_MATH_H
#define ANSATZ_VECTOR_MATH_H

/// Elementary functions without branches, so that a loop over them becomes vector code.
///
/// Each is a static inline function of one number. Call it in a plain loop inside a function marked `ANSATZ_CLONES`;
/// the compiler then vectorises the loop for every kind of processor. Errors are below 3 units in the last place
/// against the exact value, with subnormal results, infinities and NaN as in the C library, with two exceptions: the
/// sine and cosine want |x| ≤ ANSATZ_MATH_TRIGONOMETRIC_LIMIT, and `ansatz_math_sin_array` and its like hand larger
/// arguments to the C library; results of `tanh` for subnormal arguments may differ by one subnormal unit.
///
/// The polynomials interpolate, at Chebyshev points, the function that remains after the leading terms are split off;
/// they were computed with 60 digits and then rounded. Even and odd powers are summed apart, which halves the chain of
/// operations that wait for one another.

#include <math.h>
#include <stdint.h>
#include <string.h>

#define ANSATZ_MATH static inline __attribute__((always_inline, unused))

/// Adding this leaves the nearest integer in the low bits of the sum.
#define ANSATZ_MATH_ROUND_64 0x1.8p52
#define ANSATZ_MATH_ROUND_32 0x1.8p23f

/// The largest argument of sine and cosine whose remainder modulo π/2 is exact enough.
#define ANSATZ_MATH_TRIGONOMETRIC_LIMIT 1e6

ANSATZ_MATH uint64_t ansatz_math_bits_f64(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

ANSATZ_MATH double ansatz_math_number_f64(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

ANSATZ_MATH uint32_t ansatz_math_bits_f32(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

ANSATZ_MATH float ansatz_math_number_f32(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/// 2ⁿ, where n is the integer in the low bits of `rounded`, |n| < 1022.
ANSATZ_MATH double ansatz_math_power_f64(double rounded) {
    return ansatz_math_number_f64((ansatz_math_bits_f64(rounded) << 52) + 0x3ff0000000000000u);
}

/// 2ⁿ, where n is the integer in the low bits of `rounded`, |n| < 126.
ANSATZ_MATH float ansatz_math_power_f32(float rounded) {
    return ansatz_math_number_f32((ansatz_math_bits_f32(rounded) << 23) + 0x3f800000u);
}

/// eʳ − 1 for |r| ≤ (log 2)/2.
ANSATZ_MATH double ansatz_math_small_expm1_f64(double r) {
    double square = r * r;
    double odd = 0x1.af3924be99a57p-26;
    odd = odd * square + 0x1.71de0d7a972efp-19; odd = odd * square + 0x1.a01a01a7d176dp-13;
    odd = odd * square + 0x1.11111111109a2p-7; odd = odd * square + 0x1.5555555555556p-3;
    double even = 0x1.2891e963ab1f9p-22;
    even = even * square + 0x1.a019b8b8f8697p-16; even = even * square + 0x1.6c16c178a18c1p-10;
    even = even * square + 0x1.5555555553d2bp-5; even = even * square + 0x1.0000000000001p-1;
    double p = even + r * odd;
    return r + r * r * p;
}

ANSATZ_MATH float ansatz_math_small_expm1_f32(float r) {
    float p = 0x1.6d119ap-10f;
    p = p * r + 0x1.120cp-7f; p = p * r + 0x1.555518p-5f;
    p = p * r + 0x1.5554dcp-3f; p = p * r + 0x1p-1f;
    return r + r * r * p;
}

ANSATZ_MATH double ansatz_math_exp_f64(double x) {
    x = x < -746 ? -746 : x;
    x = x > 710 ? 710 : x;
    double n = (x * 0x1.71547652b82fep+0 + ANSATZ_MATH_ROUND_64) - ANSATZ_MATH_ROUND_64;
    double r = (x - n * 0x1.62e42fefa2p-1) - n * 0x1.9ef35793c7673p-41;
    double half = n * 0.5 + ANSATZ_MATH_ROUND_64;
    double rest = (n - (half - ANSATZ_MATH_ROUND_64)) + ANSATZ_MATH_ROUND_64;
    // Two factors, because 2ⁿ itself may be too large or subnormal.
    return (1 + ansatz_math_small_expm1_f64(r)) * ansatz_math_power_f64(half) * ansatz_math_power_f64(rest);
}

ANSATZ_MATH float ansatz_math_exp_f32(float x) {
    x = x < -104 ? -104 : x;
    x = x > 89 ? 89 : x;
    float n = (x * 0x1.715476p+0f + ANSATZ_MATH_ROUND_32) - ANSATZ_MATH_ROUND_32;
    float r = (x - n * 0x1.62e4p-1f) - n * 0x1.7f7d1cp-20f;
    float half = n * 0.5f + ANSATZ_MATH_ROUND_32;
    float rest = (n - (half - ANSATZ_MATH_ROUND_32)) + ANSATZ_MATH_ROUND_32;
    return (1 + ansatz_math_small_expm1_f32(r)) * ansatz_math_power_f32(half) * ansatz_math_power_f32(rest);
}

/// (e²ʸ − 1)/(e²ʸ + 1) for y = |x|, the numerator without cancellation.
ANSATZ_MATH double ansatz_math_tanh_f64(double x) {
    double y = 2 * fabs(x);
    y = y > 40 ? 40 : y;
    double rounded = y * 0x1.71547652b82fep+0 + ANSATZ_MATH_ROUND_64;
    double n = rounded - ANSATZ_MATH_ROUND_64;
    double r = (y - n * 0x1.62e42fefa2p-1) - n * 0x1.9ef35793c7673p-41;
    double power = ansatz_math_power_f64(rounded);
    double e = power * ansatz_math_small_expm1_f64(r) + (power - 1);
    return copysign(e / (e + 2), x);
}

ANSATZ_MATH float ansatz_math_tanh_f32(float x) {
    float y = 2 * fabsf(x);
    y = y > 20 ? 20 : y;
    float rounded = y * 0x1.715476p+0f + ANSATZ_MATH_ROUND_32;
    float n = rounded - ANSATZ_MATH_ROUND_32;
    float r = (y - n * 0x1.62e4p-1f) - n * 0x1.7f7d1cp-20f;
    float power = ansatz_math_power_f32(rounded);
    float e = power * ansatz_math_small_expm1_f32(r) + (power - 1);
    return copysignf(e / (e + 2), x);
}

/// 1/(1 + e⁻ˣ)
ANSATZ_MATH double ansatz_math_sigmoid_f64(double x) {
    double e = ansatz_math_exp_f64(-fabs(x));
    return (x < 0 ? e : 1) / (1 + e);
}

ANSATZ_MATH float ansatz_math_sigmoid_f32(float x) {
    float e = ansatz_math_exp_f32(-fabsf(x));
    return (x < 0 ? e : 1) / (1 + e);
}

ANSATZ_MATH double ansatz_math_log_f64(double x) {
    double y = x < 0x1p-1022 ? x * 0x1p54 : x;
    uint64_t bits = ansatz_math_bits_f64(y);
    // Subtracting the pattern of √½ moves the border between exponents there; the mantissa then lies in [√½, √2).
    uint64_t shifted = bits - 0x3fe6a09e667f3bcdu;
    // The exponent, made positive before the shift because AVX2 has no arithmetic shift of 64 bits.
    uint64_t biased = (shifted + 0x4330000000000000u) >> 52;
    double e = ansatz_math_number_f64(biased | 0x4330000000000000u) - (0x1p52 + 0x433);
    double f = ansatz_math_number_f64((shifted & 0x000fffffffffffffu) + 0x3fe6a09e667f3bcdu) - 1;
    e = x < 0x1p-1022 ? e - 54 : e;
    double s = f / (2 + f), u = s * s;
    double square = u * u;
    double odd = 0x1.39fb2efe206abp-4;
    odd = odd * square + 0x1.c71c628e9e0c9p-4; odd = odd * square + 0x1.9999999995077p-3;
    double even = 0x1.2b7fa64da1a6ap-4;
    even = even * square + 0x1.7462cd53e5318p-4; even = even * square + 0x1.2492492e35998p-3;
    even = even * square + 0x1.5555555555558p-2;
    double p = even + u * odd;
    // log(1 + f) = 2s + 2s u p(u), written with f in front, since f carries no error.
    double h = 0.5 * f * f;
    double result = e * 0x1.62e42fefa2p-1 + (f - (h - (s * (h + 2 * u * p) + e * 0x1.9ef35793c7673p-41)));
    result = x == INFINITY ? x : result;
    result = x == 0 ? -INFINITY : result;
    result = x < 0 ? NAN : result;
    return x != x ? x : result;
}

ANSATZ_MATH float ansatz_math_log_f32(float x) {
    float y = x < 0x1p-126f ? x * 0x1p25f : x;
    uint32_t shifted = ansatz_math_bits_f32(y) - 0x3f3504f3u;
    float e = (float)((int32_t)shifted >> 23);
    float f = ansatz_math_number_f32((shifted & 0x007fffffu) + 0x3f3504f3u) - 1;
    e = x < 0x1p-126f ? e - 25 : e;
    float s = f / (2 + f), u = s * s;
    float p = 0x1.2ef516p-3f;
    p = p * u + 0x1.997bdcp-3f; p = p * u + 0x1.55555cp-2f;
    float h = 0.5f * f * f;
    float result = e * 0x1.62e4p-1f + (f - (h - (s * (h + 2 * u * p) + e * 0x1.7f7d1cp-20f)));
    result = x == INFINITY ? x : result;
    result = x == 0 ? -INFINITY : result;
    result = x < 0 ? NAN : result;
    return x != x ? x : result;
}

/// log(1 + x), for x > −1 and not so small that 1 + x is subnormal.
ANSATZ_MATH double ansatz_math_log1p_f64(double x) {
    double w = 1 + x;
    // The second term restores what the rounding of 1 + x lost.
    double result = ansatz_math_log_f64(w) + (x - (w - 1)) / w;
    return x == INFINITY ? x : result;
}

ANSATZ_MATH float ansatz_math_log1p_f32(float x) {
    float w = 1 + x;
    float result = ansatz_math_log_f32(w) + (x - (w - 1)) / w;
    return x == INFINITY ? x : result;
}

/// log(1 + eˣ)
ANSATZ_MATH double ansatz_math_softplus_f64(double x) {
    double rest = ansatz_math_log1p_f64(ansatz_math_exp_f64(-fabs(x)));
    return (x > 0 ? x : 0) + rest;
}

ANSATZ_MATH float ansatz_math_softplus_f32(float x) {
    float rest = ansatz_math_log1p_f32(ansatz_math_exp_f32(-fabsf(x)));
    return (x > 0 ? x : 0) + rest;
}

/// erf z for 0 ≤ z ≤ 1.
ANSATZ_MATH double ansatz_math_near_erf_f64(double z) {
    double u = z * z;
    double square = u * u;
    double odd = -0x1.ac9585a44fe29p-31;
    odd = odd * square + -0x1.5c131500d3f88p-23; odd = odd * square + -0x1.f4ca838adb73bp-17;
    odd = odd * square + -0x1.c02db0665e53dp-11; odd = odd * square + -0x1.b82ce31203772p-6;
    odd = odd * square + -0x1.812746b0379c1p-2;
    double even = 0x1.d76af6ca49787p-27;
    even = even * square + 0x1.b981d78881a5dp-20; even = even * square + 0x1.f9a2be4f731a1p-14;
    even = even * square + 0x1.565bccfa44156p-8; even = even * square + 0x1.ce2f21a040f66p-4;
    even = even * square + 0x1.06eba8214db68p-3;
    double p = even + u * odd;
    return z + z * p;
}

/// erf z for 1 ≤ z ≤ 6, by a polynomial for e^(z²) (1 − erf z).
ANSATZ_MATH double ansatz_math_far_erf_f64(double z) {
    double t = (z - 3) / (z + 3);
    double square = t * t;
    double odd = 0x1.0f139ca1e940ap-19;
    odd = odd * square + -0x1.af1c2511e0cep-17; odd = odd * square + 0x1.7b9fbc8495e0dp-15;
    odd = odd * square + 0x1.73101e7b5225fp-11; odd = odd * square + -0x1.8fa58eb5a06e1p-6;
    odd = odd * square + -0x1.336ffbef08e14p-3; odd = odd * square + -0x1.4e102b9cf8511p-2;
    double even = 0x1.56f78a29803c4p-20;
    even = even * square + -0x1.0cbf6a3c3511ap-17; even = even * square + 0x1.0cb26cd35fbadp-14;
    even = even * square + -0x1.39085c626b113p-11; even = even * square + 0x1.17c8390247ccp-8;
    even = even * square + 0x1.258b13b012512p-4; even = even * square + 0x1.f6ff2041059bp-3;
    even = even * square + 0x1.6e9827d229d2dp-3;
    double p = even + t * odd;
    return 1 - ansatz_math_exp_f64(-z * z) * p;
}

ANSATZ_MATH double ansatz_math_erf_f64(double x) {
    double y = fabs(x);
    y = y > 6 ? 6 : y;
    double near = ansatz_math_near_erf_f64(y < 1 ? y : 1), far = ansatz_math_far_erf_f64(y < 1 ? 1 : y);
    double result = copysign(y < 1 ? near : far, x);
    return x != x ? x : result;
}

/// erf z for 0 ≤ z ≤ 1.
ANSATZ_MATH float ansatz_math_near_erf_f32(float z) {
    float u = z * z;
    float square = u * u;
    float odd = -0x1.a45088p-11f;
    odd = odd * square + -0x1.b7fabap-6f; odd = odd * square + -0x1.81273ep-2f;
    float even = 0x1.4a569p-14f;
    even = even * square + 0x1.54127p-8f; even = even * square + 0x1.ce2d1p-4f;
    even = even * square + 0x1.06eba8p-3f;
    float p = even + u * odd;
    return z + z * p;
}

/// erf z for 1 ≤ z ≤ 4.1, by a polynomial for e^(z²) (1 − erf z).
ANSATZ_MATH float ansatz_math_far_erf_f32(float z) {
    float t = (z - 2) / (z + 2);
    float square = t * t;
    float odd = 0x1.bdc2c6p-8f;
    odd = odd * square + -0x1.43731ap-4f; odd = odd * square + -0x1.b5704p-2f;
    float even = -0x1.dbdffep-11f;
    even = even * square + 0x1.ea8f84p-9f; even = even * square + 0x1.eeea4ep-3f;
    even = even * square + 0x1.058672p-2f;
    float p = even + t * odd;
    return 1 - ansatz_math_exp_f32(-z * z) * p;
}

ANSATZ_MATH float ansatz_math_erf_f32(float x) {
    float y = fabsf(x);
    y = y > 4.1f ? 4.1f : y;
    float near = ansatz_math_near_erf_f32(y < 1 ? y : 1), far = ansatz_math_far_erf_f32(y < 1 ? 1 : y);
    float result = copysignf(y < 1 ? near : far, x);
    return x != x ? x : result;
}

/// sin r for |r| ≤ π/4.
ANSATZ_MATH double ansatz_math_small_sin_f64(double r) {
    double u = r * r;
    double square = u * u;
    double odd = 0x1.5e0af186af739p-33;
    odd = odd * square + 0x1.71de37961e4c6p-19; odd = odd * square + 0x1.1111111110bb1p-7;
    double even = -0x1.ae600a926c89ap-26;
    even = even * square + -0x1.a01a019e8357dp-13; even = even * square + -0x1.5555555555555p-3;
    double p = even + u * odd;
    return r + r * u * p;
}

/// cos r for |r| ≤ π/4.
ANSATZ_MATH double ansatz_math_small_cos_f64(double r) {
    double u = r * r;
    double square = u * u;
    double odd = -0x1.907d7aebd5e3dp-37;
    odd = odd * square + -0x1.27e4fa17a41b4p-22; odd = odd * square + -0x1.6c16c16c16966p-10;
    double even = 0x1.1eeb68b109173p-29;
    even = even * square + 0x1.a01a019f4e867p-16; even = even * square + 0x1.5555555555555p-5;
    double p = even + u * odd;
    double h = 0.5 * u, w = 1 - h;
    return w + (((1 - w) - h) + u * u * p);
}

ANSATZ_MATH float ansatz_math_small_sin_f32(float r) {
    float u = r * r;
    float p = -0x1.9ac96cp-13f;
    p = p * u + 0x1.110c28p-7f; p = p * u + -0x1.555552p-3f;
    return r + r * u * p;
}

ANSATZ_MATH float ansatz_math_small_cos_f32(float r) {
    float u = r * r;
    float p = 0x1.9bd864p-16f;
    p = p * u + -0x1.6c12d2p-10f; p = p * u + 0x1.555554p-5f;
    float h = 0.5f * u, w = 1 - h;
    return w + (((1 - w) - h) + u * u * p);
}

/// The remainder of x modulo π/2 in [−π/4, π/4]; the number of the quadrant is in the low bits of `quadrant`.
ANSATZ_MATH double ansatz_math_quadrant_f64(double x, uint64_t *quadrant) {
    double rounded = x * 0x1.45f306dc9c883p-1 + ANSATZ_MATH_ROUND_64;
    double n = rounded - ANSATZ_MATH_ROUND_64;
    *quadrant = ansatz_math_bits_f64(rounded);
    return ((x - n * 0x1.921fb544p+0) - n * 0x1.0b4611a6p-34) - n * 0x1.3198a2e037073p-69;
}

/// As for double precision, in which the remainder is taken.
ANSATZ_MATH float ansatz_math_quadrant_f32(float x, uint32_t *quadrant) {
    double rounded = (double)x * 0x1.45f306dc9c883p-1 + ANSATZ_MATH_ROUND_64;
    double n = rounded - ANSATZ_MATH_ROUND_64;
    *quadrant = (uint32_t)ansatz_math_bits_f64(rounded);
    return (float)(((double)x - n * 0x1.921fb544p+0) - n * 0x1.0b4611a626331p-34);
}

/// Sine and cosine of one argument, |x| ≤ ANSATZ_MATH_TRIGONOMETRIC_LIMIT.
ANSATZ_MATH void ansatz_math_sincos_f64(double x, double *sine, double *cosine) {
    uint64_t quadrant;
    double r = ansatz_math_quadrant_f64(x, &quadrant);
    uint64_t s = ansatz_math_bits_f64(ansatz_math_small_sin_f64(r));
    uint64_t c = ansatz_math_bits_f64(ansatz_math_small_cos_f64(r));
    uint64_t odd = 0 - (quadrant & 1), exchange = (s ^ c) & odd;
    *sine = ansatz_math_number_f64((s ^ exchange) ^ ((quadrant & 2) << 62));
    *cosine = ansatz_math_number_f64((c ^ exchange) ^ (((quadrant + 1) & 2) << 62));
}

ANSATZ_MATH void ansatz_math_sincos_f32(float x, float *sine, float *cosine) {
    uint32_t quadrant;
    float r = ansatz_math_quadrant_f32(x, &quadrant);
    uint32_t s = ansatz_math_bits_f32(ansatz_math_small_sin_f32(r));
    uint32_t c = ansatz_math_bits_f32(ansatz_math_small_cos_f32(r));
    uint32_t odd = 0 - (quadrant & 1), exchange = (s ^ c) & odd;
    *sine = ansatz_math_number_f32((s ^ exchange) ^ ((quadrant & 2) << 30));
    *cosine = ansatz_math_number_f32((c ^ exchange) ^ (((quadrant + 1) & 2) << 30));
}

ANSATZ_MATH double ansatz_math_sin_f64(double x) {
    double sine, cosine;
    ansatz_math_sincos_f64(x, &sine, &cosine);
    return sine;
}

ANSATZ_MATH double ansatz_math_cos_f64(double x) {
    double sine, cosine;
    ansatz_math_sincos_f64(x, &sine, &cosine);
    return cosine;
}

ANSATZ_MATH float ansatz_math_sin_f32(float x) {
    float sine, cosine;
    ansatz_math_sincos_f32(x, &sine, &cosine);
    return sine;
}

ANSATZ_MATH float ansatz_math_cos_f32(float x) {
    float sine, cosine;
    ansatz_math_sincos_f32(x, &sine, &cosine);
    return cosine;
}

/// Whether any argument needs the C library's sine.
ANSATZ_MATH int ansatz_math_exceeds_trigonometric_limit_f64(int64_t n, const double *x) {
    uint64_t any = 0;
    for (int64_t i = 0; i < n; i++) any |= fabs(x[i]) > ANSATZ_MATH_TRIGONOMETRIC_LIMIT ? 1u : 0u;
    return any != 0;
}

ANSATZ_MATH int ansatz_math_exceeds_trigonometric_limit_f32(int64_t n, const float *x) {
    uint32_t any = 0;
    for (int64_t i = 0; i < n; i++) any |= fabsf(x[i]) > (float)ANSATZ_MATH_TRIGONOMETRIC_LIMIT ? 1u : 0u;
    return any != 0;
}

/// Sines and cosines of an array, of any size of argument; x overlaps neither result.
ANSATZ_MATH void ansatz_math_sincos_array_f64(int64_t n, const double *restrict x, double *restrict sine,
                                              double *restrict cosine) {
    for (int64_t i = 0; i < n; i++) ansatz_math_sincos_f64(x[i], sine + i, cosine + i);
    if (__builtin_expect(ansatz_math_exceeds_trigonometric_limit_f64(n, x), 0))
        for (int64_t i = 0; i < n; i++) {
            sine[i] = sin(x[i]);
            cosine[i] = cos(x[i]);
        }
}

ANSATZ_MATH void ansatz_math_sincos_array_f32(int64_t n, const float *restrict x, float *restrict sine,
                                              float *restrict cosine) {
    for (int64_t i = 0; i < n; i++) ansatz_math_sincos_f32(x[i], sine + i, cosine + i);
    if (__builtin_expect(ansatz_math_exceeds_trigonometric_limit_f32(n, x), 0))
        for (int64_t i = 0; i < n; i++) {
            sine[i] = sinf(x[i]);
            cosine[i] = cosf(x[i]);
        }
}

/// Sines of an array, of any size of argument; x does not overlap the result.
ANSATZ_MATH void ansatz_math_sin_array_f64(int64_t n, const double *restrict x, double *restrict sine) {
    for (int64_t i = 0; i < n; i++) sine[i] = ansatz_math_sin_f64(x[i]);
    if (__builtin_expect(ansatz_math_exceeds_trigonometric_limit_f64(n, x), 0))
        for (int64_t i = 0; i < n; i++) sine[i] = sin(x[i]);
}

ANSATZ_MATH void ansatz_math_sin_array_f32(int64_t n, const float *restrict x, float *restrict sine) {
    for (int64_t i = 0; i < n; i++) sine[i] = ansatz_math_sin_f32(x[i]);
    if (__builtin_expect(ansatz_math_exceeds_trigonometric_limit_f32(n, x), 0))
        for (int64_t i = 0; i < n; i++) sine[i] = sinf(x[i]);
}

/// Cosines of an array, of any size of argument; x does not overlap the result.
ANSATZ_MATH void ansatz_math_cos_array_f64(int64_t n, const double *restrict x, double *restrict cosine) {
    for (int64_t i = 0; i < n; i++) cosine[i] = ansatz_math_cos_f64(x[i]);
    if (__builtin_expect(ansatz_math_exceeds_trigonometric_limit_f64(n, x), 0))
        for (int64_t i = 0; i < n; i++) cosine[i] = cos(x[i]);
}

ANSATZ_MATH void ansatz_math_cos_array_f32(int64_t n, const float *restrict x, float *restrict cosine) {
    for (int64_t i = 0; i < n; i++) cosine[i] = ansatz_math_cos_f32(x[i]);
    if (__builtin_expect(ansatz_math_exceeds_trigonometric_limit_f32(n, x), 0))
        for (int64_t i = 0; i < n; i++) cosine[i] = cosf(x[i]);
}

#undef ANSATZ_MATH
#endif
