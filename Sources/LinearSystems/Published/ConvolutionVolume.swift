import CKernels

/// The box on which a convolutional network works: every cell a voxel, with a ring of one voxel of zeros around.
///
/// Voxel (i, j, k) of a plain volume is at `place(i, j, k)`; a volume of channels holds 16 numbers there. Unlike a ``GridShape``, whose
/// neighbours share their zeros, the ring is complete, since corners are read as well.
package struct ConvolutionVolume: Equatable {
    /// Voxels along x, y and z, without the ring.
    package let x: Int
    package let y: Int
    package let z: Int

    package init(_ x: Int, _ y: Int, _ z: Int) {
        self.x = x
        self.y = y
        self.z = z
    }

    /// Channels of a voxel.
    static var channels: Int { ANSATZ_CHANNELS }

    var kernel: ansatz_volume { ansatz_volume(x: x, y: y, z: z) }
    /// Distance between neighbours along y.
    var row: Int { x + 2 }
    /// Distance between neighbours along z.
    var plane: Int { (x + 2) * (y + 2) }
    /// Voxels with the ring.
    package var count: Int { plane * (z + 2) }
    /// Voxels without the ring.
    package var cellCount: Int { x * y * z }
    /// The volume of half the extents.
    var half: ConvolutionVolume { ConvolutionVolume(x / 2, y / 2, z / 2) }

    package func place(_ i: Int, _ j: Int, _ k: Int) -> Int { ((k + 1) * (y + 2) + j + 1) * (x + 2) + i + 1 }

    /// Calls `body` with the place of the first voxel of every row, and the number of the row's first cell, x running fastest.
    @inline(__always)
    package func forEachRow(_ body: (_ place: Int, _ cell: Int) -> Void) {
        for k in 0..<z {
            for j in 0..<y { body(place(0, j, k), (k * y + j) * x) }
        }
    }
}
