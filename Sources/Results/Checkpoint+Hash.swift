extension Checkpoint {
    /// A 64-bit hash of everything that is restored, by which a damaged file is recognised.
    ///
    /// FNV-1a on whole words in place of bytes: any change of a single word changes it.
    var contentHash: UInt64 {
        var hash = WordHash()
        hash.add(heading.problemText)
        for number in [heading.stage, heading.stageStep, heading.steps] { hash.add(number) }
        for number in [heading.files.historyRows, heading.files.historyBytes, heading.files.logBytes] {
            hash.add(number)
        }
        hash.add(heading.seconds)
        // Files of before have none.
        for seconds in [heading.samplingSeconds, heading.samplingRuleSeconds] where seconds != 0 { hash.add(seconds) }
        hash.add(heading.end)
        for block in weights {
            hash.add(block.name)
            hash.add(block.rows)
            hash.add(block.columns)
            hash.add(block.values)
        }
        for (name, array) in state.arrays.sorted(by: { $0.key < $1.key }) {
            hash.add(name)
            hash.add(array)
        }
        for (name, counter) in state.counters.sorted(by: { $0.key < $1.key }) {
            hash.add(name)
            hash.add(counter)
        }
        for (name, number) in state.numbers.sorted(by: { $0.key < $1.key }) {
            hash.add(name)
            hash.add(number)
        }
        return hash.value
    }
}

private struct WordHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ word: UInt64) { value = (value ^ word) &* 0x0000_0100_0000_01B3 }
    mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }
    mutating func add(_ number: Double) { add(number.bitPattern) }
    mutating func add(_ numbers: [Double]) {
        add(numbers.count)
        for number in numbers { add(number.bitPattern) }
    }
    mutating func add(_ text: String) {
        add(text.utf8.count)
        for byte in text.utf8 { add(UInt64(byte)) }
    }
}
