import ProblemFiles
import Testing

/// Files found by mutation that once stopped the program.
@Suite struct ExtremeFileTests {
    private func read(_ text: String) throws -> Problem { try ProblemReader.read(text: text, path: "p.toml") }

    private func isRefused(_ text: String) -> Bool {
        do {
            _ = try read(text)
            return false
        } catch let errors as ProblemErrors {
            return errors.diagnostics.allSatisfy { $0.line > 0 && $0.column > 0 }
        } catch {
            return false
        }
    }

    @Test func aDomainOfTimeAloneIsRefused() {
        #expect(
            isRefused(
                Samples.minimal.replacing(
                    #"coordinates = ["x", "y"]"#, with: "coordinates = [\"2\"]\ntime = { from = 0, to = 1 }")))
    }

    @Test(arguments: ["9223372036854775808", "9223372036854775807", "1e300"])
    func hugeOrdersOfDerivativesAreRefused(order: String) {
        #expect(isRefused(Samples.minimal.replacing("laplacian(u)", with: "d(u, x, \(order))")))
    }

    @Test func boundsAtTheEndOfTheWholeNumbersAreWrittenBack() throws {
        let text = Samples.minimal.replacing("x = [0, 1]", with: "x = [-9223372036854775808, 1]")
        let problem = try read(text)
        #expect(try read(problem.resolvedText()).domain.box == problem.domain.box)
    }

    @Test func indicesOfEmptySumsTakeNoValue() throws {
        let text = Samples.family.replacing("x[1:d]", with: "x[1:3]")
        for sum in ["sum(i in 5:3, x[i])", "sum(i in 5:3, x[2*i + 1])"] {
            let changed = text.replacing("[equations]", with: "[definitions]\nnothing = '\(sum)'\n\n[equations]")
            #expect(isRefused(changed))
        }
    }
}
