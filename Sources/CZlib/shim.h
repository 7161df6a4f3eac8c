#ifndef ANSATZ_CZLIB_SHIM_H
#define ANSATZ_CZLIB_SHIM_H

// Check sums and compression of zip archives, which NumPy's NPZ files are, and of files that gzip packed.

#include <string.h>
#include <zlib.h>

/// Prepares to inflate a bare deflate stream, as zip archives hold it; zlib's own entry point is a macro.
static inline int czlib_inflate_start(z_stream *stream) {
    memset(stream, 0, sizeof *stream);
    return inflateInit2(stream, -MAX_WBITS);
}

/// Prepares to inflate what gzip packed, header and check sum included.
static inline int czlib_gunzip_start(z_stream *stream) {
    memset(stream, 0, sizeof *stream);
    return inflateInit2(stream, 16 + MAX_WBITS);
}

/// Prepares to pack into a bare deflate stream.
static inline int czlib_deflate_start(z_stream *stream, int level) {
    memset(stream, 0, sizeof *stream);
    return deflateInit2(stream, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
}

#endif
