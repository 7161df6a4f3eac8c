import Glibc
import ProblemFiles

extension Listing {
    /// Where problem files are looked for: `problems` in the current folder, and that of the installed program, which is
    /// `../share/ansatz/problems` seen from the folder of the executable.
    package static var problemFolders: [String] {
        var folders = ["problems"]
        if let executable = realpath("/proc/self/exe", nil) {
            let folder = FileSystem.folder(of: String(cString: executable))
            free(executable)
            folders.append(FileSystem.folder(of: folder) + "/share/ansatz/problems")
        }
        return folders
    }

    /// The problem files of a folder with their titles; one that cannot be read is listed with its first complaint.
    static func problems(in folder: String) -> [Entry] {
        guard let names = try? FileSystem.names(in: folder) else { return [] }
        return names.filter { $0.hasSuffix(".toml") }.map { name in
            let path = folder + "/" + name
            do throws(ProblemErrors) {
                let problem = try ProblemReader.readFile(path: path)
                return Entry(name: path, summary: problem.title, source: problem.citations.first ?? "")
            } catch {
                let complaint = error.diagnostics.first { $0.severity == .error }?.message ?? "cannot be read"
                return Entry(name: path, summary: "(\(complaint))")
            }
        }
    }
}
