import Ansatz
import Testing

private func row(
    _ stageStep: Int, of stageSteps: Int = 40_000, stage: Int = 1, terms: [ProgressRow.Term]? = nil,
    errors: [NamedValue] = [NamedValue("u", 1.8e-2)]
) -> ProgressRow {
    ProgressRow(
        stage: stage, stageCount: 2, optimizer: "adam", stageStep: stageStep, stageSteps: stageSteps, step: stageStep,
        seconds: 161, secondsLeft: 357, loss: 3.1e-4, rate: 1e-3,
        terms: terms ?? [
            .init(name: "helmholtz", value: 2.6e-4, weight: 1), .init(name: "walls", value: 4.9e-5, weight: 37),
        ], errors: errors)
}

@Suite struct ProgressLineTests {
    @Test func theLineOfTheManual() {
        #expect(
            ProgressLine.text(row(12_400))
                == "adam 1/2  12,400/40,000  31%  2:41 elapsed  5:57 left  loss 3.1e-4  helmholtz 2.6e-4  "
                + "walls 4.9e-5 (x37)  error 1.8e-2")
    }

    @Test(arguments: [0, 1, 20, 60, 80, 100, 119, 120, 200]) func neverLongerThanTheTerminal(width: Int) {
        #expect(ProgressLine.text(row(12_400), width: width).count <= width)
    }

    @Test func aNarrowTerminalKeepsTheLargestTermAndTheError() {
        let line = ProgressLine.text(row(12_400), width: 105)
        // walls contributes 37 · 4.9e-5 = 1.8e-3 to the total, helmholtz 2.6e-4.
        #expect(line.contains("walls"))
        #expect(!line.contains("helmholtz"))
        #expect(line.hasSuffix("error 1.8e-2"))
    }

    @Test func severalUnknownsAreTold() {
        let line = ProgressLine.text(row(1, errors: [NamedValue("u", 0.5), NamedValue("p", 2)]))
        #expect(line.hasSuffix("error u 0.50  error p 2.0"))
    }

    @Test func lossesThatAreNotNumbersAreSaidSo() {
        let line = ProgressLine.text(row(1, terms: [.init(name: "burgers", value: .nan, weight: 1)]))
        #expect(line.contains("burgers nan"))
    }
}

@Suite struct ProgressDisplayTests {
    /// Collects what a display writes, with a clock set by hand.
    private final class Screen {
        var text = ""
        var time = 0.0
        var width = 200
        func display(terminal: Bool, amount: ProgressDisplay.Amount = .normal, color: Bool = false) -> ProgressDisplay {
            ProgressDisplay(
                style: .init(isTerminal: terminal, hasColor: color, amount: amount), write: { self.text += $0 },
                width: { self.width }, clock: { self.time })
        }
    }

    @Test func aTerminalLineIsRewrittenAndErased() {
        let screen = Screen()
        let display = screen.display(terminal: true)
        display.show(row(100))
        screen.time = 1
        display.show(row(200))
        #expect(!screen.text.contains("\n"))
        #expect(screen.text.split(separator: "\r").count == 2)
        #expect(screen.text.hasSuffix("\u{1B}[K"))
        display.warn("slow")
        #expect(screen.text.hasSuffix("\nwarning: slow\n"))
    }

    @Test func aTerminalIsNotFlooded() {
        let screen = Screen()
        let display = screen.display(terminal: true)
        for step in 0..<1000 {
            screen.time = Double(step) * 1e-3
            display.show(row(step))
        }
        #expect((9...11).contains(screen.text.split(separator: "\r").count))
    }

    @Test func aPipeGetsOneLinePerIntervalAndTheEndOfEachStage() {
        let screen = Screen()
        let display = screen.display(terminal: false)
        for step in 0...100 {
            screen.time = Double(step) * 0.2
            display.show(row(step, of: 100))
        }
        let lines = screen.text.split(separator: "\n")
        // At 0, 5, 10, 15 and 20 seconds, the last of which ends the stage.
        #expect(lines.count == 5)
        #expect(lines.last?.contains("100/100") == true)
        #expect(!screen.text.contains("\r") && !screen.text.contains("\u{1B}"))
    }

    @Test func verboseShowsEveryRowEvenOnATerminal() {
        let screen = Screen()
        let display = screen.display(terminal: true, amount: .everything)
        for step in 0..<5 { display.show(row(step)) }
        #expect(screen.text.split(separator: "\n").count == 5)
    }

    @Test func quietKeepsWarnings() {
        let screen = Screen()
        let display = screen.display(terminal: true, amount: .quiet)
        display.show(row(1))
        display.note("remark")
        #expect(screen.text.isEmpty)
        display.warn("careful")
        #expect(screen.text == "warning: careful\n")
    }

    @Test func colourIsUsedOnlyWhenAllowed() {
        let screen = Screen()
        screen.display(terminal: true, color: true).warn("a")
        #expect(screen.text.contains("\u{1B}[33m"))
    }
}
