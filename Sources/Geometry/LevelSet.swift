/// A smooth function that vanishes on a surface and is positive on one side of it.
public enum LevelSet: Sendable, Hashable {
    /// −(x − point)·normal: positive where the unit normal does not point to.
    case plane(point: [Double], normal: [Double])
    /// 1 − |x − center|²/radius², positive inside; its opposite if `isOutside`.
    case sphere(center: [Double], radius: Double, isOutside: Bool)

    /// The same surface with the signs exchanged.
    public var opposite: LevelSet {
        switch self {
        case .plane(let point, let normal): .plane(point: point, normal: normal.map(-))
        case .sphere(let center, let radius, let isOutside):
            .sphere(center: center, radius: radius, isOutside: !isOutside)
        }
    }
}

/// A face on which a smooth function vanishes, and nowhere inside its shape.
protocol LevelFace: ShapeFace {
    /// Positive inside the shape, near the face at least.
    var levelSet: LevelSet { get }
}

extension BoxFace: LevelFace {
    var levelSet: LevelSet {
        var point = box.lower
        point[axis] = position
        return .plane(point: point, normal: outwardNormal)
    }
}

extension PlaneFace: LevelFace {
    var levelSet: LevelSet { .plane(point: point, normal: normal) }
}

extension SphereFace: LevelFace {
    var levelSet: LevelSet { .sphere(center: center, radius: radius, isOutside: !isOuter) }
}

extension RegionFace {
    /// A smooth function that vanishes on the face and is positive inside the region near it, if one is known.
    public var levelSet: LevelSet? {
        guard let face = shapeFace as? any LevelFace else { return nil }
        let unit = [Double](repeating: 0.5, count: max(1, face.sampleDimensions))
        var point = [Double](repeating: 0, count: dimensions)
        face.map(unit, to: &point, count: 1)
        let alignment = zip(face.outwardNormal(at: point), outwardNormal(at: point)).reduce(0) { $0 + $1.0 * $1.1 }
        return alignment > 0 ? face.levelSet : face.levelSet.opposite
    }
}
