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

    /// The names of all surviving faces.
    func names(coordinates: [String]) -> [[String]] {
        let bare = records[..<survivingCount].map { $0.face.names(coordinates: coordinates) }
        guard !isSingle else { return bare.map { $0 + qualified($0, by: 0) } }
        var counts: [String: Int] = [:]
        for name in bare.joined() { counts[name, default: 0] += 1 }
        return bare.enumerated().map { index, names in
            qualified(names, by: records[index].part) + names.filter { counts[$0] == 1 }
        }
    }

    /// The names of a face, perhaps of one that vanished.
    func names(of index: Int, coordinates: [String]) -> [String] {
        let bare = records[index].face.names(coordinates: coordinates)
        guard !isSingle else { return bare + qualified(bare, by: 0) }
        var taken: Set<String> = []
        for other in 0..<survivingCount where other != index {
            taken.formUnion(records[other].face.names(coordinates: coordinates))
        }
        return qualified(bare, by: records[index].part) + bare.filter { !taken.contains($0) }
    }

    /// The names behind that of a part; a part without one has a number among several.
    private func qualified(_ names: [String], by part: Int) -> [String] {
        guard let prefix = parts[part].name ?? (isSingle ? nil : "part\(part + 1)") else { return [] }
        return names.map { "\(prefix).\($0)" }
    }
}
