// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error), .swiftLanguageMode(.v6)]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, resources: resources,
        swiftSettings: strict)
}

let package = Package(
    name: "ansatz",
    products: [
        .executable(name: "ansatz", targets: ["AnsatzCLI"]),
        .library(name: "Ansatz", targets: ["Ansatz"]),
        .executable(name: "generate-data", targets: ["GenerateData"]),
        .executable(name: "mutate-problems", targets: ["MutateProblems"]),
    ],
    traits: [
        .trait(
            name: "BoomerAMG", description: "Algebraic multigrid of libhypre-dev, which brings MPI."
        )
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        .target(name: "CKernels"),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-pthread-dev"])]),
        .systemLibrary(name: "CXSMM", pkgConfig: "libxsmm", providers: [.apt(["libxsmm-dev"])]),
        .systemLibrary(name: "CFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"])]),
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CHYPRE", pkgConfig: "ompi-c", providers: [.apt(["libhypre-dev"])]),
        .target(
            name: "CBoomerAMG", dependencies: [.target(name: "CHYPRE", condition: .when(traits: ["BoomerAMG"]))],
            cSettings: [.define("BOOMERAMG", .when(traits: ["BoomerAMG"]))],
            linkerSettings: [.linkedLibrary("HYPRE", .when(traits: ["BoomerAMG"]))]),
        .target(name: "CTOML"),
        .target(name: "CLEMON"),
        module("Parallelism"),
        module("Randomness"),
        module("LinearAlgebra", ["CKernels", "COpenBLAS", "CXSMM"]),
        module("Expressions", ["CKernels", "LinearAlgebra"]),
        module("Geometry", ["Randomness"]),
        module("Results", ["CHDF5", "CZlib"]),
        module("ProblemFiles", ["CTOML", "LinearAlgebra", "Expressions", "Geometry", "Randomness", "Results"]),
        module("Networks", ["CKernels", "Parallelism", "LinearAlgebra", "Randomness", "Expressions"]),
        module("Optimizers", ["CKernels", "LinearAlgebra"]),
        module(
            "PhysicsInformed",
            [
                "CKernels", "CFFTW", "Parallelism", "Randomness", "LinearAlgebra", "Expressions", "Geometry",
                "Networks", "Optimizers", "OptimalTransport",
            ]),
        module(
            "OptimalTransport",
            [
                "CKernels", "CFFTW", "CLEMON", "Parallelism", "Randomness", "LinearAlgebra",
                "Expressions",
            ]),
        module(
            "LinearSystems",
            [
                "CKernels", "CFFTW", "COpenBLAS", "Parallelism", "Randomness", "LinearAlgebra",
                .target(name: "CBoomerAMG", condition: .when(traits: ["BoomerAMG"])),
            ]),
        .executableTarget(
            name: "GenerateData", dependencies: ["CFFTW", "COpenBLAS", "Randomness", "Results"], swiftSettings: strict),
        module(
            "Ansatz",
            [
                "Parallelism", "Randomness", "LinearAlgebra", "Expressions", "Geometry", "ProblemFiles", "Networks",
                "Optimizers", "OptimalTransport", "LinearSystems", "PhysicsInformed", "Results",
            ]),
        .executableTarget(
            name: "Membrane", dependencies: ["Ansatz", "Expressions", "Geometry", "ProblemFiles"],
            path: "Examples/Membrane", swiftSettings: strict),
        .executableTarget(
            name: "MutateProblems",
            dependencies: [
                "Ansatz", "ProblemFiles", "Randomness",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "AnsatzCLI",
            dependencies: [
                "Ansatz", "CKernels", "ProblemFiles", "PhysicsInformed", "Results", "Parallelism", "LinearAlgebra",
                "Expressions", "Geometry", "Networks", "OptimalTransport", "Optimizers", "Randomness",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        tests(of: "Parallelism"),
        tests(of: "Randomness"),
        tests(of: "LinearAlgebra"),
        tests(of: "Expressions", ["Randomness"]),
        tests(of: "Geometry"),
        tests(of: "ProblemFiles"),
        tests(of: "Networks"),
        tests(of: "Optimizers", ["PhysicsInformed"], resources: [.copy("Golden")]),
        tests(of: "OptimalTransport", ["Expressions", "Randomness"]),
        tests(of: "LinearSystems", ["CKernels", "LinearAlgebra", "Parallelism", "Randomness"]),
        tests(of: "PhysicsInformed"),
        tests(of: "Results", ["CHDF5", "CZlib"]),
        tests(of: "Ansatz", ["Expressions", "OptimalTransport", "PhysicsInformed", "ProblemFiles", "Results"]),
        tests(of: "AnsatzCLI", ["Results"]),
    ],
    cLanguageStandard: .gnu17,
    cxxLanguageStandard: .cxx17
)
