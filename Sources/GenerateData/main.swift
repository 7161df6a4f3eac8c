// Makes the reference data that the problems use: `swift run generate-data [FOLDER [NAME …]]`, by default all of them into
// `data`.

import Foundation
import Results

/// The files on grids, each with the computation that makes it.
let tables: [(name: String, file: () throws -> FieldFile)] = [
    ("burgers-reference", { try BurgersReference().file() }),
    ("schroedinger-reference", { try SchroedingerReference().file() }),
    (
        "allen-cahn-reference",
        {
            try PeriodicProblem.allenCahn.file(
                title: "Allen-Cahn equation, u = x^2 cos(pi x) at the start", longName: "order parameter",
                references: "M. Raissi et al., J. Comput. Phys. 378 (2019) 686-707")
        }
    ),
    (
        "kdv-reference",
        {
            try PeriodicProblem.kortewegDeVries.file(
                title: "Korteweg-de Vries equation, u = cos(pi x) at the start", longName: "elevation",
                references: "N. J. Zabusky and M. D. Kruskal, Phys. Rev. Lett. 15 (1965) 240-243")
        }
    ),
    (
        "kuramoto-sivashinsky-reference",
        {
            try PeriodicProblem.kuramotoSivashinsky.file(
                title: "Kuramoto-Sivashinsky equation, u = cos(x) (1 + sin(x)) at the start", longName: "velocity",
                references: "S. Wang et al., arXiv:2308.08468")
        }
    ),
    (
        "stochastic-acceleration-reference",
        { try AccelerationReference().file(.injected, title: "Stochastic acceleration, injected particles") }
    ),
    (
        "stochastic-acceleration-escape-reference",
        {
            try AccelerationReference().file(
                .escaping, title: "Stochastic acceleration, Kolmogorov turbulence, escape",
                closedForm: MomentumDiffusion.escapingInClosedForm)
        }
    ),
    ("lid-driven-cavity-reference", { try CavityReference().file() }),
]

let folder = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "data"
let chosen = CommandLine.arguments.dropFirst(2)
do {
    for (name, file) in tables where chosen.isEmpty || chosen.contains(name) {
        let path = "\(folder)/\(name).h5"
        try file().write(to: path)
        print("wrote \(path)")
    }
    for (name, samples) in [("burgers-samples", Samples.burgers), ("conductivity-samples", Samples.conductivity)]
    where chosen.isEmpty || chosen.contains(name) {
        let path = "\(folder)/\(name).csv"
        let made = samples()
        try atomicWrite(made.text, to: path)
        print("wrote \(path), noise \(made.noise)")
    }
    let matrices: [(name: String, matrix: () -> MatrixMarket, about: String)] = [
        (
            "elasticity-matrix", { SampleMatrices.elasticity },
            "plane stress, 24 x 8 bilinear elements, clamped at the left"
        ),
        (
            "graph-matrix", { SampleMatrices.graph },
            "Laplacian of a graph: 600 random points, each joined to its 4 nearest"
        ),
        (
            "plate-matrix", { SampleMatrices.plate },
            "biharmonic operator on 28 x 28 points of a clamped plate, times h^4"
        ),
    ]
    for (name, matrix, about) in matrices where chosen.isEmpty || chosen.contains(name) {
        let path = "\(folder)/\(name).mtx"
        try atomicWrite(matrix().text(comment: [about, "made by generate-data"]), to: path)
        print("wrote \(path)")
    }
} catch {
    FileHandle.standardError.write(Data("error: \(error)\n".utf8))
    exit(1)
}
