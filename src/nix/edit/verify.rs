//! What every edit must leave whole.

use rnix::{NodeOrToken, SyntaxKind};

use crate::nix::duplicates::duplicates;
use crate::nix::edit::marker;
use crate::nix::file::NixFile;
use crate::nix::syntax_error::SyntaxError;

/// What an edit would break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// The result is no longer Nix.
    #[error("the result is not Nix: {0}")]
    Syntax(#[from] SyntaxError),
    /// The result defines an attribute twice that was defined once.
    #[error("the result defines `{0}` twice")]
    Duplicate(String),
    /// A comment is gone.
    #[error("the comment `{0}` would be lost")]
    Comment(String),
}

/// Parses `after` and compares it with what `before` held.
///
/// Comments must all be there still, in order. Two kinds may go: larder's own
/// marker, and what stands inside a region that is only taken away (an entry
/// that is removed takes its inner comments along).
pub fn verify(before: &NixFile, after: &str) -> Result<NixFile, Damage> {
    let after = NixFile::parse(after)?;
    let known = duplicates(before).len();
    if let Some(new) = duplicates(&after).into_iter().nth(known) {
        return Err(Damage::Duplicate(new.name));
    }
    match first_lost_comment(before, &after) {
        Some(lost) => Err(Damage::Comment(lost)),
        None => Ok(after),
    }
}

fn first_lost_comment(before: &NixFile, after: &NixFile) -> Option<String> {
    let mut kept = comments(after).into_iter();
    let lost = comments(before)
        .into_iter()
        .filter(|comment| !marker::is_marker(comment))
        .find(|comment| !kept.any(|other| other == *comment))?;
    (!is_removal(before.text(), after.text())).then_some(lost)
}

/// True if one run of bytes was taken out and nothing was put in.
fn is_removal(before: &str, after: &str) -> bool {
    let (before, after) = (before.as_bytes(), after.as_bytes());
    let prefix = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let suffix = before
        .iter()
        .rev()
        .zip(after.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    prefix + suffix >= after.len() && after.len() < before.len()
}

fn comments(file: &NixFile) -> Vec<String> {
    file.syntax()
        .descendants_with_tokens()
        .filter_map(NodeOrToken::into_token)
        .filter(|token| token.kind() == SyntaxKind::TOKEN_COMMENT)
        .map(|token| token.text().trim_end().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, after: &str, expected: &str) {
        let damage = verify(&NixFile::parse(before).unwrap(), after).map(|_| ());
        let said = damage.map_or_else(|damage| damage.to_string(), |()| String::new());
        assert_eq!(said, expected);
    }

    #[test]
    fn a_comment_that_is_swallowed_is_missed() {
        check("{ /* a */ }", "{ }", "");
        check(
            "{ # a\n}",
            "{ # b # a\n}",
            "the comment `# a` would be lost",
        );
    }

    #[test]
    fn a_new_duplicate_is_found() {
        check(
            "{ a = 1; }",
            "{ a = 1; a = 2; }",
            "the result defines `a` twice",
        );
        check("{ a = 1; a = 2; }", "{ a = 1; a = 2; b = 3; }", "");
    }

    #[test]
    fn the_result_must_be_nix() {
        check(
            "{ }",
            "{ a }",
            "the result is not Nix: unexpected end of file, expected `:`",
        );
    }
}
