import Optimizers
import Testing

@Suite struct OptionTests {
    @Test func tableIsConsistent() throws {
        let descriptions = optimizerMethods.map { $0.description }
        #expect(Set(descriptions.map(\.name)).count == descriptions.count)
        for description in descriptions {
            #expect(!description.summary.isEmpty && !description.source.isEmpty)
            #expect((description.defaultRate == nil) == (description.kind == .quasiNewton))
            #expect(Set(description.options.map(\.name)).count == description.options.count)
            for option in description.options {
                #expect(try option.checked(option.defaultValue) == option.defaultValue)
                #expect(!option.help.isEmpty)
            }
        }
    }

    @Test(arguments: optimizerMethods.map { $0.description })
    func methodsMakeTheKindThatTheyDeclare(description: OptimizerDescription) throws {
        let method = try #require(optimizerMethod(named: description.name))
        let blocks = [BlockShape(name: "x", rows: 2, columns: 1, offset: 0)]
        let options = OptionValues(defaults: description.options)
        let optimizer: Optimizer<Float> = try method.make(blocks: blocks, options: options)
        switch optimizer {
        case .firstOrder: #expect(description.kind == .firstOrder)
        case .quasiNewton: #expect(description.kind == .quasiNewton)
        }
    }

    static let options: [OptionDescription] = [
        .number("decay", default: 0.9, in: .from(0, below: 1), help: "a number"),
        .integer("history", default: 5, in: .from(1, to: 10), help: "an integer"),
        .truth("nesterov", default: false, help: "a truth value"),
        .choice("search", of: ["wolfe", "none"], default: "wolfe", help: "a word"),
    ]

    @Test(arguments: [
        ("decay", OptionValue.number(1), "'decay' must be at least 0 and below 1; it is 1.0"),
        ("decay", .number(.nan), "'decay' must be finite; it is nan"),
        ("decay", .word("much"), "'decay' must be a number, not 'much'"),
        ("history", .integer(11), "'history' must be at least 1 and at most 10; it is 11"),
        ("history", .number(5), "'history' must be an integer, not '5.0'"),
        ("nesterov", .integer(1), "'nesterov' must be true or false, not '1'"),
        ("search", .word("wulfe"), "'search' must be one of 'wolfe', 'none', not 'wulfe'"),
        (
            "histroy", .integer(1),
            "there is no option 'histroy'; there is 'decay', 'history', 'nesterov', 'search'"
        ),
    ])
    func wrongValuesAreExplained(name: String, value: OptionValue, message: String) throws {
        let error = #expect(throws: OptionErrors.self) {
            try OptionValues([name: value], checkedAgainst: Self.options)
        }
        #expect(error?.description == message)
    }

    @Test func givenValuesReplaceDefaults() throws {
        let values = try OptionValues(
            ["decay": .integer(0), "search": .word("none")], checkedAgainst: Self.options)
        #expect(values.number("decay") == 0 && values.word("search") == "none")
        #expect(values.integer("history") == 5 && !values.truth("nesterov"))
        #expect(values.isGiven("decay") && !values.isGiven("history"))
    }

    @Test func nesterovNeedsMomentum() throws {
        let options = try OptionValues(
            ["nesterov": .truth(true), "momentum": .number(0)],
            checkedAgainst: StochasticGradientDescent.description.options)
        #expect(throws: OptionErrors.self) {
            let _: Optimizer<Double> = try StochasticGradientDescent.make(blocks: [], options: options)
        }
    }
}
