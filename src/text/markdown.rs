//! Markdown for who reads it on a terminal: as it is written, without what only a browser needs.

/// The text without comments, and with the words of its links in their place. Lines of code
/// stay as they are.
pub fn plain_markdown(text: &str) -> String {
    let mut out = String::new();
    let mut is_code = false;
    for paragraph in text.split_inclusive("\n\n") {
        if paragraph.starts_with("<!--") {
            continue;
        }
        let begins_in_code = is_code;
        let fences = paragraph
            .lines()
            .filter(|line| line.trim_start().starts_with("```"));
        is_code ^= fences.count() % 2 == 1;
        let has_code = begins_in_code || is_code || paragraph.contains("```");
        out.push_str(&if has_code {
            around_code(paragraph, begins_in_code)
        } else {
            without_links(paragraph)
        });
    }
    out.trim_end().to_owned() + "\n"
}

/// A paragraph with code in it, line by line: a link is on one line there.
fn around_code(paragraph: &str, mut is_code: bool) -> String {
    let mut out = String::new();
    for line in paragraph.split_inclusive('\n') {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        if is_code || is_fence {
            out.push_str(line);
        } else {
            out.push_str(&without_links(line));
        }
    }
    out
}

/// `[words](address)` becomes `words`.
fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, words, after)) = next_link(rest) {
        out.push_str(before);
        out.push_str(words);
        rest = after;
    }
    out + rest
}

/// What is before the first link, its words, and what is after it.
fn next_link(text: &str) -> Option<(&str, &str, &str)> {
    let middle = text.find("](")?;
    let (head, tail) = (text.get(..middle)?, text.get(middle + 2..)?);
    let (_, after) = tail.split_once(')')?;
    let (before, words) = head.rsplit_once('[')?;
    Some((before, words, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_their_words_and_code_stays() {
        let check = |text, expected| assert_eq!(plain_markdown(text), expected);
        check("a [b\nc](d.md#e), [f](g)\n", "a b\nc, f\n");
        check("<!-- tried on: x -->\n\n# a\n", "# a\n");
        check(
            "[a](b):\n\n```\n[c](d)\n\n[e](f)\n```\n",
            "a:\n\n```\n[c](d)\n\n[e](f)\n```\n",
        );
        check(
            "* a:\n  ```\n  [c](d)\n  ```\n  [e](f)\n",
            "* a:\n  ```\n  [c](d)\n  ```\n  e\n",
        );
        check("[no link] (b)\n", "[no link] (b)\n");
    }
}
