//! The errors where a person has to write an entry of data, or take it out, with the
//! entry in the file's own style.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Source};
use crate::flake::entry::request::NewEntry;

/// The placeholder of a value that only a person can write.
pub(super) const UNKNOWN: &str = "…";

/// The host's name is in the file, but which part of it is the host's is not known.
pub(super) fn unplaced(source: &Source, range: Range<usize>, name: &str) -> Diagnostic {
    let file = &source.path;
    let message = format!("`{name}` is named in `{file}`, and has no entry of its own there");
    in_data(source, range, message)
        .about(name)
        .help(format!("edit `{file}` by hand, then run `larder sync`"))
}

/// The entry of the sibling is in a form that larder does not edit.
pub(super) fn form(
    source: &Source,
    range: Range<usize>,
    new: &NewEntry,
    snippet: &str,
) -> Diagnostic {
    let file = &source.path;
    let message = format!("the hosts are listed in `{file}` in a form that larder cannot edit");
    in_data(source, range, message)
        .about(&*new.name)
        .help(help(file, new, snippet))
}

/// The entry would need values that only a person knows.
pub(super) fn needs(
    source: &Source,
    range: Range<usize>,
    new: &NewEntry,
    values: &str,
    snippet: &str,
) -> Diagnostic {
    let name = &new.name;
    let message = format!("every host has its own {values}, and there is none for `{name}`");
    let quoted = [format!("\"{UNKNOWN}\""), format!("'{UNKNOWN}'")];
    let snippet = quoted.iter().fold(snippet.to_owned(), |text, quoted| {
        text.replace(quoted, UNKNOWN)
    });
    Diagnostic::error("entry-needs-value", message)
        .at(source, range, "")
        .about(&**name)
        .help(help(&source.path, new, &snippet))
}

/// The file has the name already, for something that is no host of the flake.
pub(super) fn known(source: &Source, range: Range<usize>, name: &str) -> Diagnostic {
    let file = &source.path;
    let message = format!("`{file}` has an entry `{name}`, of which the flake makes no host");
    Diagnostic::error("entry-exists", message)
        .at(source, range, "this one")
        .about(name)
        .help(format!(
            "choose another name; or make it a NixOS host in `{file}`, write `[hosts.{name}]` to `larder.toml` and run `larder sync`"
        ))
}

/// An entry that larder cannot take out.
pub(super) fn stays(source: &Source, range: Range<usize>, name: &str) -> Diagnostic {
    let file = &source.path;
    let message = format!("the entry of `{name}` is in `{file}` in a form that larder cannot edit");
    in_data(source, range, message).about(name).help(format!(
        "take it out by hand, and `[hosts.{name}]` out of `larder.toml`; then run `larder sync`"
    ))
}

/// An entry that larder cannot give another name.
pub(super) fn not_renamed(
    source: &Source,
    range: Range<usize>,
    name: &str,
    new: &str,
) -> Diagnostic {
    let file = &source.path;
    let message = format!("the entry of `{name}` is in `{file}` in a form that larder cannot edit");
    in_data(source, range, message).about(new)
}

fn in_data(source: &Source, range: Range<usize>, message: String) -> Diagnostic {
    Diagnostic::error("entry-in-data", message).at(source, range, "")
}

/// What to write where larder does not, and what then.
pub(super) fn help(file: &str, new: &NewEntry, snippet: &str) -> String {
    let (name, module) = (&new.name, &new.module);
    format!(
        "write to `{file}`:\n{}\nthen write to `larder.toml`:\n[hosts.{name}]\nmodule = \"{module}\"\nand run `larder sync`",
        dedented(snippet.trim_end())
    )
}

/// Without the indentation of the closing bracket: the first line's is not part of the
/// snippet.
fn dedented(snippet: &str) -> String {
    let last = snippet.rsplit('\n').next().unwrap_or_default();
    let blanks = last.len() - last.trim_start().len();
    let indent = if last.trim_start().starts_with(['}', ']']) {
        &last[..blanks]
    } else {
        ""
    };
    let lines = snippet
        .lines()
        .map(|line| line.strip_prefix(indent).unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}
