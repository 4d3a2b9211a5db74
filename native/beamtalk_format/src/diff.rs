//! The difference of two texts, for people.

use std::fmt::Write;

use similar::{Algorithm, TextDiff};

/// Unchanged lines around a change.
const CONTEXT: usize = 3;

/// Differing lines up to which a smallest difference is looked for: that is quadratic in their number.
const LINES: usize = 10_000;

/// The difference in unified format, without a header: the caller knows the names.
pub(crate) fn unified(before: &str, after: &str) -> String {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let head = common(old.iter(), new.iter());
    let tail = common(old.iter().skip(head).rev(), new.iter().skip(head).rev());
    let removed = old.len() - head - tail;
    let added = new.len() - head - tail;
    if removed + added > LINES {
        return replaced(&old, &new, head, tail);
    }
    TextDiff::configure()
        .algorithm(Algorithm::Patience)
        .diff_lines(before, after)
        .unified_diff()
        .context_radius(CONTEXT)
        .to_string()
}

fn common<'a>(
    old: impl Iterator<Item = &'a &'a str>,
    new: impl Iterator<Item = &'a &'a str>,
) -> usize {
    old.zip(new).take_while(|(old, new)| old == new).count()
}

/// Everything between the first `head` and the last `tail` lines as one change.
fn replaced(old: &[&str], new: &[&str], head: usize, tail: usize) -> String {
    let before = head.min(CONTEXT);
    let after = tail.min(CONTEXT);
    let start = head - before + 1;
    let old_lines = old.len() - head - tail + before + after;
    let new_lines = new.len() - head - tail + before + after;
    let mut diff = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(diff, "@@ -{start},{old_lines} +{start},{new_lines} @@");
    push(&mut diff, ' ', old, head - before, head);
    push(&mut diff, '-', old, head, old.len() - tail);
    push(&mut diff, '+', new, head, new.len() - tail);
    push(
        &mut diff,
        ' ',
        old,
        old.len() - tail,
        old.len() - tail + after,
    );
    diff
}

fn push(diff: &mut String, sign: char, lines: &[&str], start: usize, end: usize) {
    for line in lines.get(start..end).unwrap_or_default() {
        diff.push(sign);
        diff.push_str(line);
        if !line.ends_with('\n') {
            diff.push_str("\n\\ No newline at end of file\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_stands_in_its_context() {
        let diff = unified("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nD\ne\nf\n");
        assert_eq!(diff, "@@ -1,6 +1,6 @@\n a\n b\n c\n-d\n+D\n e\n f\n");
    }

    #[test]
    fn large_texts_without_anything_in_common_are_one_change() {
        let old = "x\n".repeat(11_000);
        let new = "y\n".repeat(11_000);
        let diff = unified(&format!("a\n{old}z"), &format!("a\n{new}z\n"));
        assert!(diff.starts_with("@@ -1,11002 +1,11002 @@\n a\n-x\n"));
        assert!(diff.ends_with("+z\n"));
        assert_eq!(diff.lines().count(), 22_005);
    }
}
