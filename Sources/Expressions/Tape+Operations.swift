import CKernels

extension Function {
    var operation: ansatz_tape_operation {
        switch self {
        case .sqrt: ANSATZ_TAPE_SQRT
        case .exp: ANSATZ_TAPE_EXP
        case .log: ANSATZ_TAPE_LOG
        case .log10: ANSATZ_TAPE_LOG10
        case .sin: ANSATZ_TAPE_SIN
        case .cos: ANSATZ_TAPE_COS
        case .tan: ANSATZ_TAPE_TAN
        case .asin: ANSATZ_TAPE_ASIN
        case .acos: ANSATZ_TAPE_ACOS
        case .atan: ANSATZ_TAPE_ATAN
        case .atan2: ANSATZ_TAPE_ATAN2
        case .sinh: ANSATZ_TAPE_SINH
        case .cosh: ANSATZ_TAPE_COSH
        case .tanh: ANSATZ_TAPE_TANH
        case .erf: ANSATZ_TAPE_ERF
        case .abs: ANSATZ_TAPE_ABS
        case .sign: ANSATZ_TAPE_SIGN
        case .min: ANSATZ_TAPE_MIN
        case .max: ANSATZ_TAPE_MAX
        case .floor: ANSATZ_TAPE_FLOOR
        case .mod: ANSATZ_TAPE_MOD
        case .step: ANSATZ_TAPE_STEP
        }
    }
}

extension Syntax.Comparison {
    /// The operation, and whether its operands are exchanged.
    var operation: (ansatz_tape_operation, isSwapped: Bool) {
        switch self {
        case .less: (ANSATZ_TAPE_LESS, false)
        case .lessOrEqual: (ANSATZ_TAPE_LESS_OR_EQUAL, false)
        case .greater: (ANSATZ_TAPE_LESS, true)
        case .greaterOrEqual: (ANSATZ_TAPE_LESS_OR_EQUAL, true)
        case .equal: (ANSATZ_TAPE_EQUAL, false)
        case .notEqual: (ANSATZ_TAPE_NOT_EQUAL, false)
        }
    }
}

extension ansatz_tape_operation {
    /// The result for constant operands, by the kernel itself.
    func value(_ operands: [Double], exponent: Int16) -> Double {
        var storage = [operands[0], operands.count > 1 ? operands[1] : 0, operands.count > 2 ? operands[2] : 0, 0]
        return storage.withUnsafeMutableBufferPointer { buffer in
            let base = buffer.baseAddress!
            let rows: [UnsafeMutablePointer<Double>?] = [base, base + 1, base + 2, base + 3]
            var instruction = ansatz_tape_instruction(
                operation: rawValue, exponent: exponent, result: 3, a: 0, b: 1, c: 2)
            ansatz_tape_forward_f64(&instruction, 1, rows, 1)
            return buffer[3]
        }
    }
}
