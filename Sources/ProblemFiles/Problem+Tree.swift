import Expressions
import Geometry

extension Problem {
    /// The complete problem as TOML: every default filled in, overrides and variant applied. Reading it gives an equal
    /// problem.
    ///
    /// - Parameter method: the completed options of the method; by default those that were given.
    public func resolvedText(method: OptionTree? = nil) -> String { tree(method: method).tomlText }

    /// The complete problem as the tree of a file.
    public func tree(method: OptionTree? = nil) -> OptionTree {
        var tree: OptionTree = [
            "format": OptionTree(.integer(ProblemReader.format)), "kind": "pde", "name": OptionTree(.text(name)),
        ]
        if !title.isEmpty { tree["title"] = OptionTree(.text(title)) }
        if !citations.isEmpty { tree["cite"] = .texts(citations) }
        if !parameters.isEmpty || !unknownParameters.isEmpty {
            tree["parameters"] = .table(
                parameters.map { ($0.name, $0.text.map { OptionTree(.text($0)) } ?? .shortest($0.value)) }
                    + unknownParameters.map { ($0.name, $0.tree) })
        }
        tree["domain"] = domain.tree(scope)
        tree["unknowns"] = .table(
            unknowns.map { unknown in
                var options = OptionTree.empty
                if !unknown.about.isEmpty { options["about"] = OptionTree(.text(unknown.about)) }
                options["units"] = OptionTree(.text(unknown.units))
                return (unknown.name, options)
            })
        if !definitions.isEmpty {
            tree["definitions"] = .table(definitions.map { ($0.signature, OptionTree(.text($0.text))) })
        }
        tree["equations"] = .table(
            equations.map { equation in
                let text =
                    equation.text.isEmpty
                    ? "\(scope.text(equation.left)) = \(scope.text(equation.right))" : equation.text
                return (equation.name, OptionTree(.text(text)))
            })
        if !conditions.isEmpty {
            tree["conditions"] = .table(conditions.map { ($0.name, $0.tree(in: domain, scope)) })
        }
        if !data.isEmpty { tree["data"] = .table(data.map { ($0.name, $0.tree) }) }
        tree["reference"] = referenceTree
        if !scale.isEmpty { tree["scale"] = scale.tree(in: self) }
        let method = method ?? self.method
        if !method.entries.isEmpty { tree["method"] = method }
        // A variant says what differs from the file as it stands, which this is not once one was applied.
        if !variants.isEmpty, variant == nil {
            tree["variants"] = .table(variants.map { ($0.name, OptionTree(.table($0.settings))) })
        }
        tree["output"] = output.tree(in: domain, scope)
        tree["run"] = run.tree
        tree["expect"] = expectations.tree
        return tree
    }
}

extension Problem {
    /// The section as a file has it: fields, then unknown parameters; nil without either.
    private var referenceTree: OptionTree? {
        var tree = reference?.tree(unknowns: (unknowns.map(\.name) + comparedQuantities.map(\.name)), scope)
        for parameter in unknownParameters {
            guard let value = parameter.reference else { continue }
            tree = tree ?? .empty
            tree?[parameter.name] = parameter.referenceText.map { OptionTree(.text($0)) } ?? .shortest(value)
        }
        if let referenceBox { tree?["box"] = referenceBox.tree(in: domain) }
        return tree
    }
}

extension Scope {
    /// An expression in the names of the scope, which one that was built in a program does not know.
    fileprivate func text(_ expression: Expression) -> String {
        let fields = unknowns.compactMap { try? resolve(Syntax(.name([$0])), in: .output) }
        return "\(expression.substituting(unknowns: fields))"
    }
}

extension OptionTree {
    /// A table of pairs.
    fileprivate static func table(_ pairs: [(String, OptionTree)]) -> OptionTree {
        OptionTree(.table(pairs.map { Entry($0.0, $0.1) }))
    }

    fileprivate static func texts(_ texts: [String]) -> OptionTree {
        OptionTree(.list(texts.map { OptionTree(.text($0)) }))
    }

    fileprivate static func numbers(_ numbers: [Double]) -> OptionTree {
        OptionTree(.list(numbers.map { .shortest($0) }))
    }

    /// A number, as a whole one when it is.
    static func shortest(_ number: Double) -> OptionTree {
        if let integer = Int(exactly: number), integer.magnitude < 1 << 50, number.sign == .plus || integer != 0 {
            return OptionTree(.integer(integer))
        }
        return OptionTree(.number(number))
    }
}

extension Definition {
    /// The key as a file has it: "g(y)".
    fileprivate var signature: String {
        arguments.isEmpty ? name : "\(name)(\(arguments.joined(separator: ", ")))"
    }
}

extension Domain {
    /// The section as a file has it.
    fileprivate func tree(_ scope: Scope) -> OptionTree {
        var bounds: [(String, OptionTree)] = []
        var flat = 0
        for declaration in declarations {
            let indices = flat..<(flat + (declaration.count ?? 1))
            flat = indices.upperBound
            if declaration.isTime { continue }
            let first = OptionTree.numbers([box.lower[indices.lowerBound], box.upper[indices.lowerBound]])
            bounds.append((declaration.name, first))
            for index in indices.dropFirst() {
                let own = OptionTree.numbers([box.lower[index], box.upper[index]])
                if own != first { bounds.append((coordinates[index].name, own)) }
            }
        }
        var tree = OptionTree.empty
        tree["coordinates"] = .texts(
            declarations.filter { !$0.isTime }.map { declaration in
                declaration.count.map { "\(declaration.name)[1:\($0)]" } ?? declaration.name
            })
        if let time = timeIndex {
            tree["time"] = .table([
                ("name", OptionTree(.text(coordinates[time].name))), ("from", .shortest(box.lower[time])),
                ("to", .shortest(box.upper[time])),
            ])
        }
        // A file has no words for shapes that were put together in a program; reading this name says so.
        let built =
            spaceTime.region.box == nil ? OptionTree(.text("made_in_a_program")) : .table([("box", .table(bounds))])
        tree["region"] = regionSource?.region ?? built
        tree["shapes"] = regionSource?.shapes
        let periodic = spaceTime.periodicAxes.sorted()
        if !periodic.isEmpty { tree["periodic"] = .texts(periodic.map { coordinates[$0].name }) }
        if !faces.isEmpty {
            tree["faces"] = .table(faces.map { ($0.name, OptionTree(.text($0.location.text(in: self, scope)))) })
        }
        return tree
    }
}

extension ConditionLocation {
    /// The selector as a file has it; put together from the pieces when the location was built in a program.
    package func text(in domain: Domain, _ scope: Scope) -> String {
        if !text.isEmpty { return text }
        let names = FaceNames(domain)
        return pieces.map { piece in
            let place: String
            switch piece.place {
            case .interior: place = "interior"
            case .face(let face): place = names.name(of: face.index)
            case .point(let point): place = "point(\(point.map(\.shortText).joined(separator: ", ")))"
            }
            return piece.filter.map { "(\(place) and (\(scope.text($0))))" } ?? place
        }.joined(separator: " or ")
    }
}

extension Condition {
    fileprivate func tree(in domain: Domain, _ scope: Scope) -> OptionTree {
        let place = isGlobal ? [] : [("on", OptionTree(.text(location.text(in: domain, scope))))]
        return .table(
            place + [
                ("equation", OptionTree(.text(text.isEmpty ? "\(scope.text(left)) = \(scope.text(right))" : text))),
                ("enforce", OptionTree(.text(enforcement.rawValue))),
            ])
    }
}

extension Reference {
    fileprivate func tree(unknowns: [String], _ scope: Scope) -> OptionTree {
        switch self {
        case .exact(let expressions, let texts):
            return .table(
                unknowns.compactMap { name in
                    (texts[name] ?? expressions[name].map { scope.text($0) }).map { (name, OptionTree(.text($0))) }
                })
        case .file(let file):
            var tree = OptionTree.table([
                ("file", OptionTree(.text(file.file))),
                ("coordinates", .table(file.coordinates.map { ($0.name, OptionTree(.text($0.dataset))) })),
                ("axes", .texts(file.axes)),
            ])
            for variable in file.variables { tree[variable.unknown] = OptionTree(.text(variable.dataset)) }
            return tree
        }
    }
}

extension Scale {
    fileprivate func tree(in problem: Problem) -> OptionTree {
        .table(
            coordinates.sorted { $0.key < $1.key }.map {
                (problem.domain.coordinates[$0.key].name, .shortest($0.value))
            }
                + unknowns.sorted { $0.key < $1.key }.map { (problem.unknowns[$0.key].name, .shortest($0.value)) })
    }
}

extension Output {
    fileprivate func tree(in domain: Domain, _ scope: Scope) -> OptionTree {
        var tree: OptionTree = ["directory": OptionTree(.text(directory))]
        if !values.isEmpty { tree["values"] = values.tree(scope) }
        tree["fields"] = fields?.tree(in: domain, scope)
        tree["gradients"] = gradients.map {
            ["every": OptionTree(.integer($0.every)), "stiffness": OptionTree(.boolean($0.findsStiffness))]
        }
        tree["sampling"] = sampling.map {
            ["every": OptionTree(.integer($0.every)), "points": OptionTree(.integer($0.points))]
        }
        tree["plots"] = OptionTree(.list(plots.map { $0.tree(in: domain) }))
        return tree
    }
}

extension [Quantity] {
    fileprivate func tree(_ scope: Scope) -> OptionTree {
        .table(map { ($0.name, OptionTree(.text($0.text.isEmpty ? scope.text($0.expression) : $0.text))) })
    }
}

extension FieldOutput {
    fileprivate func tree(in domain: Domain, _ scope: Scope) -> OptionTree {
        var grid: [(String, OptionTree)] = []
        var at: [(String, OptionTree)] = []
        for axis in axes {
            let name = domain.coordinates[axis.coordinate].name
            let lower = domain.box.lower[axis.coordinate], upper = domain.box.upper[axis.coordinate]
            let count = axis.values.count
            let first = axis.values.first ?? lower, last = axis.values.last ?? upper
            if axis.values == Self.evenValues(from: lower, to: upper, count: count) {
                grid.append((name, OptionTree(.integer(count))))
            } else if count > 1, axis.values == Self.evenValues(from: first, to: last, count: count) {
                grid.append(
                    (
                        name,
                        .table([
                            ("points", OptionTree(.integer(count))), ("from", .shortest(first)),
                            ("to", .shortest(last)),
                        ])
                    ))
            } else {
                at.append((name, .numbers(axis.values)))
            }
        }
        for (index, coordinate) in domain.coordinates.enumerated()
        where !axes.contains(where: { $0.coordinate == index }) {
            at.append((coordinate.name, .shortest(base[index])))
        }
        return .table([
            ("file", OptionTree(.text(file))), ("grid", .table(grid)), ("at", .table(at)),
            ("quantities", quantities.tree(scope)),
        ])
    }
}

extension Plot {
    fileprivate func tree(in domain: Domain) -> OptionTree {
        var tree: OptionTree = ["file": OptionTree(.text(file)), "kind": OptionTree(.text(kind.rawValue))]
        tree["field"] = field.map { OptionTree(.text($0)) }
        tree["along"] = along.map { OptionTree(.text(domain.coordinates[$0].name)) }
        if !cuts.isEmpty {
            tree["at"] = .table(
                cuts.map { cut in
                    let values = cut.values.count == 1 ? OptionTree.shortest(cut.values[0]) : .numbers(cut.values)
                    return (domain.coordinates[cut.coordinate].name, values)
                })
        }
        return tree
    }
}
