//! What every edit of a file of data must leave whole.

use toml_edit::Document;

use super::{Data, Format};
use crate::text::is_part_of;

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

/// Where a text is not in a format, and why, in the words of its reader.
pub(in crate::flake) fn why_not(text: &str, format: Format) -> Option<(usize, String)> {
    match format {
        Format::Json => {
            let error = serde_json::from_str::<serde_json::Value>(text).err()?;
            let said = error.to_string();
            let why = said.split(" at line ").next().unwrap_or(&said);
            Some((error.line(), why.to_owned()))
        }
        Format::Toml => {
            let error = Document::parse(text).err()?;
            let at = error.span().map_or(0, |span| span.start);
            let line = text.get(..at).unwrap_or(text).matches('\n').count() + 1;
            Some((line, error.message().replace('\n', ", ")))
        }
    }
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

    #[test]
    fn it_is_said_why_and_where_a_text_is_not_data() {
        let json = why_not("{\n\"a\": 1,\n}", Format::Json);
        assert_eq!(json, Some((3, "trailing comma".to_owned())));
        let toml = why_not("a = 1\nb = \n", Format::Toml);
        assert_eq!(toml.map(|(line, _)| line), Some(2));
        assert_eq!(why_not("a = 1\n", Format::Toml), None);
    }
}
