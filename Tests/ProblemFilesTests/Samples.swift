/// Problem files that tests start from.
enum Samples {
    /// The smallest complete file.
    static let minimal = """
        format = 1
        name   = "minimal"

        [domain]
        coordinates = ["x", "y"]
        region      = { box = { x = [0, 1], y = [0, 1] } }

        [unknowns]
        u = {}

        [equations]
        poisson = 'laplacian(u) = 1'

        [conditions]
        walls = { on = "boundary", equation = 'u = 0' }
        """

    /// A file that uses every section, much as the manual's first sample.
    static let helmholtz = """
        format = 1
        name   = "helmholtz-2d"
        title  = "Helmholtz equation on a square, manufactured solution"

        [parameters]
        k  = 1.0
        a1 = 1
        a2 = '4*a1'

        [domain]
        coordinates = ["x", "y"]
        region      = { box = { x = [-1, 1], y = [-1, 1] } }

        [unknowns]
        u = { about = "wave amplitude" }

        [definitions]
        u_exact = 'sin(a1*pi*x) * sin(a2*pi*y)'
        q       = 'laplacian(u_exact) + k^2*u_exact'      # the source that makes u_exact true

        [equations]
        helmholtz = 'laplacian(u) + k^2*u = q'

        [conditions]
        walls = { on = "boundary", equation = 'u = u_exact' }

        [reference]
        u = 'u_exact'

        [method]
        kind = "pinn"

        [method.network]
        kind       = "mlp"
        layers     = [50, 50, 50, 50]
        activation = "tanh"

        [method.sampling]
        interior       = 128
        walls          = 128
        resample_every = 1

        [[method.stages]]
        optimizer = "adam"
        steps     = 40_000
        rate      = { start = 1e-3, decay = 0.9, every = 1_000 }

        [variants.plain]
        "method.network.kind" = "mlp"
        "method.weights.kind" = "fixed"

        [variants.deep]
        method.network.layers = [64, 64, 64, 64, 64]
        "method.stages[1].rate" = { start = 1e-2 }

        [output]
        directory = "runs/helmholtz-2d"

        [output.fields]
        file       = "fields.nc"
        grid       = { x = 201, y = 201 }
        quantities = { u = 'u', exact = 'u_exact', error = 'u - u_exact', residual = 'residual(helmholtz)' }

        [[output.plots]]
        file  = "solution.svg"
        kind  = "compare"
        field = "u"

        [[output.plots]]
        file = "history.svg"
        kind = "losses"

        [run]
        seed             = 1234
        precision        = "float32"
        log_every        = 100
        budget           = "10 min"

        [expect]
        relative_l2.u = 1e-3
        within = "5 min"
        """

    /// Two unknown parameters, one of them with a true value.
    static let inverse = """
        format = 1
        name   = "inverse"

        [parameters]
        nu    = { unknown = true, start = '1/100', range = [1e-4, 1e-1], scale = "log" }
        scale = 0.01
        c     = { unknown = true, start = '2*scale', rate = 0.5 }

        [domain]
        coordinates = ["x"]
        time        = { name = "t", from = 0, to = 1 }
        region      = { box = { x = [-1, 1] } }

        [unknowns]
        u = {}

        [definitions]
        diffusion = 'nu*u_xx'

        [equations]
        burgers = 'u_t + c*u*u_x = diffusion'

        [conditions]
        start = { on = "t = 0", equation = 'u = -sin(pi*x)', enforce = "exact" }
        ends  = { on = "left or right", equation = 'u = 0' }
        seen  = { on = "interior and abs(x) < 0.5", equation = 'u = 0.1*x*t' }

        [reference]
        nu = 'scale/pi'
        u  = '-sin(pi*x)*exp(-t)'

        [expect]
        parameter.nu = 0.01
        """

    /// A time-dependent problem with named faces and functions.
    static let burgers = """
        format = 1
        name   = "burgers-1d"
        cite   = ["doi:10.1016/j.jcp.2018.10.045"]

        [parameters]
        nu = '0.01/pi'
        T  = 1

        [domain]
        coordinates = ["x"]
        time        = { name = "t", from = 0, to = 'T' }
        region      = { box = { x = [-1, 1] } }

        [domain.faces]
        ends = "left or right"

        [unknowns]
        u = { about = "velocity", units = "m/s" }

        [definitions]
        "f(y)" = '-sin(pi*y)'

        [equations]
        burgers = 'u_t + u*u_x = nu*u_xx'

        [conditions]
        start = { on = "t = 0", equation = 'u = f(x)', enforce = "exact" }
        ends  = { on = "ends",  equation = 'u = 0',    enforce = "exact" }

        [output.fields]
        grid = { t = 101, x = 256 }

        [[output.plots]]
        file  = "snapshots.svg"
        kind  = "lines"
        field = "u"
        along = "x"
        at    = { t = [0.25, 0.50, 0.75] }
        """

    /// A family of coordinates.
    static let family = """
        format = 1
        name   = "poisson-10d"

        [parameters]
        d = 10

        [domain]
        coordinates = ["x[1:d]"]
        region      = { box = { x = [0, 1] } }

        [unknowns]
        u = {}

        [equations]
        poisson = 'sum(i in 1:d, d(u, x[i], 2)) = -1'

        [conditions]
        walls = { on = "boundary", equation = 'u = 0' }
        """

    /// A named shape, named faces, a filtered condition, and fields on an uneven grid.
    static let plate = """
        format = 1
        name   = "plate"

        [domain]
        coordinates = ["x", "y"]
        time        = { to = 2 }
        region      = "plate"

        [domain.shapes]
        plate = { box = { x = [0, 2], y = [0, 1] } }

        [domain.faces]
        inlet = "plate.left and y > 0.25"
        rest  = "boundary and not inlet"

        [unknowns]
        T = { units = "K" }
        "θ" = {}

        [equations]
        heat = 'dt(T) = laplacian(T)'
        "angle" = 'laplacian(θ) = T'

        [conditions]
        start  = { on = "t.min", equation = 'T = 0' }
        inflow = { on = "inlet", equation = 'T = y' }
        walls  = { on = "rest",  equation = 'dn(T) = 0' }
        angle_ = { on = "boundary", equation = 'θ = 0' }

        [output]
        values = { last = 'T(t = 2)' }

        [output.fields]
        grid       = { x = 11, y = { points = 5, from = 0, to = 0.5 } }
        at         = { t = [0, 0.5, 2] }
        quantities = { T = 'T', flux = 'd(T, x)' }
        """
}
