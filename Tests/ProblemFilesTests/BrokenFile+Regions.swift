extension BrokenFile {
    /// Slips in polygons, and in regions that shapes are put together to.
    static let regions: [BrokenFile] = [
        BrokenFile(
            "polygon of two points",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            "{ polygon = { points = [[0, 0], [1, 0]] } }", in: plate,
            says: """
                p.toml:10:32: error: 'points' of a polygon are only 2
                   10 | hole  = { polygon = { points = [[0, 0], [1, 0]] } }
                      |                                ^^^^^^^^^^^^^^^^
                   write at least three corners [x, y]
                """),
        BrokenFile(
            "polygon with a repeated corner",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            "{ polygon = { points = [[0, 0], [1, 0], [1, 0], [0, 1]] } }", in: plate,
            says: """
                p.toml:10:32: error: 'points' of a polygon repeat a corner: number 3 is the same as number 2
                   10 | hole  = { polygon = { points = [[0, 0], [1, 0], [1, 0], [0, 1]] } }
                      |                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                   write each corner once
                """),
        BrokenFile(
            "polygon that ends where it begins",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            "{ polygon = { points = [[0, 0], [1, 0], [0, 1], [0, 0]] } }", in: plate,
            says: """
                p.toml:10:32: error: 'points' of a polygon repeat a corner: number 1 is the same as number 4
                   10 | hole  = { polygon = { points = [[0, 0], [1, 0], [0, 1], [0, 0]] } }
                      |                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                   leave out the last corner: the polygon closes by itself
                """),
        BrokenFile(
            "self-intersecting polygon",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            "{ polygon = { points = [[0, 0], [1, 1], [1, 0], [0, 1]] } }", in: plate,
            says: """
                p.toml:10:32: error: edge[1] and edge[3] of the polygon intersect
                   10 | hole  = { polygon = { points = [[0, 0], [1, 1], [1, 0], [0, 1]] } }
                      |                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                   list the corners in the order in which one walks around the polygon, each once and without crossing the way
                """),
        BrokenFile(
            "polygon with a corner of three numbers",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            "{ polygon = { points = [[0, 0], [1, 0, 0], [0, 1]] } }", in: plate,
            says: """
                p.toml:10:41: error: 'domain.shapes.hole.polygon.points[2]' has 3 numbers instead of 2
                   10 | hole  = { polygon = { points = [[0, 0], [1, 0, 0], [0, 1]] } }
                      |                                         ^^^^^^^^^
                   one for each of x, y
                """),
        BrokenFile(
            "polygon without corners",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            "{ polygon = {} }", in: plate,
            says: """
                p.toml:10:21: error: a polygon needs its corners
                   10 | hole  = { polygon = {} }
                      |                     ^^
                   points = [[0, 0], [1, 0], [0, 1]], or file = "outline.csv"
                """),
        BrokenFile(
            "polygon from a missing file",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            #"{ polygon = { file = "nowhere/outline.csv" } }"#, in: plate,
            says: """
                p.toml:10:30: error: 'nowhere/outline.csv': no such file
                   10 | hole  = { polygon = { file = "nowhere/outline.csv" } }
                      |                              ^^^^^^^^^^^^^^^^^^^^^
                   looked for nowhere/outline.csv
                """),
        BrokenFile(
            "sector that runs backwards",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            "{ sector = { center = [1, 0], radius = 1, from = 'pi/2', to = 0 } }", in: plate,
            says: """
                p.toml:10:71: error: 'to' of a sector is 0, not above from = 1.5707963267948966
                   10 | hole  = { sector = { center = [1, 0], radius = 1, from = 'pi/2', to = 0 } }
                      |                                                                       ^
                   angles run counterclockwise, in radians; add 2*pi to the end if need be
                """),
        BrokenFile(
            "sector of more than a turn",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            "{ sector = { center = [1, 0], radius = 1, from = 0, to = '3*pi' } }", in: plate,
            says: """
                p.toml:10:66: error: 'to' of a sector is a whole turn or more after from
                   10 | hole  = { sector = { center = [1, 0], radius = 1, from = 0, to = '3*pi' } }
                      |                                                                  ^^^^^^
                   write a disk or an annulus, or angles less than 2*pi apart
                """),
        BrokenFile(
            "half-space without a direction",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            "{ halfspace = { point = [1, 0], normal = [0, 0] } }", in: plate,
            says: """
                p.toml:10:50: error: 'normal' of a half-space is zero
                   10 | hole  = { halfspace = { point = [1, 0], normal = [0, 0] } }
                      |                                                  ^^^^^^
                   write a vector that points somewhere; its length does not matter
                """),
        BrokenFile(
            "solid in the plane",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            "{ cylinder = { base = [0, 0, 0], axis = [0, 0, 1], radius = 1, height = 1 } }", in: plate,
            says: """
                p.toml:10:11: error: a cylinder has 3 coordinates, and this domain has 2
                   10 | hole  = { cylinder = { base = [0, 0, 0], axis = [0, 0, 1], radius = 1, height = 1 } }
                      |           ^^^^^^^^
                """),
        BrokenFile(
            "turned about an axis in the plane",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 }, rotated = { angle = 1, axis = [0, 0, 1] } }", in: plate,
            says: """
                p.toml:10:87: error: 'axis' of a rotation is given in 2 dimensions
                   10 | hole  = { disk = { center = [0.6, 0.5], radius = 0.2 }, rotated = { angle = 1, axis = [0, 0, 1] } }
                      |                                                                                       ^^^^^^^^^
                   a shape of the plane turns about a point, { angle = …, about = [0, 0] }
                """),
        BrokenFile(
            "scaled by a negative factor",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
            "{ disk = { center = [0.6, 0.5], radius = 0.2 }, scaled = -1 }", in: plate,
            says: """
                p.toml:10:66: error: 'factor' of a scaling must be above zero, not -1
                   10 | hole  = { disk = { center = [0.6, 0.5], radius = 0.2 }, scaled = -1 }
                      |                                                                  ^^
                   write a finite length
                """),
        BrokenFile(
            "shape that is not declared in an expression",
            #""plate - hole""#,
            #""plate - hull""#, in: plate,
            says: """
                p.toml:6:24: error: there is no shape 'hull'
                    6 | region      = "plate - hull"
                      |                        ^^^^
                   shapes: plate, hole
                """),
        BrokenFile(
            "operator without a shape",
            #""plate - hole""#,
            #""plate -""#, in: plate,
            says: """
                p.toml:6:23: error: a shape is missing at the end
                    6 | region      = "plate -"
                      |                       ^
                   for example "plate - hole"
                """),
        BrokenFile(
            "two shapes in a row",
            #""plate - hole""#,
            #""plate hole""#, in: plate,
            says: """
                p.toml:6:22: error: 'hole' is not expected here
                    6 | region      = "plate hole"
                      |                      ^^^^
                   shapes are joined by '+', '-' and '&': "plate - hole"
                """),
        BrokenFile(
            "foreign operator",
            #""plate - hole""#,
            #""plate * hole""#, in: plate,
            says: """
                p.toml:6:22: error: '*' has no meaning in a region
                    6 | region      = "plate * hole"
                      |                      ^
                   a region is a shape, or shapes joined by '+', '-' and '&': "plate - hole"
                """),
        BrokenFile(
            "open bracket",
            #""plate - hole""#,
            #""(plate - hole""#, in: plate,
            says: """
                p.toml:6:16: error: this bracket is not closed
                    6 | region      = "(plate - hole"
                      |                ^
                   add ')'
                """),
        BrokenFile(
            "empty region",
            #""plate - hole""#,
            #""hole - plate""#, in: plate,
            says: """
                p.toml:6:15: error: the region has no inside
                    6 | region      = "hole - plate"
                      |               ^^^^^^^^^^^^^^
                   do the shapes overlap? A difference needs some of the first shape to be left over
                """),
        BrokenFile(
            "region of shapes that do not meet",
            text: plate.replacing(
                "{ disk = { center = [0.6, 0.5], radius = 0.2 } }", with: "{ disk = { center = [5, 5], radius = 0.2 } }"
            ).replacing(
                #""plate - hole""#, with: #""plate & hole""#),
            says: """
                p.toml:6:15: error: the region has no inside
                    6 | region      = "plate & hole"
                      |               ^^^^^^^^^^^^^^
                   do the shapes overlap? A difference needs some of the first shape to be left over
                """),
        BrokenFile(
            "half of the plane",
            text: plate.replacing(
                #""plate - hole""#, with: #""plate + hole""#
            ).replacing(
                "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
                with: "{ halfspace = { point = [1, 0], normal = [1, 0] } }"),
            says: """
                p.toml:6:15: error: the region reaches to infinity
                    6 | region      = "plate + hole"
                      |               ^^^^^^^^^^^^^^
                   intersect it with a bounded shape, for example with a box
                """),
        BrokenFile(
            "region that is hardly there",
            text: plate.replacing(
                #""plate - hole""#, with: #""hole - most""#
            ).replacing(
                "plate = { box = { x = [0, 2], y = [0, 1] } }",
                with: "most  = { disk = { center = [0.6, 0.5], radius = 0.199_995 } }"),
            says: """
                p.toml:6:15: error: fewer than one point in 10,000 of what encloses the set belongs to it
                    6 | region      = "hole - most"
                      |               ^^^^^^^^^^^^^
                   make the region's parts fit it more closely
                """),
        BrokenFile(
            "condition on a face that vanished",
            text: plate.replacing(
                #"on = "boundary""#, with: #"on = "plate.right""#
            ).replacing(
                #""plate - hole""#, with: #""plate & hole""#
            ).replacing(
                "{ disk = { center = [0.6, 0.5], radius = 0.2 } }",
                with: "{ halfspace = { point = [1, 0], normal = [1, 0] } }"),
            says: """
                p.toml:19:17: error: nothing of 'plate.right' is left in the boundary of the region
                   19 | walls = { on = "plate.right", equation = 'u = 0' }
                      |                 ^^^^^^^^^^^
                   faces: boundary, plate.left, plate.bottom, plate.top, hole.plane, interior
                """),
        BrokenFile(
            "face that is called like another",
            text: plate.replacing(
                #"on = "boundary""#, with: #"on = "rim""#
            ).replacing(
                #""plate - hole""#, with: #""plate - hole - other""#
            ).replacing(
                "hole  =",
                with: """
                    other = { disk = { center = [1.5, 0.5], radius = 0.2 } }
                    hole  =
                    """),
            says: """
                p.toml:20:17: error: several faces are called 'rim'
                   20 | walls = { on = "rim", equation = 'u = 0' }
                      |                 ^^^
                   say which: hole.rim or other.rim
                """),
        BrokenFile(
            "face of a shape that has none",
            #"on = "boundary""#,
            #"on = "hole.left""#, in: plate,
            says: """
                p.toml:19:17: error: there is no face 'hole.left'
                   19 | walls = { on = "hole.left", equation = 'u = 0' }
                      |                 ^^^^^^^^^
                   faces: boundary, plate.left, plate.right, plate.bottom, plate.top, hole.rim, interior
                """),
        BrokenFile(
            "shapes of a wrong type",
            """
            [domain.shapes]
            plate = { box = { x = [0, 2], y = [0, 1] } }
            hole  = { disk = { center = [0.6, 0.5], radius = 0.2 } }
            """,
            "shapes = 3", in: plate,
            says: """
                p.toml:8:10: error: 'domain.shapes' must be a table, not a whole number
                    8 | shapes = 3
                      |          ^
                """),
    ]
}
