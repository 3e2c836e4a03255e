//! Lists within a sentence.

/// `a, b and c`.
pub(crate) fn conjunction<S: AsRef<str>>(parts: &[S]) -> String {
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    match parts.as_slice() {
        [first @ .., before, last] => {
            let first = first.iter().map(|part| format!("{part}, "));
            format!("{}{before} and {last}", first.collect::<String>())
        }
        few => few.concat(),
    }
}

/// `` `a`, `b` and `c` ``.
pub(crate) fn quoted_conjunction<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> String {
    let words = words.into_iter();
    let quoted: Vec<String> = words.map(|word| format!("`{}`", word.as_ref())).collect();
    conjunction(&quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_two_are_joined_by_a_word() {
        for (all, text) in [
            (&[][..], ""),
            (&["a"], "`a`"),
            (&["a", "b"], "`a` and `b`"),
            (&["a", "b", "c", "d"], "`a`, `b`, `c` and `d`"),
        ] {
            assert_eq!(quoted_conjunction(all), text);
        }
    }
}
