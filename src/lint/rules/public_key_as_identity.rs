//! A public key or a certificate is named where ssh needs the private key.
//!
//! ## Why is this bad
//! Root's ssh has no agent that would hold the other half: the login fails, and
//! Nix says only `cannot connect`.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = [ "ssh://nix-ssh@kalaw?ssh-key=/etc/nix/id.pub" ];
//! ```
//!
//! ## What to do
//! Name the private file: the same path without `.pub`.

use crate::diagnostic::Severity;
use crate::fleet::SSH_USER;
use crate::lint::check::StaticCheck;
use crate::lint::context::FileContext;
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;
use crate::survey::Spot;
use crate::survey::ssh_config::Criteria;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::File(public)],
    evaluated_half: &[],
};

fn public(file: &FileContext<'_>) -> Vec<Violation> {
    let mut violations = in_urls(file);
    violations.extend(in_blocks(file));
    violations
}

fn in_urls(file: &FileContext<'_>) -> Vec<Violation> {
    let all = file.machine.substituters().into_iter();
    let keys = all.filter_map(|one| {
        let key = one.store?.param("ssh-key")?.to_owned();
        Some((key, one.word.spot))
    });
    let public = keys.filter(|(key, _)| is_public(key));
    public
        .map(|(key, spot)| violation(file, &key, &spot))
        .collect()
}

/// Blocks for a cache's user only: with an agent, people do name public keys.
fn in_blocks(file: &FileContext<'_>) -> Vec<Violation> {
    let blocks = file.machine.ssh_blocks().into_iter();
    let ours = blocks.filter(|one| match &one.block.criteria {
        Criteria::Match(all) => all
            .iter()
            .any(|(word, user)| word == "user" && user == SSH_USER),
        _ => false,
    });
    ours.flat_map(|one| {
        let lines = one.block.directives.iter();
        let keys = lines.filter(|line| line.keyword == "identityfile" && is_public(line.value()));
        let found: Vec<_> = keys
            .map(|line| violation(file, line.value(), &one.spot(line.line)))
            .collect();
        found
    })
    .collect()
}

fn is_public(path: &str) -> bool {
    path.strip_suffix(".pub").is_some()
}

fn violation(file: &FileContext<'_>, key: &str, spot: &Spot) -> Violation {
    let message = format!("`{key}` is a public key, and ssh needs the private one");
    let private = key.trim_end_matches(".pub").trim_end_matches("-cert");
    Violation::new(file.subject().part(key), message)
        .at_spot(spot, "")
        .help(format!("write `{private}`"))
}
