//! The marks that git leaves in a file whose merge is not resolved.

use std::ops::Range;

/// How a person ends a conflict.
pub(crate) const HOW_TO_RESOLVE: &str = "keep what is right, delete the lines of `<<<<<<<`, `=======` and `>>>>>>>`, then \
     `git add` the file";

/// How a person ends a conflict in a file that larder generates: what it has to say is
/// worked out anew.
pub(crate) fn either_side_will_do(path: &str) -> String {
    format!(
        "while the merge goes on, either side will do: `git checkout --ours {path} && git add {path}`"
    )
}

/// The bytes of the first line that opens a conflict, if a line below closes one.
///
/// Git writes seven of the same character and a space (git-merge(1), "How conflicts are
/// presented"); an option may make them longer.
pub(crate) fn unresolved_conflict(text: &str) -> Option<Range<usize>> {
    let opens = line_that_begins(text, "<<<<<<<", 0)?;
    line_that_begins(text, ">>>>>>>", opens.end)?;
    Some(opens)
}

/// The two texts that a merge could not join: every conflict resolved to the one side, and to
/// the other. `None`: there is no conflict.
pub(crate) fn conflict_sides(text: &str) -> Option<[String; 2]> {
    unresolved_conflict(text)?;
    let (mut ours, mut theirs) = (String::new(), String::new());
    let mut part = Part::Common;
    for line in text.split_inclusive('\n') {
        if let Some(next) = Part::opened_by(line) {
            part = next;
            continue;
        }
        if matches!(part, Part::Common | Part::Ours) {
            ours.push_str(line);
        }
        if matches!(part, Part::Common | Part::Theirs) {
            theirs.push_str(line);
        }
    }
    Some([ours, theirs])
}

/// Which side the lines of a file in conflict are of.
enum Part {
    Common,
    Ours,
    /// What both have changed (`merge.conflictStyle = diff3`).
    Base,
    Theirs,
}

impl Part {
    fn opened_by(line: &str) -> Option<Self> {
        let marks = [
            ("<<<<<<<", Self::Ours),
            ("|||||||", Self::Base),
            ("=======", Self::Theirs),
            (">>>>>>>", Self::Common),
        ];
        let mut marks = marks.into_iter();
        let (_, part) = marks.find(|(mark, _)| line.starts_with(mark))?;
        Some(part)
    }
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
    fn a_conflict_has_two_sides_whatever_both_began_with() {
        for base in ["", "||||||| 1a2b3c4\n  a = 0;\n"] {
            let text =
                format!("{{\n<<<<<<< HEAD\n  a = 1;\n{base}=======\n  a = 2;\n>>>>>>> topic\n}}\n");
            let sides = ["{\n  a = 1;\n}\n", "{\n  a = 2;\n}\n"].map(str::to_owned);
            assert_eq!(conflict_sides(&text), Some(sides));
        }
        assert_eq!(conflict_sides("{ }\n"), None);
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
