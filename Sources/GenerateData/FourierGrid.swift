import CFFTW

/// Evenly spaced places of one period, and the transforms between values there and Fourier coefficients.
final class FourierGrid {
    /// The places, from 0.
    let places: [Double]
    /// The angular frequency of each coefficient, in the order of the transform.
    let frequencies: [Double]

    private let buffer: UnsafeMutablePointer<fftw_complex>
    private let forward: fftw_plan
    private let backward: fftw_plan

    init(modes: Int, period: Double) {
        places = (0..<modes).map { period * Double($0) / Double(modes) }
        frequencies = (0..<modes).map { index in
            2 * .pi / period * Double(index <= modes / 2 ? index : index - modes)
        }
        buffer = fftw_alloc_complex(modes)
        // Measured plans would change the last bits from run to run.
        forward = fftw_plan_dft_1d(Int32(modes), buffer, buffer, FFTW_FORWARD, FFTW_ESTIMATE)
        backward = fftw_plan_dft_1d(Int32(modes), buffer, buffer, FFTW_BACKWARD, FFTW_ESTIMATE)
    }

    deinit {
        fftw_destroy_plan(forward)
        fftw_destroy_plan(backward)
        fftw_free(buffer)
    }

    /// Multiplies every Fourier coefficient of the values by its own factor.
    func multiplySpectrum(of values: inout [Complex], by factors: [Complex]) {
        let count = places.count
        for index in 0..<count { buffer[index] = (values[index].real, values[index].imaginary) }
        fftw_execute(forward)
        for index in 0..<count {
            let product = Complex(buffer[index].0, buffer[index].1) * factors[index]
            buffer[index] = (product.real / Double(count), product.imaginary / Double(count))
        }
        fftw_execute(backward)
        for index in 0..<count { values[index] = Complex(buffer[index].0, buffer[index].1) }
    }

    /// Values at the places become Fourier coefficients: v(s) = Σ vₖ exp(i ωₖ s).
    func transform(_ values: inout [Complex]) {
        run(forward, on: &values, scale: 1 / Double(places.count))
    }

    /// Fourier coefficients become values at the places.
    func transformBack(_ coefficients: inout [Complex]) {
        run(backward, on: &coefficients, scale: 1)
    }

    private func run(_ plan: fftw_plan, on numbers: inout [Complex], scale: Double) {
        let count = places.count
        for index in 0..<count { buffer[index] = (numbers[index].real, numbers[index].imaginary) }
        fftw_execute(plan)
        for index in 0..<count { numbers[index] = Complex(buffer[index].0 * scale, buffer[index].1 * scale) }
    }
}
