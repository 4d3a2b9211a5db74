use proptest::prelude::*;

use super::*;

fn map(pairs: &[(&'static str, Term<'static>)]) -> Term<'static> {
    Term::Map(
        pairs
            .iter()
            .map(|(key, value)| (Term::atom(*key), value.clone()))
            .collect(),
    )
}

fn text(text: &'static str) -> Term<'static> {
    Term::binary(text.as_bytes())
}

#[test]
fn a_full_request_is_decoded() {
    let entry = Term::Tuple(vec![
        text("Größe"),
        text("bt@größe"),
        Term::binary(vec![1, 2]),
    ]);
    let request = map(&[
        ("op", Term::atom("compile")),
        ("source", Term::binary(vec![0xFF, 0])),
        ("module", text("bt@x")),
        ("file", text("src/x.bt")),
        ("package", text("shop_2")),
        ("slot", Term::Integer(7)),
        ("library", Term::atom("true")),
        ("known_vars", Term::List(vec![text("a"), text("b")])),
        ("environment", Term::binary(vec![9; 32])),
        ("entries", Term::List(vec![entry])),
        ("output", Term::atom("text")),
        ("render", Term::atom("color")),
        ("limits", map(&[("nesting", Term::Integer(3))])),
        ("time_limit", Term::Integer(1500)),
    ]);
    let request = Request::decode(&request).expect("a good request");
    assert_eq!(request.operation, Operation::Compile);
    assert_eq!(request.source.as_ref(), [0xFF, 0]);
    assert_eq!(request.options.module.as_deref(), Some("bt@x"));
    assert_eq!(request.options.placement.slot, Some(7));
    assert!(request.options.library);
    assert_eq!(request.options.known_vars, ["a", "b"]);
    assert_eq!(request.environment, Some([9; 32]));
    assert_eq!(request.entries.expect("entries")[0].class, "Größe");
    assert_eq!(request.output, Output::Text);
    assert_eq!(request.render, Some(Style::Color));
    assert_eq!(request.options.limits.nesting, 3);
    assert_eq!(request.time_limit, Some(Duration::from_millis(1500)));
}

#[test]
fn what_breaks_the_contract_is_named() {
    let compile = |key, value| map(&[("op", Term::atom("compile")), (key, value)]);
    let long = "x".repeat(MAX_NAME_CHARACTERS + 1);
    let cases = [
        (Term::Other, "request: a map was expected, not another term"),
        (map(&[]), "op is missing"),
        (
            map(&[("op", text("compile"))]),
            "op: an atom was expected, not a binary",
        ),
        (
            map(&[("op", Term::atom("fly"))]),
            "op: there is no operation fly",
        ),
        (
            Term::Map(vec![(Term::Integer(1), Term::Other)]),
            "key: an atom was expected, not an integer",
        ),
        (compile("sauce", text("x")), "sauce: no such option"),
        (
            compile("source", Term::List(vec![])),
            "source: a binary was expected, not a list",
        ),
        (
            compile("module", Term::binary(vec![0xFF])),
            "module: the binary is not UTF-8",
        ),
        (
            compile("module", text("")),
            "module: 1 to 255 characters were expected",
        ),
        (
            compile("module", Term::binary(long.into_bytes())),
            "module: 1 to 255 characters were expected",
        ),
        (
            compile("package", text("a@b")),
            "package: a lower-case letter, then",
        ),
        (
            compile("slot", Term::Integer(0)),
            "slot: an integer from 1 to 1024 was expected",
        ),
        (
            compile("library", Term::atom("yes")),
            "library: true or false was expected, not an atom",
        ),
        (
            compile("known_vars", Term::List(vec![Term::Other])),
            "known_vars: a binary was expected, not another term",
        ),
        (
            compile("environment", text("short")),
            "environment: 32 bytes were expected",
        ),
        (
            compile("entries", Term::List(vec![Term::Tuple(vec![])])),
            "entries: {Class, Module, Interface} was expected",
        ),
        (
            compile("limits", map(&[("speed", Term::Integer(1))])),
            "limits: there is no limit speed",
        ),
        (
            compile("limits", map(&[("nesting", Term::Integer(0))])),
            "nesting: an integer from 1 to",
        ),
    ];
    for (request, expected) in cases {
        let error = Request::decode(&request).expect_err(expected);
        assert!(
            error.message().starts_with(expected),
            "{} instead of {expected}",
            error.message()
        );
    }
}

#[test]
fn limits_are_lowered_but_never_raised() {
    let high = map(&[
        ("op", Term::atom("compile")),
        ("limits", map(&[("nesting", Term::Integer(1_000_000))])),
    ]);
    let request = Request::decode(&high).expect("a good request");
    assert_eq!(request.options.limits.nesting, Limits::default().nesting);
}

fn any_name() -> impl Strategy<Value = String> {
    let known = [
        "op",
        "compile",
        "diagnostics",
        "source",
        "module",
        "slot",
        "entries",
        "environment",
        "limits",
        "nesting",
        "known_vars",
        "render",
        "output",
        "time_limit",
        "true",
    ];
    prop_oneof![
        proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        "\\PC{0,5}"
    ]
}

fn any_term() -> impl Strategy<Value = Term<'static>> {
    let leaf = prop_oneof![
        any_name().prop_map(Term::atom),
        any::<i64>().prop_map(Term::Integer),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(Term::binary),
        Just(Term::Other),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Term::List),
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Term::Tuple),
            proptest::collection::vec((inner.clone(), inner), 0..8).prop_map(Term::Map),
        ]
    })
}

proptest! {
    #[test]
    fn any_term_is_decoded_or_refused(term in any_term()) {
        let _ = Request::decode(&term);
    }

    #[test]
    fn any_value_of_an_option_is_decoded_or_refused(pairs in proptest::collection::vec((any_name(), any_term()), 0..6)) {
        let mut pairs: Vec<_> = pairs.into_iter().map(|(key, value)| (Term::atom(key), value)).collect();
        pairs.push((Term::atom("op"), Term::atom("compile")));
        let _ = Request::decode(&Term::Map(pairs));
    }
}
