extension RegionModel {
    /// Whether points lie in the region.
    func contains(_ points: UnsafePointer<Double>, count: Int, to flags: UnsafeMutablePointer<Bool>) {
        evaluation.contains(points, count: count, to: flags)
    }

    /// Distances from the boundary: exact for one shape, bounds for several.
    func signedDistances(
        _ points: UnsafePointer<Double>, count: Int, to distances: UnsafeMutablePointer<Double>
    ) {
        if isSingle {
            parts[0].shape.signedDistances(points, count: count, to: distances)
        } else {
            evaluation.signedDistances(points, count: count, to: distances)
        }
    }

    /// Whether points of a shape's face lie on the boundary.
    func accept(
        _ points: UnsafePointer<Double>, count: Int, on index: Int, to flags: UnsafeMutablePointer<Bool>
    ) {
        let record = records[index]
        if isSingle {
            record.face.accept(points, count: count, to: flags)
        } else {
            evaluation.accept(points, count: count, on: record.face, of: record.part, to: flags)
        }
    }

    /// Normals out of the region.
    func outwardNormals(
        at points: UnsafePointer<Double>, count: Int, on index: Int, to normals: UnsafeMutablePointer<Double>
    ) {
        let record = records[index]
        record.face.outwardNormals(at: points, count: count, to: normals)
        switch record.orientation {
        case .kept: break
        case .flipped: for place in 0..<count * dimensions { normals[place].negate() }
        case .mixed: evaluation.orient(normals, at: points, count: count, on: record.face, of: record.part)
        }
    }

    /// The names of a face.
    func names(of index: Int, coordinates: [String]) -> [String] {
        let record = records[index]
        let bare = record.face.names(coordinates: coordinates)
        guard !isSingle else {
            return bare + (parts[0].name.map { part in bare.map { "\(part).\($0)" } } ?? [])
        }
        let part = parts[record.part].name ?? "part\(record.part + 1)"
        var taken: Set<String> = []
        for other in 0..<survivingCount where other != index {
            taken.formUnion(records[other].face.names(coordinates: coordinates))
        }
        return bare.map { "\(part).\($0)" } + bare.filter { !taken.contains($0) }
    }
}
