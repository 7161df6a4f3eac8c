extension BrokenFile {
    /// A plate with a hole.
    static let plate = """
        format = 1
        name   = "shapes"

        [domain]
        coordinates = ["x", "y"]
        region      = "plate - hole"

        [domain.shapes]
        plate = { box = { x = [0, 2], y = [0, 1] } }
        hole  = { disk = { center = [0.6, 0.5], radius = 0.2 } }

        [unknowns]
        u = {}

        [equations]
        poisson = 'laplacian(u) = 1'

        [conditions]
        walls = { on = "boundary", equation = 'u = 0' }
        """

    /// Slips in shapes and regions.
    static let shapes: [BrokenFile] = [
        BrokenFile(
            "unknown shape among shapes",
            "disk = {",
            "disc = {", in: plate,
            says: """
                p.toml:10:11: error: unknown shape 'disc'
                   10 | hole  = { disc = { center = [0.6, 0.5], radius = 0.2 } }
                      |           ^^^^
                   did you mean 'disk'?
                """),
        BrokenFile(
            "unknown shape like no other",
            "disk = {",
            "teapot = {", in: plate,
            says: """
                p.toml:10:11: error: unknown shape 'teapot'
                   10 | hole  = { teapot = { center = [0.6, 0.5], radius = 0.2 } }
                      |           ^^^^^^
                   available: box, disk, ball, annulus, ellipse, polygon, sector, halfspace, cylinder, cone, torus
                """),
        BrokenFile(
            "unknown key of a shape",
            "radius = 0.2",
            "radios = 0.2", in: plate,
            says: """
                p.toml:10:18: error: 'domain.shapes.hole.disk.radius' is missing
                   10 | hole  = { disk = { center = [0.6, 0.5], radios = 0.2 } }
                      |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                   a length

                p.toml:10:41: error: unknown key 'domain.shapes.hole.disk.radios'
                   10 | hole  = { disk = { center = [0.6, 0.5], radios = 0.2 } }
                      |                                         ^^^^^^
                   did you mean 'domain.shapes.hole.disk.radius'?
                """),
        BrokenFile(
            "unknown key beside a shape",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 }, move = [1, 0] }", in: plate,
            says: """
                p.toml:10:57: error: unknown key 'domain.shapes.hole.move'
                   10 | hole  = { disk = { center = [0.6, 0.5], radius = 0.2 }, move = [1, 0] }
                      |                                                         ^^^^
                   did you mean 'domain.shapes.hole.moved'?
                """),
        BrokenFile(
            "two shapes in one",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 }, box = { x = [0, 1], y = [0, 1] } }", in: plate,
            says: """
                p.toml:10:57: error: 'domain.shapes.hole' has two shapes, 'disk' and 'box'
                   10 | hole  = { disk = { center = [0.6, 0.5], radius = 0.2 }, box = { x = [0, 1], y = [0, 1] } }
                      |                                                         ^^^
                   declare both in [domain.shapes] and join them: region = "a + b"
                """),
        BrokenFile(
            "shape without a shape",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            "{ moved = [1, 0] }", in: plate,
            says: """
                p.toml:10:9: error: 'domain.shapes.hole' has no shape
                   10 | hole  = { moved = [1, 0] }
                      |         ^^^^^^^^^^^^^^^^^^
                   { box = { x = [0, 1] } }
                """),
        BrokenFile(
            "shape of a wrong type",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            #""disk""#, in: plate,
            says: """
                p.toml:10:9: error: 'domain.shapes.hole' must be a shape, not a string
                   10 | hole  = "disk"
                      |         ^^^^^^
                   { box = { x = [0, 1] } }
                """),
        BrokenFile(
            "name of a shape that is none",
            "hole  =",
            #""2nd" ="#, in: plate,
            says: """
                p.toml:6:24: error: there is no shape 'hole'
                    6 | region      = "plate - hole"
                      |                        ^^^^
                   shapes: plate, 2nd

                p.toml:10:1: error: '2nd' is not a name
                   10 | "2nd" = { disk = { center = [0.6, 0.5], radius = 0.2 } }
                      | ^^^^^
                """),
        BrokenFile(
            "center with too many numbers",
            "[0.6, 0.5]",
            "[0.6, 0.5, 0]", in: plate,
            says: """
                p.toml:10:29: error: 'domain.shapes.hole.disk.center' has 3 numbers instead of 2
                   10 | hole  = { disk = { center = [0.6, 0.5, 0], radius = 0.2 } }
                      |                             ^^^^^^^^^^^^^
                   one for each of x, y
                """),
        BrokenFile(
            "center of a wrong type",
            "[0.6, 0.5]",
            "0.5", in: plate,
            says: """
                p.toml:10:29: error: 'domain.shapes.hole.disk.center' must be an array of 2 numbers, not a number
                   10 | hole  = { disk = { center = 0.5, radius = 0.2 } }
                      |                             ^^^
                   one for each of x, y
                """),
        BrokenFile(
            "radius of zero",
            "radius = 0.2",
            "radius = 0", in: plate,
            says: """
                p.toml:10:50: error: 'radius' of a disk must be above zero, not 0
                   10 | hole  = { disk = { center = [0.6, 0.5], radius = 0 } }
                      |                                                  ^
                   write a finite length
                """),
        BrokenFile(
            "radius that is not declared",
            "radius = 0.2",
            "radius = 'R'", in: plate,
            says: """
                p.toml:10:51: error: 'R' is not declared
                   10 | hole  = { disk = { center = [0.6, 0.5], radius = 'R' } }
                      |                                                   ^
                """),
        BrokenFile(
            "radius of a wrong type",
            "radius = 0.2",
            "radius = [1]", in: plate,
            says: """
                p.toml:10:50: error: 'domain.shapes.hole.disk.radius' must be a number or a constant expression, not an array
                   10 | hole  = { disk = { center = [0.6, 0.5], radius = [1] } }
                      |                                                  ^^^
                """),
        BrokenFile(
            "annulus inside out",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            "{ annulus = { center = [0.6, 0.5], inner = 0.3, outer = 0.2 } }", in: plate,
            says: """
                p.toml:10:52: error: 'inner' of an annulus is 0.3, not below the outer radius 0.2
                   10 | hole  = { annulus = { center = [0.6, 0.5], inner = 0.3, outer = 0.2 } }
                      |                                                    ^^^
                   write an inner radius below the outer one
                """),
        BrokenFile(
            "ellipse without a semi-axis",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            "{ ellipse = { center = [0.6, 0.5], radii = [0.3, 0] } }", in: plate,
            says: """
                p.toml:10:52: error: 'radii' of an ellipse must be above zero, not 0
                   10 | hole  = { ellipse = { center = [0.6, 0.5], radii = [0.3, 0] } }
                      |                                                    ^^^^^^^^
                   write a finite length
                """),
    ]
}
