/// 1 − βᵗ: the share of the past that a mean with decay β has seen after t steps from 0.
func biasCorrection(_ beta: Double, _ steps: Int) -> Double {
    var power = 1.0, base = beta, rest = steps
    while rest > 0 {
        if rest & 1 == 1 { power *= base }
        base *= base
        rest >>= 1
    }
    return 1 - power
}
