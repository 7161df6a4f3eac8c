import COpenBLAS
import CXSMM

/// What the linear algebra libraries chose for this processor; a benchmark without it says little.
public enum LinearAlgebraLibraries {
    /// The kernels that OpenBLAS uses, such as `SkylakeX`; the variable `OPENBLAS_CORETYPE` overrides its choice.
    public static var openBLASCore: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }

    /// The instruction set that libxsmm compiles for, such as `clx`.
    public static var libxsmmTarget: String { libxsmm_get_target_arch().map { String(cString: $0) } ?? "unknown" }
}
