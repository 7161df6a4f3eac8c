// Makes the reference data that the problems use: `swift run generate-data [FOLDER]`, by default into `data`.

import Foundation
import Results

let folder = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "data"
do {
    for (name, file) in [
        ("burgers-reference.h5", BurgersReference().file), ("schroedinger-reference.h5", SchroedingerReference().file),
    ] {
        let path = "\(folder)/\(name)"
        try file().write(to: path)
        print("wrote \(path)")
    }
    for (name, samples) in [("burgers", Samples.burgers()), ("conductivity", Samples.conductivity())] {
        let path = "\(folder)/\(name)-samples.csv"
        try atomicWrite(samples.text, to: path)
        print("wrote \(path), noise \(samples.noise)")
    }
} catch {
    FileHandle.standardError.write(Data("error: \(error)\n".utf8))
    exit(1)
}
