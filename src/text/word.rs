//! Names as words of a text: in a path, in an identity, in a sentence.

/// Replaces a name where it is a word: between separators, and not within words.
pub(crate) fn rename_word(text: &str, old: &str, new: &str) -> String {
    let mut out = String::new();
    let mut done = 0;
    for start in word_starts(text, old) {
        out.push_str(&text[done..start]);
        out.push_str(new);
        done = start + old.len();
    }
    out.push_str(&text[done..]);
    out
}

/// Where a name begins that is a word of the text.
pub(crate) fn word_starts<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = usize> + 't {
    let mut from = 0;
    std::iter::from_fn(move || {
        while !name.is_empty() {
            let start = from + text[from..].find(name)?;
            let (before, behind) = (&text[..start], &text[start + name.len()..]);
            if apart(before.chars().next_back()) && apart(behind.chars().next()) {
                from = start + name.len();
                return Some(start);
            }
            from = start + behind_first(&text[start..]);
        }
        None
    })
}

fn behind_first(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

fn apart(c: Option<char>) -> bool {
    c.is_none_or(|c| !c.is_alphanumeric())
}

/// The name of a module as a name on the command line: `host_not_in_flake` →
/// `host-not-in-flake`.
pub(crate) const fn kebab<const N: usize>(snake: &str) -> [u8; N] {
    let mut name = [0; N];
    let mut at = 0;
    while at < N {
        let byte = snake.as_bytes()[at];
        name[at] = if byte == b'_' { b'-' } else { byte };
        at += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_replaced_where_it_is_a_word() {
        assert_eq!(
            rename_word("hosts/pai/pai.nix", "pai", "kea"),
            "hosts/kea/kea.nix"
        );
        assert_eq!(
            rename_word("configuration-pai.nix", "pai", "kea"),
            "configuration-kea.nix"
        );
        assert_eq!(
            rename_word("hosts/paint/default.nix", "pai", "kea"),
            "hosts/paint/default.nix"
        );
        assert_eq!(rename_word("a/b", "", "kea"), "a/b");
        assert_eq!(rename_word("xa-a-a", "a-a", "b"), "xa-b");
    }
}
