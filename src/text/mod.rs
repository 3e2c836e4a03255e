//! Text: edits as replaced byte ranges, lines and columns, lists with commas, paths in URIs,
//! names as words, lists in sentences, words of shell commands, passwords in URLs, the marks of a conflict, and the diff that is
//! shown before anything is written.
//!
//! Nothing here knows Nix, TOML or files. All offsets are in bytes.

pub(crate) mod by_line;
mod conflict;
mod conjunction;
mod diff;
mod edit;
mod lines;
mod login;
mod manual;
mod markdown;
pub(crate) mod sequence;
mod shell;
mod uri;
mod word;

pub(crate) use conflict::{
    HOW_TO_RESOLVE, conflict_sides, either_side_will_do, unresolved_conflict,
};
pub(crate) use conjunction::{conjunction, quoted_conjunction, some_quoted};
pub(crate) use diff::{HunkLine, headers, hunks};
pub use diff::{moved, unified};
pub use edit::{Patch, TextEdit};
pub use lines::{LineIndex, Position};
pub(crate) use login::without_passwords;
pub use manual::manual_in;
pub use markdown::plain_markdown;
pub use shell::shell_word;
pub use uri::uri_path;
pub(crate) use word::{kebab, rename_word, word_starts};

/// True if `part` is `all` with some bytes removed and none changed.
pub(crate) fn is_part_of(part: &str, all: &str) -> bool {
    let mut all = all.bytes();
    part.bytes().all(|byte| all.any(|other| other == byte))
}
