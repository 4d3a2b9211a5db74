use beamtalk_engine::core::BigInt;
use proptest::prelude::*;

use super::*;

/// Builds replies as text in Erlang's notation, maps with sorted keys.
struct Notation;

impl TermSink for Notation {
    type Term = String;

    fn atom(&mut self, name: &str) -> String {
        name.to_owned()
    }
    fn integer(&mut self, value: i64) -> String {
        value.to_string()
    }
    fn big_integer(&mut self, value: &BigInt) -> String {
        value.to_string()
    }
    fn float(&mut self, value: f64) -> String {
        format!("{value:?}")
    }
    fn binary(&mut self, bytes: &[u8]) -> String {
        match std::str::from_utf8(bytes) {
            Ok(text) => format!("<<{text:?}>>"),
            Err(_) => format!("<<{bytes:?}>>"),
        }
    }
    fn tuple(&mut self, elements: &[String]) -> String {
        format!("{{{}}}", elements.join(","))
    }
    fn list(&mut self, elements: &[String]) -> String {
        format!("[{}]", elements.join(","))
    }
    fn cons(&mut self, head: String, tail: String) -> String {
        format!("[{head}|{tail}]")
    }
    fn map(&mut self, pairs: &[(String, String)]) -> String {
        let mut pairs: Vec<_> = pairs
            .iter()
            .map(|(key, value)| format!("{key}=>{value}"))
            .collect();
        pairs.sort();
        format!("#{{{}}}", pairs.join(","))
    }
}

fn ask(engine: &Engine, operation: &'static str, options: Vec<(&'static str, Term<'_>)>) -> String {
    let mut pairs = vec![(Term::atom("op"), Term::atom(operation))];
    pairs.extend(
        options
            .into_iter()
            .map(|(key, value)| (Term::atom(key), value)),
    );
    answer(engine, &Term::Map(pairs), &Cancel::new(), &mut Notation)
}

fn source(text: &str) -> (&'static str, Term<'_>) {
    ("source", Term::binary(text.as_bytes()))
}

const CLASS: &str = "Object subclass: Greeter\n\n  greet => 42\n";
const BROKEN: &str = "// größe\n@@ oops\n";

#[test]
fn a_class_is_answered_as_terms() {
    let reply = ask(&Engine::new(), "compile", vec![source(CLASS)]);
    assert!(
        reply.starts_with("{ok,#{class=>#{bodies=>[],class=><<\"Greeter\">>,facade=>{c_module,[],"),
        "{reply}"
    );
    assert!(reply.contains("superclass=><<\"Object\">>"), "{reply}");
    assert!(reply.contains("script=>absent"), "{reply}");
}

#[test]
fn a_class_with_a_slot_has_a_body() {
    let reply = ask(
        &Engine::new(),
        "compile",
        vec![source(CLASS), ("slot", Term::Integer(3))],
    );
    assert!(reply.contains("@3"), "{reply}");
    assert!(reply.contains("bodies=>[{c_module,"), "{reply}");
}

#[test]
fn a_class_is_answered_as_text() {
    let options = vec![
        source(CLASS),
        ("output", Term::atom("text")),
        ("module", Term::binary(&b"my_module"[..])),
    ];
    let reply = ask(&Engine::new(), "compile", options);
    assert!(
        reply.starts_with("{ok,#{core_erlang=><<\"module 'my_module' ["),
        "{reply}"
    );
}

#[test]
fn diagnostics_have_the_one_shape() {
    let options = vec![source(BROKEN), ("file", Term::binary(&b"a.bt"[..]))];
    let reply = ask(&Engine::new(), "diagnostics", options);
    let keys = [
        "category",
        "code",
        "column",
        "end",
        "end_column",
        "end_line",
        "file",
        "fix",
        "help",
        "kind",
        "labels",
        "line",
        "message",
        "notes",
        "phase",
        "severity",
        "start",
    ];
    for key in keys {
        assert!(
            reply.contains(&format!("{key}=>")),
            "{key} is missing: {reply}"
        );
    }
    assert!(
        reply.starts_with("{ok,#{diagnostics=>[#{category=>"),
        "{reply}"
    );
    assert!(
        reply.contains("file=><<\"a.bt\">>") && reply.contains("severity=>error"),
        "{reply}"
    );
    assert!(reply.contains("column=>1,end=>"), "{reply}");
    assert!(
        reply.contains("line=>2") && reply.contains("start=>11"),
        "{reply}"
    );
}

#[test]
fn errors_fail_a_compilation_and_are_rendered_when_asked() {
    let reply = ask(
        &Engine::new(),
        "compile",
        vec![source(BROKEN), ("render", Term::atom("true"))],
    );
    assert!(reply.starts_with("{error,#{diagnostics=>[#{"), "{reply}");
    assert!(reply.contains("rendered=>[<<"), "{reply}");
    let without = ask(&Engine::new(), "compile", vec![source(BROKEN)]);
    assert!(!without.contains("rendered"), "{without}");
}

#[test]
fn a_text_that_is_not_utf8_has_a_place() {
    let reply = ask(
        &Engine::new(),
        "diagnostics",
        vec![("source", Term::binary(b"ok.\nx := \xFF".to_vec()))],
    );
    assert!(
        reply.contains("BT0001") && reply.contains("line=>2"),
        "{reply}"
    );
}

#[test]
fn an_unknown_environment_is_asked_for_once() {
    let engine = Engine::new();
    let Some(class) = engine
        .compile(
            CLASS.as_bytes(),
            &beamtalk_engine::Options::default(),
            &Cancel::new(),
        )
        .declared
    else {
        panic!("the class does not compile");
    };
    let entries = || {
        let fields = [
            class.class.as_deref().unwrap_or_default().as_bytes(),
            class.module.as_bytes(),
            &class.interface,
        ];
        (
            "entries",
            Term::List(vec![Term::Tuple(
                fields
                    .into_iter()
                    .map(|f| Term::binary(f.to_vec()))
                    .collect(),
            )]),
        )
    };
    let none = || ("entries", Term::List(Vec::new()));
    let environment = || {
        (
            "environment",
            Term::binary(beamtalk_engine::environment_hash(&[]).to_vec()),
        )
    };

    assert!(ask(&engine, "compile", vec![source(CLASS), environment()]).starts_with("{need,[<<"));
    let wrong = ask(
        &engine,
        "compile",
        vec![source(CLASS), environment(), entries()],
    );
    assert!(
        wrong.starts_with("{bad_request,<<\"environment: the hash is not"),
        "{wrong}"
    );
    assert!(
        ask(
            &engine,
            "compile",
            vec![source(CLASS), environment(), none()]
        )
        .starts_with("{ok,")
    );
    assert!(ask(&engine, "compile", vec![source(CLASS), environment()]).starts_with("{ok,"));
    assert!(ask(&engine, "environment", vec![entries()]).starts_with("{ok,#{environment=><<"));
}

#[test]
fn a_panic_is_a_diagnostic_and_the_next_request_is_answered() {
    let engine = Engine::new();
    let reply = ask(&engine, "provoke_panic", Vec::new());
    assert!(
        reply.starts_with("{error,") && reply.contains("kind=>internal_error"),
        "{reply}"
    );
    assert!(ask(&engine, "compile", vec![source(CLASS)]).starts_with("{ok,"));
    assert!(ask(&engine, "info", Vec::new()).contains("panics=>1"));
}

#[test]
fn a_panic_while_terms_are_built_is_a_diagnostic() {
    struct Failing(usize);
    impl TermSink for Failing {
        type Term = String;
        fn atom(&mut self, name: &str) -> String {
            self.0 -= usize::from(self.0 > 0);
            assert!(self.0 != 1, "the heap is full");
            name.to_owned()
        }
        fn integer(&mut self, value: i64) -> String {
            Notation.integer(value)
        }
        fn big_integer(&mut self, value: &BigInt) -> String {
            Notation.big_integer(value)
        }
        fn float(&mut self, value: f64) -> String {
            Notation.float(value)
        }
        fn binary(&mut self, bytes: &[u8]) -> String {
            Notation.binary(bytes)
        }
        fn tuple(&mut self, elements: &[String]) -> String {
            Notation.tuple(elements)
        }
        fn list(&mut self, elements: &[String]) -> String {
            Notation.list(elements)
        }
        fn cons(&mut self, head: String, tail: String) -> String {
            Notation.cons(head, tail)
        }
        fn map(&mut self, pairs: &[(String, String)]) -> String {
            Notation.map(pairs)
        }
    }
    let request = Term::Map(vec![
        (Term::atom("op"), Term::atom("compile")),
        (Term::atom("source"), Term::binary(CLASS.as_bytes())),
    ]);
    let reply = answer(&Engine::new(), &request, &Cancel::new(), &mut Failing(5));
    assert!(reply.contains("kind=>internal_error"), "{reply}");
}

#[test]
fn a_cancelled_request_stops() {
    let cancel = Cancel::new();
    cancel.cancel();
    let request = Term::Map(vec![
        (Term::atom("op"), Term::atom("provoke_delay")),
        (Term::atom("milliseconds"), Term::Integer(60_000)),
    ]);
    let reply = answer(&Engine::new(), &request, &cancel, &mut Notation);
    assert!(reply.contains("BT0207"), "{reply}");
}

proptest! {
    #[test]
    fn any_bytes_have_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let engine = Engine::new();
        for operation in ["compile", "compile_expression", "diagnostics", "outline"] {
            let reply = ask(&engine, operation, vec![("source", Term::binary(bytes.clone())), ("render", Term::atom("true"))]);
            let answered = reply.starts_with("{ok,") || reply.starts_with("{error,");
            prop_assert!(answered, "{}", reply);
        }
    }
}

#[test]
fn lints_are_told_only_to_who_asks() {
    let engine = Engine::new();
    let text = "x := 1.\nx";
    let quiet = ask(&engine, "diagnostics", vec![source(text)]);
    assert!(!quiet.contains("lint"), "{quiet}");
    let lints = ("lints", Term::atom("true"));
    let all = ask(&engine, "diagnostics", vec![source(text), lints]);
    assert!(all.contains("severity=>lint"), "{all}");
}

#[test]
fn a_file_is_formatted_or_refused() {
    let engine = Engine::new();
    let formatted = ask(&engine, "format", vec![source("x:=1")]);
    assert!(
        formatted.contains("text=><<\"x := 1\\n\">>") && formatted.contains("diff=><<"),
        "{formatted}"
    );
    let canonical = ask(&engine, "format", vec![source("x := 1\n")]);
    assert!(canonical.contains("diff=>undefined"), "{canonical}");
    let broken = ask(&engine, "format", vec![source("x := (")]);
    assert!(
        broken.starts_with("{error,") && broken.contains("BT0005"),
        "{broken}"
    );
}
