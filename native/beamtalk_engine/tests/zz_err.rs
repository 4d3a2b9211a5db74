mod support;
#[test]
fn show() {
    for p in ["x := )\nx foo", "x := (1 + \ny := 2\nx foo + y", "x := 1 +\nx foo", "Object subclass: Foo\n  foo =>\n    x := 3 $ 4 )\n    x bar\n  baz => 1\n", "Object subclass: Foo\n  foo =>\n    x := #{a 3}\n    x bar\n  baz => 1\n", "x := 99r12\nx foo", "#[x, y) := 3\nx foo: y", "x := 3 foo: \nx foo", "{x, y := 3\nx foo: y", "Object subclass: Foo\n  field: = 3\n  bar => self.x\n","Nobodyish subclass: Foo\n  field: x = 1\n  bar => self.x := 3\n", "Object subclass: Foo\n  foo: x =>\n    y := x bar: [:z | z +]\n    y\n", "Object subclass: Foo\n  foo: x =>\n    x match: [{a, b -> a + b; _ -> 0]\n", "Object subclass: Foo\n  foo: x =>\n    x match: [{a +, b} -> a + b; _ -> 0]\n"] {
        println!("{p}\n   {}", support::listing(&support::findings(p)).replace('\n', "\n   "));
    }
}
