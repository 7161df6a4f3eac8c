extension Domain {
    /// What an integral of this name runs over: `region`, `boundary`, a face, or an own name; nil when there is none.
    public func place(named name: String) -> ConditionLocation? {
        if name == "region" || name == "interior" { return ConditionLocation([.init(.interior)], text: name) }
        if let own = faces.first(where: { $0.name == name }) { return own.location }
        if name == "boundary" { return boundary }
        guard let faces = FaceNames(self).faces[name] else { return nil }
        return ConditionLocation(faces.sorted().map { .init(.face(spaceTime.faces[$0])) }, text: name)
    }

    /// The names that `place(named:)` knows, for messages.
    package var placeNames: [String] {
        let walls = spaceTime.faces.filter { !$0.isTimeEnd }.prefix(40).map(name)
        return ["region", "boundary"] + faces.map(\.name) + walls
    }
}
