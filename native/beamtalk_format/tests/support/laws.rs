//! What holds for every text that is formatted.

use beamtalk_format::{check, format};
use beamtalk_parser::{CommentKind, Limits, parse_file, scan};

use super::shape::shape;

/// Checks every law on one text; a text with errors must be refused.
pub fn obeys(text: &str) {
    let limits = Limits::default();
    let parsed = parse_file(text, &limits);
    let formatted = match format(text, &limits) {
        Ok(formatted) => formatted,
        Err(diagnostics) => {
            assert_eq!(diagnostics, parsed.diagnostics);
            assert!(
                diagnostics
                    .iter()
                    .any(beamtalk_source::Diagnostic::is_error)
            );
            return;
        }
    };
    let again = parse_file(&formatted, &limits);
    let errors: Vec<_> = again
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.is_error())
        .collect();
    assert!(
        errors.is_empty(),
        "errors in the outcome: {errors:?}\n--- from\n{text}\n--- to\n{formatted}"
    );
    for (before, after) in shape(&parsed.file).iter().zip(&shape(&again.file)) {
        let same = before
            .chars()
            .zip(after.chars())
            .take_while(|(before, after)| before == after)
            .count();
        let end = |dump: &str| {
            dump.chars()
                .skip(same.saturating_sub(80))
                .take(200)
                .collect::<String>()
        };
        let (was, is) = (end(before), end(after));
        assert!(
            before == after,
            "another tree:\n{was}\n{is}\n--- from\n{text}\n--- to\n{formatted}"
        );
    }
    assert_eq!(
        shape(&parsed.file).len(),
        shape(&again.file).len(),
        "--- from\n{text}\n--- to\n{formatted}"
    );
    assert_eq!(
        comments(text),
        comments(&formatted),
        "--- from\n{text}\n--- to\n{formatted}"
    );
    let twice = format(&formatted, &limits).expect("no errors");
    assert!(
        twice == formatted,
        "not idempotent\n--- from\n{text}\n--- to\n{formatted}\n--- then\n{twice}"
    );
    assert_eq!(check(&formatted, &limits).expect("no errors"), None);
    assert_eq!(
        check(text, &limits).expect("no errors").is_some(),
        formatted != text
    );
    ends_well(&formatted);
}

/// The comments that are no part of a string, without blanks at the ends of their lines.
fn comments(text: &str) -> Vec<&str> {
    let chunks = scan(text, Limits::default().nesting);
    let texts = chunks.comments.iter().map(|comment| match comment.kind {
        CommentKind::Block => comment.span.text(text),
        _ => comment.span.text(text).trim_end(),
    });
    texts.collect()
}

/// One line break at the end, and no blanks at the ends of lines that end outside of strings, comments and characters.
fn ends_well(formatted: &str) {
    let empty = formatted.is_empty();
    assert!(
        empty || (formatted.ends_with('\n') && !formatted.ends_with("\n\n")),
        "{formatted:?}"
    );
    assert!(!formatted.starts_with('\n'), "{formatted:?}");
    let multiline = ["\"", "/*", "#'"]
        .iter()
        .any(|opener| formatted.contains(opener));
    for line in formatted.lines() {
        let blank = line.ends_with([' ', '\t']) && !line.ends_with("$ ");
        assert!(
            multiline || !blank,
            "blanks at the end of {line:?} in\n{formatted}"
        );
    }
}
