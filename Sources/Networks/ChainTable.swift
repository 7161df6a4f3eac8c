import CKernels
import Expressions

/// A channel plan in the form that the kernels read, for one size of tile.
final class ChainTable {
    /// What the kernels get; it points into memory that lives as long as the table.
    let chain: UnsafePointer<ansatz_network_chain>
    /// The coordinate of each first-derivative channel.
    let along: UnsafePointer<Int32>

    private let storage: UnsafeMutablePointer<ansatz_network_chain>
    private let pairStart: UnsafeMutableBufferPointer<Int32>
    private let pairs: UnsafeMutableBufferPointer<Int32>
    private let termStart: UnsafeMutableBufferPointer<Int32>
    private let terms: UnsafeMutableBufferPointer<ansatz_network_term>
    private let productStart: UnsafeMutableBufferPointer<Int32>
    private let products: UnsafeMutableBufferPointer<ansatz_network_product>
    private let alongStorage: UnsafeMutableBufferPointer<Int32>

    init(plan: ChannelPlan, tile: TileShape, fuses: Bool) {
        let firsts = plan.channels.filter { $0.order == 1 }.map { Int32($0.axes[0]) }

        var pairStart: [Int32] = [0]
        var pairs: [Int32] = []
        var termStart: [Int32] = [0]
        var terms: [ansatz_network_term] = []
        for (channel, summands) in plan.terms.enumerated() {
            for summand in summands {
                var term = ansatz_network_term()
                term.coefficient = Double(summand.coefficient)
                term.order = Int32(summand.order)
                withUnsafeMutableBytes(of: &term.factors) { bytes in
                    let factors = bytes.bindMemory(to: Int32.self)
                    for (index, factor) in summand.factors.enumerated() { factors[index] = Int32(factor) }
                }
                terms.append(term)
                if summand.order == 2 { pairs.append(contentsOf: summand.factors.map { Int32($0) }) }
            }
            termStart.append(Int32(terms.count))
            if plan.channels[channel].order == 2 { pairStart.append(Int32(pairs.count / 2)) }
        }

        var productStart: [Int32] = [0]
        var products: [ansatz_network_product] = []
        for summands in plan.products {
            products += summands.map {
                ansatz_network_product(
                    coefficient: Double($0.coefficient), left: Int32($0.left), right: Int32($0.right))
            }
            productStart.append(Int32(products.count))
        }

        self.pairStart = Self.copy(pairStart)
        self.pairs = Self.copy(pairs)
        self.termStart = Self.copy(termStart)
        self.terms = Self.copy(terms)
        self.productStart = Self.copy(productStart)
        self.products = Self.copy(products)
        alongStorage = Self.copy(firsts)
        storage = .allocate(capacity: 1)
        storage.initialize(
            to: ansatz_network_chain(
                points: Int32(tile.points), channels: Int32(tile.channels), leading: Int32(tile.leading),
                order: Int32(plan.order), fused: fuses && plan.order <= 2 ? 1 : 0, firsts: Int32(firsts.count),
                pair_start: self.pairStart.baseAddress, pairs: self.pairs.baseAddress,
                term_start: self.termStart.baseAddress, terms: self.terms.baseAddress,
                product_start: self.productStart.baseAddress, products: self.products.baseAddress))
        chain = UnsafePointer(storage)
        along = UnsafePointer(alongStorage.baseAddress!)
    }

    deinit {
        storage.deallocate()
        pairStart.deallocate()
        pairs.deallocate()
        termStart.deallocate()
        terms.deallocate()
        productStart.deallocate()
        products.deallocate()
        alongStorage.deallocate()
    }

    private static func copy<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutableBufferPointer<Element> {
        let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(1, elements.count))
        _ = buffer.initialize(from: elements)
        return buffer
    }
}
