import Foundation
import Testing

/// Unknown parameters and traces, from the file to the reports.
@Suite struct InverseTests {
    /// u′ = −k u with u = e^(−2x) observed.
    private static let decay = """
        format = 1
        name   = "decay"

        [parameters]
        k = { unknown = true, start = 0.5, range = [0.1, 10], scale = "log" }

        [domain]
        coordinates = ["x"]
        region      = { box = { x = [0, 1] } }

        [unknowns]
        u = {}

        [equations]
        decay = 'u_x = -k*u'

        [conditions]
        start = { on = "left", equation = 'u = 1', enforce = "exact" }
        seen  = { on = "interior", equation = 'u = exp(-2*x)' }

        [reference]
        u = 'exp(-2*x)'
        k = 2

        [expect]
        parameter.k = 1e-2

        [method.network]
        layers = [8]

        [method.sampling]
        interior = 32
        seen     = 32

        [[method.stages]]
        optimizer = "lbfgs"
        steps     = 100

        [output]
        directory = "out"
        plots     = []
        values    = { double = '2*k', end = 'u(x = 1)/u(x = 0)' }

        [output.fields]
        quantities = { flux = '-k*u_x', drop = 'u(x = 0) - u' }

        """

    @Test func aParameterIsFoundAndReported() throws {
        let place = try Workplace(["decay.toml": Self.decay])
        let result = try place.run("solve", "decay.toml", "--json")
        #expect(result.status == 0, "\(result.errors)\(result.output)")
        let k = try #require((result.json["parameters"] as? [String: Double])?["k"])
        let error = try #require((result.json["parameter_errors"] as? [String: Double])?["k"])
        #expect(abs(k - 2) < 0.02 && abs(error - abs(k - 2) / 2) < 1e-15)
        let values = try #require(result.json["values"] as? [String: Double])
        #expect(values["double"] == 2 * k)
        #expect(values["end"].map { abs($0 - exp(-2)) < 1e-3 } == true)
        #expect(result.errors.contains("  k 2.0"), "\(result.errors)")
        let rows = try #require(place.read("out/history.csv")).split(separator: "\n")
        #expect(rows[0].hasSuffix(",parameter_k"))
        #expect(rows[1].hasSuffix(",0.5"))
        let last = try #require(rows.last?.split(separator: ",").last.flatMap { Double($0) })
        #expect(abs(last - k) < 1e-14)
        let log = try #require(place.read("out/log.jsonl"))
        #expect(log.contains("\"history_schema\":3") && log.contains("\"parameters\":{\"k\":0.5}"))
        let shown = try place.run("show", "out").output
        #expect(shown.contains("k 2.0") && shown.contains("parameter errors"), "\(shown)")
    }

    @Test func checkListsTheParameter() throws {
        let result = try Workplace(["decay.toml": Self.decay]).run("check", "decay.toml")
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        let words = "from 0.5, within [0.1, 10], searched by its logarithm"
        #expect(result.output.contains(words), "\(result.output)")
        #expect(result.output.contains("satisfies decay to"))
    }

    @Test func aMissedParameterIsStatus2() throws {
        let place = try Workplace(["decay.toml": Self.decay])
        let result = try place.run("solve", "decay.toml", "-q", "--steps", "1")
        #expect(result.status == 2)
        #expect(result.output.contains("parameter.k at most 1.0e-2"), "\(result.output)")
        #expect(result.output.contains("missed"))
    }

    @Test func anExactConditionCannotReadIt() throws {
        let text = Self.decay.replacingOccurrences(of: "'u = 1'", with: "'u = k'")
        let result = try Workplace(["decay.toml": text]).run("check", "decay.toml")
        #expect(result.status == 65)
        #expect(result.errors.contains("it contains an unknown parameter"), "\(result.errors)")
    }

    /// −u″ = π² cos πx with u′ = 0 at both ends and mean 0: u = cos πx. Also with the mean falling in time.
    @Test(arguments: [false, true]) func anAverageFixesWhatTheSlopesLeaveOpen(inTime: Bool) throws {
        let text = """
            format = 1
            name   = "gauge"

            [domain]
            coordinates = ["x"]
            \(inTime ? "time = { from = 0, to = 1 }" : "")
            region      = { box = { x = [0, 1] } }

            [unknowns]
            u = {}

            [equations]
            poisson = '-u_xx = pi^2*cos(pi*x)'

            [conditions]
            ends  = { on = "boundary", equation = 'dn(u) = 0' }
            gauge = { equation = 'average(u over region) = \(inTime ? "-t" : "0")' }

            [reference]
            u = 'cos(pi*x)\(inTime ? " - t" : "")'

            [expect]
            relative_l2.u = 1e-2

            [method.network]
            layers = [12]

            [method.sampling]
            interior = 64
            ends     = 16
            integral = 64

            [[method.stages]]
            optimizer = "lbfgs"
            steps     = 300

            [output]
            directory = "out"
            plots     = []
            values    = { square = 'integral(u^2 over region)', flux = 'integral(dn(u) over boundary)', five = '2 + 3*integral(1 over region)' }
            """
        let place = try Workplace(["gauge.toml": text])
        let checked = try place.run("check", "gauge.toml")
        #expect(checked.status == 0 && checked.output.contains("gauge"), "\(checked.errors)\(checked.output)")
        let result = try place.run("solve", "gauge.toml", "--json", "-q")
        #expect(result.status == 0, "\(result.errors)\(result.output)")
        let values = try #require(result.json["values"] as? [String: Double])
        // At the middle of the time the square of cos πx − 1/2 has the mean 3/4.
        #expect(values["square"].map { abs($0 - (inTime ? 0.75 : 0.5)) < 0.02 } == true, "\(values)")
        #expect(values["flux"].map { abs($0) < 0.05 } == true && values["five"].map { abs($0 - 5) < 1e-12 } == true)
    }

    /// u″ = 0 with u(0) = u(1) − 1 and u′(0) + u(1) = 3, whose solution is u = x + 1.
    @Test func conditionsMayReadTheOtherEnd() throws {
        let changes = [
            ("k = { unknown = true, start = 0.5, range = [0.1, 10], scale = \"log\" }", ""),
            ("'u_x = -k*u'", "'u_xx = 0'"), ("seen     = 32", ""), ("double = '2*k', ", ""), ("-k*u_x", "u_x(x = 0)"),
            (
                "start = { on = \"left\", equation = 'u = 1', enforce = \"exact\" }",
                "jump = { on = \"left\", equation = 'u = u(x = 1) - 1' }"
            ),
            (
                "seen  = { on = \"interior\", equation = 'u = exp(-2*x)' }",
                "mixed = { on = \"left\", equation = 'u_x + u(x = 1) = 3' }"
            ),
            ("u = 'exp(-2*x)'\nk = 2", "u = 'x + 1'"), ("parameter.k = 1e-2", "relative_l2.u = 1e-3"),
        ]
        let text = changes.reduce(Self.decay) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
        let place = try Workplace(["ends.toml": text])
        let checked = try place.run("check", "ends.toml")
        #expect(checked.status == 0 && checked.output.contains("jump to 0"), "\(checked.errors)\(checked.output)")
        let result = try place.run("solve", "ends.toml", "--json", "-q")
        #expect(result.status == 0, "\(result.errors)\(result.output)")
        #expect((result.json["values"] as? [String: Double])?["end"].map { abs($0 - 2) < 1e-2 } == true)
    }
}
