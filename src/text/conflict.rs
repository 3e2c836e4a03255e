//! The marks that git leaves in a file whose merge is not resolved.

use std::ops::Range;

/// How a person ends a conflict.
pub(crate) const HOW_TO_RESOLVE: &str = "keep what is right, delete the lines of `<<<<<<<`, `=======` and `>>>>>>>`, then \
     `git add` the file";

/// The bytes of the first line that opens a conflict, if a line below closes one.
///
/// Git writes seven of the same character and a space (git-merge(1), "How conflicts are
/// presented"); an option may make them longer.
pub(crate) fn unresolved_conflict(text: &str) -> Option<Range<usize>> {
    let opens = line_that_begins(text, "<<<<<<<", 0)?;
    line_that_begins(text, ">>>>>>>", opens.end)?;
    Some(opens)
}

fn line_that_begins(text: &str, mark: &str, from: usize) -> Option<Range<usize>> {
    let mut found = text[from..].match_indices(mark).map(|(at, _)| from + at);
    let start = found.find(|at| *at == 0 || text.as_bytes()[at - 1] == b'\n')?;
    let line = text[start..].lines().next().unwrap_or_default();
    Some(start..start + line.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_has_a_beginning_and_an_end() {
        let text = "{\n<<<<<<< HEAD\n  a = 1;\n=======\n  a = 2;\n>>>>>>> topic\n}\n";
        assert_eq!(&text[unresolved_conflict(text).unwrap()], "<<<<<<< HEAD");
    }

    #[test]
    fn what_only_looks_like_it_is_none() {
        for text in [
            "{ a = ''\n  <<<<<<< HEAD\n  >>>>>>> topic\n''; }\n",
            "<<<<<<< HEAD\n",
            ">>>>>>> topic\n<<<<<<< HEAD\n",
            "",
        ] {
            assert_eq!(unresolved_conflict(text), None, "{text}");
        }
    }
}
