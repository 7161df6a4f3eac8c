import Ansatz
import ProblemFiles
import Testing

/// The methods for transport problems, as they are listed.
@Suite struct TransportCatalogTests {
    @Test func namesAndSummariesAreThere() {
        let tables = TransportCatalog.tables
        #expect(tables.first?.name == "safe-sinkhorn-newton")
        #expect(Set(tables.map(\.name)).count == tables.count)
        #expect(tables.allSatisfy { !$0.table.summary.isEmpty })
    }
}
