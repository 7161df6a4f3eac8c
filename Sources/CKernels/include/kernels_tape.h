#ifndef ANSATZ_KERNELS_TAPE_H
#define ANSATZ_KERNELS_TAPE_H

#include <stdint.h>

/// The operations of a tape. Truth values are 0 and 1.
typedef enum : uint16_t {
    ANSATZ_TAPE_COPY,
    ANSATZ_TAPE_NEGATE,
    ANSATZ_TAPE_ADD,
    ANSATZ_TAPE_SUBTRACT,
    ANSATZ_TAPE_MULTIPLY,
    ANSATZ_TAPE_DIVIDE,
    ANSATZ_TAPE_SQUARE,
    /// a to the integer power in `exponent`, by repeated multiplication.
    ANSATZ_TAPE_INTEGER_POWER,
    ANSATZ_TAPE_POWER,
    ANSATZ_TAPE_SQRT,
    ANSATZ_TAPE_EXP,
    ANSATZ_TAPE_LOG,
    ANSATZ_TAPE_LOG10,
    ANSATZ_TAPE_SIN,
    ANSATZ_TAPE_COS,
    ANSATZ_TAPE_TAN,
    ANSATZ_TAPE_ASIN,
    ANSATZ_TAPE_ACOS,
    ANSATZ_TAPE_ATAN,
    ANSATZ_TAPE_ATAN2,
    ANSATZ_TAPE_SINH,
    ANSATZ_TAPE_COSH,
    ANSATZ_TAPE_TANH,
    ANSATZ_TAPE_ERF,
    ANSATZ_TAPE_ABS,
    ANSATZ_TAPE_SIGN,
    ANSATZ_TAPE_MIN,
    ANSATZ_TAPE_MAX,
    ANSATZ_TAPE_FLOOR,
    ANSATZ_TAPE_MOD,
    ANSATZ_TAPE_STEP,
    /// a != 0 ? b : c.
    ANSATZ_TAPE_SELECT,
    ANSATZ_TAPE_LESS,
    ANSATZ_TAPE_LESS_OR_EQUAL,
    ANSATZ_TAPE_EQUAL,
    ANSATZ_TAPE_NOT_EQUAL,
    ANSATZ_TAPE_AND,
    ANSATZ_TAPE_OR,
    ANSATZ_TAPE_NOT,
} ansatz_tape_operation;

/// result = operation(a, b, c), all registers; unused operands are 0.
typedef struct {
    uint16_t operation;
    int16_t exponent;
    int32_t result, a, b, c;
} ansatz_tape_instruction;

/// Runs the program on `count` points; values[r] holds register r, contiguous over points.
///
/// Registers that are results do not overlap any other register.
void ansatz_tape_forward_f64(const ansatz_tape_instruction *program, int32_t instructions, double *const *values,
                             int32_t count);
void ansatz_tape_forward_f32(const ansatz_tape_instruction *program, int32_t instructions, float *const *values,
                             int32_t count);

/// Adds the adjoints of results to those of operands, last instruction first.
///
/// adjoints[r] is the adjoint of register r, or null where none is wanted. Those of results are set to zero first, except
/// for outputs: instruction k with is_output[k] != 0 has its adjoint filled by the caller.
void ansatz_tape_reverse_f64(const ansatz_tape_instruction *program, int32_t instructions, double *const *values,
                             double *const *adjoints, const uint8_t *is_output, int32_t count);
void ansatz_tape_reverse_f32(const ansatz_tape_instruction *program, int32_t instructions, float *const *values,
                             float *const *adjoints, const uint8_t *is_output, int32_t count);

#endif
