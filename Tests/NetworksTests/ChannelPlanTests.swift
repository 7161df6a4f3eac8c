import Expressions
import Networks
import Testing

@Suite("A channel plan is closed under the chain rule")
struct ChannelPlanTests {
    @Test("the value comes first, and nothing is carried twice")
    func order() throws {
        let plan = try ChannelPlan([.partial([1]), .partial([0, 0])], coordinates: 2)
        #expect(plan.channels == [.value, .partial([0]), .partial([1]), .partial([0, 0])])
        #expect(plan.index(of: .partial([0, 0])) == 3)
        #expect(plan.index(of: .partial([1, 1])) == nil)
        #expect(plan.order == 2)
    }

    @Test("a Laplacian is one channel", arguments: [1, 2, 10])
    func laplacian(_ dimension: Int) throws {
        let plan = try ChannelPlan([.laplacian(Array(0..<dimension))], coordinates: dimension)
        #expect(plan.count == dimension + 2)
        #expect(plan.terms[dimension + 1].count == dimension + 1)
    }

    /// With σ = exp and z = Σ xᵢ all derivatives of σ∘z and all z's first derivatives are equal; for the exponential of
    /// any z the coefficients count set partitions.
    @Test("coefficients count set partitions", arguments: zip([1, 2, 3, 4], [1, 2, 5, 15]))
    func bellNumbers(_ order: Int, _ bell: Int) throws {
        for coordinates in [[Int](repeating: 0, count: order), Array(0..<order)] {
            let plan = try ChannelPlan([.partial(coordinates)], coordinates: 4)
            let channel = try #require(plan.index(of: .partial(coordinates)))
            #expect(plan.terms[channel].map(\.coefficient).reduce(0, +) == bell)
        }
    }

    @Test("all factors are channels of lower or equal order")
    func closure() throws {
        let plan = try ChannelPlan([.partial([0, 0, 1, 1])], coordinates: 2)
        #expect(plan.count == 9)
        for (channel, terms) in plan.terms.enumerated() {
            for term in terms {
                #expect(term.factors.map { plan.channels[$0].order }.reduce(0, +) == plan.channels[channel].order)
                #expect(term.factors.count == term.order)
            }
        }
    }

    /// With f = g = exp(Σ xᵢ), ∂(f g) = 2ᵏ f g; a Laplacian has f Δg, g Δf and 2 fᵢ gᵢ for each coordinate.
    @Test("products follow Leibniz' rule", arguments: [1, 2, 3, 4])
    func products(_ order: Int) throws {
        for coordinates in [[Int](repeating: 0, count: order), Array(0..<order)] {
            let plan = try ChannelPlan([.partial(coordinates), .laplacian([0, 1])], coordinates: 4)
            for (channel, products) in plan.products.enumerated() {
                for product in products {
                    let orders = [product.left, product.right].map { plan.channels[$0].order }
                    #expect(orders.reduce(0, +) == plan.channels[channel].order)
                }
                let count = products.map(\.coefficient).reduce(0, +)
                if case .laplacian = plan.channels[channel] {
                    #expect(count == 2 + 2 * 2)
                } else {
                    #expect(count == 1 << plan.channels[channel].order)
                }
            }
        }
    }

    @Test("an order that is too high is refused")
    func refusal() {
        #expect(throws: ChannelPlanError.orderTooHigh(.partial([0, 0, 0, 0, 0]))) {
            try ChannelPlan([.partial([0, 0, 0, 0, 0])], coordinates: 1)
        }
    }
}
