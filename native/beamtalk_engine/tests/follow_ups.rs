//! One mistake, one finding: what is broken is not complained about again where it is used.

mod support;

/// Programs with one mistake, and its code.
const PROGRAMS: [(&str, &str); 13] = [
    ("x := )\nx foo", "BT0006"),
    ("x := (1 +\ny := 2\nx foo + y", "BT0005"),
    ("x := 99r12\nx foo", "BT0009"),
    ("#[x, y) := 3\nx foo: y", "BT0006"),
    ("{x, y := 3\nx foo: y", "BT0005"),
    (
        "Object subclass: Foo\n  foo =>\n    x := 3 + 4 )\n    x bar\n",
        "BT0006",
    ),
    (
        "Object subclass: Foo\n  foo: x =>\n    y := x bar: [:z | z +]\n    y\n",
        "BT0007",
    ),
    (
        "Object subclass: Foo\n  foo: x => x match: [{a +, b} -> a + b; _ -> 0]\n",
        "BT0007",
    ),
    ("Object subclass: Foo\n  foo: x => #{x => 1}\n", "BT0018"),
    ("1 match: [nil :: Integer -> 1]", "BT0019"),
    (
        "Nobodyish subclass: Foo\n  field: x = 1\n  bar => self.x := 3\n\nFoo new",
        "BT0105",
    ),
    ("type Pair(T) = List(T)\n", "BT0022"),
    ("Object subclass: Foo\n  foo: x => ^x foo 3\n", "BT0008"),
];

#[test]
fn one_mistake_is_one_finding() {
    for (program, code) in PROGRAMS {
        let files = support::findings(program);
        let found: Vec<_> = files
            .iter()
            .flat_map(|file| &file.diagnostics)
            .map(|found| found.code.name())
            .collect();
        assert_eq!(found, [code], "{program}\n{}", support::listing(&files));
    }
}
