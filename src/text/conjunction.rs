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

/// More words than these are not read one by one.
const READABLE: usize = 12;
/// How many of them stand for all.
const EXAMPLES: usize = 3;

/// `` `a`, `b` and `c` ``; of very many, some and how many others there are.
pub(crate) fn some_quoted<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> String {
    let words: Vec<S> = words.into_iter().collect();
    if words.len() <= READABLE {
        return quoted_conjunction(words);
    }
    let examples = words.iter().take(EXAMPLES);
    let mut parts: Vec<String> = examples
        .map(|word| format!("`{}`", word.as_ref()))
        .collect();
    parts.push(format!("{} others", words.len() - EXAMPLES));
    conjunction(&parts)
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
            assert_eq!(some_quoted(all), text);
        }
    }

    #[test]
    fn of_very_many_some_are_named() {
        let all: Vec<String> = (1..=200).map(|number| format!("h{number}")).collect();
        assert_eq!(some_quoted(&all), "`h1`, `h2`, `h3` and 197 others");
        assert!(some_quoted(&all[..READABLE]).ends_with("`h11` and `h12`"));
    }
}
