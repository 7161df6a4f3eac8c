import CZlib
import Foundation
import Results
import Testing

@Suite struct MatrixMarketTests {
    static let head = "%%MatrixMarket matrix coordinate real general\n"

    static func read(_ text: String) throws(ResultsError) -> MatrixMarket {
        try MatrixMarket(Array(text.utf8), path: "a.mtx")
    }

    @Test func allWritingsOfAMatrixAreRead() throws {
        let expected = MatrixMarket(
            rows: 2, columns: 2, .entries(rows: [0, 1, 1], columns: [0, 0, 1], values: [2, -1, 2]), isSymmetric: true)
        for text in [
            "%%MatrixMarket matrix coordinate real symmetric\n2 2 3\n1 1 2\n2 1 -1\n2 2 2\n",
            "%%matrixmarket MATRIX Coordinate Real SYMMETRIC\r\n% a comment\r\n\r\n2 2 3\r\n1 1 2.0\r\n\r\n2 1 -1e0\r\n 2\t2 2.",
            "%%MatrixMarket matrix coordinate integer symmetric\n%\n%\n  2   2   3\n1 1 2\n% between\n2 1 -1\n2 2 +2",
        ] { #expect(try Self.read(text) == expected) }
        #expect(
            try Self.read("%%MatrixMarket matrix coordinate pattern general\n2 2 1\n1 2\n")
                == MatrixMarket(rows: 2, columns: 2, .entries(rows: [0], columns: [1], values: [1])))
        #expect(try Self.read("%%MatrixMarket matrix array real general\n3 1\n1\n2 3\n").vector == [1, 2, 3])
        #expect(
            try Self.read("%%MatrixMarket matrix array real symmetric\n2 2\n1\n2\n3\n").content == .array([1, 2, 3]))
        #expect(try Self.read(Self.head + "1 3 1\n1 3 5\n").vector == [0, 0, 5])
    }

    static let broken: [(text: String, message: String)] = [
        ("", "is empty"),
        ("hello\n", "line 1: the first line is not that of a Matrix Market file"),
        ("%%MatrixMarket matrix coordinate real\n", "line 1, column 34: the first line has 4 words, not five"),
        ("%%MatrixMarket vector coordinate real general\n", "line 1, column 16: 'vector' must be matrix"),
        ("%%MatrixMarket matrix table real general\n", "line 1, column 23: 'table' must be one of coordinate, array"),
        ("%%MatrixMarket matrix coordinate complex general\n", "line 1, column 34: the matrix is complex"),
        ("%%MatrixMarket matrix coordinate words general\n", "line 1, column 34: 'words' must be one of real"),
        ("%%MatrixMarket matrix coordinate real skew-symmetric\n", "line 1, column 39: the matrix is skew-symmetric"),
        ("%%MatrixMarket matrix coordinate real lower\n", "line 1, column 39: 'lower' must be one of general"),
        (
            "%%MatrixMarket matrix coordinate real symmetric\n2 3 1\n1 1 1\n",
            "line 2, column 1: the matrix is not square, 2 x 3"
        ),
        (head, "line 1: the file ends where the line with the sizes is needed"),
        (head + "2 2\n", "line 2, column 1: the line with the sizes has 2 numbers, not 3"),
        (head + "2 -2 1\n", "line 2, column 3: '-2' is not a number of columns"),
        (head + "2 2 2\n1 1 1\n", "is truncated: it ends at line 3 after 1 of 2 entries"),
        (head + "2 2 1\n1 1 1\n2 2 1\n", "line 4, column 1: there are more numbers than"),
        (head + "2 2 1\n1 1\n", "line 3, column 1: an entry has 2 numbers, not 3"),
        (head + "2 2 1\n1 3 1\n", "line 3, column 3: column 3 lies outside the matrix, whose columns are 1 to 2"),
        (head + "2 2 1\n0 1 1\n", "line 3, column 1: row 0 lies outside"),
        (head + "2 2 1\n1.5 1 1\n", "line 3, column 1: '1.5' is not the number of a row"),
        (head + "2 2 1\n1 1 x\n", "line 3, column 5: 'x' is not a number"),
        (head + "2 2 2\n1 1 1\n2 2 nan\n", "line 4, column 5: the value is nan"),
        (head + "2 2 1\n  1 1 -inf\n", "line 3, column 7: the value is -inf"),
        (head + "2 2 1\n1 1 1e999\n", "line 3, column 5: the value is inf"),
        (
            "%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n1 2 1\n",
            "line 3, column 1: the entry of row 1, column 2 lies above"
        ),
        ("%%MatrixMarket matrix array real general\n2 1\n1\n", "is truncated: it ends at line 3 after 1 of 2 numbers"),
        ("%%MatrixMarket matrix array real general\n2 1\n1 2 3\n", "line 3, column 5: there are more numbers"),
    ]

    @Test(arguments: broken.indices)
    func brokenFilesAreRefusedWithTheirPlace(_ index: Int) {
        let (text, message) = Self.broken[index]
        do throws(ResultsError) {
            _ = try Self.read(text)
            Issue.record("accepted: \(text)")
        } catch {
            #expect(error.message.hasPrefix(message), "\(error.message)")
        }
    }

    @Test func writtenFilesAreReadBackExactly() throws {
        let matrix = MatrixMarket(
            rows: 3, columns: 3, .entries(rows: [0, 1, 2], columns: [0, 0, 2], values: [1.0 / 3, -2e-301, 6.02e23]),
            isSymmetric: true)
        #expect(try Self.read(matrix.text(comment: ["made for a test"])) == matrix)
        let vector = MatrixMarket(vector: [0.1, 2, -1e20])
        #expect(try Self.read(vector.text()) == vector)
    }

    @Test func packedFilesAreUnpacked() throws {
        let matrix = MatrixMarket(vector: (0..<5_000).map { Double($0) / 7 })
        let path = FileManager.default.temporaryDirectory.appending(
            path: "packed-\(UInt64.random(in: 0 ... .max)).mtx.gz"
        ).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try #require(gzopen(path, "wb"))
        let bytes = Array(matrix.text().utf8)
        #expect(gzwrite(file, bytes, UInt32(bytes.count)) == Int32(bytes.count))
        gzclose(file)
        #expect(MatrixMarket.isRecognised(path))
        #expect(try MatrixMarket(contentsOf: path) == matrix)
        let packed = try #require(FileManager.default.contents(atPath: path))
        try packed.dropLast(100).write(to: URL(fileURLWithPath: path))
        do throws(ResultsError) {
            _ = try MatrixMarket(contentsOf: path)
            Issue.record("accepted")
        } catch {
            #expect(error.message == "is a damaged or truncated gzip file")
        }
    }
}
