extension BrokenFile {
    /// A sample with a box in its reference; `[reference]` is line 17.
    private static func boxed(_ title: String, _ box: String, says messages: String) -> BrokenFile {
        BrokenFile(title, text: Samples.minimal + "\n\n[reference]\nu = 'x*y'\nbox = \(box)\n", says: messages)
    }

    /// Slips in the box of the reference.
    static let referenceBox: [BrokenFile] = [
        boxed(
            "box of a reference that is none", "3",
            says: """
                p.toml:19:7: error: a box is a table of bounds, not a whole number
                   19 | box = 3
                      |       ^
                   { x = [0, 1] }
                """),
        boxed(
            "box of a reference without bounds", "{}",
            says: """
                p.toml:19:7: error: the box of the reference is empty
                   19 | box = {}
                      |       ^^
                   give bounds, x = [from, to]; those left out are the domain's
                """),
        boxed(
            "box of a reference with falling bounds", "{ x = [0.5, 0.2] }",
            says: """
                p.toml:19:13: error: the bounds of 'x' must rise, but run from 0.5 to 0.2
                   19 | box = { x = [0.5, 0.2] }
                      |             ^^^^^^^^^^
                """),
        boxed(
            "box of a reference without a width", "{ x = [0.5, 0.5] }",
            says: """
                p.toml:19:13: error: the bounds of 'x' must rise, but run from 0.5 to 0.5
                   19 | box = { x = [0.5, 0.5] }
                      |             ^^^^^^^^^^
                """),
        boxed(
            "box of a reference outside of the domain", "{ x = [0.5, 1.5], y = [2, 3] }",
            says: """
                p.toml:19:13: error: the bounds of 'x' reach out of the domain
                   19 | box = { x = [0.5, 1.5], y = [2, 3] }
                      |             ^^^^^^^^^^
                   x runs from 0 to 1

                p.toml:19:29: error: the bounds of 'y' reach out of the domain
                   19 | box = { x = [0.5, 1.5], y = [2, 3] }
                      |                             ^^^^^^
                   y runs from 0 to 1
                """),
        boxed(
            "box of a reference with a coordinate that is none", "{ x = [0, 0.5], z = [0, 1] }",
            says: """
                p.toml:19:23: error: the box has bounds for 'z', which is no coordinate
                   19 | box = { x = [0, 0.5], z = [0, 1] }
                      |                       ^
                   coordinates: x, y
                """),
        BrokenFile(
            "box of a reference with a component too many", "walls = { on = \"boundary\", equation = 'u = 0' }",
            """
            walls = { on = "boundary", equation = 'u = 0' }
            [reference]
            u   = 'x[1]'
            box = { "x[11]" = [0, 0.5] }
            """, in: Samples.family,
            says: """
                p.toml:21:9: error: the box has bounds for 'x[11]', which is no coordinate
                   21 | box = { "x[11]" = [0, 0.5] }
                      |         ^^^^^^^
                   coordinates: x
                """),
        BrokenFile(
            "box of a reference after the end of the time", "[output.fields]",
            """
            [reference]
            u   = 'x'
            box = { t = [0.5, 2] }

            [output.fields]
            """, in: Samples.burgers,
            says: """
                p.toml:32:13: error: the bounds of 't' reach out of the domain
                   32 | box = { t = [0.5, 2] }
                      |             ^^^^^^^^
                   t runs from 0 to 1
                """),
        BrokenFile(
            "box of a reference that misses the region", "box = { x = [0, 1], y = [0, 1] } }",
            "disk = { center = [0, 0], radius = 1 } }",
            in: Samples.minimal + "\n\n[reference]\nu = 'x*y'\nbox = { x = [0.9, 1], y = [0.9, 1] }\n",
            says: """
                p.toml:19:7: error: hardly any point of the region lies in the box of the reference
                   19 | box = { x = [0.9, 1], y = [0.9, 1] }
                      |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                   errors are measured at points that lie in both
                """),
        BrokenFile(
            "box of a reference without fields", "u  = '-sin(pi*x)*exp(-t)'", "box = { x = [0, 1] }",
            in: Samples.inverse,
            says: """
                p.toml:30:1: error: 'reference.box' says where fields are compared, but no field has a reference
                   30 | box = { x = [0, 1] }
                      | ^^^
                   add one, for example u = 'u_exact', or leave the box out
                """),
    ]
}
