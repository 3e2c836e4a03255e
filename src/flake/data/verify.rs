//! What every edit of a file of data must leave whole.

use super::{Data, Format};

/// What an edit of a TOML or JSON file would break, in words; the name of the file
/// says which it is. A file that did not parse before has nothing to lose.
///
/// Comments must all be there still, in order, unless bytes are only taken away: an
/// entry that goes takes its inner comments along.
pub fn data_damage(name: &str, before: &str, after: &str) -> Option<String> {
    let (format, word) = match name.rsplit_once('.')?.1 {
        "json" => (Format::Json, "JSON"),
        "toml" => (Format::Toml, "TOML"),
        _ => return None,
    };
    let old = Data::parse(before, format)?;
    let Some(new) = Data::parse(after, format) else {
        return Some(format!("the result is not {word}"));
    };
    let mut kept = new.comment_texts();
    let lost = old
        .comment_texts()
        .find(|comment| !kept.any(|other| other == *comment))?;
    (!is_part_of(after, before)).then(|| format!("the comment `{lost}` would be lost"))
}

impl Data {
    fn comment_texts(&self) -> impl Iterator<Item = &str> {
        self.comments()
            .into_iter()
            .map(|comment| self.text[comment].trim())
    }
}

fn is_part_of(part: &str, all: &str) -> bool {
    let mut all = all.bytes();
    part.bytes().all(|byte| all.any(|other| other == byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, before: &str, after: &str, expected: Option<&str>) {
        assert_eq!(data_damage(name, before, after).as_deref(), expected);
    }

    #[test]
    fn the_result_must_parse_with_all_its_comments() {
        let toml = "a = 1 # one\nb = '#'\n";
        check("x.toml", toml, "a = 2 # one\nb = '#'\n", None);
        check("x.toml", toml, "b = '#'\n", None);
        let lost = Some("the comment `# one` would be lost");
        check("x.toml", toml, "a = 2\nb = '#'\n", lost);
        check("x.toml", toml, "a = \n", Some("the result is not TOML"));
        check("x.json", "{}", "{", Some("the result is not JSON"));
        check("x.json", "{", "[", None);
        check("x.txt", "{}", "{", None);
    }
}
