//! Git gives the lines of owned modules the ends that Windows has (`\r\n`).
//!
//! It does so with `core.autocrlf = true`, as on WSL. Nothing was edited: what git has is
//! right.
//!
//! ## Why is this bad
//! Nix keeps the carriage returns in `''…''` strings, and strips no indentation there
//! any more. The script with which a client reaches a cache does not run then, on the
//! machines that are built from this clone.
//!
//! ## Example
//! ```text
//! $ git config core.autocrlf
//! true
//! ```
//!
//! ## What to do
//! Write `/larder/** text eol=lf` into `.gitattributes`, and let git write the files
//! anew: `rm -r larder && git checkout -- larder`.

use crate::diagnostic::{Severity, Source};
use crate::lint::check::StaticCheck;
use crate::lint::context::Context;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::repo::Hash;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::OwnedModules(line_ends)],
    evaluated_half: &[],
};

/// One for the folder: git treats all of its files alike.
fn line_ends(context: &Context<'_>) -> Vec<Violation> {
    let with_returns = |(path, wanted): (&String, &String)| {
        let file = context.repo.path(path)?;
        if context.repo.known_hash(&file) == Some(Hash::of(wanted)) {
            return None;
        }
        let source = context.repo.source(&file).ok()??;
        source.text.contains("\r\n").then_some(source)
    };
    let first = context.owned().find_map(with_returns);
    let first = first.map(|source| violation(&context.fleet.dir, &source));
    first.into_iter().collect()
}

fn violation(dir: &str, source: &Source) -> Violation {
    let end = source.text.find('\n').unwrap_or_default();
    let message = format!("the lines of the files in `{dir}` end as on Windows");
    Violation::new(Subject::file(dir), message)
        .at(source, end.saturating_sub(1)..end, "a carriage return")
        .help(format!("write `/{dir}/** text eol=lf` into `.gitattributes`"))
        .help(format!("then let git write them anew: `rm -r {dir} && git checkout -- {dir}`"))
}
